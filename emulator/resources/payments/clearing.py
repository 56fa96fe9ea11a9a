"""Clearing: bank debits and other methods whose outcome a bank tells later.

The charge is `pending` and its intent `processing` until the bank answers; then the money comes, or
the charge fails and the intent wants another payment method.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from emulator.kernel.errors import Refusal
from emulator.kernel.errors import payments as refusals
from emulator.kit import Doc, Tx
from emulator.resources.charges.charges import CHARGES, receipt_url
from emulator.resources.payment_methods import mandates, payment_methods
from emulator.resources.payments.payment_intents import NO_METHOD, PAYMENT_INTENTS
from emulator.resources.payments.settling import settle
from emulator.rules import debits, methods

# 2020-05-15. Observed: pending charges had a receipt up to 2020-04-08, none from 2020-06-21 on.
_NO_RECEIPT_YET_SINCE: Final = 1_589_500_800
_TELL_THE_DAY: Final = frozenset({"sepa_debit", "us_bank_account"})


def begin(tx: Tx, charge: Doc, method: Doc) -> Doc:
    """The bank was asked: the charge is pending until it answers."""
    charge |= {"amount_captured": charge["amount"], "paid": False, "status": "pending"}
    charge["captured"] = True
    if tx.now >= _NO_RECEIPT_YET_SINCE:
        charge["receipt_url"] = None
    account = payment_methods.debit_of(tx, method)
    if account is None or account.outcome != "processing":
        known = methods.of_type(method["type"])
        usual = known.clears_seconds if known else 0
        wait = debits.delayed_seconds() if account and account.delayed else usual
        tx.later(tx.now + wait, CHARGES, "clear", charge["id"])
    after = tx.behind(charge["payment_intent"]) if charge["payment_intent"] else tx
    return after.save(CHARGES, charge, event="charge.pending")


@CHARGES.job
def clear(tx: Tx, charge: Doc) -> None:
    """The bank answers."""
    if charge["status"] != "pending":
        return
    account = payment_methods.debit_of(tx, {"id": charge["payment_method"]})
    usual = account.outcome if account else "succeeded"
    said = tx.ask("bank.debit", usual, lambda: _about(charge))
    if said == "processing":
        return
    if said in {"succeeded", "disputed"}:
        succeed(tx, charge)
        if said == "disputed":
            tx.later(tx.now, CHARGES, "turn_sour", charge["id"], sour=said)
        return
    if said in debits.failure_codes():
        fail(tx, charge, said)
        return
    code = account.failure_code if account and account.failure_code else "debit_not_authorized"
    if account is not None and account.mandate == "inactive":
        mandates.lost(tx, charge)
    fail(tx, charge, code)


def _about(charge: Doc) -> Doc:
    names = ("amount", "currency", "customer", "payment_intent", "payment_method")
    about = {name: charge[name] for name in names}
    return {"charge": charge["id"], "type": charge["payment_method_details"]["type"], **about}


def succeed(tx: Tx, charge: Doc) -> Doc:
    """The bank said yes: the money comes."""
    charge |= {"paid": True, "status": "succeeded"}
    charge["receipt_url"] = receipt_url(tx, charge["id"])
    _tell_day(tx, charge["payment_method_details"])
    settle(tx, charge, charge["amount"], charge["application_fee_amount"])
    tx.save(CHARGES, charge, event="charge.succeeded")
    intent = tx.find(PAYMENT_INTENTS, charge["payment_intent"] or "")
    if intent is not None and PAYMENT_INTENTS.allows(intent, "succeeded"):
        intent["amount_received"] = charge["amount_captured"]
        tx.step(PAYMENT_INTENTS, intent, "succeeded")
    CHARGES.tell(tx, "cleared", charge)
    return charge


def _tell_day(tx: Tx, details: Doc) -> None:
    """Which day the payer's bank was debited (observed only once it was)."""
    if details["type"] in _TELL_THE_DAY:
        day = datetime.fromtimestamp(tx.now, UTC).date()
        debited = details[details["type"]] | {"expected_debit_date": str(day)}
        details[details["type"]] = dict(sorted(debited.items()))


def fail(tx: Tx, charge: Doc, code: str) -> Doc:
    """The bank said no: nothing moves, and the intent wants another payment method."""
    refusal = refusals.debit_failed(code)
    charge |= {
        "amount_captured": 0,
        "captured": False,
        "failure_code": code,
        "failure_message": refusal.message,
        "paid": False,
        "status": "failed",
    }
    tx.save(CHARGES, charge, event="charge.failed")
    intent = tx.find(PAYMENT_INTENTS, charge["payment_intent"] or "")
    if intent is not None and intent["status"] == "processing":
        _unpay(tx, intent, charge, refusal)
    CHARGES.tell(tx, "returned", charge)
    return charge


def _unpay(tx: Tx, intent: Doc, charge: Doc, refusal: Refusal) -> None:
    refusal.extra |= {"charge": charge["id"]}
    method = tx.find(payment_methods.PAYMENT_METHODS, intent["payment_method"] or "")
    if method is not None:
        refusal.extra["payment_method"] = method
    intent |= NO_METHOD | {"last_payment_error": refusal.body()}
    tx.step(PAYMENT_INTENTS, intent, "requires_payment_method")
