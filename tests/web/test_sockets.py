"""A WebSocket of a real server: what its library and uvicorn make of a line."""

from __future__ import annotations

import json
import subprocess
import sys
from urllib.request import Request, urlopen

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.clients.process import running


def _post(base: str, path: str) -> dict[str, str]:
    request = Request(base + path, data=b"", headers={"Authorization": "Bearer sk_test_line"})
    with urlopen(request) as answer:
        found: dict[str, str] = json.load(answer)
    return found


def test_a_line_of_a_real_server_is_opened_used_and_refused():
    with running() as base:
        session = _post(base, "/v1/stripecli/sessions")
        address = session["websocket_url"]
        headers = {"Websocket-Id": session["websocket_id"]}
        with connect(address, additional_headers=headers) as line:
            customer = _post(base, "/v1/customers")
            message = json.loads(line.recv(timeout=5))
            line.ping().wait(5)
        assert json.loads(message["event_payload"])["data"]["object"]["id"] == customer["id"]

        with pytest.raises(InvalidStatus) as refused, connect(address):
            pass
        body = refused.value.response.body
        assert json.loads(body)["error"]["message"] == "Unknown WebSocket ID."


def test_the_library_waits_for_the_first_line():
    told = "import sys, emulator.web.app, emulator.web.protocol; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert "emulator.web.sockets" in found.stdout.split()
    assert "websockets" not in found.stdout.split()
