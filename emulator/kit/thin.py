"""Thin events: that something happened to an object, and where to fetch it. /v2 tells of its own
objects so, and of /v1's whoever asked to hear of `v1.charge.refunded` and the like.

Kept under the account that event destinations belong to, the platform. Those of /v1 are only kept
when a destination hears them (assumed: Stripe keeps them all).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from emulator.contract import operations, thin_object
from emulator.kernel.instants import rfc3339
from emulator.kit import outbox
from emulator.kit.resource import Resource
from emulator.kit.setup import Doc

if TYPE_CHECKING:
    from emulator.kit.tx import Tx

CORE_EVENTS: Final = Resource(
    outbox.THIN, prefix="evt_test", id_length=38, dated=False, kind="event", filters=("type",)
)


_PLACE: Final = re.compile(r"\{(\w+)\}")  # what stands for an id in a path


def tell(tx: Tx, type_: str, listeners: list[Doc], **facts: Doc | str | None) -> Doc:
    """Record a thin event and who is to hear of it; the event comes back.

    facts: `related_object`, `changes` ({"before": …, "after": …}), `context` (the connected account
    it happened on), `data` (only there when the event is fetched), `snapshot_event`.
    """
    home = tx.on(tx.platform)
    id_ = home.new_id(CORE_EVENTS.prefix, CORE_EVENTS.id_length, dated=False)
    event: Doc = {
        "id": id_,
        "object": CORE_EVENTS.name,
        "changes": None,
        "context": None,
        "created": rfc3339(tx.now),
        "data": {},
        "livemode": False,
        "reason": _reason(tx),
        "related_object": None,
        "snapshot_event": None,
        "type": type_,
        **facts,
    }
    home.save(CORE_EVENTS, event)
    if tx.setup.watch is not None:
        tx.setup.watch.append(id_)
    for listener in listeners:
        outbox.deliver_to(tx.setup, id_, listener["id"], tx.now)
        tx.told.append(id_)
    return event


def retell(tx: Tx, event: Doc, doc: Doc, previous: Doc | None) -> None:
    """Tell what an event of /v1 tells once more, to the destinations that hear it as a thin one.

    Since September 2026 (documented). doc: the object it is about.
    """
    type_ = f"v1.{event['type']}"
    listeners = outbox.thin_listeners(tx.setup, type_, tx.account)
    if not listeners:
        return

    after = {name: doc.get(name) for name in previous or {}}
    tell(
        tx,
        type_,
        listeners,
        changes={"before": previous, "after": after} if previous else None,
        context=None if tx.is_platform else tx.account,
        related_object=_related(thin_object(type_), doc),
        snapshot_event=event["id"],
    )


def _reason(tx: Tx) -> Doc | None:
    """The request that it came of; None for what happened by itself."""
    caller = tx.caller
    if not caller.request:
        return None
    request = {"id": caller.request, "idempotency_key": caller.idempotency_key or ""}
    return {"request": request, "type": "request"}


def _related(name: str | None, doc: Doc) -> Doc | None:
    """The object as a thin event names it; without an id where there is one of its kind."""
    path = None if name is None else _address(name)
    if path is None:
        return None
    names = _PLACE.findall(path)
    if not names:
        return {"type": name, "url": path}

    known = {each: doc.get(each) for each in names} | {names[-1]: doc["id"]}
    url = _PLACE.sub(lambda place: str(known[place[1]]), path)
    return {"id": doc["id"], "type": name, "url": url}


@cache
def _address(name: str) -> str | None:
    """Where an object of this name is fetched: the path with the fewest ids in it."""
    found = [
        each.path
        for each in operations().values()
        if each.method == "GET" and each.kind == "object" and each.returns == name
    ]
    own = [path for path in found if path.endswith("}")] or found
    return min(own, key=lambda path: path.count("{"), default=None)
