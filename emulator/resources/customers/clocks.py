"""Test clocks: time of its own for some customers and all that is billed to them.

What is due to happen to them stands on the clock's own agenda and not on the world's; advancing the
clock works it off, job by job, each in a transaction of its own. Payments stay in the world's time:
funds become available and webhooks leave as ever.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.kit import Doc, Lifecycle, Resource, Tx, lists, retrieves
from emulator.resources.customers.customers import CUSTOMERS

CLOCKS: Final = Resource(
    "test_helpers.test_clock",
    prefix="clock",
    kind="billing clock",
    param="test_clock",
    lifecycle=Lifecycle(
        start="ready",
        steps={
            ("ready", "advancing"): "test_helpers.test_clock.advancing",
            ("advancing", "ready"): "test_helpers.test_clock.ready",
        },
    ),
)

retrieves(CLOCKS, "GET /v1/test_helpers/test_clocks/{test_clock}")
lists(CLOCKS, "GET /v1/test_helpers/test_clocks")


# -- for what lives on one ------------------------------------------------------------------------


def at(tx: Tx, clock: str | None) -> Tx:
    """The transaction at the time that a clock shows; as it is without one."""
    found = tx.find(CLOCKS, clock) if clock else None
    return tx if found is None else tx.at(shown(tx, found))


def of_customer(tx: Tx, customer: str) -> Tx:
    """The transaction at the time that this customer lives in."""
    found = tx.find(CUSTOMERS, customer)
    return at(tx, found.get("test_clock")) if found else tx


def later(tx: Tx, doc: Doc, when: int, resource: Resource, job: str, **more: Any) -> None:
    """Put a job of an object on the agenda that counts for it: its clock's, or the world's."""
    clock = doc.get("test_clock")
    if not clock:
        tx.later(when, resource, job, doc["id"], **more)
        return
    assert job in resource.jobs, job
    found = agenda(tx, clock)
    number = found.get("number", 0) + 1
    entry = [max(when, tx.now), number, resource.name, job, doc["id"], more]
    jobs = sorted([*found.get("jobs", ()), entry], key=lambda job: job[:2])
    keep_agenda(tx, clock, {"number": number, "jobs": jobs})


def agenda(tx: Tx, clock: str) -> Doc:
    """What a clock has still to bring about: `jobs`, in order, each [when, number, resource, job,
    subject, more].
    """
    return tx.hidden(f"{clock}/agenda")


def keep_agenda(tx: Tx, clock: str, found: Doc) -> None:
    tx.hide(f"{clock}/agenda", found)


def shown(tx: Tx, clock: Doc) -> int:
    """The instant a clock is at: on its way, that of the job being done."""
    frozen: int = clock["frozen_time"]
    on_way: int = tx.hidden(f"{clock['id']}/now").get("now") or frozen
    return max(frozen, on_way)


def show(tx: Tx, clock: str, instant: int) -> None:
    """A clock has got as far as this on its way."""
    tx.hide(f"{clock}/now", {"now": instant})
