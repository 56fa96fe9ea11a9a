"""What is said on a line to Stripe's command line: JSON texts, each with a `type`.

It is sent `webhook_event` (an event of /v1, twice: as its account's version shows it, and as the
newest does, of which it takes one), `v2_event` (a thin one) and `request_log_event`. Of each event
it says at once that it has it (`event_ack`), and, when it has passed it on to an application, what
that answered (`webhook_response`). All this is documented by its source.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import orjson

# What a client is told of how its line ended.
GOING_AWAY: Final = 1001


class Said(NamedTuple):
    """What a client says of an event. about: the key it was sent under. answer: what its
    application answered; None when it only says that the event is there.
    """

    about: str
    answer: dict[str, Any] | None = None


def event(conversation: str, webhook: str, version: str | None, body: bytes, headers: Any) -> str:
    """An event of /v1. version: that it is shown in, None for the account's own."""
    return _text(
        type="webhook_event",
        endpoint={"api_version": version},
        event_payload=body.decode(),
        http_headers=headers,
        webhook_conversation_id=conversation,
        webhook_id=webhook,
    )


def thin_event(destination: str, body: bytes, headers: Any) -> str:
    """A thin event."""
    told = {"payload": body.decode(), "http_headers": headers, "destination_id": destination}
    return _text(type="v2_event", **told)


def thin_key(destination: str, event: str) -> str:
    """What is said of a thin event is said under no conversation."""
    return f"{destination}/{event}"


def request(id_: str, payload: Any) -> str:
    """A request that was made."""
    told = {"request_log_id": id_, "event_payload": orjson.dumps(payload).decode()}
    return _text(type="request_log_event", **told)


def read(text: str) -> Said | None:
    """What a client says; None when it is nothing that is known."""
    try:
        told = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(told, dict) or told.get("type") not in {"event_ack", "webhook_response"}:
        return None
    which = told.get("event_id") or told.get("notification_id")
    thin = thin_key(str(told.get("webhook_id")), str(which))
    about = str(told.get("webhook_conversation_id") or thin)
    if told["type"] == "event_ack":
        return Said(about)
    status = told.get("status")
    if not isinstance(status, int):
        return None
    answer = {"status": status, "body": str(told.get("body", ""))}
    return Said(about, {**answer, "url": str(told.get("forward_url", ""))})


def _text(**message: Any) -> str:
    return orjson.dumps(message).decode()
