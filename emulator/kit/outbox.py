"""What is announced: events, and which endpoints are to hear of them. Written in the same
transaction.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

from emulator.kit.setup import Doc, Setup

LISTENERS: Final = "listener"
DELIVERIES: Final = "delivery"
WAITING: Final = "delivery/waiting"
UNFINISHED: Final = ("pending", "retrying")


def listen(setup: Setup, listener: Doc) -> None:
    """Remember who wants to hear of which events; the id is the endpoint's."""
    setup.store.put(LISTENERS, listener["id"], orjson.dumps(listener))


def stop_listening(setup: Setup, endpoint: str) -> None:
    """Forget an endpoint; what still was to be tried there is dropped."""
    setup.store.delete(LISTENERS, endpoint)
    for id_ in [*setup.store.ids(f"{DELIVERIES}/endpoint={endpoint}")]:
        found = delivery(setup, id_)
        if found and found["status"] in UNFINISHED:
            keep_delivery(setup, {**found, "status": "dropped"}, waiting=False)


def listeners(setup: Setup, type: str, account: str) -> list[Doc]:
    """The endpoints that want an event of this type from this account.

    An endpoint hears its own account, or, with `connect`, every account connected to its own; an
    account that left the platform belongs to itself and is not heard any more.
    """
    known = setup.store.table(LISTENERS)
    if known.is_bare():
        return []
    found: list[Doc] = [orjson.loads(raw) for raw in known.values()]
    return [each for each in found if _wants(each, type) and _hears(setup, each, account)]


def _wants(listener: Doc, type: str) -> bool:
    return type in listener["enabled_events"] or "*" in listener["enabled_events"]


def _hears(setup: Setup, listener: Doc, account: str) -> bool:
    if listener["connect"]:
        entry = setup.store.entry(account)
        connected = account != setup.platform and (entry is None or entry[2] != account)
        return bool(listener["account"] == setup.platform and connected)
    return bool(listener["account"] == account)


def deliver_to(setup: Setup, event: str, listener: Doc, now: int) -> None:
    """Note that an event is to be sent to an endpoint, at once."""
    id_ = f"{event}.{listener['id']}"
    delivery: dict[str, Any] = {
        "id": id_,
        "event": event,
        "endpoint": listener["id"],
        "created": now,
        "status": "pending",
        "attempts": [],
    }
    keep_delivery(setup, delivery, waiting=True)


def keep_delivery(setup: Setup, delivery: Doc, *, waiting: bool) -> None:
    """Store a delivery; `waiting` ones are picked up by the courier next."""
    keys: tuple[str, ...] = (
        DELIVERIES,
        f"{DELIVERIES}/event={delivery['event']}",
        f"{DELIVERIES}/endpoint={delivery['endpoint']}",
    )
    setup.store.put_listed(
        DELIVERIES,
        delivery["id"],
        orjson.dumps(delivery),
        setup.platform,
        delivery["created"],
        (*keys, WAITING) if waiting else keys,
    )


def delivery(setup: Setup, id_: str) -> Doc | None:
    raw = setup.store.raw(DELIVERIES, id_)
    return orjson.loads(raw) if raw else None


def unfinished(setup: Setup, event: str) -> int:
    """How many deliveries of an event have not succeeded yet."""
    ids = setup.store.ids(f"{DELIVERIES}/event={event}")
    found = [delivery(setup, id_) for id_ in ids]
    return sum(1 for d in found if d and d["status"] in UNFINISHED)
