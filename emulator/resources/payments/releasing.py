"""Giving up a payment that was not taken: voided and expired authorisations, canceled intents."""

from __future__ import annotations

from emulator.kit import Doc, Tx
from emulator.resources.charges.charges import CHARGES, REFUNDS
from emulator.resources.payments import reviews
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS


def release(tx: Tx, charge: Doc, event: str) -> Doc:
    """Give an authorisation back, as far as it was not captured, and no money moves. A charge of
    which nothing was captured counts as refunded.
    """
    taken = charge["amount_captured"]
    give_back_rest(tx, charge, charge["amount"] - taken)
    charge |= {
        "refunded": charge["amount_refunded"] >= charge["amount"],
        "captured": bool(taken),
    }
    charge["payment_method_details"].get("card", {}).pop("capture_before", None)
    reviews.close(tx, charge, "canceled")
    return tx.save(CHARGES, charge, event=event)


def stop(tx: Tx, charge: Doc) -> Doc:
    """Call a debit back before its bank has answered."""
    charge |= {"amount_captured": 0, "captured": False, "paid": False, "status": "failed"}
    tx.save(CHARGES, charge, event="charge.failed")
    CHARGES.tell(tx, "returned", charge)
    return charge


def give_back_rest(tx: Tx, charge: Doc, amount: int) -> Doc:
    """What was authorised and not captured: a refund entry without a balance transaction."""
    refund = tx.new(
        REFUNDS,
        tx.kin_id("re", charge["id"]),
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=charge["payment_intent"],
    )
    charge["amount_refunded"] += amount
    return tx.save(REFUNDS, refund)


def close(tx: Tx, intent: Doc, reason: str | None) -> Doc:
    """Cancel an intent."""
    intent |= {
        "amount_capturable": 0,
        "canceled_at": tx.now,
        "cancellation_reason": reason,
        "next_action": None,
    }
    return tx.step(PAYMENT_INTENTS, intent, "canceled")


@CHARGES.job
def expire(tx: Tx, charge: Doc) -> None:
    """An authorisation that nobody captured in time is given back."""
    if charge["captured"] or charge["refunded"] or charge["status"] != "succeeded":
        return
    release(tx, charge, "charge.expired")
    intent = tx.find(PAYMENT_INTENTS, charge["payment_intent"] or "")
    if intent is not None and intent["status"] == "requires_capture":
        close(tx, intent, "automatic")
