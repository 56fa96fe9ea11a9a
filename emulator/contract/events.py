"""The event types that Stripe sends."""

from __future__ import annotations

from functools import cache

from emulator.kernel import files


@cache
def event_types() -> frozenset[str]:
    """Every event type, of /v1 (`charge.refunded`) and of /v2 (`v2.core.account.created`)."""
    facts = files.table("stripe/events.json")
    return frozenset([*facts["v1"], *facts["v2"]])


def is_event_type(name: str) -> bool:
    return name in event_types()


@cache
def thin_types() -> frozenset[str]:
    """Every type of thin event: those of /v2, and `v1.charge.refunded` for what /v1 tells too."""
    facts = files.table("stripe/events.json")
    return frozenset([*facts["thin"], *facts["v2"]])


def thin_object(name: str) -> str | None:
    """The object that a thin event of this type names, None where it names none."""
    of: str | None = files.table("stripe/events.json")["thin"].get(name, {}).get("object")
    return of


def event_object(name: str) -> str | None:
    """The object that an event of this type carries, where the type says so."""
    facts = files.table("stripe/events.json")
    known = facts["v1"].get(name) or facts["v2"].get(name) or {}
    of: str | None = known.get("object")
    return of
