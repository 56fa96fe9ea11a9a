"""The request log as `stripe logs tail` shows it: each request of /v1 and /v2 as it is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from emulator.control.requests import error_of, kind
from emulator.kit.log import Noted
from emulator.webhooks import stripecli
from emulator.world import World

_SUCCEEDED: Final = frozenset({200, 201, 202})


class Tail:
    """What a session has not been told yet of the requests of its world.

    Addresses in the network are not looked at: everybody here is nearby.
    """

    def __init__(self, world: World, session: dict[str, Any]) -> None:
        self._world = world
        self._account = session["account"]
        self._filters: dict[str, list[str]] = session["filters"]
        self._wants = "request_logs" in session["features"]
        self._seen = world.log.total

    def news(self) -> Iterator[str]:
        """The messages about what was asked since the last time."""
        log = self._world.log
        self._seen = min(self._seen, log.total)  # less than before: the world began anew
        if not self._wants or log.total == self._seen:
            return
        noted, self._seen = log.noted(self._seen), log.total
        for each in noted:
            mine = self._account in {each.account, self._world.setup.platform}
            if kind(each) == "api" and mine and not each.lost and self._fits(each):
                yield stripecli.request(f"resp_{each.id.removeprefix('req_')}", _payload(each))

    def _fits(self, noted: Noted) -> bool:
        status = noted.answer.status
        facts = {
            "filter_account": self._side(noted),
            "filter_http_method": noted.method,
            "filter_request_path": noted.path,
            "filter_request_status": "SUCCEEDED" if status in _SUCCEEDED else "FAILED",
            "filter_source": "API",
            "filter_status_code": str(status),
            "filter_status_code_type": f"{status // 100}00",
        }
        wanted = self._filters.items()
        return all(_is_among(facts[name], values) for name, values in wanted if name in facts)

    def _side(self, noted: Noted) -> str:
        """Whose request it was: of one's own on oneself, or across accounts, out or in."""
        across = noted.header(b"stripe-account") or noted.header(b"stripe-context")
        if noted.account != self._account:
            return "connect_out"
        return "connect_in" if across and self._account != self._world.setup.platform else "self"


def _is_among(fact: str, values: list[str]) -> bool:
    return not values or fact.lower() in {each.lower() for each in values}


def _payload(noted: Noted) -> dict[str, Any]:
    return {
        "created_at": noted.at,
        "livemode": False,
        "method": noted.method,
        "request_id": noted.id,
        "status": noted.answer.status,
        "url": noted.path,
        "error": error_of(noted.answer) or {},
    }
