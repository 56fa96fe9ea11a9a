"""What banks say of payouts and top-ups."""

from __future__ import annotations

from emulator.control.simulators.simulator import (
    ACCOUNT,
    acting,
    expect,
    id_of,
    locate,
    one_of,
    simulates,
)
from emulator.kernel.errors import simulating as refusals
from emulator.kit import Doc, Tx
from emulator.resources import account_state, external_accounts, payouts, sweeping, topups
from emulator.resources.account_state import EXTERNAL_ACCOUNTS
from emulator.resources.payouts import PAYOUTS
from emulator.resources.topups import TOPUPS
from emulator.rules import payout_days

_PAYOUT = id_of("payout", "po")
_TOPUP = id_of("top-up", "tu")
_CODE = one_of(*payout_days.FAILURES, usual="could_not_process")
_ON_ITS_WAY = ("pending", "in_transit")


@simulates(
    "Stripe hands a payout to the bank.",
    when="the payout is pending",
    example={"payout": "po_…"},
    needs=("payout",),
    payout=_PAYOUT,
)
def payout_in_transit(tx: Tx, payout: str) -> Doc:
    mine, doc = locate(tx, PAYOUTS, payout)
    expect(doc, ("pending",), "depart")
    payouts.depart(mine, doc)
    return mine.get(PAYOUTS, payout)


@simulates(
    "The bank takes a payout.",
    when="the payout is pending or in_transit",
    example={"payout": "po_…"},
    needs=("payout",),
    payout=_PAYOUT,
)
def payout_paid(tx: Tx, payout: str) -> Doc:
    mine, doc = locate(tx, PAYOUTS, payout)
    expect(doc, _ON_ITS_WAY, "be paid")
    return payouts.pay(mine, doc)


@simulates(
    "The bank refuses a payout: the money comes back and the external account is errored. Some "
    "banks do so days after the payout was paid.",
    when="the payout is pending, in_transit or paid, and was not reversed",
    example={"payout": "po_…", "failure_code": "account_closed"},
    needs=("payout",),
    payout=_PAYOUT,
    failure_code=_CODE,
)
def payout_failed(tx: Tx, payout: str, failure_code: str = "could_not_process") -> Doc:
    mine, doc = locate(tx, PAYOUTS, payout)
    expect(doc, (*_ON_ITS_WAY, "paid"), "fail")
    if doc["reversed_by"]:
        reason = f"Payout {payout} was reversed by {doc['reversed_by']}: nothing is left to fail."
        raise refusals.not_possible("payout", reason)
    return payouts.fail(mine, doc, failure_code)


@simulates(
    "Stripe cancels a payout before it leaves: the money comes back.",
    when="the payout is pending and was made by hand",
    example={"payout": "po_…"},
    needs=("payout",),
    payout=_PAYOUT,
)
def payout_canceled(tx: Tx, payout: str) -> Doc:
    mine, doc = locate(tx, PAYOUTS, payout)
    expect(doc, ("pending",), "be canceled")
    canceled: Doc = payouts.cancel(mine, {}, payout)
    return canceled


@simulates(
    "The automatic payouts of an account are made today, whatever its schedule says.",
    when="something is available, and the account has an external account that is not errored",
    example={"account": "acct_…"},
    account=ACCOUNT,
)
def automatic_payout(tx: Tx, account: str | None = None) -> Doc:
    mine = acting(tx, account)
    before = next(mine.all(PAYOUTS), None)
    sweeping.sweep(mine, account_state.account_of(mine))
    made = next(mine.all(PAYOUTS), None)
    if made is None or made == before:
        reason = (
            f"Account {mine.account} has nothing to pay out: it needs an available balance, "
            "payouts enabled and an external account in its currency that is not errored."
        )
        raise refusals.not_possible("account", reason)
    return made


@simulates(
    "The bank tells that an external account no longer works, as a failed payout would.",
    when="the external account is not errored",
    example={"external_account": "ba_…"},
    needs=("external_account",),
    external_account=id_of("bank account or debit card of a connected account", "ba"),
)
def external_account_errored(tx: Tx, external_account: str) -> Doc:
    mine, doc = locate(tx, EXTERNAL_ACCOUNTS, external_account, "external_account")
    if doc["status"] == "errored":
        reason = f"External account {external_account} is errored already."
        raise refusals.not_possible("external_account", reason)
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
    return account_state.account_of(mine)


@simulates(
    "The money of a top-up arrives.",
    when="the top-up is pending",
    example={"topup": "tu_…"},
    needs=("topup",),
    topup=_TOPUP,
)
def topup_succeeded(tx: Tx, topup: str) -> Doc:
    mine, doc = locate(tx, TOPUPS, topup)
    expect(doc, ("pending",), "succeed")
    return topups.succeed(mine, doc)


@simulates(
    "The bank refuses the debit for a top-up.",
    when="the top-up is pending",
    example={"topup": "tu_…", "failure_code": "insufficient_funds"},
    needs=("topup",),
    topup=_TOPUP,
    failure_code=one_of(*payout_days.FAILURES, usual="insufficient_funds"),
)
def topup_failed(tx: Tx, topup: str, failure_code: str = "insufficient_funds") -> Doc:
    mine, doc = locate(tx, TOPUPS, topup)
    expect(doc, ("pending",), "fail")
    return topups.fail(mine, doc, failure_code)


@simulates(
    "The bank takes the money of a top-up back.",
    when="the top-up is succeeded",
    example={"topup": "tu_…"},
    needs=("topup",),
    topup=_TOPUP,
)
def topup_reversed(tx: Tx, topup: str) -> Doc:
    mine, doc = locate(tx, TOPUPS, topup)
    expect(doc, ("succeeded",), "be reversed")
    topups.take_back(mine, doc)
    return mine.get(TOPUPS, topup)
