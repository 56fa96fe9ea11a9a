"""Endpoints that are mailboxes of the emulator itself."""

from __future__ import annotations

from typing import Any

from tests.talking import Talk


def endpoint(talk: Talk, *events: str, box: str = "main", **more: Any) -> Any:
    """A webhook endpoint whose letters lie in a mailbox."""
    params = {"url": f"https://mailbox.test/{box}", "enabled_events": [*events] or ["*"], **more}
    return talk.made("/v1/webhook_endpoints", params)


def letters(talk: Talk, box: str = "main") -> Any:
    """What lies in a mailbox, oldest first."""
    answer = talk.control(f"webhooks/mailbox/{box}")
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def types(talk: Talk, box: str = "main") -> list[str]:
    return [each["type"] for each in letters(talk, box)]


def names(talk: Talk, box: str = "main") -> list[str | None]:
    """The names of the customers that the letters are about."""
    return [each["data"]["data"]["object"]["name"] for each in letters(talk, box)]


def told(talk: Talk, call: str, body: Any = None) -> Any:
    """What a control call answers when it succeeds."""
    answer = talk.control(call, body)
    assert answer.status_code == 200, answer.text
    return answer.json()
