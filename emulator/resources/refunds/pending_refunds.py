"""How refunds go on: they reach the payer, fail, or wait for what they are paid with.

A refund of a payment that its bank has not answered yet waits for the answer. One that the
available balance does not cover is made all the same, as in Stripe's test mode (observed), unless
the world's setting `refunds_wait_for_funds` says so: then one to a card waits until the balance
covers it, and any other fails (documented).
"""

from __future__ import annotations

from typing import Final

from emulator.contract.order import in_order
from emulator.contract.previous import differences
from emulator.kit import Doc, Tx
from emulator.kit.money import waiting_note
from emulator.resources.charges.charges import CHARGES, REFUNDS, brought, purse
from emulator.resources.refunds import giving_back

_REFERENCE_SECONDS: Final = 4
_OUTCOME_SECONDS: Final = 5


def reason(tx: Tx, charge: Doc, amount: int) -> str | None:
    """What a refund has to wait for: its `pending_reason`; None for nothing."""
    if charge["status"] == "pending":
        return "charge_pending"
    if not tx.setup.settings.get("refunds_wait_for_funds"):
        return None
    return None if _is_covered(tx, charge, amount) else "insufficient_funds"


def _is_covered(tx: Tx, charge: Doc, amount: int) -> bool:
    """Whether there is enough; of a charge that is pending itself, by the day on which it is
    available.
    """
    taken = brought(tx, charge)
    if taken is None:
        return True
    needed, _ = giving_back.costs(tx, charge, taken, amount)
    by = max(tx.now, taken["available_on"])
    return tx.book.available(purse(tx, charge), taken["currency"], by=by) >= needed


def carry_out(tx: Tx, charge: Doc, doc: Doc, fate: str) -> None:
    """Move the money; the refund is not saved here. fate: how it will end, `asks` when its customer
    is asked first.
    """
    doc["balance_transaction"] = giving_back.give_back(tx, charge, doc)
    if fate == "pending":
        doc |= {"status": "pending", "pending_reason": "processing"}
    if fate not in {"succeeded", "asks"}:
        tx.later(tx.now + _OUTCOME_SECONDS, REFUNDS, "settle", doc["id"], fate=fate)
    tx.later(tx.now + _REFERENCE_SECONDS, REFUNDS, "refer", doc["id"])


def wait(tx: Tx, charge: Doc, doc: Doc, fate: str) -> None:
    """Have a refund, which is saved already, wait for what its `pending_reason` says."""
    if doc["pending_reason"] == "insufficient_funds" and charge["id"].startswith("py_"):
        fail(tx, doc, "insufficient_funds")
        return
    waiting = tx.hidden(waiting_note(tx.account))
    tx.hide(waiting_note(tx.account), {**waiting, doc["id"]: fate})


def resume(tx: Tx) -> None:
    """Carry out what has waited for funds and is covered now, the oldest first."""
    for id_ in tx.hidden(waiting_note(tx.account)):
        doc = tx.get(REFUNDS, id_)
        if doc["pending_reason"] != "insufficient_funds":
            continue
        if _is_covered(tx, tx.get(CHARGES, doc["charge"]), doc["amount"]):
            succeed(tx, doc)


@CHARGES.when("cleared")
def cleared(tx: Tx, charge: Doc) -> None:
    """The bank has paid: what was to be given back can be."""
    for doc in _waiting_for(tx, charge):
        why = reason(tx, charge, doc["amount"])
        if why is None:
            succeed(tx, doc)
        else:
            change(tx, doc | {"pending_reason": why})


@CHARGES.when("returned")
def returned(tx: Tx, charge: Doc) -> None:
    """The bank has not paid: there is nothing to give back (what Stripe answers is assumed)."""
    for doc in _waiting_for(tx, charge):
        fail(tx, doc, "unknown")


@CHARGES.when("contested")
def contested(tx: Tx, charge: Doc) -> None:
    """The payer's bank takes the money by itself: what was on its way to the payer fails
    (documented).
    """
    for doc in list(tx.all(REFUNDS, charge=charge["id"])):
        if doc["status"] == "pending":
            fail(tx, doc, "charge_for_pending_refund_disputed")


