"""How an event is recorded, and which waits until another has been told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import orjson

from emulator.contract import versions
from emulator.kit import outbox, thin
from emulator.kit.setup import Doc

if TYPE_CHECKING:
    from emulator.kit.tx import Tx


class Held(NamedTuple):
    """An event that waits. raw: the object as it was when it happened."""

    tx: Tx
    type: str
    raw: bytes
    previous: Doc | None


def announce(tx: Tx, type_: str, doc: Doc, previous: Doc | None, raw: bytes | None) -> None:
    """Record an event on this account with the object as it is now, unless it came with a version
    that nobody here speaks.

    raw: the object as it is stored, when it is.
    """
    version = tx.setup.settings["version"]
    told = outbox.listeners(tx.setup, type_, tx.account)
    heard = [each for each in told if versions.heard(type_, doc, each["api_version"] or version)]
    if not heard and not versions.heard(type_, doc, version):
        return
    now = tx.outside().now
    id_ = tx.kin_id("evt", doc.get("id", ""))
    shown = orjson.Fragment(raw) if raw else doc
    data = {"object": shown, "previous_attributes": previous} if previous else {"object": shown}
    event = {
        "id": id_,
        "object": "event",
        "api_version": version,
        "created": now,
        "data": data,
        "livemode": False,
        "pending_webhooks": len(heard),
        "request": {
            "id": tx.caller.request,
            "idempotency_key": tx.caller.idempotency_key,
        },
        "type": type_,
    }
    whole = f"event/{tx.account}"
    keys = (whole, f"{whole}/type={type_}")
    if tx.setup.watch is not None:
        tx.setup.watch.append(id_)
    tx.setup.store.put_listed("event", id_, orjson.dumps(event), tx.account, now, keys)
    for listener in heard:
        outbox.deliver_to(tx.setup, id_, listener["id"], now)
        tx.told.append(id_)
    thin.retell(tx, event, doc, previous)


def release(held: dict[str, list[Held]], id_: str) -> None:
    """What waited for an event about this object is told now, and what waited for that."""
    for tx, type_, raw, previous in held.pop(id_, ()):
        doc = orjson.loads(raw)
        announce(tx, type_, doc, previous, raw)
        release(held, str(doc.get("id")))


def release_all(held: dict[str, list[Held]]) -> None:
    """What still waits when the transaction ends is told in the order in which it happened."""
    while held:
        release(held, next(iter(held)))
