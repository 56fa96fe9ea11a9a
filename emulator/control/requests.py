"""The request log: what a world was asked and what it answered, why it refused, and once more.

The log keeps requests as they came by; everything here is worked out when somebody reads it.
"""

from __future__ import annotations

import asyncio
import re
import shlex
from bisect import bisect_right
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

import orjson

from emulator.control import typos
from emulator.control.calls import Found, Params, Schema
from emulator.control.clocks import INSTANT, instant
from emulator.control.faults import matches_path
from emulator.kernel.clock import stopwatch
from emulator.kernel.errors import requests as refusals
from emulator.kit.log import Noted, is_cut
from emulator.world import World

_POLL_SECONDS: Final = 0.02
_LONGEST_WAIT: Final = 120
_MOST: Final = 1000
_USUAL: Final = 50
_LONGEST_BODY: Final = 100_000
_NOT_SENT: Final = frozenset({"host", "content-length", "connection", "accept-encoding"})
_ALL: Final = "all"
_OF_AN_ERROR: Final = ("type", "code", "decline_code", "param", "message")
_ACCOUNT: Final = re.compile(rb"acct_\w{10,}")

_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": 500}
LIST: Final[Schema] = {
    "method": {**_TEXT, "description": "a method such as POST"},
    "path": {**_TEXT, "description": "a path such as /v1/transfers/*: a last ** for any rest"},
    "status": {**_TEXT, "pattern": "^[0-9]([0-9]{2}|xx)$", "description": "402, or 4xx"},
    "account": {**_TEXT, "description": "the id of an account (acct_…)"},
    "kind": {"enum": ["api", "control"], "description": "api or control"},
    "since": INSTANT,
    "after": {"type": "integer", "minimum": 0, "description": "a `cursor` of an earlier answer"},
    "wait": {
        "type": "number",
        "minimum": 0,
        "maximum": _LONGEST_WAIT,
        "description": f"seconds of the machine's time, at most {_LONGEST_WAIT}",
    },
    "limit": {
        "type": "integer",
        "minimum": 1,
        "maximum": _MOST,
        "description": f"a whole number from 1 to {_MOST}",
    },
    "mask": {"type": "boolean", "description": "true or false"},
}
SHOW: Final[Schema] = {"mask": LIST["mask"]}
KEEP: Final[Schema] = {
    "keep": {
        "oneOf": [{"type": "integer", "minimum": 0, "maximum": 10_000_000}, {"const": _ALL}],
        "description": "how many requests are kept, or all",
    }
}


class Sent(NamedTuple):
    """A request as it is to be sent: path and query, headers, body."""

    method: str
    target: str
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Recorded(NamedTuple):
    """A request of the log, raw, for those who play it again.

    kind: api, or control for calls that change something. at: the world's instant when it was
    answered. lost: whether a fault kept its answer from leaving.
    """

    number: int
    kind: str
    sent: Sent
    key: str
    status: int
    answer: bytes
    at: int
    lost: bool


class Requests:
    """Reads and repeats what worlds were asked.

    send: how a request is carried out, given by the layer that knows HTTP.
    """

    def __init__(self) -> None:
        self.send: Callable[[World, Sent], Awaitable[Any]] | None = None

    async def list_(self, world: World, params: Params) -> Found:
        """GET /requests: newest first, or, after a cursor, oldest first; with `wait`, as soon as
        there is one.
        """
        after, limit = params.get("after"), params.get("limit", _USUAL)
        since = instant("since", params["since"]) if "since" in params else 0
        began = stopwatch()
        while True:
            noted = [
                each
                for each in world.log.noted(after or 0)
                if each.at >= since and _fits(each, params)
            ]
            if noted or stopwatch() - began >= params.get("wait", 0):
                break
            await asyncio.sleep(_POLL_SECONDS)
        chosen = noted[:limit] if after is not None else noted[: -limit - 1 : -1]
        cursor = chosen[-1].number if chosen and after is not None else world.log.total
        mask = params.get("mask", True)
        return {"cursor": cursor, "data": [_shown(world, each, mask=mask) for each in chosen]}

    async def show(self, world: World, params: Params) -> Found:
        """GET /requests/{id}: whole, with headers and bodies, and as a curl command."""
        noted = self._find(world, params["id"])
        mask = params.get("mask", False)
        answer = noted.answer
        return {
            **_shown(world, noted, mask=mask),
            "request": {
                "headers": _headers(noted.headers, mask=mask),
                "body": _readable(noted.body),
            },
            "answer": {"headers": _headers(answer.headers(), mask=mask), "body": _body(answer)},
            "curl": curl(world, noted, mask=mask),
        }

    async def replay(self, world: World, params: Params) -> Found:
        """POST /requests/{id}/replay: the same request once more, as a new one: its idempotency
        key stays behind.
        """
        noted = self._find(world, params["id"])
        if is_cut(noted.body):
            raise refusals.request_was_cut(noted.id)
        assert self.send is not None
        sent = _sent(noted)
        headers = [each for each in sent.headers if each[0] != b"idempotency-key"]
        await self.send(world, sent._replace(headers=headers))
        return await self.show(world, {"id": world.log.noted(world.log.total - 1)[-1].id})

    async def keep(self, world: World, params: Params) -> Found:
        """POST /requests: how many requests the log keeps from now on."""
        world.log.keep(None if params["keep"] == _ALL else params["keep"])
        return {"keep": params["keep"], "kept": len(world.log.entries)}

    async def clear(self, world: World, _params: Params) -> Found:
        """DELETE /requests: forget what was asked so far."""
        gone = len(world.log.entries)
        world.log.clear()
        return {"deleted": gone}

    def _find(self, world: World, id_: str) -> Noted:
        noted = [each for each in world.log.noted() if each.id == id_]
        if noted:
            return noted[-1]
        raise refusals.no_such_request(id_)


