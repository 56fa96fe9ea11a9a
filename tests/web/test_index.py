"""What tells a newcomer where things are: the index of the control API, and its hints."""

from __future__ import annotations

import pytest

from tests.talking import Talk, error


@pytest.mark.parametrize("path", ["/", "/_emulator"])
def test_the_index_says_what_there_is_and_needs_no_key(talk: Talk, path: str) -> None:
    found = talk.client.get(path)
    assert found.status_code == 200
    calls = found.json()["calls"]
    assert calls["POST /_emulator/clock"]
    assert set(calls) > {"GET /_emulator/health", "POST /_emulator/simulate/{name}"}


@pytest.mark.parametrize(
    ("method", "path", "meant"),
    [
        ("GET", "/_emulator/setings", "GET /_emulator/settings"),
        ("PUT", "/_emulator/clock", "GET /_emulator/clock"),
        ("POST", "/_emulator/simulat/payout_failed", "POST /_emulator/simulate/{name}"),
        ("DELETE", "/_emulator/faults/fault_1/now", "DELETE /_emulator/faults"),
    ],
)
def test_an_unknown_call_is_told_what_it_may_have_meant(
    talk: Talk, method: str, path: str, meant: str
) -> None:
    said = error(talk.send(method, path), 404)["message"]
    assert said == (
        f"There is no {method} {path} here. Did you mean {meant}? GET /_emulator lists every call."
    )


def test_a_call_like_no_other_is_pointed_to_the_index(talk: Talk) -> None:
    said = error(talk.send("GET", "/_emulator/zebra"), 404)["message"]
    assert said == "There is no GET /_emulator/zebra here. GET /_emulator lists every call."
