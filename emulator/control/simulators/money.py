"""Money that comes, goes or becomes available on a balance."""

from __future__ import annotations

from typing import Any

from emulator.control.simulators.payments import payment
from emulator.control.simulators.simulator import (
    ACCOUNT,
    AMOUNT,
    CURRENCY,
    acting,
    counted_in,
    id_of,
    one_of,
    perform,
    simulates,
    text,
    whole,
)
from emulator.kernel.errors import simulating as refusals
from emulator.kernel.instants import DAY
from emulator.kit import BALANCE_TRANSACTIONS, Doc, Tx, available, pending
from emulator.ledger import OWN
from emulator.resources.accounts.state import currency_of
from emulator.resources.balances import balances
from emulator.resources.transfers.application_fees import APPLICATION_FEES

_MOST = 99_999_999_999
_CORRECTION = "Adjustment"
_SIGNED = {**whole("a whole number of minor units, not 0", -_MOST, _MOST), "not": {"const": 0}}


@simulates(
    "Pending money becomes available today, in one currency or in all.",
    when="the balance has something pending",
    example={"account": "acct_…", "currency": "usd"},
    account=ACCOUNT,
    currency=CURRENCY,
)
def balance_available(tx: Tx, account: str | None = None, currency: str | None = None) -> Doc:
    mine = acting(tx, account)
    if not balances.release(mine, currency):
        raise refusals.nothing_pending(mine.account, currency)
    return balances.shown(mine)


@simulates(
    "Stripe corrects a balance: a positive amount is given, a negative one is taken.",
    when="always",
    example={"account": "acct_…", "amount": -5000, "currency": "usd"},
    needs=("amount",),
    account=ACCOUNT,
    amount=_SIGNED,
    currency=CURRENCY,
    description=text("a text"),
)
def adjustment(tx: Tx, amount: int, **how: Any) -> Doc:
    how.setdefault("description", _CORRECTION)
    return balance_transaction(tx, "adjustment", amount, **how)


@simulates(
    "Stripe does something to a balance of its own accord: a fee or a tax, a contribution, a "
    "repayment, a bank's reversal … The balance transaction has the type and the category of what "
    "it is. A positive amount is given, a negative one is taken; most can only be one of them.",
    when="always",
    example={"account": "acct_…", "type": "stripe_fee", "amount": -200, "currency": "usd"},
    needs=("type", "amount"),
    account=ACCOUNT,
    type=one_of(*OWN),
    amount=_SIGNED,
    currency=CURRENCY,
    description=text("a text"),
    source=text("the id of the object that it is about", 255),
    available_in_days=whole("a number of days, from 0 to 730", 0, 730),
)
def balance_transaction(
    tx: Tx,
    type: str,
    amount: int,
    account: str | None = None,
    currency: str | None = None,
    available_in_days: int = 0,
    **said: str,
) -> Doc:
    mine = acting(tx, account)
    code = counted_in(mine, currency)
    if ("+" if amount > 0 else "-") not in OWN[type].signs:
        raise refusals.other_sign(type, gives=amount < 0)
    day = (tx.now // DAY + available_in_days) * DAY if available_in_days else None
    made = balances.correct(mine, type, amount, code, available_on=day, **said)
    return mine.get(BALANCE_TRANSACTIONS, made)


@simulates(
    "The balance falls below zero: all it holds is taken, and `amount` more.",
    when="always",
    example={"account": "acct_…", "amount": 5000},
    account=ACCOUNT,
    amount=AMOUNT,
    currency=CURRENCY,
)
def negative_balance(
    tx: Tx, account: str | None = None, amount: int = 1000, currency: str | None = None
) -> Doc:
    mine = acting(tx, account)
    code = counted_in(mine, currency)
    held = max(0, available(mine, code) + pending(mine, code))
    balances.correct(mine, "adjustment", -(held + amount), code, description=_CORRECTION)
    return balances.shown(mine)


@simulates(
    "A connected account is charged directly, and the platform takes its fee.",
    when="the account can charge cards",
    example={"account": "acct_…", "amount": 2000, "fee": 200},
    needs=("account",),
    account=ACCOUNT,
    amount=AMOUNT,
    fee=AMOUNT,
    currency=CURRENCY,
)
def application_fee(tx: Tx, account: str, fee: int = 200, **params: Any) -> Doc:
    params.setdefault("currency", currency_of(acting(tx, account)))
    intent = payment(tx, account=account, application_fee_amount=fee, **params)
    return next(tx.on(tx.platform).all(APPLICATION_FEES, charge=intent["latest_charge"]))


@simulates(
    "The platform sends money to a connected account.",
    when="the platform has it available (or names a charge), and the account can receive it",
    example={"destination": "acct_…", "amount": 1000, "currency": "usd"},
    needs=("destination",),
    destination=ACCOUNT,
    amount=AMOUNT,
    currency=CURRENCY,
    source_transaction=id_of("charge of the platform", "ch"),
)
def transfer(tx: Tx, **params: Any) -> Doc:
    platform = tx.on(tx.platform)
    order = {"amount": 1000, "currency": currency_of(platform), **params}
    return perform(platform, "POST", "/v1/transfers", order)
