"""Stripe's rate limits in a sandbox, counted per second: off unless a fault asks for them.

Source: docs.stripe.com/rate-limits (25 requests a second, of every operation and of all together;
files and search 20; payouts 15), and public reports for accounts (5 creations, refused with 400).
Counted on the machine's clock, as a client's back-off waits on it, or on the world's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from emulator import contract
from emulator.control.calls import Schema
from emulator.kernel.clock import machine_seconds
from emulator.kernel.errors import Refusal
from emulator.kernel.errors import faults as refusals
from emulator.world import World

_TABLE: Final = "limit"
USUAL: Final = {
    "all": 25,
    "reads": 25,
    "writes": 25,
    "operation": 25,
    "files": 20,
    "search": 20,
    "payouts": 15,
    "accounts": 5,
}
SCHEMA: Final[Schema] = {
    "type": "object",
    "description": f"a hash of {', '.join(USUAL)} (requests per second) and clock",
    "properties": {
        **{
            name: {
                "type": "integer",
                "minimum": 0,
                "maximum": 1_000_000,
                "description": f"requests per second, 0 for no limit (usually {usual})",
            }
            for name, usual in USUAL.items()
        },
        "clock": {"enum": ["machine", "world"], "description": "machine or world"},
    },
    "additionalProperties": False,
}


def count(world: World, fault: Any, method: str, path: str) -> Refusal | None:
    """Count one request against each limit that it meets; the refusal of the first it exceeds."""
    wanted = fault.get("limits") or {}
    limits = {**USUAL, **wanted}
    second = world.now() if limits.get("clock") == "world" else int(machine_seconds())
    refusal = None
    for name, counter, reason in _met(method, path):
        limit = int(limits[name])
        if limit and _counted(world, f"{fault['id']}/{counter}", second) > limit:
            refusal = refusal or _refused(name, reason)
    return refusal


def _refused(name: str, reason: str) -> Refusal:
    return refusals.accounts_too_quickly() if name == "accounts" else refusals.rate_limited(reason)


def _met(method: str, path: str) -> Iterator[tuple[str, str, str]]:
    """The limits that a request meets: their name, their counter and Stripe's word for them."""
    kind = "reads" if method == "GET" else "writes"
    found = contract.find(method, path)
    if found is not None:
        key = found.operation.key
        if key == "POST /v1/accounts":
            yield "accounts", "accounts", "resource-specific"
        if key == "POST /v1/payouts":
            yield "payouts", "payouts", "endpoint-rate"
        if path.endswith("/search"):
            yield "search", "search", "endpoint-rate"
        if path.startswith("/v1/files"):
            yield "files", f"files/{kind}", "endpoint-rate"
        yield "operation", key, "endpoint-rate"
    yield kind, kind, "global-rate"
    yield "all", "all", "global-rate"


def _counted(world: World, counter: str, second: int) -> int:
    """How many requests this counter has met in this second, with the present one."""
    store = world.setup.store
    raw = store.raw(_TABLE, counter) or b"0 0"
    then, _, so_far = raw.partition(b" ")
    number = int(so_far) + 1 if int(then) == second else 1
    store.put(_TABLE, counter, b"%d %d" % (second, number))
    return number
