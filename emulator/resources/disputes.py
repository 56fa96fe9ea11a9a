"""Disputes: a payer's bank takes a charge back, and the seller may answer.

States: needs_response -> under_review -> won | lost; inquiries run through warning_needs_response,
warning_under_review and warning_closed. A chargeback withdraws the amount and a fee at once;
winning brings the amount back. In tests `uncategorized_text` decides.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from emulator.kernel.currency import share
from emulator.kernel.errors import payments as refusals
from emulator.kit import (
    BALANCE_TRANSACTIONS,
    Doc,
    Note,
    Params,
    Resource,
    Tx,
    lists,
    post,
    retrieves,
)
from emulator.kit.editing import merged_metadata
from emulator.ledger import CARD_NETWORK, STRIPE_FEES, Move, balance_of
from emulator.resources import payment_methods
from emulator.resources.charges import CHARGES
from emulator.rules import cards, fees, settlement
from emulator.rules import disputes as rules

_MOST_EVIDENCE: Final = 150_000

DISPUTES: Final = Resource(
    "dispute", prefix="dp", param="dispute", filters=("charge", "payment_intent")
)
WARNINGS: Final = Resource(
    "radar.early_fraud_warning",
    prefix="issfr",
    kind="early fraud warning",
    filters=("charge", "payment_intent"),
)

retrieves(DISPUTES, "GET /v1/disputes/{dispute}")
lists(DISPUTES, "GET /v1/disputes")
retrieves(WARNINGS, "GET /v1/radar/early_fraud_warnings/{early_fraud_warning}")
lists(WARNINGS, "GET /v1/radar/early_fraud_warnings")


@DISPUTES.on("POST /v1/disputes/{dispute}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    dispute = tx.get(DISPUTES, id_)
    if "metadata" in params:
        dispute["metadata"] = merged_metadata(dispute["metadata"], params["metadata"])
    if not params.get("evidence") and "submit" not in params:
        return tx.save(DISPUTES, dispute)
    if rules.is_closed(dispute["status"]):
        raise refusals.dispute_is_closed(id_)
    if not rules.accepts_evidence(dispute["status"]):
        raise refusals.evidence_already_submitted()
    _stage(dispute, params.get("evidence") or {})
    if params.get("submit", True):
        _submit(tx, dispute)
    return tx.save(DISPUTES, dispute, event="charge.dispute.updated")


@DISPUTES.on("POST /v1/disputes/{dispute}/close")
def close(tx: Tx, _params: Params, id_: str) -> Doc:
    dispute = tx.get(DISPUTES, id_)
    if rules.is_closed(dispute["status"]):
        raise refusals.dispute_is_closed(id_)
    return end(tx, dispute, rules.closed_status(dispute["status"]))


def _stage(dispute: Doc, evidence: dict[str, Any]) -> None:
    length = sum(len(value) for value in evidence.values() if isinstance(value, str))
    if length > _MOST_EVIDENCE:
        raise refusals.evidence_too_long(_MOST_EVIDENCE)
    dispute["evidence"].update(evidence)
    dispute["evidence_details"]["has_evidence"] = any(dispute["evidence"].values())


def _submit(tx: Tx, dispute: Doc) -> None:
    dispute["status"] = rules.submitted_status(dispute["status"])
    dispute["evidence_details"]["submission_count"] += 1
    if not rules.is_inquiry(dispute["status"]):
        _pay_for_answer(tx, dispute)
    usual = rules.verdict(dispute["evidence"]) or "undecided"
    verdict = tx.ask("dispute.verdict", usual, dispute=dispute["id"])
    if verdict != "undecided":
        tx.later(tx.now, DISPUTES, "decide", dispute["id"], verdict=verdict)


# -- how one begins and ends ----------------------------------------------------------------------


@CHARGES.job
def turn_sour(tx: Tx, charge: Doc) -> None:
    """Moments after a charge with one of the cards that are disputed or reported was captured."""
    card = payment_methods.card_of_id(tx, charge["payment_method"])
    if card is None or charge["refunded"] or not charge["captured"]:
        return
    if card.fraud_warning:
        warn(tx, charge, card.fraud_warning)
    if card.dispute:
        for _ in range(card.dispute.count):
            open_(tx, charge, card.dispute)


def open_(tx: Tx, charge: Doc, ahead: cards.DisputeAhead) -> Doc:
    """A bank disputes a charge: for a chargeback the money and a fee leave at once."""
    card = charge["payment_method_details"].get("card", {})
    brand = card.get("brand") or "visa"
    dispute = tx.new(
        DISPUTES,
        amount=charge["amount"] - charge["amount_refunded"],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=list(ahead.eligibility),
        is_charge_refundable=not rules.withdraws(ahead.case_type),
        payment_intent=charge["payment_intent"],
        reason=ahead.reason,
        status=rules.first_status(ahead.case_type),
    )
    dispute["evidence_details"]["due_by"] = settlement.due_by(tx.now)
    dispute["payment_method_details"]["card"] |= {
        "brand": brand,
        "case_type": ahead.case_type,
        "network_reason_code": rules.network_reason_code(brand, ahead.reason),
    }
    charge |= {"disputed": True, "dispute": dispute["id"]}
    tx.save(CHARGES, charge)
    _settle_warnings(tx, charge)
    tx.save(DISPUTES, dispute, event="charge.dispute.created")
    tx.later(dispute["evidence_details"]["due_by"], DISPUTES, "run_out", dispute["id"])
    if rules.withdraws(ahead.case_type):
        _withdraw(tx, dispute, charge)
        tx.save(DISPUTES, dispute, event="charge.dispute.funds_withdrawn")
    return dispute


def holds(tx: Tx, charge: Doc) -> bool:
    """Whether a charge cannot be refunded: its bank took it back, for now or for good. An inquiry
    does not hold it, nor does a dispute that was won.
    """
    if not charge["disputed"]:
        return False
    return any(not each["is_charge_refundable"] for each in tx.all(DISPUTES, charge=charge["id"]))


def refunded(tx: Tx, charge: Doc) -> None:
    """A charge was refunded: when all of it was, inquiries close and warnings need no action."""
    if not charge["refunded"]:
        return
    for dispute in [*tx.all(DISPUTES, charge=charge["id"])]:
        if rules.is_inquiry(dispute["status"]) and not rules.is_closed(dispute["status"]):
            end(tx, dispute, "warning_closed")
    _settle_warnings(tx, charge)


def _settle_warnings(tx: Tx, charge: Doc) -> None:
    for warning in [*tx.all(WARNINGS, charge=charge["id"])]:
        if warning["actionable"]:
            warning["actionable"] = False
            tx.save(WARNINGS, warning, event="radar.early_fraud_warning.updated")


def _withdraw(tx: Tx, dispute: Doc, charge: Doc) -> None:
    taken = _original(tx, charge)
    amount = _settled(dispute, charge, taken)
    fee = fees.dispute_fee(taken["currency"])
    source, currency = balance_of(tx.account), taken["currency"]
    moves = [
        Move("dispute", source, CARD_NETWORK, amount, currency),
        Move("stripe_fee", source, STRIPE_FEES, fee, currency, "stripe_fee", "Dispute fee"),
    ]
    text = f"Chargeback withdrawal for {charge['id']}"
    notes = {"adjustment": Note(dispute["id"], text)}
    _entered(tx, dispute, post(tx, dispute["id"], moves, notes, taken["available_on"]))


def _pay_for_answer(tx: Tx, dispute: Doc) -> None:
    """Stripe takes a fee for answering a dispute, as a balance transaction of its own."""
    currency = _original(tx, tx.get(CHARGES, dispute["charge"]))["currency"]
    fee = fees.countered_fee(currency) if fees.answering_costs(dispute["created"]) else 0
    if fee:
        moves = [Move("stripe_fee", balance_of(tx.account), STRIPE_FEES, fee, currency)]
        post(tx, dispute["id"], moves, {"stripe_fee": _for_answering(tx, dispute)})
        tx.hide(dispute["id"], {"countered": fee, "currency": currency})


def _for_answering(tx: Tx, dispute: Doc) -> Note:
    day = datetime.fromtimestamp(tx.now, UTC).date()
    return Note(dispute["id"], f"Card Dispute Countered Fee ({day})")


def _give_answer_back(tx: Tx, dispute: Doc) -> None:
    """Whoever wins gets the fee for the answer back."""
    paid = tx.hidden(dispute["id"])
    if paid.get("countered"):
        fee, currency = paid["countered"], paid["currency"]
        moves = [Move("stripe_fee_return", STRIPE_FEES, balance_of(tx.account), fee, currency)]
        post(tx, dispute["id"], moves, {"stripe_fee": _for_answering(tx, dispute)})


def _reinstate(tx: Tx, dispute: Doc, charge: Doc) -> None:
    taken = _original(tx, charge)
    amount, currency = _settled(dispute, charge, taken), taken["currency"]
    here, kind = balance_of(tx.account), "stripe_fee_return"
    moves = [Move("dispute_reversal", CARD_NETWORK, here, amount, currency)]
    if fees.dispute_fee_returned(dispute["created"]):
        fee, text = fees.dispute_fee(currency), "Dispute fee refund"
        moves += [Move(kind, STRIPE_FEES, here, fee, currency, "stripe_fee", text)]
    text = f"Chargeback reversal for {charge['id']}"
    notes = {"adjustment": Note(dispute["id"], text)}
    _entered(tx, dispute, post(tx, dispute["id"], moves, notes, taken["available_on"]))


def _entered(tx: Tx, dispute: Doc, entries: dict[str, str]) -> None:
    entry = tx.get(BALANCE_TRANSACTIONS, entries["adjustment"])
    entry["status"] = settlement.status(entry["available_on"], tx.now)
    dispute["balance_transaction"] = dispute["balance_transaction"] or entry["id"]
    dispute["balance_transactions"].append(entry)


def _original(tx: Tx, charge: Doc) -> Doc:
    return tx.get(BALANCE_TRANSACTIONS, charge["balance_transaction"])


def _settled(dispute: Doc, charge: Doc, taken: Doc) -> int:
    """The disputed part of what the charge brought, in the currency it settled in."""
    if taken["exchange_rate"] is None:
        return int(dispute["amount"])
    return share(taken["amount"], dispute["amount"], charge["amount_captured"])


def end(tx: Tx, dispute: Doc, status: str) -> Doc:
    """Close a dispute: won brings the money back, lost leaves it where it went."""
    dispute["status"] = status
    dispute["is_charge_refundable"] = rules.is_charge_refundable(status)
    if status == "won" and dispute["balance_transactions"]:
        _reinstate(tx, dispute, tx.get(CHARGES, dispute["charge"]))
        _give_answer_back(tx, dispute)
        tx.save(DISPUTES, dispute, event="charge.dispute.funds_reinstated")
    tx.save(DISPUTES, dispute, event="charge.dispute.updated")
    tx.emit("charge.dispute.closed", dispute)
    return dispute


@DISPUTES.job
def decide(tx: Tx, dispute: Doc) -> None:
    """The bank's verdict on submitted evidence."""
    verdict = dispute.pop("verdict")
    if rules.is_closed(dispute["status"]):
        return
    if verdict == "escalated":
        _escalate(tx, dispute)
        return
    end(tx, dispute, rules.status_after(dispute["status"], verdict))


