"""What must hold of every answer, and of a world after many."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import jsonschema_rs

from emulator.contract import Operation, find, json_schema, object_names, operations
from emulator.contract.openapi.links import owners
from emulator.fuzzing.line import Exchange, Line
from emulator.fuzzing.pool import Pool
from emulator.scenario import Answered, Asked

_TYPES: Final = {"api_error", "card_error", "idempotency_error", "invalid_request_error"}
_WITNESSED: Final = (
    "/v1/account",
    "/v1/balance",
    "/v1/customers",
    "/v1/events",
    "/v1/payment_intents",
    "/v1/radar/value_lists",
    "/_emulator/clock",
)
_ABOUT_NOTHING_YET: Final = frozenset({"invoice.upcoming"})
_PLACE: Final = re.compile(r"{\w+}")


class Fault(NamedTuple):
    """Something that must not be. check: which rule it breaks. operation: the key, or empty."""

    check: str
    operation: str
    message: str


def of_answer(exchange: Exchange) -> Fault | None:
    """No error of ours, Stripe's form of refusals, and results of their shape."""
    asked, answered = exchange
    path = asked.path.partition("?")[0]
    found = find(asked.method, path)
    key = found.operation.key if found else f"{asked.method} {path}"
    status, body = answered.status, answered.body
    if status >= 500 or status == 0:
        return Fault("no 5xx", key, f"{status}: {answered.error.get('message')}")
    if status >= 400:
        return None if _is_refusal(body) else Fault("refusals have their form", key, str(body))
    wrong = _misshapen(found.operation, body) if found else None
    return Fault("answers have their shape", key, wrong) if wrong else None


def _is_refusal(body: Any) -> bool:
    error = body.get("error") if isinstance(body, dict) else None
    return isinstance(error, dict) and bool(error.get("message")) and error.get("type") in _TYPES


@cache
def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json_schema(name))


def _misshapen(operation: Operation, body: Any) -> str | None:
    """The first thing in an answer that its schema does not allow."""
    if any(name not in object_names() for name in operation.returns.split("|")):
        return None
    if operation.kind == "bytes":
        paper = operation.path.endswith("/pdf")
        return "not a PDF" if paper and not str(body.get("text", "")).startswith("%PDF-") else None
    items = body["data"] if operation.kind in {"list", "search"} else [body]
    if not isinstance(items, list):
        return "data is no list"
    for item in items:
        if isinstance(item, dict) and item.get("deleted"):
            continue
        wrong = next(_validator(operation.returns).iter_errors(item), None)
        if wrong is not None:
            return f"{'.'.join(str(step) for step in wrong.instance_path)}: {wrong.message[:200]}"
    return None


class Watch:
    """What must hold of a world after many requests, and of a witness world beside it."""

    def __init__(self, line: Line, witness: Line, pool: Pool) -> None:
        self._line, self._witness, self._pool = line, witness, pool
        self._seen: set[str] = set()
        self._before = self._look()

    def look(self) -> list[Fault]:
        """The laws that do not hold now."""
        found = [*self._books(), *self._events()]
        now = self._look()
        if now != self._before:
            found.append(Fault("worlds share nothing", "", "the witness world has changed"))
            self._before = now
        return found

    def _look(self) -> list[bytes]:
        return [self._witness.send("GET", path).raw for path in _WITNESSED]

    def _books(self) -> list[Fault]:
        audit = self._line.send("GET", "/_emulator/audit")
        if audit.status == 200 and audit.body["holds"]:
            return []
        return [Fault("the books balance", "", str(audit.body))]

    def _events(self) -> list[Fault]:
        """Events since the last look name objects that exist, or that have been deleted."""
        found = []
        events = self._line.send("GET", "/v1/events", {"limit": 100})
        for event in reversed(events.body.get("data", [])):
            if event["id"] in self._seen:
                continue
            self._seen.add(event["id"])
            about = event["data"]["object"]
            if event["type"] in _ABOUT_NOTHING_YET:
                continue
            if event["type"].endswith("deleted"):
                self._pool.gone.add(str(about.get("id")))
            elif not self._exists(about):
                message = f"{event['type']} names {about.get('id')}, which is not there"
                found.append(Fault("events name what exists", event["type"], message))
        return found

    def _exists(self, about: Any) -> bool:
        id_ = about.get("id")
        path = _retrieves(str(about.get("object")))
        if not isinstance(id_, str) or path is None or id_ in self._pool.gone:
            return True
        found: Answered = self._line.ask(Asked("GET", path.replace("{}", quote(id_, safe=""))))
        return found.status == 200


@cache
def _retrieves(name: str) -> str | None:
    """Where an object is retrieved by its id alone, `/v1/customers/{}`."""
    for each in operations().values():
        alone = each.method == "GET" and each.kind == "object" and each.path.endswith("}")
        if alone and each.returns == name and len(owners(each)) == 1:
            return _PLACE.sub("{}", each.path)
    return None
