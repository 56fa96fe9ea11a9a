"""What the customer of a payment intent does on the page of their bank or wallet: passes the
challenge, fails it or walks away from it.

Walking away is told to the merchant as a failure (assumed: Stripe's own pages lead back the same
way).
"""

from __future__ import annotations

from emulator.kernel.errors import Refusal
from emulator.kernel.errors import cards as card_refusals
from emulator.kernel.errors import methods as refusals
from emulator.kit import Doc, Tx
from emulator.resources.payment_methods import payment_methods
from emulator.resources.payments import confirming, next_actions
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.rules import methods


def authenticate(tx: Tx, intent: Doc, outcome: str) -> Doc:
    """Carry out what the customer did: `succeeded`, `failed`, `canceled` or `expired`. Returns the
    intent after it.

    A card that is declined after the challenge is no refusal here: the intent says so.
    """
    if outcome == "succeeded":
        return _pay(tx, intent)
    return confirming.ended(tx, intent, _why(tx, intent, outcome))


@PAYMENT_INTENTS.job
def act(tx: Tx, intent: Doc, said: str, asked: int) -> None:
    """The customer does without a page what was asked of them, or lets the time for it pass."""
    if next_actions.waits(intent) and tx.hidden(intent["id"]).get("asked") == asked:
        authenticate(tx, intent, said)


def _pay(tx: Tx, intent: Doc) -> Doc:
    """The challenge is passed: charge at once, or wait for the server to confirm once more."""
    if intent["confirmation_method"] == "manual":
        next_actions.remember(tx, intent)
        return tx.save(
            PAYMENT_INTENTS, intent | {"next_action": None, "status": "requires_confirmation"}
        )
    try:
        return confirming.approved(tx, intent)
    except Refusal as refusal:
        if not refusal.keep:
            raise
        return tx.get(PAYMENT_INTENTS, intent["id"])


def _why(tx: Tx, intent: Doc, outcome: str) -> Refusal:
    """What `last_payment_error` says of an attempt that the customer did not see through."""
    if outcome == "expired":
        return refusals.attempt_ended("payment_intent_payment_attempt_expired")
    method = payment_methods.use(tx, intent["payment_method"])
    known = methods.of_type(method["type"])
    if known is None or known.fails == "payment_intent_authentication_failure":
        return card_refusals.payment_intent_authentication_failure()
    canceled = outcome == "canceled"
    return refusals.attempt_ended("payment_method_customer_decline" if canceled else known.fails)
