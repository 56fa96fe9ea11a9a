"""A payer's bank asks, takes a charge back and decides; refunds reach the payer or do not."""

from __future__ import annotations

from emulator.control.simulators.payments import CHARGE, charge_of
from emulator.control.simulators.simulator import (
    AMOUNT,
    befalls,
    expect,
    id_of,
    one_of,
    simulates,
)
from emulator.kernel.errors import simulating as refusals
from emulator.kit import Doc, Tx
from emulator.kit.questions import questions
from emulator.resources.charges.charges import REFUNDS
from emulator.resources.disputes import disputes, early_fraud_warnings
from emulator.resources.disputes.disputes import DISPUTES
from emulator.resources.payments import reviews
from emulator.resources.refunds import pending_refunds
from emulator.rules import disputes as rules

_INTENT = id_of("payment intent", "pi")
_OPEN = ("needs_response", "under_review")
_ASKING = ("warning_needs_response", "warning_under_review")
_FRAUD = (
    "card_never_received",
    "fraudulent_card_application",
    "made_with_counterfeit_card",
    "made_with_lost_card",
    "made_with_stolen_card",
    "misc",
    "unauthorized_use_of_card",
)
_REFUND_FAILURES = tuple(
    answer
    for answer in questions()["refund.arrive"].answers
    if answer not in {"succeeded", "pending"}
)


@simulates(
    "The payer disputes a charge: the amount and a fee are withdrawn.",
    when="the charge succeeded, was captured and is not refunded in full",
    example={"payment_intent": "pi_…", "reason": "product_not_received"},
    charge=CHARGE,
    payment_intent=_INTENT,
    reason=one_of(*rules.reasons(), usual="fraudulent"),
    amount=AMOUNT,
)
def dispute(tx: Tx, reason: str = "fraudulent", amount: int | None = None, **params: str) -> Doc:
    mine, charge = charge_of(tx, params)
    return disputes.open_dispute(mine, charge, reason, amount=amount)


@simulates(
    "The payer's bank asks about a charge, before it takes anything back.",
    when="the charge succeeded, was captured and is not refunded in full",
    example={"payment_intent": "pi_…"},
    charge=CHARGE,
    payment_intent=_INTENT,
    reason=one_of(*rules.reasons(), usual="fraudulent"),
    amount=AMOUNT,
)
def inquiry(tx: Tx, reason: str = "fraudulent", amount: int | None = None, **params: str) -> Doc:
    mine, charge = charge_of(tx, params)
    return disputes.open_inquiry(mine, charge, reason, amount=amount)


@befalls(DISPUTES, _ASKING, "be escalated", "The payer's bank turns an inquiry into a chargeback.")
def inquiry_escalated(tx: Tx, doc: Doc) -> Doc:
    return disputes.escalate(tx, doc)


@befalls(DISPUTES, _ASKING, "be closed", "An inquiry ends without a chargeback.")
def inquiry_closed(tx: Tx, doc: Doc) -> Doc:
    return disputes.end(tx, doc, "warning_closed")


@befalls(
    DISPUTES,
    _OPEN,
    "be won",
    "The payer's bank decides for the seller: the amount comes back.",
)
def dispute_won(tx: Tx, doc: Doc) -> Doc:
    return disputes.end(tx, doc, "won")


@befalls(DISPUTES, _OPEN, "be lost", "The payer's bank decides for the payer.")
def dispute_lost(tx: Tx, doc: Doc) -> Doc:
    return disputes.end(tx, doc, "lost")


@befalls(
    DISPUTES,
    ("needs_response", "warning_needs_response"),
    "run out",
    "The day passes by which a dispute or inquiry had to be answered.",
)
def dispute_deadline_passed(tx: Tx, doc: Doc) -> Doc:
    disputes.run_out(tx, doc)
    return tx.get(DISPUTES, doc["id"])


@simulates(
    "The issuer reports a charge as fraud, before any dispute.",
    when="the charge succeeded",
    example={"charge": "ch_…", "fraud_type": "made_with_stolen_card"},
    charge=CHARGE,
    payment_intent=_INTENT,
    fraud_type=one_of(*_FRAUD, usual="made_with_stolen_card"),
)
def early_fraud_warning(tx: Tx, fraud_type: str = "made_with_stolen_card", **params: str) -> Doc:
    mine, charge = charge_of(tx, params)
    expect(charge, ("succeeded",), "be reported")
    return early_fraud_warnings.warn(mine, charge, fraud_type)


@simulates(
    "Radar, or somebody at the merchant, puts a charge into review.",
    when="the charge succeeded and has no review",
    example={"charge": "ch_…"},
    charge=CHARGE,
    payment_intent=_INTENT,
    opened_reason=one_of("rule", "manual", usual="rule"),
)
def review_opened(tx: Tx, opened_reason: str = "rule", **params: str) -> Doc:
    mine, charge = charge_of(tx, params)
    expect(charge, ("succeeded",), "be reviewed")
    if charge["review"] is not None:
        raise refusals.reviewed_already(charge["id"], charge["review"])
    return reviews.open_review(mine, charge, opened_reason)


@befalls(
    REFUNDS,
    REFUNDS.sources("succeeded"),
    "succeed",
    "A refund that was on its way reaches the payer.",
)
def refund_succeeded(tx: Tx, doc: Doc) -> Doc:
    return pending_refunds.succeed(tx, doc)


@befalls(
    REFUNDS,
    REFUNDS.sources("failed"),
    "fail",
    "A refund does not reach the payer: the money comes back to the balance it left.",
    example={"failure_reason": "lost_or_stolen_card"},
    failure_reason=one_of(*_REFUND_FAILURES, usual="expired_or_canceled_card"),
)
def refund_failed(tx: Tx, doc: Doc, failure_reason: str = "expired_or_canceled_card") -> Doc:
    return pending_refunds.fail(tx, doc, failure_reason)
