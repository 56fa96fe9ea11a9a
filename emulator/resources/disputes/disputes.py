"""Disputes: a payer's bank takes a charge back, and the seller may answer.

States: needs_response -> under_review -> won | lost; inquiries run through warning_needs_response,
warning_under_review and warning_closed. A chargeback withdraws the amount and a fee at once;
winning brings the amount back. In tests `uncategorized_text` decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from emulator.kernel.errors import payments as refusals
from emulator.kernel.errors.refunds import charge_already_refunded
from emulator.kernel.errors.setups import file_of_other_purpose
from emulator.kit import Doc, Params, Resource, Tx, lists, retrieves
from emulator.kit.editing import merged, merged_metadata, nested
from emulator.resources.charges.charges import CHARGES, refundable
from emulator.resources.disputes import early_fraud_warnings, withdrawals
from emulator.resources.files.files import FILES
from emulator.resources.payment_methods import mandates, payment_methods
from emulator.resources.payments import reviews
from emulator.rules import disputes as rules

_MOST_EVIDENCE: Final = 150_000
_PURPOSE: Final = "dispute_evidence"

DISPUTES: Final = Resource(
    "dispute", prefix="dp", param="dispute", filters=("charge", "payment_intent")
)

retrieves(DISPUTES, "GET /v1/disputes/{dispute}")
lists(DISPUTES, "GET /v1/disputes")


@DISPUTES.on("POST /v1/disputes/{dispute}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    dispute = tx.get(DISPUTES, id_)
    if "metadata" in params:
        dispute["metadata"] = merged_metadata(dispute["metadata"], params["metadata"])
    if not params.get("evidence") and "submit" not in params:
        told = "charge.dispute.updated" if "metadata" in params else None
        return tx.save(DISPUTES, dispute, event=told)
    if rules.is_closed(dispute["status"]):
        raise refusals.dispute_is_closed(id_)
    if not rules.accepts_evidence(dispute["status"]):
        raise refusals.evidence_already_submitted()
    _stage(tx, dispute, params.get("evidence") or {})
    if params.get("submit", True):
        _submit(tx, dispute)
    return tx.save(DISPUTES, dispute, event="charge.dispute.updated")


@DISPUTES.on("POST /v1/disputes/{dispute}/close")
def close(tx: Tx, _params: Params, id_: str) -> Doc:
    dispute = tx.get(DISPUTES, id_)
    if rules.is_closed(dispute["status"]):
        raise refusals.dispute_is_closed(id_)
    return end(tx, dispute, rules.closed_status(dispute["status"]))


def _stage(tx: Tx, dispute: Doc, evidence: dict[str, Any]) -> None:
    for name in rules.file_fields() & evidence.keys():
        if evidence[name]:
            file = tx.get(FILES, evidence[name], param=f"evidence[{name}]")
            if file["purpose"] != _PURPOSE:
                raise file_of_other_purpose(file, (_PURPOSE,), f"evidence[{name}]")
    dispute["evidence"] = merged(dispute["evidence"], evidence, nested(DISPUTES.name, "evidence"))
    # All that is kept counts, whichever update it came with (documented: of all fields).
    if sum(map(_length, dispute["evidence"].values())) > _MOST_EVIDENCE:
        raise refusals.evidence_too_long(_MOST_EVIDENCE)
    dispute["evidence_details"]["has_evidence"] = any(dispute["evidence"].values())


def _length(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_length, value.values()))
    return len(value) if isinstance(value, str) else 0


def _submit(tx: Tx, dispute: Doc) -> None:
    dispute["status"] = rules.submitted_status(dispute["status"])
    dispute["evidence_details"]["submission_count"] += 1
    dispute["evidence_details"]["submission_method"] = "manual"
    if not rules.is_inquiry(dispute["status"]):
        withdrawals.pay_for_answer(tx, dispute)
    usual = rules.verdict(dispute["evidence"]) or "undecided"
    verdict = tx.ask("dispute.verdict", usual, lambda: _about(dispute))
    if verdict != "undecided":
        tx.later(tx.now, DISPUTES, "decide", dispute["id"], verdict=verdict)


def _about(dispute: Doc) -> Doc:
    names = ("amount", "charge", "currency", "payment_intent", "reason")
    return {"dispute": dispute["id"], **{name: dispute[name] for name in names}}


# -- how one begins ------------------------------------------------------------------------------


@CHARGES.job
def turn_sour(tx: Tx, charge: Doc, sour: str | None = None) -> None:
    """Moments after a charge with one of the instruments that are disputed or reported was
    captured. sour: `disputed` where the payer's bank has said so.
    """
    if charge["refunded"] or not charge["captured"]:
        return
    method = charge["payment_method"]
    card = payment_methods.card_of_id(tx, method)
    if card is None:
        bank = payment_methods.debit_of(tx, {"id": method})
        if sour == "disputed" or (bank is not None and bank.outcome == "disputed"):
            open_dispute(tx, charge, "debit_not_authorized")
        return
    if card.fraud_warning:
        early_fraud_warnings.warn(tx, charge, card.fraud_warning)
    ahead = card.dispute
    for left in range(ahead.count if ahead else 0, 0, -1):
        assert ahead is not None
        open_dispute(
            tx,
            charge,
            ahead.reason,
            amount=max(1, _disputable(tx, charge) // left),
            case_type=ahead.case_type,
            eligibility=ahead.eligibility,
        )


def open_dispute(
    tx: Tx,
    charge: Doc,
    reason: str = "fraudulent",
    *,
    amount: int | None = None,
    case_type: rules.CaseType = "chargeback",
    eligibility: Sequence[str] = (),
) -> Doc:
    """The payer's bank disputes a captured charge of this account: for a chargeback the money and
    a fee leave at once. A disputed bank debit is lost from the start.

    amount: minor units, all that is left of the charge when None; several disputes share it.
    eligibility: the networks' rules that an answer may appeal to. Refused when the charge cannot be
    disputed, or not for so much.
    """
    if rules.withdraws(case_type) and charge["amount_refunded"]:
        CHARGES.tell(tx, "contested", charge)
        charge |= tx.get(CHARGES, charge["id"])
    _check_disputable(tx, charge, amount)
    dispute = _new_dispute(tx, charge, reason, case_type)
    dispute["amount"] = amount or _disputable(tx, charge)
    dispute["enhanced_eligibility_types"] = list(eligibility)
    charge |= {"disputed": True, "dispute": dispute["id"]}
    tx.save(CHARGES, charge)
    early_fraud_warnings.settle(tx, charge)
    reviews.close(tx, charge, "disputed")
    tx.save(DISPUTES, dispute, event="charge.dispute.created")
    if rules.withdraws(case_type):
        withdrawals.withdraw(tx, dispute, charge)
        tx.save(DISPUTES, dispute, event="charge.dispute.funds_withdrawn")
    if dispute["status"] == "lost":
        mandates.lost(tx, charge)
        tx.emit("charge.dispute.closed", dispute)
    return dispute


def _new_dispute(tx: Tx, charge: Doc, reason: str, case_type: rules.CaseType) -> Doc:
    final = rules.is_final(charge["payment_method_details"]["type"])
    dispute = tx.new(
        DISPUTES,
        charge=charge["id"],
        currency=charge["currency"],
        is_charge_refundable=not rules.withdraws(case_type),
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="lost" if final else rules.first_status(case_type),
    )
    details = _details(charge, case_type, reason)
    if details is None:
        del dispute["payment_method_details"]
    else:
        dispute["payment_method_details"] = details
    if not final:
        dispute["evidence_details"]["due_by"] = rules.due_by(tx.now)
        tx.later(dispute["evidence_details"]["due_by"], DISPUTES, "run_out", dispute["id"])
    return dispute


def open_inquiry(
    tx: Tx, charge: Doc, reason: str = "fraudulent", *, amount: int | None = None
) -> Doc:
    """The payer's bank asks about a charge: nothing is withdrawn unless it is escalated."""
    return open_dispute(tx, charge, reason, amount=amount, case_type="inquiry")


