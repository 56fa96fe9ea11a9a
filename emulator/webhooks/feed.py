"""Events of a world as they happen, on every account, and whether they have arrived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from emulator.kit import Setup, outbox
from emulator.world import World

Found = dict[str, Any]


class Wanted(NamedTuple):
    """Which events: type (`payout.*` for several), account, endpoint; after: only later ones than
    this place in the world's order.
    """

    type: str | None = None
    account: str | None = None
    endpoint: str | None = None
    after: int = 0


def now(world: World) -> int:
    """The present place in the world's order: later events stand behind it."""
    return world.setup.store.counted("sequence")


def place(world: World, event: str) -> int | None:
    """An event's place in the world's order, or None when there is no such event."""
    entry = world.setup.store.entry(event)
    return entry[0] if entry and outbox.event(world.setup, event) else None


def since(setup: Setup, wanted: Wanted) -> list[tuple[int, str]]:
    """The wanted events, oldest first, each with its place."""
    store = setup.store
    accounts = [wanted.account] if wanted.account else _accounts(setup)
    found = []
    whole = wanted.type is not None and not set(wanted.type) & set("*?[")
    narrowed = f"/type={wanted.type}" if whole else ""
    tables = ("event", outbox.THIN)
    keys = [f"{table}/{account}{narrowed}" for account in accounts for table in tables]
    for key in keys:
        for id_ in reversed(store.ids(key)):
            sequence = store.sequence(id_)
            if sequence <= wanted.after:
                break
            found.append((sequence, id_))
    if whole:
        return sorted(found)
    return [(at, id_) for at, id_ in sorted(found) if _is_wanted(setup, id_, wanted)]


def arrived(setup: Setup, event: str, endpoint: str | None) -> Found | None:
    """The delivery with which an event arrived; {} when nobody listens; None when it has not."""
    ids = setup.store.ids(f"{outbox.DELIVERIES}/event={event}")
    found = [each for id_ in ids if (each := outbox.delivery(setup, id_))]
    if endpoint is None and not found:
        return {}
    for each in found:
        if each["status"] == "succeeded" and endpoint in {None, each["endpoint"]}:
            return each
    return None


def told(setup: Setup, wanted: Wanted) -> Counter[str]:
    """How many events of each type there were, for the one who waited in vain."""
    everything = since(setup, wanted._replace(type=None))
    return Counter(_event(setup, id_)["type"] for _, id_ in everything)


def shown(setup: Setup, event: str) -> Found:
    """An event with the account it belongs to, as an endpoint for all of them would read it."""
    entry = setup.store.entry(event)
    found = _event(setup, event)
    if "data" in found and entry and entry[2] != setup.platform:
        found["account"] = entry[2]
    return found


def _accounts(setup: Setup) -> Iterator[str]:
    yield setup.platform
    for id_ in setup.store.ids(f"account/{setup.platform}"):
        if id_ != setup.platform:
            yield id_


def fits(type: str, wanted: str) -> bool:
    """Whether an event type is a wanted one: `*` stands for anything."""
    return fnmatchcase(type, wanted)


def _is_wanted(setup: Setup, event: str, wanted: Wanted) -> bool:
    return wanted.type is None or fits(_event(setup, event)["type"], wanted.type)


def _event(setup: Setup, event: str) -> Found:
    return outbox.event(setup, event) or {}
