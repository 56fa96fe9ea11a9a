"""Money that comes, goes or becomes available on a balance."""

from __future__ import annotations

from typing import Any

from emulator.control.simulators.payments import payment
from emulator.control.simulators.simulator import (
    ACCOUNT,
    AMOUNT,
    CURRENCY,
    acting,
    id_of,
    perform,
    simulates,
    text,
    whole,
)
from emulator.kernel.errors import simulating as refusals
from emulator.kit import BALANCE_TRANSACTIONS, Doc, Tx, available, pending
from emulator.resources import balances
from emulator.resources.account_state import currency_of
from emulator.resources.application_fees import APPLICATION_FEES
from emulator.resources.charges import CHARGES
from emulator.rules import exchange

_MOST = 99_999_999_999
_CORRECTION = "Adjustment"


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
    amount={
        **whole("a whole number of minor units, not 0", -_MOST, _MOST),
        "not": {"const": 0},
    },
    currency=CURRENCY,
    description=text("a text"),
)
def adjustment(
    tx: Tx,
    amount: int,
    account: str | None = None,
    currency: str | None = None,
    description: str = _CORRECTION,
) -> Doc:
    mine = acting(tx, account)
    code = _currency(mine, currency)
    return mine.get(BALANCE_TRANSACTIONS, balances.adjust(mine, amount, code, description))


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
    code = _currency(mine, currency)
    held = max(0, available(mine, code) + pending(mine, code))
    balances.adjust(mine, -(held + amount), code, _CORRECTION)
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
    charge = tx.on(account).get(CHARGES, intent["latest_charge"])
    return tx.on(tx.platform).get(APPLICATION_FEES, charge["application_fee"])


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
    made: Doc = perform(platform, "POST", "/v1/transfers", order)
    return made


def _currency(tx: Tx, given: str | None) -> str:
    if given is None:
        return currency_of(tx)
    if not exchange.known(given):
        raise refusals.unknown_currency(given)
    return given
