"""The payment intent of a Checkout Session: made when its page is submitted, or, in the older
versions, with the session.
"""

from __future__ import annotations

from emulator.kit import Doc, Tx
from emulator.resources.payments import confirming, payment_intents
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS

_FOLLOWED = ("amount", "customer", "shipping")


def order(tx: Tx, session: Doc) -> str:
    """The id of an intent over what the session comes to now: its own, brought up to date, or a new
    one.
    """
    wanted = _order(tx, session)
    if session["payment_intent"] is None:
        return str(confirming.create(tx, wanted)["id"])

    intent = tx.get(PAYMENT_INTENTS, session["payment_intent"])
    changed = {n: wanted[n] for n in _FOLLOWED if n in wanted and wanted[n] != intent[n]}
    if changed:
        payment_intents.update(tx, changed, intent["id"])
    return str(intent["id"])


def drop(tx: Tx, session: Doc) -> None:
    """Cancel the intent of a session that nobody will pay any more."""
    intent = tx.find(PAYMENT_INTENTS, session["payment_intent"] or "")
    if intent is not None and PAYMENT_INTENTS.allows(intent, "canceled"):
        confirming.cancel(tx, {}, intent["id"])


def _order(tx: Tx, session: Doc) -> Doc:
    """The parameters of the payment intent."""
    data: Doc = tx.hidden(session["id"]).get("payment_intent_data") or {}
    order = {
        "amount": session["amount_total"],
        "currency": session["currency"],
        "customer": session["customer"],
        "payment_method_types": session["payment_method_types"],
        "shipping": _shipping(session),
        **data,
    }
    return {name: value for name, value in order.items() if value is not None}


def _shipping(session: Doc) -> Doc | None:
    details = (session["collected_information"] or {}).get("shipping_details")
    if not details:
        return None
    return {"address": details["address"], "name": details["name"]}
