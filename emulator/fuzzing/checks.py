"""What must hold of every answer, and of a world after many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import jsonschema_rs
import orjson

from emulator.contract import Operation, find, object_names, operations
from emulator.contract.openapi.links import owners
from emulator.contract.versions import NEWEST, Version, json_schema_in, parse
from emulator.fuzzing.line import Exchange, Line
from emulator.fuzzing.pool import Pool
from emulator.scenario import Asked

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
_OLDEST: Final = "2019-08-14"
_LOOKED_UP: Final = 100
_A_PAGE: Final = 100


class Fault(NamedTuple):
    """Something that must not be. check: which rule it breaks. operation: the key, or empty."""

    check: str
    operation: str
    message: str


def of_answer(exchange: Exchange, since: int = 0) -> Fault | None:
    """No error of ours, Stripe's form of refusals, and results of the shape that the version asked
    in gives them. since: when the world began (seconds).
    """
    asked, answered = exchange
    path = asked.path.partition("?")[0]
    found = find(asked.method, path)
    key = found.operation.key if found else f"{asked.method} {path}"
    status, body = answered.status, answered.body
    if status >= 500 or status == 0:
        return Fault("no 5xx", key, f"{status}: {answered.error.get('message')}")
    if status >= 400:
        return None if _is_refusal(body) else Fault("refusals have their form", key, str(body))
    version = parse(asked.version) if asked.version else NEWEST
    wrong = _misshapen(found.operation, body, version, since) if found else None
    return Fault("answers have their shape", key, wrong) if wrong else None


def _is_refusal(body: Any) -> bool:
    error = body.get("error") if isinstance(body, dict) else None
    return isinstance(error, dict) and bool(error.get("message")) and error.get("type") in _TYPES


@cache
def _validator(name: str, version: Version, since: int) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json_schema_in(name, version, since))


def _misshapen(operation: Operation, body: Any, version: Version, since: int) -> str | None:
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
        wrong = _wrong_in(operation.returns, item, version, since)
        if wrong is not None:
            return wrong
    return None


def _wrong_in(name: str, item: Any, version: Version, since: int) -> str | None:
    """What is wrong with one object; an event and what it holds are of the version it names."""
    if isinstance(item, dict) and item.get("deleted"):
        return None
    if name == "event" and item.get("api_version"):
        version, about = parse(item["api_version"]), item["data"]["object"]
        if about.get("object") in object_names():
            wrong = _wrong_in(about["object"], about, version, since)
            if wrong is not None:
                return f"data.object.{wrong}"
    problem = next(_validator(name, version, since).iter_errors(item), None)
    if problem is None:
        return None
    return f"{'.'.join(str(step) for step in problem.instance_path)}: {problem.message[:200]}"


class Watch:
    """What must hold of a world after many requests, and of a witness world beside it."""

    def __init__(self, line: Line, witness: Line, pool: Pool, since: int = 0) -> None:
        self._line, self._witness, self._pool, self._since = line, witness, pool, since
        self._cursor = 0
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
        """Events since the last look, on every account, as endpoints of the platform's version hear
        them: they have their shape, and name objects that exist or have been deleted.
        """
        found, heard = [], list(self._heard())
        for event, _ in heard:
            version = parse(event["api_version"])
            wrong = _wrong_in("event", event, version, self._since)
            if wrong is not None:
                found.append(Fault("events have their shape", event["type"], wrong))
            if event["type"].endswith("deleted"):
                self._pool.gone.add(str(event["data"]["object"].get("id")))
        for event, account in heard[-_LOOKED_UP:]:
            about, type_ = event["data"]["object"], event["type"]
            if type_ not in _ABOUT_NOTHING_YET and not self._exists(about, account):
                message = f"{type_} names {about.get('id')}, which is not there"
                found.append(Fault("events name what exists", type_, message))
        return found

    def _heard(self) -> Iterator[tuple[Any, str | None]]:
        """Each event that is new, oldest first, with the connected account it happened on."""
        while True:
            told = self._line.got("/_emulator/events", {"after": self._cursor, "limit": _A_PAGE})
            self._cursor = told["cursor"]
            for each in told["data"]:
                event = orjson.loads(each["payload"])
                if event["object"] == "event":
                    yield event, each["account"]
            if len(told["data"]) < _A_PAGE:
                return

    def _exists(self, about: Any, account: str | None) -> bool:
        id_ = about.get("id")
        path = _retrieves(str(about.get("object")))
        if not isinstance(id_, str) or path is None or id_ in self._pool.gone:
            return True
        if self._line.version.before(_OLDEST):
            return True  # objects went by other names
        asked = Asked("GET", path.replace("{}", quote(id_, safe="")), account=account)
        return self._line.ask(asked).status == 200


@cache
def _retrieves(name: str) -> str | None:
    """Where an object is retrieved by its id alone, `/v1/customers/{}`."""
    for each in operations().values():
        alone = each.method == "GET" and each.kind == "object" and each.path.endswith("}")
        if alone and each.returns == name and len(owners(each)) == 1:
            return _PLACE.sub("{}", each.path)
    return None
