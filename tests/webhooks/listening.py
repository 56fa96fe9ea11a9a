"""How tests stand in for Stripe's command line at the end of a line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from starlette.testclient import WebSocketTestSession

from tests.talking import Talk

_SECONDS = 5


def session_of(talk: Talk, *features: str, **more: Any) -> Any:
    params = {"device_name": "desk", "websocket_features": [*features] or ["webhooks"], **more}
    return talk.made("/v1/stripecli/sessions", params)


@contextmanager
def line_to(talk: Talk, session: Any) -> Iterator[WebSocketTestSession]:
    path = "/" + session["websocket_url"].split("/", 3)[3]
    asked = f"{path}?websocket_feature={session['websocket_authorized_feature']}"
    headers = {"Websocket-Id": session["websocket_id"]}
    with talk.client.websocket_connect(asked, headers=headers) as line:
        yield line


def heard(line: WebSocketTestSession) -> tuple[Any, Any]:
    """The next event of /v1 as its two messages: in the account's version, and in the newest."""
    return line.receive_json(), line.receive_json()


def acknowledge(line: WebSocketTestSession, message: Any, **more: Any) -> None:
    event = orjson.loads(message["event_payload"])["id"]
    conversation = message["webhook_conversation_id"]
    kept = {"event_id": event, "webhook_conversation_id": conversation}
    line.send_json({"type": "event_ack", **kept, "webhook_id": message["webhook_id"], **more})


def respond(line: WebSocketTestSession, message: Any, status: int, url: str) -> None:
    line.send_json(
        {
            "type": "webhook_response",
            "webhook_conversation_id": message["webhook_conversation_id"],
            "webhook_id": message["webhook_id"],
            "forward_url": url,
            "status": status,
            "body": "thanks",
            "http_headers": {},
        }
    )


def until(talk: Talk, fits: Callable[[list[Any]], bool]) -> list[Any]:
    """The log of deliveries, as soon as it is so."""
    began = time.monotonic()
    while time.monotonic() - began < _SECONDS:
        found: list[Any] = talk.control("deliveries").json()["data"]
        if fits(found):
            return found
        time.sleep(0.005)
    raise AssertionError(found)


def are(*statuses: str) -> Callable[[list[Any]], bool]:
    return lambda found: [each["status"] for each in found] == [*statuses]
