"""Reserves against a risk: money of an account that Stripe keeps aside for a while, and releases.

Nobody can ask for one with a request: Stripe decides it, and tells of it with events. A hold takes
money out of the balance of payments into one of its own (`risk_reserved`); it is released by hand
or at midnight of the day after its `release_after`. A plan makes a hold of a part of each charge,
and of each transfer that arrives. Two balance transactions for each hold, one on either balance,
are assumed; that both are in the list is, too.
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.currency import share
from emulator.kernel.instants import DAY
from emulator.kit import Doc, Note, Resource, Tx, post
from emulator.ledger import EARLY, Move, balance_of, risk_of

RESERVE_HOLDS: Final = Resource("reserve.hold", prefix="reshold", kind="reserve hold")
RESERVE_PLANS: Final = Resource("reserve.plan", prefix="resplan", kind="reserve plan")
RESERVE_RELEASES: Final = Resource("reserve.release", prefix="resrel", kind="reserve release")


def hold(
    tx: Tx,
    amount: int,
    currency: str,
    *,
    charge: str | None = None,
    release_after: int | None = None,
    plan: str | None = None,
    available_on: int | None = None,
) -> Doc:
    """Keep `amount` minor units aside. charge: the one that paid for it. release_after: an instant;
    without one it is kept until somebody releases it. plan: what made it. available_on: when the
    money would have been available.
    """
    made = tx.new(
        RESERVE_HOLDS,
        amount=amount,
        amount_releasable=amount,
        currency=currency,
        reason="charge" if charge else "standalone",
        reserve_plan=plan,
        source_charge=charge,
    )
    if release_after is not None:
        made["release_schedule"] = _schedule(release_after)
        when = made["release_schedule"]["scheduled_release"]
        tx.later(when, RESERVE_HOLDS, "expire", made["id"])
    move = Move("risk_hold", balance_of(tx.account), risk_of(tx.account), amount, currency)
    notes = {"reserve_hold": Note(made["id"], "Reserve hold")}
    post(tx, made["id"], [move], notes, available_on)
    return tx.save(RESERVE_HOLDS, made, event="reserve.hold.created")


def _schedule(release_after: int) -> Doc:
    """The midnight on which something is released that is kept until an instant."""
    midnight = (release_after // DAY + 1) * DAY
    return {"release_after": release_after, "scheduled_release": midnight}


def release(tx: Tx, held: Doc, amount: int, reason: str = "hold_released_early") -> Doc:
    """Give back a part of what is kept aside, or all of it."""
    made = tx.new(
        RESERVE_RELEASES,
        amount=amount,
        currency=held["currency"],
        reason=reason,
        released_at=tx.now,
        reserve_hold=held["id"],
        reserve_plan=None if reason == "hold_released_early" else held["reserve_plan"],
    )
    move = Move(
        "risk_release", risk_of(tx.account), balance_of(tx.account), amount, held["currency"]
    )
    post(tx, made["id"], [move], {"reserve_release": Note(made["id"], "Reserve release")})
    held["amount_releasable"] -= amount
    held["is_releasable"] = held["amount_releasable"] > 0
    held["release_details"] = [
        *held["release_details"],
        {"amount": amount, "reserve_release": made["id"]},
    ]
    tx.save(RESERVE_RELEASES, made, event="reserve.release.created")
    tx.save(RESERVE_HOLDS, held, event="reserve.hold.updated")
    return made


@RESERVE_HOLDS.job
def expire(tx: Tx, held: Doc) -> None:
    """What is still kept aside on the day of its release comes back."""
    if held["amount_releasable"]:
        release(tx, held, held["amount_releasable"], "hold_expired")


# -- plans ----------------------------------------------------------------------------------------


def plan(
    tx: Tx,
    percent: int,
    *,
    currency: str | None = None,
    days: int | None = None,
    release_after: int | None = None,
) -> Doc:
    """From now on, keep a part of what comes in. days: how long each hold lasts. release_after: the
    instant until which all are kept, and the plan lasts. Without either, until somebody releases.
    """
    made = tx.new(RESERVE_PLANS, currency=currency, percent=percent)
    if days is not None:
        rolling = {"days_after_charge": days, "expires_on": None}
        made |= {"rolling_release": rolling, "type": "rolling_release"}
    elif release_after is not None:
        made |= {"fixed_release": _schedule(release_after), "type": "fixed_release"}
        when = made["fixed_release"]["scheduled_release"]
        tx.later(when, RESERVE_PLANS, "run_out", made["id"])
    else:
        made["manual_release"] = {}
    tx.hide(plans_note(tx.account), {**tx.hidden(plans_note(tx.account)), made["id"]: True})
    return tx.save(RESERVE_PLANS, made, event="reserve.plan.created")


def plans_note(account: str) -> str:
    """Where it is noted which plans an account has: {id: true}."""
    return f"{account}/reserve_plans"


def keep_part(tx: Tx, charge: str, amount: int, currency: str, available_on: int | None) -> None:
    """Let the plans of an account take their part of what a charge has brought. available_on: when
    that is available, now when None.
    """
    if tx.setup.store.raw("hidden", plans_note(tx.account)) is None:
        return
    for id_ in tx.hidden(plans_note(tx.account)):
        each = tx.get(RESERVE_PLANS, id_)
        part = share(amount, each["percent"], 100)
        if part == 0 or each["currency"] not in {None, currency}:
            continue
        after = each.get("fixed_release", {}).get("release_after")
        if "rolling_release" in each:
            after = tx.now + each["rolling_release"]["days_after_charge"] * DAY
        hold(
            tx,
            part,
            currency,
            charge=charge,
            release_after=after,
            plan=id_,
            available_on=available_on,
        )


def disable(tx: Tx, found: Doc) -> Doc:
    """End a plan; what it keeps is released."""
    for held in list(tx.all(RESERVE_HOLDS)):
        if held["reserve_plan"] == found["id"] and held["amount_releasable"]:
            release(tx, held, held["amount_releasable"], "plan_disabled")
    return _end(tx, found | {"disabled_at": tx.now, "status": "disabled"}, "reserve.plan.disabled")


@RESERVE_PLANS.job
def run_out(tx: Tx, found: Doc) -> None:
    """The day on which a plan releases all it kept is its last."""
    if found["status"] == "active":
        _end(tx, found | {"status": "expired"}, "reserve.plan.expired")


def _end(tx: Tx, found: Doc, event: str) -> Doc:
    note = plans_note(tx.account)
    left = {id_: True for id_ in tx.hidden(note) if id_ != found["id"]}
    if left:
        tx.hide(note, left)
    else:
        tx.unhide(note)
    return tx.save(RESERVE_PLANS, found, event=event)


# -- the older form -------------------------------------------------------------------------------


def set_aside(tx: Tx, amount: int, currency: str, until: int) -> None:
    """The older form (documented): taken now, and given back in the same moment for a day to come,
    `until`.
    """
    here, note = balance_of(tx.account), {"reserved_funds": Note(None, "Reserved funds")}
    post(tx, tx.account, [Move("risk_funds_out", here, EARLY, amount, currency)], note)
    post(tx, tx.account, [Move("risk_funds_in", EARLY, here, amount, currency)], note, until)