def _waiting_for(tx: Tx, charge: Doc) -> list[Doc]:
    """The refunds of a charge that wait for its bank, oldest first."""
    if not charge["amount_refunded"]:
        return []
    waiting = tx.hidden(waiting_note(tx.account))
    docs = [tx.get(REFUNDS, id_) for id_ in waiting]
    return [each for each in docs if each["charge"] == charge["id"]]


def _no_longer_waits(tx: Tx, doc: Doc) -> str | None:
    """How a refund that waited will end; None when it did not wait."""
    note = waiting_note(tx.account)
    waiting = tx.hidden(note)
    fate: str | None = waiting.get(doc["id"])
    left = {id_: each for id_, each in waiting.items() if id_ != doc["id"]}
    if left:
        tx.hide(note, left)
    elif fate is not None:
        tx.unhide(note)
    return fate


def succeed(tx: Tx, doc: Doc) -> Doc:
    """A refund reaches the payer, or sets out at last."""
    doc.pop("pending_reason", None)
    fate = _no_longer_waits(tx, doc)
    if fate is None:
        return _step(tx, doc, "succeeded")
    carry_out(tx, tx.get(CHARGES, doc["charge"]), doc, fate)
    if fate == "pending":
        return change(tx, in_order(doc))
    return _step(tx, doc, "succeeded")


def fail(tx: Tx, doc: Doc, failure_reason: str) -> Doc:
    """The refund did not reach the payer: the money comes back to the balance it left."""
    return undo(tx, doc | {"failure_reason": failure_reason}, "failed")


def undo(tx: Tx, doc: Doc, status: str) -> Doc:
    """The charge is as it was before the refund, which is failed or canceled."""
    charge = tx.get(CHARGES, doc["charge"])
    doc.pop("pending_reason", None)
    _no_longer_waits(tx, doc)
    back = giving_back.take_in_again(tx, charge, doc)
    if back is not None:
        doc["failure_balance_transaction"] = back
    charge["amount_refunded"] -= doc["amount"]
    charge["refunded"] = False
    tx.save(CHARGES, charge, event="charge.updated")
    return _step(tx, doc, status)


def change(tx: Tx, doc: Doc) -> Doc:
    """Keep a refund that changed, and tell of it twice: `charge.refund.updated` is the older name
    of what happened (documented).
    """
    before = tx.get(REFUNDS, doc["id"])
    saved = tx.save(REFUNDS, doc, event="refund.updated")
    tx.emit("charge.refund.updated", saved, previous=differences(before, saved))
    return saved


def _step(tx: Tx, doc: Doc, status: str) -> Doc:
    """The same for one that comes to another status; that it failed is told before (observed)."""
    before = tx.get(REFUNDS, doc["id"])
    saved = tx.step(REFUNDS, doc, status)
    previous = differences(before, saved)
    if status == "failed":
        tx.emit("refund.updated", saved, previous=previous)
    tx.emit("charge.refund.updated", saved, previous=previous)
    return saved


# -- what happens by itself -----------------------------------------------------------------------


@REFUNDS.job
def refer(tx: Tx, doc: Doc) -> None:
    """The network's reference of the refund arrives."""
    details = doc.get("destination_details")
    if doc["status"] != "succeeded" or not details or "card" not in details:
        return
    details["card"] |= {
        "reference": tx.digits(f"{doc['id']}/reference", 16),
        "reference_status": "available",
    }
    details["card"] = dict(sorted(details["card"].items()))
    change(tx, doc)


@REFUNDS.job
def settle(tx: Tx, doc: Doc, fate: str) -> None:
    """The bank's answer to a refund that could not be told at once."""
    if fate == "pending" and REFUNDS.allows(doc, "succeeded"):
        doc.pop("next_action", None)
        succeed(tx, doc)
    elif fate != "pending" and REFUNDS.allows(doc, "failed"):
        fail(tx, doc, fate)
