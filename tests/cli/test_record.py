"""`connect-emulator record`: the log of a running server becomes a file that `run` plays."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from emulator import cli
from emulator.web import asking
from emulator.web.app import Application
from tests.talking import Talk
from tests.webhooks.mailing import told


@pytest.fixture
def near(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server at the usual address is the one of this test."""

    @asynccontextmanager
    async def remotely(_url: str, world: str):
        yield asking.locally(app, world)

    monkeypatch.setattr(asking, "remotely", remotely)


def _run(*words: object) -> int:
    with pytest.raises(SystemExit) as end:
        cli.main([*map(str, words)])
    return int(str(end.value.code))


@pytest.mark.usefixtures("near")
def test_a_recording_is_written_and_played(talk: Talk, tmp_path: Path, capsys):
    path = tmp_path / "story.yaml"
    assert _run("record", "--world", "main", "--start") == 0
    assert "recording the world main" in capsys.readouterr().out
    assert told(talk, "requests")["data"] == []
    for number in range(3):
        talk.customer(name=f"customer {number}")
    talk.advance("1d")
    assert _run("record", "--key", "sk_test_main", "--stop", "--out", path) == 0
    assert path.read_text().count("post: /v1/customers") == 3
    assert "advance: 1d" in path.read_text()
    assert _run("run", path, "--twice") == 0


@pytest.mark.usefixtures("near")
def test_it_is_written_to_the_terminal(talk: Talk, tmp_path: Path, capsys):
    talk.customer(name="Ada")
    assert _run("record", "--world", "main") == 0
    assert capsys.readouterr().out.startswith("about: What the world main was asked")
    assert _run("record", "--world", "main", "--out", tmp_path) == 2
    assert "cannot write" in capsys.readouterr().err


def test_no_server(capsys: pytest.CaptureFixture[str]):
    assert _run("record", "--url", "http://127.0.0.1:9") == 2
    assert capsys.readouterr().err.startswith("connect-emulator record: ")
