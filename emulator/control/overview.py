"""A world at a glance, and each object of it: what the pages for looking around show."""

from __future__ import annotations

from heapq import nlargest
from typing import Final, NamedTuple

import orjson

from emulator.control import kin, trace
from emulator.kernel.errors import objects
from emulator.kit import Doc, Resource, Tx
from emulator.resources import RESOURCES
from emulator.resources.accounts.state import ACCOUNTS
from emulator.resources.balances import balances
from emulator.resources.events.events import EVENTS
from emulator.world import World

_MOST_ACCOUNTS: Final = 50
_MOST_EVENTS: Final = 30
_MOST_OBJECTS: Final = 100


class Holder(NamedTuple):
    """An account and Stripe's balance object of it."""

    account: Doc
    balance: Doc


class Overview(NamedTuple):
    """accounts: the platform first, then the newest connected ones; in_all: how many there are,
    the platform included. events: (the account it happened on, the event), the newest first.
    """

    accounts: list[Holder]
    in_all: int
    events: list[tuple[str, Doc]]


class Whole(NamedTuple):
    """An object as clients are shown it, and the account it is on.

    money: where each cent of it went, told in lines. has: of an account, its newest objects;
    events are left out.
    """

    account: str
    doc: Doc
    money: str
    has: list[Doc]


def look(world: World) -> Overview:
    """Who holds what, and what happened last."""
    with world.transaction(world.caller()) as tx:
        connected = _newest(tx, ACCOUNTS, _MOST_ACCOUNTS, but=tx.platform)
        holders = [_read(tx, ACCOUNTS, tx.platform), *(doc for _, doc in connected)]
        return Overview(
            [Holder(doc, balances.shown(tx.on(doc["id"]))) for doc in holders],
            tx.setup.store.size(ACCOUNTS.name),
            _newest(tx, EVENTS, _MOST_EVENTS),
        )


def show(world: World, id_: str) -> Whole:
    """An object of any account; refused (404) when there is none."""
    with world.transaction(world.caller()) as tx:
        found = kin.find(tx, id_)
        if found is None:
            raise objects.no_such("object", id_)
        resource, doc = found[0], _read(tx, found[0], id_)
        if resource is ACCOUNTS:
            return Whole(id_, doc, "", _possessions(tx, id_))
        account = tx.owner(id_) or tx.platform
    return Whole(account, doc, trace.as_text(trace.trace(world, id_)), [])


def _possessions(tx: Tx, account: str) -> list[Doc]:
    store = tx.setup.store
    found = (
        (store.sequence(id_), resource, id_)
        for resource in RESOURCES.values()
        if resource is not EVENTS and not resource.named
        for id_ in store.ids(f"{resource.name}/{account}")[-_MOST_OBJECTS:]
    )
    newest = nlargest(_MOST_OBJECTS, found, key=lambda each: each[0])
    return [_read(tx, resource, id_) for _, resource, id_ in newest]


def _newest(tx: Tx, resource: Resource, most: int, but: str = "") -> list[tuple[str, Doc]]:
    """The account and the document of each, the newest first; those deleted are left out."""
    store = tx.setup.store
    known = (id_ for id_ in store.table(resource.name) if id_ != but)
    found = [(id_, _read(tx, resource, id_)) for id_ in nlargest(most, known, key=store.sequence)]
    return [(tx.owner(id_) or "", doc) for id_, doc in found if not doc.get("deleted")]


def _read(tx: Tx, resource: Resource, id_: str) -> Doc:
    """An object of any account as clients are shown it now."""
    raw = tx.setup.store.raw(resource.name, id_)
    assert raw is not None, id_
    seen = resource.shown(tx.on(tx.owner(id_) or tx.account), raw)
    found: Doc = orjson.loads(seen) if isinstance(seen, bytes) else seen
    return found