def _disputable(tx: Tx, charge: Doc) -> int:
    """What is left of a charge: not refunded, and not taken back by an earlier dispute."""
    earlier = tx.all(DISPUTES, charge=charge["id"]) if charge["disputed"] else ()
    gone = [each for each in earlier if each["balance_transactions"] and each["status"] != "won"]
    return refundable(charge) - sum(int(each["amount"]) for each in gone)


def _check_disputable(tx: Tx, charge: Doc, amount: int | None) -> None:
    rest = _disputable(tx, charge)
    if charge["status"] != "succeeded" or not charge["captured"] or charge["source_transfer"]:
        raise refusals.charge_not_disputable(charge["id"])
    if rest <= 0:
        raise charge_already_refunded(charge["id"])
    if amount is not None and not 0 < amount <= rest:
        raise refusals.dispute_above_charge(amount, rest, charge["currency"])


def _details(charge: Doc, case_type: rules.CaseType, reason: str) -> Doc | None:
    """dispute.payment_method_details; only of the methods that the contract tells details of."""
    kind = charge["payment_method_details"]["type"]
    if kind == "card":
        card = charge["payment_method_details"]["card"]
        brand = card.get("brand") or "visa"
        code = rules.network_reason_code(brand, reason)
        return {
            "card": {
                "brand": brand,
                "case_type": case_type,
                "network": card.get("network") or brand,
                "network_reason_code": code,
            },
            "type": kind,
        }
    fields = rules.method_details(kind)
    return None if fields is None else {kind: fields, "type": kind}


