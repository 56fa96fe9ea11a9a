"""Faults: what goes wrong between a client and this server, on which requests, and how often.

They are kept in the world's store: a rollback, a fork or a snapshot takes them along, and chance is
a function of the world's seed. A fault never costs a request anything when none is set.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import orjson

from emulator.control import limits
from emulator.control.calls import Found, Params, Schema
from emulator.kernel import ids
from emulator.kernel.errors import Refusal, requests
from emulator.kernel.errors import faults as refusals
from emulator.store import Store
from emulator.world import World

TABLE: Final = "fault"
_LONGEST_WAIT: Final = 600
_USUAL_TIMEOUT: Final = 300


class Asked(NamedTuple):
    """What faults may know of a request. account: the Stripe-Account header."""

    method: str
    path: str
    account: str | None
    key: str
    idempotency_key: str | None


class Struck(NamedTuple):
    """What happens to one request.

    wait: machine seconds before it is looked at, `wait_after`: before its answer leaves. refusal:
    the answer instead of its own. cut: the connection is closed without an answer. after: whether
    the request is carried out first. rule: the name of the fault, for Emulator-Rule.
    """

    wait: float = 0.0
    wait_after: float = 0.0
    refusal: Refusal | None = None
    cut: bool = False
    after: bool = False


class Kind(NamedTuple):
    """One way to fail. needs_key: whether only requests with an idempotency key can meet it."""

    about: str
    refuse: Callable[[Asked], Refusal] | None = None
    cut: bool = False
    after: bool = False
    needs_key: bool = False


KINDS: Final[dict[str, Kind]] = {
    "latency": Kind("the request waits before it is carried out"),
    "latency-after": Kind("the answer waits after the request was carried out", after=True),
    "rate_limit": Kind("429 rate_limit", lambda _: refusals.rate_limited()),
    "lock_timeout": Kind("429 lock_timeout", lambda _: refusals.lock_timeout()),
    "500-before": Kind("500, and nothing was done", lambda _: refusals.server_error()),
    "500-after": Kind(
        "500, and everything was done", lambda _: refusals.server_error(), after=True
    ),
    "drop-before": Kind("the connection closes, and nothing was done", cut=True),
    "drop-after": Kind("the connection closes, and everything was done", cut=True, after=True),
    "timeout-before": Kind("silence, then the connection closes; nothing was done", cut=True),
    "timeout-after": Kind(
        "silence, then the connection closes; everything was done", cut=True, after=True
    ),
    "idempotency_conflict": Kind(
        "409 idempotency_key_in_use, for requests with an Idempotency-Key",
        lambda asked: requests.idempotency_in_use(asked.idempotency_key or ""),
        needs_key=True,
    ),
    "rate_limits": Kind("Stripe's own rate limits, counted"),
}

_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": 500}
_COUNT: Final = {"type": "integer", "minimum": 1, "maximum": 1_000_000_000}
BODY: Final[Schema] = {
    "fault": {"enum": list(KINDS), "description": "one of " + ", ".join(KINDS)},
    "method": {
        "enum": ["GET", "POST", "DELETE"],
        "description": "GET, POST or DELETE",
    },
    "path": {
        **_TEXT,
        "pattern": "^/v[12](/|$)",
        "description": "a path such as /v1/transfers/*: * for one segment, a last ** for any rest",
    },
    "account": {
        **_TEXT,
        "description": "the account of Stripe-Account, `connected` for any, or `platform` for none",
    },
    "key": {**_TEXT, "description": "an API key, or its kind: sk, rk or pk"},
    "nth": {**_COUNT, "description": "which matching request it strikes, 1 for the first"},
    "times": {**_COUNT, "description": "how many requests it strikes at most"},
    "chance": {
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 1,
        "description": "a share above 0 and up to 1 of the matching requests",
    },
    "seconds": {
        "type": "number",
        "minimum": 0,
        "maximum": _LONGEST_WAIT,
        "description": f"seconds of the machine's time, at most {_LONGEST_WAIT}",
    },
    "retry_after": {
        "type": "integer",
        "minimum": 0,
        "maximum": _LONGEST_WAIT,
        "description": "whole seconds for a Retry-After header, which Stripe does not send",
    },
    "limits": limits.SCHEMA,
}


async def add(world: World, params: Params) -> Found:
    """POST /_emulator/faults: from now on, matching requests meet it."""
    key = params.get("key", "")
    if "_live_" in key:
        raise requests.live_key(key[:2])
    store = world.setup.store
    with store.transaction():
        id_ = f"fault_{store.count(TABLE)}"
        fault = {"id": id_, **params, "seen": 0, "struck": 0}
        store.put(TABLE, id_, orjson.dumps(fault))
    return fault


async def show(world: World, _params: Params) -> Found:
    """GET /_emulator/faults: those that are set, with what they have seen and struck."""
    return {"data": _all(world.setup.store)}


async def remove(world: World, params: Params) -> Found:
    """DELETE /_emulator/faults/{id}."""
    store, id_ = world.setup.store, params["id"]
    if store.raw(TABLE, id_) is None:
        raise refusals.no_such_fault(id_)
    with store.transaction():
        store.delete(TABLE, id_)
    return {"id": id_, "deleted": True}


async def clear(world: World, _params: Params) -> Found:
    """DELETE /_emulator/faults: all of them."""
    store = world.setup.store
    gone = [fault["id"] for fault in _all(store)]
    with store.transaction():
        for id_ in gone:
            store.delete(TABLE, id_)
    return {"deleted": gone}


def strike(world: World, asked: Asked, header: str | None) -> Struck | None:
    """What happens to this request, if anything; delays add up, the first other fault counts.

    header: Emulator-Fault, which holds for this one request and comes before what is set.
    """
    found = [_told(asked, *each) for each in _in_header(header)] if header else []
    store = world.setup.store
    if store.size(TABLE):
        with store.transaction():
            found += [
                struck for fault in _all(store) if (struck := _met(world, fault, asked)) is not None
            ]
    if not found:
        return None
    wait = sum(each.wait for each in found)
    wait_after = sum(each.wait_after for each in found)
    chief = next((each for each in found if each.refusal or each.cut), Struck())
    return chief._replace(wait=wait, wait_after=wait_after)


# -- inside ---------------------------------------------------------------------------------------


def _all(store: Store) -> list[Any]:
    return [orjson.loads(raw) for raw in store.table(TABLE).values()]


def _met(world: World, fault: Any, asked: Asked) -> Struck | None:
    """Whether a fault strikes this request: counted in the store, decided by the seed."""
    spent = fault.get("times") is not None and fault["struck"] >= fault["times"]
    if spent or not _matches(fault, asked):
        return None
    fault["seen"] += 1
    struck = None
    if _chosen(world, fault):
        struck = _of(world, fault, asked)
        fault["struck"] += struck is not None
    world.setup.store.put(TABLE, fault["id"], orjson.dumps(fault))
    return struck


def _chosen(world: World, fault: Any) -> bool:
    if fault.get("nth") is not None and fault["seen"] != fault["nth"]:
        return False
    chance = fault.get("chance")
    name = f"{fault['id']}/{fault['seen']}"
    return chance is None or ids.fraction(world.setup.seed, name) < chance


def _of(world: World, fault: Any, asked: Asked) -> Struck | None:
    if fault["fault"] == "rate_limits":
        refusal = limits.count(world, fault, asked.method, asked.path)
        return _ruled(Struck(refusal=refusal), fault) if refusal else None
    return _ruled(_told(asked, fault["fault"], fault.get("seconds")), fault)


def _ruled(struck: Struck, fault: Any) -> Struck:
    if struck.refusal is not None:
        struck.refusal.rule = fault["id"]
        if fault.get("retry_after") is not None:
            later = {"Retry-After": str(fault["retry_after"])}
            struck.refusal.headers = {**(struck.refusal.headers or {}), **later}
    return struck


def _told(asked: Asked, name: str, seconds: float | None) -> Struck:
    kind = KINDS[name]
    if seconds is None:
        seconds = _USUAL_TIMEOUT if name.startswith("timeout") else 0.0
    late = name in {"latency-after", "timeout-after"}
    refusal = kind.refuse(asked) if kind.refuse else None
    if refusal is not None:
        refusal.rule = f"fault/{name}"
    return Struck(0.0 if late else seconds, seconds if late else 0.0, refusal, kind.cut, kind.after)


def _in_header(text: str) -> list[tuple[str, float | None]]:
    """What `500-after` or `latency=1.5, drop-after` says."""
    known = [name for name in KINDS if name != "rate_limits"]
    found = []
    for part in text.split(","):
        name, has_number, number = part.strip().partition("=")
        seconds = _seconds(number) if has_number else None
        if name not in known or (has_number and seconds is None):
            raise refusals.bad_fault_header(part.strip()[:100], known)
        found.append((name, seconds))
    return found


def _seconds(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if 0 <= found <= _LONGEST_WAIT else None


def _matches(fault: Any, asked: Asked) -> bool:
    method, path, account, key = (fault.get(name) for name in ("method", "path", "account", "key"))
    if KINDS[fault["fault"]].needs_key and asked.idempotency_key is None:
        return False
    if method is not None and method != asked.method:
        return False
    if key is not None and key not in {asked.key, asked.key[:2]}:
        return False
    if account is not None and not _is_account(account, asked.account):
        return False
    return path is None or matches_path(path, asked.path)


def _is_account(wanted: str, account: str | None) -> bool:
    if wanted == "platform":
        return account is None
    return account == wanted or (wanted == "connected" and account is not None)


def matches_path(pattern: str, path: str) -> bool:
    """Whether a path fits a pattern: `*`, `{name}` or `:name` stand for one segment, a last `**`
    for any rest.
    """
    wanted, found = pattern.split("/"), path.split("/")
    if wanted[-1] == "**":
        wanted.pop()
        found = found[: len(wanted)]
    return len(wanted) == len(found) and all(
        one in {"*", other} or one.startswith(("{", ":"))
        for one, other in zip(wanted, found)  # noqa: B905
    )
