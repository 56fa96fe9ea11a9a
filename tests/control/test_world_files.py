"""Worlds that are carried away: as a file, and back from one."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient
from tinydb import TinyDB, where

from emulator.scenario import Asked
from emulator.store import files
from emulator.store.store import Content
from emulator.web import asking
from emulator.web.app import build
from emulator.world import Profile, Worlds
from tests.control.living import busy, play
from tests.talking import KEY, NOW, Talk, error
from tests.webhooks.mailing import told

DAY = 86_400


def _export(talk: Talk, path: Path) -> Path:
    answer = talk.control("export")
    assert answer.status_code == 200
    path.write_bytes(answer.content)
    return path


def test_a_file_carries_a_world_to_another_server(talk: Talk, tmp_path: Path):
    busy(talk)
    raw = _export(talk, tmp_path / "world.json").read_bytes()
    with TestClient(build(Worlds(Profile(seed="other")))) as client:
        assert client.post("/_emulator/worlds/import", content=raw).status_code == 200
        assert play(Talk(client, KEY)) == play(talk)
        other = client.post("/_emulator/worlds/import?name=copy", content=raw).json()
        assert (other["name"], other["now"]) == ("copy", NOW + DAY)
        taken = client.post("/_emulator/worlds/import", content=raw)
        assert error(taken, 409)["param"] == "name"
        assert told(Talk(client, "sk_test_copy"), "audit")["holds"]


def test_the_file_is_one_that_tinydb_opens(talk: Talk, tmp_path: Path):
    busy(talk)
    with TinyDB(_export(talk, tmp_path / "world.json")) as db:
        assert {"customer", "charge", "event", "account"} <= db.tables()
        (found,) = db.table("customer").search(where("name") == "Zoë")
        assert talk.got(f"/v1/customers/{found['id']}") == dict(found)
        assert len(db.table("payment_intent")) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"nonsense",
        b'{"_world": {}}',
        b'{"_world": {"1": {"format": 1}}}',
        b'{"_world":{"1":{"format":9}},"_listed":{},"_counters":{},"_numbers":{},"_line":{}}',
        b'{"_world": 1, "customer": {"1": {"id": 1}}}',
    ],
)
def test_what_is_no_world_is_refused(talk: Talk, body: bytes):
    answer = talk.send("POST", "/_emulator/worlds/import", body)
    assert error(answer, 400)["type"] == "invalid_request_error"
    assert told(talk, "worlds")["data"] == []


def test_a_file_that_was_cut_up_is_refused(talk: Talk, tmp_path: Path):
    busy(talk)
    whole = orjson.loads(_export(talk, tmp_path / "w.json").read_bytes())
    for table in ("account", "_listed", "_counters", "_line", "_numbers", "_world"):
        cut = {name: rows for name, rows in whole.items() if name != table}
        answer = talk.client.post("/_emulator/worlds/import?name=cut", json=cut)
        assert error(answer, 400)["param"] == "file", table
    whole["_listed"]["1"].pop("keys")
    answer = talk.client.post("/_emulator/worlds/import?name=cut", json=whole)
    assert "keys" in error(answer, 400)["message"]


def test_other_requests_are_answered_while_a_file_is_written(monkeypatch: pytest.MonkeyPatch):
    answered, written = threading.Event(), files.written

    def waits(content: Content, head: dict[str, Any]) -> bytes:
        assert answered.wait(5), "the other request was held up"
        return written(content, head)

    async def both() -> tuple[int, int]:
        ask = asking.locally(build(Worlds(Profile(seed="beside"))), "main")
        writing = asyncio.ensure_future(ask(Asked("GET", "/_emulator/export")))
        await asyncio.sleep(0)
        other = await ask(Asked("POST", "/v1/customers"))
        answered.set()
        return (await writing).status, other.status

    monkeypatch.setattr(files, "written", waits)
    assert asyncio.run(both()) == (200, 200)