def _escalate(tx: Tx, dispute: Doc) -> None:
    """An inquiry becomes a chargeback: now the money goes, as far as it was not refunded since."""
    charge = tx.get(CHARGES, dispute["charge"])
    dispute["amount"] = min(dispute["amount"], charge["amount"] - charge["amount_refunded"])
    dispute["status"] = rules.status_after(dispute["status"], "escalated")
    dispute["is_charge_refundable"] = False
    dispute["evidence_details"] |= {"has_evidence": False, "submission_count": 0}
    _withdraw(tx, dispute, charge)
    tx.save(DISPUTES, dispute, event="charge.dispute.updated")
    tx.emit("charge.dispute.funds_withdrawn", dispute)


@DISPUTES.job
def run_out(tx: Tx, dispute: Doc) -> None:
    """The deadline passed without an answer: lost."""
    if rules.accepts_evidence(dispute["status"]):
        dispute["evidence_details"]["past_due"] = True
        end(tx, dispute, rules.closed_status(dispute["status"]))


def warn(tx: Tx, charge: Doc, fraud_type: str) -> Doc:
    """The issuer reports a charge as fraud, before any dispute."""
    warning = tx.new(
        WARNINGS,
        actionable=True,
        charge=charge["id"],
        fraud_type=fraud_type,
        payment_intent=charge["payment_intent"],
    )
    return tx.save(WARNINGS, warning, event="radar.early_fraud_warning.created")
