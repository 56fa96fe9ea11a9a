"""What a customer does on the page of their bank: passes the challenge, fails it or walks away
from it.

It stands behind the address in `next_action` of an intent and in `redirect` of a source. Walking
away is told to the merchant as a failure (assumed: Stripe's own pages lead back the same way).
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import Refusal
from emulator.kernel.errors import cards as card_refusals
from emulator.kernel.errors import control as refusals
from emulator.kernel.errors import methods as method_refusals
from emulator.kit import Doc, Resource, Tx
from emulator.resources.payment_methods import payment_methods, sources
from emulator.resources.payment_methods.dressing import SOURCES
from emulator.resources.payments import challenges, confirming, setting_up
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.resources.payments.setup_intents import SETUP_INTENTS
from emulator.rules import methods

OUTCOMES: Final = ("succeeded", "failed", "canceled", "expired")
_KINDS: Final = (PAYMENT_INTENTS, SETUP_INTENTS, SOURCES)
_ELSEWHERE: Final = ("display_bank_transfer_instructions", "verify_with_microdeposits")


def find(tx: Tx, id_: str) -> tuple[Tx, Doc]:
    """The intent or source of this id, and the transaction as its account sees it."""
    return tx.locate(_kind(id_), id_, "intent")


def waits(doc: Doc) -> bool:
    """Whether it waits for its customer to authenticate."""
    if doc["object"] == "source":
        return bool(doc["status"] == "pending" and doc.get("redirect"))
    action = doc["next_action"] or {}
    return bool(doc["status"] == "requires_action" and action.get("type") not in _ELSEWHERE)


def authenticate(tx: Tx, id_: str, outcome: str) -> Doc:
    """Carry out what the customer did. outcome: one of OUTCOMES. Returns the intent or source
    after it.

    A card that is declined after the challenge is no refusal here: the intent says so.
    """
    mine, doc = find(tx, id_)
    if not waits(doc):
        raise refusals.nothing_to_authenticate(id_, doc["status"])
    told = "succeeded" if outcome == "succeeded" else "failed"
    if doc["object"] == "setup_intent":
        return setting_up.authenticate(mine, doc, told)
    if doc["object"] == "source":
        return sources.authenticate(mine, doc, told)
    return (
        _pay(mine, doc)
        if told == "succeeded"
        else confirming.ended(mine, doc, _why(mine, doc, outcome))
    )


@PAYMENT_INTENTS.job
def act(tx: Tx, intent: Doc) -> None:
    """The customer does without a page what was asked of them, or lets the time for it pass."""
    said, asked = intent.pop("said"), intent.pop("asked")
    if waits(intent) and tx.hidden(intent["id"]).get("asked") == asked:
        authenticate(tx, intent["id"], said)


def return_url(doc: Doc) -> str | None:
    """Where the customer came from, None when nobody said."""
    action = doc.get("redirect") or (doc.get("next_action") or {}).get("redirect_to_url") or {}
    url: str | None = action.get("return_url")
    return url


def _pay(tx: Tx, intent: Doc) -> Doc:
    """The challenge is passed: charge at once, or wait for the server to confirm once more."""
    if intent["confirmation_method"] == "manual":
        challenges.remember(tx, intent)
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
        return method_refusals.attempt_ended("payment_intent_payment_attempt_expired")
    method = payment_methods.use(tx, intent["payment_method"])
    known = methods.of_type(method["type"])
    if known is None or known.fails == "payment_intent_authentication_failure":
        return card_refusals.payment_intent_authentication_failure()
    canceled = outcome == "canceled"
    return method_refusals.attempt_ended(
        "payment_method_customer_decline" if canceled else known.fails
    )


def _kind(id_: str) -> Resource:
    prefix = id_.partition("_")[0]
    for resource in _KINDS:
        if resource.prefix == prefix:
            return resource
    raise refusals.bad_control_value("intent", "the id of a payment intent, setup intent or source")
