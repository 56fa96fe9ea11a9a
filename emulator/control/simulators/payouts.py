"""What banks say of payouts and top-ups."""

from __future__ import annotations

from emulator.control.simulators.simulator import (
    ACCOUNT,
    acting,
    befalls,
    id_of,
    one_of,
    simulates,
)
from emulator.kernel.errors import simulating as refusals
from emulator.kit import Doc, Tx
from emulator.resources.accounts import external_accounts, state
from emulator.resources.accounts.state import EXTERNAL_ACCOUNTS
from emulator.resources.balances import automatic_payouts, payouts, topups
from emulator.resources.balances.payouts import PAYOUTS
from emulator.resources.balances.topups import TOPUPS
from emulator.rules.payouts import FAILURES

_ON_ITS_WAY = ("pending", "in_transit")


@befalls(PAYOUTS, ("pending",), "depart", "Stripe hands a payout to the bank.")
def payout_in_transit(tx: Tx, doc: Doc) -> Doc:
    payouts.depart(tx, doc)
    return tx.get(PAYOUTS, doc["id"])


@befalls(PAYOUTS, _ON_ITS_WAY, "be paid", "The bank takes a payout.")
def payout_paid(tx: Tx, doc: Doc) -> Doc:
    return payouts.pay(tx, doc)


@befalls(
    PAYOUTS,
    (*_ON_ITS_WAY, "paid"),
    "fail",
    "The bank refuses a payout: the money comes back and the external account is errored. Some "
    "banks do so days after the payout was paid.",
    besides=", and was not reversed",
    example={"failure_code": "account_closed"},
    failure_code=one_of(*FAILURES, usual="could_not_process"),
)
def payout_failed(tx: Tx, doc: Doc, failure_code: str = "could_not_process") -> Doc:
    if doc["reversed_by"]:
        raise refusals.reversed_already(doc["id"], doc["reversed_by"])
    return payouts.fail(tx, doc, failure_code)


@befalls(
    PAYOUTS,
    ("pending",),
    "be canceled",
    "Stripe cancels a payout before it leaves: the money comes back.",
    besides=", and was made by hand",
)
def payout_canceled(tx: Tx, doc: Doc) -> Doc:
    return payouts.cancel(tx, {}, doc["id"])


@simulates(
    "The automatic payouts of an account are made today, whatever its schedule says.",
    when="something is available, and the account has an external account that is not errored",
    example={"account": "acct_…"},
    account=ACCOUNT,
)
def automatic_payout(tx: Tx, account: str | None = None) -> Doc:
    mine = acting(tx, account)
    before = next(mine.all(PAYOUTS), None)
    automatic_payouts.sweep(mine, state.account_of(mine))
    made = next(mine.all(PAYOUTS), None)
    if made is None or made == before:
        raise refusals.nothing_to_pay_out(mine.account)
    return made


@simulates(
    "The bank tells that an external account no longer works, as a failed payout would.",
    when="the external account is not errored",
    example={"external_account": "ba_…"},
    needs=("external_account",),
    external_account=id_of("bank account or debit card of a connected account", "ba"),
)
def external_account_errored(tx: Tx, external_account: str) -> Doc:
    mine, doc = tx.locate(EXTERNAL_ACCOUNTS, external_account, "external_account")
    if doc["status"] == "errored":
        raise refusals.errored_already(external_account)
    return external_accounts.fail(mine, doc)


@simulates(
    "The errored external accounts of an account work again, as if they had been corrected.",
    when="always",
    example={"account": "acct_…"},
    account=ACCOUNT,
)
def external_accounts_restored(tx: Tx, account: str | None = None) -> Doc:
    mine = acting(tx, account)
    for doc in list(mine.all(EXTERNAL_ACCOUNTS)):
        if doc["status"] == "errored":
            external_accounts.restore(mine, doc)
    return state.account_of(mine)


@befalls(TOPUPS, ("pending",), "succeed", "The money of a top-up arrives.")
def topup_succeeded(tx: Tx, doc: Doc) -> Doc:
    return topups.succeed(tx, doc)


@befalls(
    TOPUPS,
    ("pending",),
    "fail",
    "The bank refuses the debit for a top-up.",
    example={"failure_code": "insufficient_funds"},
    failure_code=one_of(*FAILURES, usual="insufficient_funds"),
)
def topup_failed(tx: Tx, doc: Doc, failure_code: str = "insufficient_funds") -> Doc:
    return topups.fail(tx, doc, failure_code)


@befalls(TOPUPS, ("succeeded",), "be reversed", "The bank takes the money of a top-up back.")
def topup_reversed(tx: Tx, doc: Doc) -> Doc:
    topups.take_back(tx, doc)
    return tx.get(TOPUPS, doc["id"])