def recorded(world: World) -> list[Recorded]:
    """What the log of a world holds, oldest first, raw. Let it keep `all` to have everything."""
    return [
        Recorded(
            noted.number,
            kind(noted),
            _sent(noted),
            noted.key,
            noted.answer.status,
            noted.answer.whole,
            noted.at,
            noted.lost,
        )
        for noted in world.log.noted()
    ]


def curl(world: World, noted: Noted, *, mask: bool) -> str:
    """A command that asks the same."""
    base = world.setup.settings.get("base_url", "http://127.0.0.1:12111")
    words = ["curl", f"{base}{noted.target}"]
    if noted.method != ("POST" if noted.body else "GET"):
        words += ["-X", noted.method]
    words += ["-u", (refusals.mask(noted.key) if mask else noted.key) + ":"]
    for name, value in noted.headers:
        text = name.decode("latin-1")
        if text.startswith(("stripe-", "emulator-", "idempotency-")):
            words += ["-H", f"{text.title()}: {value.decode('latin-1')}"]
    if noted.body:
        kind = noted.header(b"content-type") or b""
        if b"urlencoded" not in kind:
            words += ["-H", f"Content-Type: {kind.decode('latin-1')}"]
        words += ["--data-binary", _readable(noted.body)]
    return shlex.join(words)


# -- inside ---------------------------------------------------------------------------------------


def _sent(noted: Noted) -> Sent:
    headers = [each for each in noted.headers if each[0].decode("latin-1") not in _NOT_SENT]
    return Sent(noted.method, noted.target, headers, noted.body)


def kind(noted: Noted) -> str:
    """Whether a request was the API's, or changed something by the control API."""
    return "control" if noted.path.startswith("/_emulator") else "api"


def _fits(noted: Noted, params: Params) -> bool:
    if params.get("kind") not in {None, kind(noted)}:
        return False
    if params.get("method", noted.method).upper() != noted.method:
        return False
    if "path" in params and not matches_path(params["path"], noted.path):
        return False
    if params.get("account") not in {None, noted.account}:
        return False
    wanted, status = params.get("status"), str(noted.answer.status)
    return wanted in {None, status, f"{status[0]}xx"}


def _shown(world: World, noted: Noted, *, mask: bool) -> Found:
    answer, once = noted.answer, noted.header(b"idempotency-key")
    error = error_of(answer)
    rule = next((value for name, value in answer.extra if name == b"emulator-rule"), b"")
    return {
        "id": noted.id,
        "number": noted.number,
        "kind": kind(noted),
        "at": noted.at,
        "milliseconds": round(noted.seconds * 1000, 3),
        "method": noted.method,
        "path": noted.path,
        "query": noted.query.decode("latin-1"),
        "account": noted.account,
        "key": refusals.mask(noted.key) if mask else noted.key,
        "idempotency_key": None if once is None else once.decode("utf-8", "replace"),
        "status": None if noted.lost else answer.status,
        "lost": noted.lost,
        "error": error,
        "rule": rule.decode() or None,
        "hint": typos.hint(noted.method, noted.path, error),
        "events": _events(world, noted),
    }


def error_of(answer: Any) -> Found | None:
    """What went wrong, where it is an answer that says so."""
    if answer.status < 400:
        return None
    try:
        found = orjson.loads(answer.whole)["error"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return {name: found[name] for name in _OF_AN_ERROR if name in found}


def _events(world: World, noted: Noted) -> list[Found]:
    """The events that a request caused: they name it, and were the last ones of their account when
    it was answered.
    """
    if noted.method == "GET" or not noted.id.startswith("req_"):
        return []
    setup, found = world.setup, []
    store, mark = setup.store, noted.id.encode()
    said = _ACCOUNT.findall(noted.body + noted.answer.whole)
    accounts = {noted.account, setup.platform, *(each.decode() for each in said)}
    for account in accounts:
        ids = store.ids(f"event/{account}")
        for at in range(bisect_right(ids, noted.place, key=store.sequence) - 1, -1, -1):
            raw = store.raw("event", ids[at]) or b""
            if mark not in raw:
                break
            found.append((store.sequence(ids[at]), ids[at], orjson.loads(raw)["type"]))
    return [{"id": id_, "type": type_} for _, id_, type_ in sorted(found)]


def _headers(pairs: Any, *, mask: bool) -> dict[str, str]:
    found = {name.decode("latin-1"): value.decode("latin-1") for name, value in pairs}
    if mask and "authorization" in found:
        found["authorization"] = "***"
    return found


def _body(answer: Any) -> Any:
    try:
        return orjson.loads(answer.whole)
    except orjson.JSONDecodeError:
        return _readable(answer.whole)


def _readable(raw: bytes) -> str:
    return raw[:_LONGEST_BODY].decode("utf-8", "replace")
