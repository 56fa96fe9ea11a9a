"""3-D Secure: where a customer goes to pass its challenge, and what a charge tells of it."""

from __future__ import annotations

from emulator.kit import Doc, Params, Tx
from emulator.resources.payments import next_actions


def next_action(tx: Tx, intent: Doc, params: Params) -> Doc:
    """Where the customer goes: a page of this server when there is a way back, and no Stripe.js
    that opens it over the seller's own page (documented).
    """
    page = next_actions.page_of(tx, intent)
    if params.get("return_url") and not params.get("use_stripe_sdk"):
        return {
            "redirect_to_url": {"return_url": params["return_url"], "url": page},
            "type": "redirect_to_url",
        }
    source = tx.new_id("src")
    secret = tx.secret(f"{source}/secret", 24)
    return {
        "type": "use_stripe_sdk",
        "use_stripe_sdk": {
            "source": source,
            "stripe_js": f"{page}?client_secret=src_client_secret_{secret}",
            "type": "three_d_secure_redirect",
        },
    }


def shown(tx: Tx, intent: Doc, demand: str, *, challenged: bool) -> Doc | None:
    """charge.payment_method_details.card.three_d_secure after a challenge or without friction."""
    if not challenged and demand != "frictionless":
        return None
    return {
        "authentication_flow": "challenge" if challenged else "frictionless",
        "electronic_commerce_indicator": "05" if challenged else "06",
        "exemption_indicator": None,
        "result": "authenticated" if challenged else "attempt_acknowledged",
        "result_reason": None,
        "transaction_id": tx.secret(f"3ds/{intent['id']}", 36).lower(),
        "version": "2.2.0",
    }
