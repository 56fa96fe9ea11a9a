"""3-D Secure: the challenge that stands between an intent and its charge, and what passing it
leaves.
"""

from __future__ import annotations

from emulator.kit import Doc, Params, Tx
from emulator.resources.payments import approving
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS


def pose(tx: Tx, intent: Doc, action: Doc) -> Doc:
    """Ask the customer: the intent waits in requires_action with what is to be done next."""
    intent["next_action"] = action
    return tx.step(PAYMENT_INTENTS, intent, "requires_action")


def next_action(tx: Tx, intent: Doc, params: Params) -> Doc:
    """Where the customer goes: a page of this server when there is a way back, else Stripe.js."""
    page = approving.page_of(tx, intent)
    if params.get("return_url"):
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


def remember(tx: Tx, intent: Doc) -> None:
    """The customer passed the challenge with this payment method, and need not pass it again."""
    tx.hide(intent["id"], tx.hidden(intent["id"]) | {"authenticated": intent["payment_method"]})


def is_remembered(tx: Tx, intent: Doc) -> bool:
    """Whether the challenge was passed with the payment method that the intent has now."""
    passed_with: str | None = tx.hidden(intent["id"]).get("authenticated")
    return passed_with is not None and passed_with == intent["payment_method"]


def passed(tx: Tx, intent: Doc, demand: str, *, challenged: bool) -> Doc | None:
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
