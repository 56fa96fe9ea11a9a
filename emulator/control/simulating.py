"""Carrying out a simulator: what changed, which events came of it, which entries in the books."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson

from emulator.contract import versions
from emulator.contract.nearest import nearest
from emulator.control.calls import Found, checked
from emulator.control.trace import move_shown
from emulator.kernel.errors import simulating as refusals
from emulator.kit import Caller, Doc, Tx, outbox
from emulator.resources import RESOURCES
from emulator.world import World, neighbours

if TYPE_CHECKING:
    from emulator.control.simulators import Simulator


async def table(_world: World, _body: Found) -> Found:
    """GET /_emulator/simulate: every simulator with its parameters and an example."""
    found = simulators()
    return {"data": [found[name].shown() for name in sorted(found)]}


async def simulate(world: World, body: Found) -> Found:
    """POST /_emulator/simulate/{name}: do it at once."""
    return run(world, find(body["name"]), {k: v for k, v in body.items() if k != "name"})


def simulators() -> dict[str, Simulator]:
    """Every simulator by name."""
    from emulator.control.simulators import SIMULATORS  # noqa: PLC0415 - a server starts without

    return SIMULATORS


def find(name: str) -> Simulator:
    """The simulator of this name; refused with the nearest one when there is none."""
    known = simulators()
    if name not in known:
        raise refusals.no_such_simulator(name, nearest(name, known))
    return known[name]


def run(world: World, simulator: Simulator, params: Found) -> Found:
    """Do it, and whatever follows at once.

    Returns {simulator, object, events, entries}: the object as it is afterwards.
    """
    sent = checked(simulator.call, {}, params)
    world.catch_up()
    with watching(world) as seen:
        with world.transaction(_somebody(world)) as tx:
            first = tx.book.count()
            doc = simulator.run(tx, **sent)
        world.catch_up()
    with world.transaction(_somebody(world)) as tx:
        return {
            "simulator": simulator.name,
            "object": _now(tx, doc),
            "events": [event_shown(tx, id_) for id_ in seen],
            "entries": [*_entries(tx, first)],
        }


def _somebody(world: World) -> Caller:
    """Nobody in particular, who reads objects as the world's own version shows them."""
    version = versions.parse(world.setup.settings["version"])
    return Caller(world.setup.platform, version=version)


@contextmanager
def watching(world: World) -> Iterator[list[str]]:
    """The ids of the events that come meanwhile, in order."""
    seen: list[str] = []
    before, world.setup.watch = world.setup.watch, seen
    try:
        yield seen
    finally:
        world.setup.watch = before
        if before is not None:
            before += seen


def event_shown(tx: Tx, id_: str) -> Found:
    """What there is to say of an event in a line."""
    raw = tx.setup.store.raw("event", id_) or tx.setup.store.raw(outbox.THIN, id_)
    event = orjson.loads(raw) if raw else {}
    about: Doc = event.get("related_object") or (event.get("data") or {}).get("object") or {}
    return {
        "id": id_,
        "type": event.get("type"),
        "account": event.get("context") or tx.owner(id_),
        "object": about.get("id"),
    }


def _now(tx: Tx, doc: Doc) -> Any:
    """An object as a client sees it now; as it was returned when it is not kept as such."""
    id_ = str(doc.get("id") or "")
    resource = RESOURCES.get(doc["object"]) or next(
        (each for each in RESOURCES.values() if doc["object"] in each.holds), None
    )
    owner = tx.owner(id_)
    mine = tx.on(owner or tx.platform)
    if resource is not None and owner is not None:
        doc = mine.find(resource, id_) or doc
        doc = doc if resource.view is None else resource.view(mine, doc)
    render = versions.renderer(tx.version, tx.now)
    return doc if render is None else render(doc, neighbours(mine))


def _entries(tx: Tx, after: int) -> Iterator[Found]:
    """The entries of the book that were written after that many."""
    for number, entry in tx.book.entries(after):
        yield {
            "number": number,
            "cause": entry.cause,
            "available_on": entry.available_on,
            "moves": [move_shown(move) for move in entry.moves],
        }
