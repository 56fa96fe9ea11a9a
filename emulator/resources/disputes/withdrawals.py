"""How the money of a dispute moves: withdrawn with a fee, and brought back when it is won.

It leaves the account that owns the charge: the connected account for a direct charge, the platform
for all others. Stripe's fees are paid by whoever pays its fees on that account's charges.
"""

from __future__ import annotations

from datetime import UTC, datetime

from emulator.kernel.currency import share
from emulator.kit import BALANCE_TRANSACTIONS, Doc, Note, Tx, post
from emulator.ledger import CARD_NETWORK, STRIPE_FEES, Move, balance_of
from emulator.resources.charges.charges import CHARGES, brought, purse
from emulator.resources.payments.settling import fee_payer
from emulator.rules import fees, settlement


def withdraw(tx: Tx, dispute: Doc, charge: Doc) -> None:
    """The payer's bank takes the disputed amount, and Stripe its fee; the dispute is not saved
    here.
    """
    taken = _original(tx, charge)
    amount = _settled(tx, dispute, charge, taken)
    source, currency = purse(tx, charge), taken["currency"]
    fee = _fee(tx, source, fees.dispute_fee(currency), currency)
    moves = [Move("dispute", source, CARD_NETWORK, amount, currency), fee]
    text = f"Chargeback withdrawal for {charge['id']}"
    notes = {
        "adjustment": Note(dispute["id"], text),
        "stripe_fee": Note(dispute["id"], "Dispute fee"),
    }
    _entered(tx, dispute, post(tx, dispute["id"], moves, notes, taken["available_on"]))


def _fee(tx: Tx, source: str, fee: int, currency: str) -> Move:
    """On the line of the withdrawal, or on one of its own where the platform pays."""
    payer = fee_payer(tx)
    if payer != tx.account:
        return Move("stripe_fee", balance_of(payer), STRIPE_FEES, fee, currency)
    return Move("stripe_fee", source, STRIPE_FEES, fee, currency, "stripe_fee", "Dispute fee")


def pay_for_answer(tx: Tx, dispute: Doc) -> None:
    """Stripe takes a fee for answering a dispute, as a balance transaction of its own."""
    currency = _original(tx, tx.get(CHARGES, dispute["charge"]))["currency"]
    fee = fees.countered_fee(currency) if fees.answering_costs(dispute["created"]) else 0
    if fee:
        moves = [Move("stripe_fee", balance_of(fee_payer(tx)), STRIPE_FEES, fee, currency)]
        post(tx, dispute["id"], moves, {"stripe_fee": _for_answering(tx, dispute)})
        tx.hide(dispute["id"], {"countered": fee, "currency": currency})


def reinstate(tx: Tx, dispute: Doc, charge: Doc) -> None:
    """What was withdrawn comes back, and the fee for the answer with it; the fee of the dispute
    only did until 2024.
    """
    taken = _original(tx, charge)
    amount, currency = _settled(tx, dispute, charge, taken), taken["currency"]
    here, kind = purse(tx, charge), "stripe_fee_return"
    moves = [Move("dispute_reversal", CARD_NETWORK, here, amount, currency)]
    if fees.dispute_fee_returned(dispute["created"], currency) and fee_payer(tx) == tx.account:
        fee, text = fees.dispute_fee(currency), "Dispute fee refund"
        moves += [Move(kind, STRIPE_FEES, here, fee, currency, "stripe_fee", text)]
    text = f"Chargeback reversal for {charge['id']}"
    notes = {"adjustment": Note(dispute["id"], text)}
    _entered(tx, dispute, post(tx, dispute["id"], moves, notes, taken["available_on"]))
    _give_answer_back(tx, dispute)


def _give_answer_back(tx: Tx, dispute: Doc) -> None:
    """Whoever wins gets the fee for the answer back."""
    paid = tx.hidden(dispute["id"])
    if paid.get("countered"):
        fee, currency, payer = paid["countered"], paid["currency"], balance_of(fee_payer(tx))
        moves = [Move("stripe_fee_return", STRIPE_FEES, payer, fee, currency)]
        post(tx, dispute["id"], moves, {"stripe_fee": _for_answering(tx, dispute)})


def _for_answering(tx: Tx, dispute: Doc) -> Note:
    day = datetime.fromtimestamp(tx.now, UTC).date()
    return Note(dispute["id"], f"Card Dispute Countered Fee ({day})")


def _entered(tx: Tx, dispute: Doc, entries: dict[str, str]) -> None:
    entry = tx.get(BALANCE_TRANSACTIONS, entries["adjustment"])
    entry.pop("source_type", None)
    entry["status"] = settlement.status(entry["available_on"], tx.now)
    dispute["balance_transaction"] = dispute["balance_transaction"] or entry["id"]
    dispute["balance_transactions"].append(entry)


def _original(tx: Tx, charge: Doc) -> Doc:
    found = brought(tx, charge)
    assert found is not None, f"{charge['id']} is disputed and brought nothing"
    return found


def _settled(tx: Tx, dispute: Doc, charge: Doc, taken: Doc) -> int:
    """The disputed part of what the charge brought, in the currency it settled in."""
    if taken["exchange_rate"] is None:
        return int(dispute["amount"])
    entries = tx.all(BALANCE_TRANSACTIONS, source=charge["id"])
    brought = sum(entry["amount"] for entry in entries if entry["type"] == taken["type"])
    return share(brought, dispute["amount"], charge["amount_captured"])
