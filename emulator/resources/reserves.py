"""Reserves against a risk: money of an account that Stripe keeps aside for a while, and releases.

Nobody can ask for one with a request: Stripe decides it, and tells of it with events. A hold takes
money out of the balance of payments into one of its own (`risk_reserved`); it is released by hand
or at midnight of the day after its `release_after`. Two balance transactions for each, one on
either balance, are assumed; that both are in the list is, too.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Doc, Note, Resource, Tx, post
from emulator.ledger import EARLY, Move, balance_of, risk_of

_DAY: Final = 86_400

RESERVE_HOLDS: Final = Resource("reserve.hold", prefix="reshold", kind="reserve hold")
RESERVE_RELEASES: Final = Resource("reserve.release", prefix="resrel", kind="reserve release")


def hold(
    tx: Tx,
    amount: int,
    currency: str,
    *,
    charge: str | None = None,
    release_after: int | None = None,
) -> Doc:
    """Keep `amount` minor units aside. charge: the one that paid for it. release_after: an instant;
    without one it is kept until somebody releases it.
    """
    made = tx.new(
        RESERVE_HOLDS,
        amount=amount,
        amount_releasable=amount,
        currency=currency,
        reason="charge" if charge else "standalone",
        source_charge=charge,
    )
    if release_after is not None:
        midnight = (release_after // _DAY + 1) * _DAY
        made["release_schedule"] = {"release_after": release_after, "scheduled_release": midnight}
        tx.later(midnight, RESERVE_HOLDS, "expire", made["id"])
    move = Move("risk_hold", balance_of(tx.account), risk_of(tx.account), amount, currency)
    post(tx, made["id"], [move], {"reserve_hold": Note(made["id"], "Reserve hold")})
    return tx.save(RESERVE_HOLDS, made, event="reserve.hold.created")


def release(tx: Tx, held: Doc, amount: int, reason: str = "hold_released_early") -> Doc:
    """Give back a part of what is kept aside, or all of it."""
    made = tx.new(
        RESERVE_RELEASES,
        amount=amount,
        currency=held["currency"],
        reason=reason,
        released_at=tx.now,
        reserve_hold=held["id"],
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


def set_aside(tx: Tx, amount: int, currency: str, until: int) -> None:
    """The older form (documented): taken now, and given back in the same moment for a day to come,
    `until`.
    """
    here, note = balance_of(tx.account), {"reserved_funds": Note(None, "Reserved funds")}
    post(tx, tx.account, [Move("risk_funds_out", here, EARLY, amount, currency)], note)
    post(tx, tx.account, [Move("risk_funds_in", EARLY, here, amount, currency)], note, until)