# -- how it touches its charge ---------------------------------------------------------------------


def holds(tx: Tx, charge: Doc) -> bool:
    """Whether a charge cannot be refunded: its bank took it back, for now or for good. An inquiry
    does not hold it, nor does a dispute that was won.
    """
    if not charge["disputed"]:
        return False
    return any(not each["is_charge_refundable"] for each in tx.all(DISPUTES, charge=charge["id"]))


def refunded(tx: Tx, charge: Doc) -> None:
    """A charge was refunded: when all of it was, inquiries and its review close, and warnings need
    no action.
    """
    if not charge["refunded"]:
        return
    by_fraud = charge["fraud_details"].get("user_report") == "fraudulent"
    reviews.close(tx, charge, "refunded_as_fraud" if by_fraud else "refunded")
    for dispute in [*tx.all(DISPUTES, charge=charge["id"])]:
        if rules.is_inquiry(dispute["status"]) and not rules.is_closed(dispute["status"]):
            end(tx, dispute, "warning_closed")
    early_fraud_warnings.settle(tx, charge)


# -- how it ends -----------------------------------------------------------------------------------


def end(tx: Tx, dispute: Doc, status: str) -> Doc:
    """Close a dispute: won brings the money back, lost leaves it where it went."""
    dispute["status"] = status
    dispute["is_charge_refundable"] = rules.is_charge_refundable(status)
    if status == "won" and dispute["balance_transactions"]:
        withdrawals.reinstate(tx, dispute, tx.get(CHARGES, dispute["charge"]))
        tx.emit("charge.dispute.funds_reinstated", dispute)
    tx.save(DISPUTES, dispute, event="charge.dispute.updated")
    tx.emit("charge.dispute.closed", dispute)
    return dispute


@DISPUTES.job
def decide(tx: Tx, dispute: Doc, verdict: rules.Verdict) -> None:
    """The bank's verdict on submitted evidence."""
    if rules.is_closed(dispute["status"]):
        return
    if verdict == "escalated":
        if rules.is_inquiry(dispute["status"]):
            escalate(tx, dispute)
        return
    end(tx, dispute, rules.status_after(dispute["status"], verdict))


def escalate(tx: Tx, dispute: Doc) -> Doc:
    """An inquiry becomes a chargeback: now the money goes, as far as it has not gone already."""
    charge = tx.get(CHARGES, dispute["charge"])
    rest = _disputable(tx, charge)
    if rest <= 0:
        return end(tx, dispute, "warning_closed")

    dispute["amount"] = min(dispute["amount"], rest)
    dispute["status"] = rules.status_after(dispute["status"], "escalated")
    dispute["is_charge_refundable"] = False
    dispute["evidence_details"] |= {"has_evidence": False, "submission_count": 0}
    dispute["evidence_details"]["submission_method"] = "not_submitted"
    withdrawals.withdraw(tx, dispute, charge)
    tx.save(DISPUTES, dispute, event="charge.dispute.updated")
    tx.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


@DISPUTES.job
def run_out(tx: Tx, dispute: Doc) -> None:
    """The deadline passed without an answer: lost."""
    if rules.accepts_evidence(dispute["status"]):
        dispute["evidence_details"]["past_due"] = True
        end(tx, dispute, rules.closed_status(dispute["status"]))
