"""`charge.outcome`: what Stripe tells the seller about a yes or a no, in its newest shape."""

from __future__ import annotations

from typing import Any, Final

from emulator.rules.cards import Card, Decline, decline, failed_check

_ASSESSED_DEBITS: Final = frozenset({"sepa_debit", "us_bank_account"})
_DEBITS_ASSESSED_FROM: Final = 1_750_118_400  # 17 June 2025
_NO_CODES: Final = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
}


def seller_message(reason: str | None) -> str:
    """The sentence for the seller beside `outcome.reason`."""
    if reason is None:
        return "Payment complete."
    if reason == "generic_decline":
        return "The bank did not return any further details with this decline."
    if reason == "highest_risk_level":
        return "Stripe blocked this payment as too risky."
    if reason == "elevated_risk_level":
        return (
            "Stripe evaluated this payment as having elevated risk, and placed it in your manual "
            "review queue."
        )
    if reason == "rule":
        return "Stripe blocked this payment based on a rule you set."
    return f"The bank returned the decline code `{reason}`."


def outcome(
    card: Card,
    *,
    approved: bool,
    risk_score: int | None = None,
    no: Decline | None = None,
    review: bool = False,
) -> dict[str, Any]:
    """`charge.outcome` in its newest shape, keys in alphabetical order.

    risk_score: 0 to 99 from the caller; None leaves the key out, as without Radar for Fraud Teams.
    no: the decline that happened, where it is not the card's own. review: held for a person.
    """
    no = None if approved else no or card.decline or decline("generic_decline")
    shown: dict[str, Any] = {**_NO_CODES, **_verdict(no, card)}
    if review:
        shown |= {"type": "manual_review", "reason": "elevated_risk_level"}
    shown["risk_level"] = card.risk_level
    if risk_score is not None:
        shown["risk_score"] = risk_score
    shown["seller_message"] = seller_message(shown["reason"])
    return dict(sorted(shown.items()))


def _verdict(no: Decline | None, card: Card) -> dict[str, Any]:
    if no is None:
        return {"network_status": "approved_by_network", "reason": None, "type": "authorized"}
    if no.name == "radar_block":
        status = "not_sent_to_network"
        return {"network_status": status, "reason": "highest_risk_level", "type": "blocked"}
    if no == failed_check(card, cvc=True, postal_code=True):
        # Assumed: the issuer said yes, then a default rule of Radar acted on the check.
        rule = f"block_if_{no.name}"
        status = "reversed_after_approval"
        return {"network_status": status, "reason": "rule", "rule": rule, "type": "blocked"}
    status = "declined_by_network"
    return {**no.network, "network_status": status, "reason": no.reason, "type": "issuer_declined"}


def of_method(
    method: str, created: int, risk_score: int, *, blocked: bool = False
) -> dict[str, Any]:
    """`charge.outcome` of anything but a card. Radar looks at bank debits alone, and at them since
    some day between 10 December 2024 and 20 January 2026 (observed; the day itself is assumed).

    method: the payment method's type. created: when it was charged, in seconds. risk_score: 0 to
    99.
    """
    assessed = method in _ASSESSED_DEBITS and created >= _DEBITS_ASSESSED_FROM
    shown: dict[str, Any] = {
        **_NO_CODES,
        "network_status": "approved_by_network",
        "reason": None,
        "risk_level": "normal" if assessed else "not_assessed",
        "seller_message": seller_message(None),
        "type": "authorized",
    }
    if blocked:
        shown |= {
            "network_status": "not_sent_to_network",
            "reason": "highest_risk_level",
            "risk_level": "highest",
            "seller_message": seller_message("highest_risk_level"),
            "type": "blocked",
        }
    if assessed:
        shown["risk_score"] = risk_score
    return dict(sorted(shown.items()))
