"""Reviews: a payment that Radar, or somebody at the merchant, wants a person to look at.

Open until it is approved, or until a refund, a dispute or a cancellation makes it pointless.
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import payments as refusals
from emulator.kit import Doc, Page, Params, Resource, Tx, page, retrieves
from emulator.resources.charges.charges import CHARGES
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS

REVIEWS: Final = Resource("review", prefix="prv", param="review", filters=("open",))

retrieves(REVIEWS, "GET /v1/reviews/{review}")


@REVIEWS.on("GET /v1/reviews")
def list_(tx: Tx, params: Params) -> Page:
    """Those that are open (documented)."""
    return page(tx, REVIEWS, params, open=True)


@REVIEWS.on("POST /v1/reviews/{review}/approve")
def approve(tx: Tx, _params: Params, id_: str) -> Doc:
    review = tx.get(REVIEWS, id_)
    if not review["open"]:
        raise refusals.review_is_closed(id_, review["reason"])
    return _end(tx, review, "approved")


def open_review(tx: Tx, charge: Doc, opened_reason: str = "manual") -> Doc:
    """Put a charge into review; it and its intent say so. opened_reason: `manual` or `rule`."""
    address = charge["billing_details"]["address"]
    review = tx.new(
        REVIEWS,
        billing_zip=address["postal_code"],
        charge=charge["id"],
        opened_reason=opened_reason,
        reason=opened_reason,
    )
    if charge["payment_intent"]:
        review["payment_intent"] = charge["payment_intent"]
    charge["review"] = review["id"]
    tx.save(CHARGES, charge)
    intent = tx.find(PAYMENT_INTENTS, charge["payment_intent"] or "")
    if intent is not None:
        tx.save(PAYMENT_INTENTS, intent | {"review": review["id"]})
    return tx.save(REVIEWS, review, event="review.opened")


def close(tx: Tx, charge: Doc, reason: str) -> None:
    """The review of a charge, if it has an open one, is settled by something else: `refunded`,
    `refunded_as_fraud`, `disputed` or `canceled`.
    """
    review = tx.find(REVIEWS, charge["review"] or "")
    if review is not None and review["open"]:
        _end(tx, review, reason)


def _end(tx: Tx, review: Doc, reason: str) -> Doc:
    review |= {"open": False, "closed_reason": reason, "reason": reason}
    return tx.save(REVIEWS, review, event="review.closed")
