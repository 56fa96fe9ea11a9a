"""What Stripe keeps aside of an account's money against a risk, and gives back."""

from __future__ import annotations

from emulator.control.simulators.simulator import (
    ACCOUNT,
    AMOUNT,
    CURRENCY,
    acting,
    befalls,
    counted_in,
    id_of,
    simulates,
    whole,
)
from emulator.kernel.errors import simulating as refusals
from emulator.kernel.instants import DAY
from emulator.kit import Doc, Tx
from emulator.resources.balances import balances
from emulator.resources.charges.charges import CHARGES
from emulator.resources.transfers import reserves
from emulator.resources.transfers.reserves import RESERVE_HOLDS, RESERVE_PLANS

_MOST_DAYS = 730


@simulates(
    "Stripe keeps money of an account aside against a risk, on its own or of a charge.",
    when="always",
    example={"account": "acct_…", "amount": 5000, "release_in_days": 90},
    needs=("amount",),
    account=ACCOUNT,
    amount=AMOUNT,
    currency=CURRENCY,
    charge=id_of("charge of the account", "ch"),
    release_in_days=whole("a number of days, from 1 to 730", 1, _MOST_DAYS),
)
def reserve_hold(
    tx: Tx,
    amount: int,
    account: str | None = None,
    currency: str | None = None,
    charge: str | None = None,
    release_in_days: int | None = None,
) -> Doc:
    mine = acting(tx, account)
    if charge is not None:
        mine, _ = tx.locate(CHARGES, charge)
    after = None if release_in_days is None else tx.now + release_in_days * DAY
    code = counted_in(mine, currency)
    return reserves.hold(mine, amount, code, charge=charge, release_after=after)


@simulates(
    "Stripe gives back what it keeps aside, all of it or a part.",
    when="the hold has something left to release",
    example={"reserve_hold": "reshold_…"},
    needs=("reserve_hold",),
    reserve_hold=id_of("reserve hold", "reshold"),
    amount=AMOUNT,
)
def reserve_release(tx: Tx, reserve_hold: str, amount: int | None = None) -> Doc:
    mine, held = tx.locate(RESERVE_HOLDS, reserve_hold, "reserve_hold")
    left = int(held["amount_releasable"])
    if (amount or 1) > left:
        raise refusals.too_much_to_release(reserve_hold, left)
    return reserves.release(mine, held, amount or left)


@simulates(
    "Stripe keeps a part of each charge of an account aside from now on, for some days each, until "
    "a day for all, or until it is released.",
    when="always",
    example={"account": "acct_…", "percent": 10, "days_after_charge": 90},
    needs=("percent",),
    account=ACCOUNT,
    percent=whole("a whole number from 1 to 100", 1, 100),
    currency=CURRENCY,
    days_after_charge=whole("a number of days, from 1 to 730", 1, _MOST_DAYS),
    release_in_days=whole("a number of days, from 1 to 730", 1, _MOST_DAYS),
)
def reserve_plan(
    tx: Tx,
    percent: int,
    account: str | None = None,
    currency: str | None = None,
    days_after_charge: int | None = None,
    release_in_days: int | None = None,
) -> Doc:
    mine = acting(tx, account)
    after = None if release_in_days is None else tx.now + release_in_days * DAY
    code = None if currency is None else counted_in(mine, currency)
    return reserves.plan(mine, percent, currency=code, days=days_after_charge, release_after=after)


@befalls(
    RESERVE_PLANS,
    ("active",),
    "be disabled",
    "Stripe ends a reserve plan and releases what it keeps.",
)
def reserve_plan_disabled(tx: Tx, doc: Doc) -> Doc:
    return reserves.disable(tx, doc)


@befalls(
    RESERVE_PLANS,
    ("active",),
    "expire",
    "A reserve plan takes no more; what it keeps stays until its day.",
)
def reserve_plan_expired(tx: Tx, doc: Doc) -> Doc:
    reserves.run_out(tx, doc)
    return tx.get(RESERVE_PLANS, doc["id"])


@simulates(
    "Stripe reserves funds in the older way: taken now, and given back for a day to come.",
    when="always",
    example={"account": "acct_…", "amount": 5000, "days": 90},
    needs=("amount",),
    account=ACCOUNT,
    amount=AMOUNT,
    currency=CURRENCY,
    days=whole("a number of days, from 1 to 730", 1, _MOST_DAYS),
)
def reserved_funds(
    tx: Tx,
    amount: int,
    account: str | None = None,
    currency: str | None = None,
    days: int = 90,
) -> Doc:
    mine = acting(tx, account)
    until = (tx.now // DAY + days) * DAY
    reserves.set_aside(mine, amount, counted_in(mine, currency), until)
    return balances.shown(mine)
