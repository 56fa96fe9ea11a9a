"""What is announced: events, and which endpoints are to hear of them. Written in the same
transaction.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

from emulator.kernel import ids
from emulator.kit.setup import Doc, Setup

LISTENERS: Final = "listener"
SESSIONS: Final = "stripecli.session"  # of Stripe's command line, connected or not
CLI: Final = "cliws"  # what the ids of those begin with, and of the listeners they are
THIN: Final = "v2.core.event"  # the table of thin events
DELIVERIES: Final = "delivery"
# Where a delivery that is not settled stands: the courier takes it next, it is on its way, or it is
# kept back until somebody asks for it.
WAITING: Final = "delivery/waiting"
UNDER_WAY: Final = "delivery/under way"
HELD: Final = "delivery/held"
UNFINISHED: Final = ("pending", "retrying", "delayed", "held")


def listen(setup: Setup, listener: Doc) -> None:
    """Remember who wants to hear of which events; the id is the endpoint's."""
    setup.store.put(LISTENERS, listener["id"], orjson.dumps(listener))


def stop_listening(setup: Setup, endpoint: str) -> None:
    """Forget an endpoint; what still was to be tried there is dropped."""
    setup.store.delete(LISTENERS, endpoint)
    for id_ in [*setup.store.ids(f"{DELIVERIES}/endpoint={endpoint}")]:
        found = delivery(setup, id_)
        if found and found["status"] in UNFINISHED:
            keep_delivery(setup, {**found, "status": "dropped"})


def keep_session(setup: Setup, session: Doc) -> None:
    """Remember what somebody wants to connect for who listens at the end of a line."""
    setup.store.put(SESSIONS, session["id"], orjson.dumps(session))


def session(setup: Setup, id_: str) -> Doc | None:
    raw = setup.store.raw(SESSIONS, id_)
    return orjson.loads(raw) if raw else None


def is_line(listener: str) -> bool:
    """Whether that is the id of one who listens by a line, and not of an endpoint."""
    return listener.startswith(f"{CLI}_")


def lines_of(setup: Setup, account: str) -> list[str]:
    """The ids of those who listen by a line of this account to its events."""
    known = [each for each in _known(setup) if is_line(each["id"]) and not each["thin"]]
    return [each["id"] for each in known if each["account"] == account]


def listening_secret(setup: Setup) -> str:
    """What events are signed with for all who listen without an endpoint; one for each world."""
    return f"whsec_{ids.letters(setup.seed, 'listen', 32)}"


def listeners(setup: Setup, type: str, account: str) -> list[Doc]:
    """The endpoints that want an event of this type from this account.

    `from` says whom an endpoint hears: `self`, its own account, `other_accounts`, every account
    connected to its own. One that left the platform belongs to itself and is not heard any more.
    """
    return [
        each
        for each in _known(setup)
        if _wants(each, type) and not each["thin"] and _hears(setup, each, account)
    ]


def _known(setup: Setup) -> list[Doc]:
    known = setup.store.table(LISTENERS)
    return [] if known.is_bare() else [orjson.loads(raw) for raw in known.values()]


def _wants(listener: Doc, type: str) -> bool:
    return type in listener["enabled_events"] or "*" in listener["enabled_events"]


def thin_listeners(setup: Setup, type: str, account: str) -> list[Doc]:
    """The endpoints that want a thin event of this type from this account."""
    return [
        each
        for each in _known(setup)
        if each["thin"] and _wants(each, type) and _hears(setup, each, account)
    ]


def core_listeners(setup: Setup, type: str, only: str | None = None) -> list[Doc]:
    """The endpoints that want one of /v2's own events: those of the platform, whomever else they
    hear. only: one endpoint, whatever types it wants.
    """
    return [
        each
        for each in _known(setup)
        if each["thin"]
        and each["account"] == setup.platform
        and (_wants(each, type) if only is None else each["id"] == only)
    ]


def _hears(setup: Setup, listener: Doc, account: str) -> bool:
    if listener["account"] == account:
        return "self" in listener["from"]
    if "other_accounts" not in listener["from"] or listener["account"] != setup.platform:
        return False
    entry = setup.store.entry(account)
    return account != setup.platform and (entry is None or entry[2] != account)


def event(setup: Setup, id_: str) -> Doc | None:
    """An event of either kind by its id."""
    raw = setup.store.raw("event", id_) or setup.store.raw(THIN, id_)
    return orjson.loads(raw) if raw else None


def deliver_to(setup: Setup, event: str, listener: str, now: int) -> None:
    """Note that an event is to be sent to an endpoint, at once. listener: its id."""
    delivery: dict[str, Any] = {
        "id": f"{event}.{listener}",
        "event": event,
        "endpoint": listener,
        "created": now,
        "status": "pending",
        "attempts": [],
    }
    keep_delivery(setup, delivery, WAITING)


def send_again(setup: Setup, event: str, listener: str, now: int) -> None:
    """Note that an event is to be sent to an endpoint once more, or for the first time."""
    found = delivery(setup, f"{event}.{listener}")
    if found is None:
        deliver_to(setup, event, listener, now)
    else:
        keep_delivery(setup, {**found, "status": "pending"}, WAITING)


def keep_delivery(setup: Setup, delivery: Doc, place: str | None = None) -> None:
    """Store a delivery. place: WAITING, UNDER_WAY, HELD, or None when it is settled or on the
    agenda.
    """
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
        (*keys, place) if place else keys,
    )


def delivery(setup: Setup, id_: str) -> Doc | None:
    raw = setup.store.raw(DELIVERIES, id_)
    return orjson.loads(raw) if raw else None


def has_arrived(setup: Setup, event: str) -> bool:
    """Whether every delivery of an event has succeeded; one that nobody listens to has."""
    ids = setup.store.ids(f"{DELIVERIES}/event={event}")
    found = [delivery(setup, id_) for id_ in ids]
    return not any(d and d["status"] in (*UNFINISHED, "failed") for d in found)


def unfinished(setup: Setup, event: str) -> int:
    """How many deliveries of an event have not succeeded yet."""
    ids = setup.store.ids(f"{DELIVERIES}/event={event}")
    found = [delivery(setup, id_) for id_ in ids]
    return sum(1 for d in found if d and d["status"] in UNFINISHED)
