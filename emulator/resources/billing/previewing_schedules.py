"""Previews of schedules: what the subscription will be that is to be billed."""

from __future__ import annotations

from emulator.kernel.errors import invoicing as refusals
from emulator.kit import Doc, Params, Tx
from emulator.resources.billing import creating, phases, schedules
from emulator.resources.billing.schedules import SCHEDULES
from emulator.resources.subscriptions import billing_modes
from emulator.resources.subscriptions.subscriptions import SUBSCRIPTIONS


def named(tx: Tx, params: Params) -> Doc:
    """Whom and what the schedule of a preview is for."""
    if not params.get("schedule"):
        return {}
    schedule = tx.get(SCHEDULES, params["schedule"], param="schedule")
    found = {"customer": schedule["customer"], "subscription": schedule["subscription"]}
    return {name: value for name, value in found.items() if value}


def scheduled(tx: Tx, customer: str, subscription: Doc | None, params: Params) -> Doc:
    """The subscription of a schedule, changed as the request says; or, of a schedule that has not
    begun, the one that it will make: `incomplete`, its first invoice a draft.
    """
    details = {k: v for k, v in (params.get("schedule_details") or {}).items() if v is not None}
    name = params.get("schedule") or (subscription or {}).get("schedule")
    schedule = tx.get(SCHEDULES, name, param="schedule") if name else None
    if schedule is not None and schedule["subscription"]:
        if details.get("phases"):
            schedules.update(tx, details, schedule["id"])
        return tx.get(SUBSCRIPTIONS, schedule["subscription"])
    if schedule is None and not details.get("phases"):
        raise refusals.cannot_preview()
    if details.get("phases"):
        first = details["phases"][0].get("start_date")
        begin = tx.now if first in {None, "now"} else int(first)
        mode = details.get("billing_mode") or (schedule or {}).get("billing_mode")
        schedule = tx.new(SCHEDULES, customer=customer)
        schedule["billing_mode"] = billing_modes.of(tx, mode)
        schedule["phases"] = phases.given(tx, details["phases"], begin)
    assert schedule is not None
    phase = schedule["phases"][0]
    then = tx.at(max(tx.now, phase["start_date"]))
    return creating.begin(then, schedules.order(schedule, phase), collects=False)
