"""What clients do with test clocks, and how a clock works off its agenda.

A clock goes forward, up to two intervals of the shortest subscription on it at a time, or two years
where there is none (documented).
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import billing as refusals
from emulator.kernel.instants import DAY
from emulator.kit import Doc, Params, Resource, Tx
from emulator.resources.billing.schedules import SCHEDULES
from emulator.resources.customers import clocks
from emulator.resources.customers.clocks import CLOCKS
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices.credit_grants import GRANTS
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.subscriptions.subscriptions import SUBSCRIPTIONS
from emulator.rules.billing import periods

_KEPT_SECONDS: Final = 30 * DAY
_TWO_YEARS: Final = 2 * 365 * DAY
_BOUND: Final[dict[str, Resource]] = {
    each.name: each for each in (GRANTS, INVOICES, SCHEDULES, SUBSCRIPTIONS)
}


@CLOCKS.on("POST /v1/test_helpers/test_clocks")
def create(tx: Tx, params: Params) -> Doc:
    clock = tx.new(CLOCKS, frozen_time=params["frozen_time"], name=params.get("name"))
    clock["deletes_after"] = tx.now + _KEPT_SECONDS
    tx.later(clock["deletes_after"], CLOCKS, "expire", clock["id"])
    return tx.save(CLOCKS, clock, event="test_helpers.test_clock.created")


@CLOCKS.on("POST /v1/test_helpers/test_clocks/{test_clock}/advance")
def advance(tx: Tx, params: Params, id_: str) -> Doc:
    clock = tx.get(CLOCKS, id_)
    target = params["frozen_time"]
    if clock["status"] != "ready":
        raise refusals.clock_is_advancing()
    if target <= clock["frozen_time"]:
        raise refusals.clock_goes_forward()
    furthest = _furthest(tx, clock)
    if target > furthest:
        raise refusals.clock_too_far(clock["frozen_time"], furthest)

    clock["status_details"] = {"advancing": {"target_frozen_time": target}}
    tx.later(tx.now, CLOCKS, "tick", id_)
    return tx.step(CLOCKS, clock, "advancing")


@CLOCKS.on("DELETE /v1/test_helpers/test_clocks/{test_clock}")
def delete(tx: Tx, _params: Params, id_: str) -> Doc:
    return _delete(tx, tx.get(CLOCKS, id_))


# -- what happens by itself -----------------------------------------------------------------------


@CLOCKS.job
def tick(tx: Tx, clock: Doc) -> None:
    """One job of the clock's agenda, or the end of the way."""
    if clock["status"] != "advancing":
        return
    target = clock["status_details"]["advancing"]["target_frozen_time"]
    agenda = clocks.agenda(tx, clock["id"])
    due = next((job for job in agenda.get("jobs", ()) if job[0] <= target), None)
    if due is None:
        clock |= {"frozen_time": target, "status_details": {}}
        tx.step(CLOCKS, clock, "ready")
        return
    when, _, name, job, subject, more = due
    rest = [other for other in agenda["jobs"] if other != due]
    clocks.keep_agenda(tx, clock["id"], {**agenda, "jobs": rest})
    clocks.show(tx, clock["id"], when)
    tx.later(tx.now, CLOCKS, "tick", clock["id"])
    resource = _BOUND[name]
    found = tx.find(resource, subject)
    if found is not None and not found.get("deleted"):
        resource.jobs[job](tx.at(when), found, **more)


@CLOCKS.job
def expire(tx: Tx, clock: Doc) -> None:
    _delete(tx, clock)


# -- inside ---------------------------------------------------------------------------------------


def _furthest(tx: Tx, clock: Doc) -> int:
    """How far it may be advanced now."""
    frozen: int = clock["frozen_time"]
    ends = [
        periods.add(frozen, rhythm["interval"], 2 * rhythm["interval_count"])
        for subscription in tx.all(SUBSCRIPTIONS, test_clock=clock["id"])
        if subscription["ended_at"] is None
        for item in subscription["items"]["data"]
        for rhythm in (item["price"]["recurring"],)
    ]
    return min(ends, default=frozen + _TWO_YEARS)


def _delete(tx: Tx, clock: Doc) -> Doc:
    for customer in list(tx.all(CUSTOMERS, test_clock=clock["id"])):
        CUSTOMERS.operations["DELETE /v1/customers/{customer}"](tx, {}, customer["id"])
    return tx.delete(CLOCKS, clock, event="test_helpers.test_clock.deleted")
