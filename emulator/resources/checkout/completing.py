"""What happens when the customer submits the page of a Checkout Session.

Money goes the ways it always goes: through a payment intent, a setup intent or a subscription, so
that fees, transfers and the books are the same code. The session follows what becomes of them,
whoever moves them on: a challenge passed on the bank's page, or a debit that clears days later.
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import checkout as refusals
from emulator.kernel.errors import taxing
from emulator.kit import Doc, Tx
from emulator.resources.checkout import customers, intents, subscribing
from emulator.resources.checkout.sessions import SESSIONS, apply_totals, finish
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.payment_methods.payment_methods import PAYMENT_METHODS
from emulator.resources.payments import confirming, limits
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.resources.products import promotion_codes
from emulator.resources.products.promotion_codes import PROMOTION_CODES
from emulator.resources.setups import setting_up
from emulator.resources.setups.setup_intents import SETUP_INTENTS

_PAID: Final = ("succeeded", "requires_capture")


def submit(tx: Tx, session: Doc, payer: Doc) -> Doc:
    """The customer submits the page; the session as it is afterwards.

    payer: `payment_method` (id or ready-made name), `email`, `name`, `phone`, `address`,
    `shipping_details`, `shipping_rate`, `promotion_code` (its code), `custom_fields` (key to
    value), `tax_ids` ({type, value}, where they are collected); each may be missing. Refused as the
    issuer of a card declines; then nothing but the attempt is kept, and the session stays open.
    """
    if session["status"] != "open":
        raise refusals.session_over(session["status"])
    _choose(tx, session, payer)
    _collect(tx, session, payer)
    customers.change(tx, session)
    _tax(tx, session)
    tx.save(SESSIONS, session)
    deed = {"payment": _pay, "setup": _set_up, "subscription": subscribing.subscribe}
    deed[session["mode"]](tx, session, payer)
    return tx.get(SESSIONS, session["id"])


def choose(tx: Tx, session: Doc, choice: Doc) -> Doc:
    """The customer chooses before they submit: a `shipping_rate`, a `promotion_code` (its code; an
    empty one takes it back). The session as it comes to then.
    """
    if session["status"] != "open":
        raise refusals.session_over(session["status"])
    if choice.get("promotion_code") == "" and session["allow_promotion_codes"]:
        notes = tx.hidden(session["id"]) | {"discounts": []}
        tx.hide(session["id"], notes)
        apply_totals(tx, session, notes)
    _choose(tx, session, choice)
    return tx.save(SESSIONS, session)


# -- by mode --------------------------------------------------------------------------------------


def _pay(tx: Tx, session: Doc, payer: Doc) -> None:
    customers.settle(tx, session, needed=session["customer_creation"] == "always")
    if session["amount_total"] == 0:
        finish(tx, tx.save(SESSIONS, session), "no_payment_required")
        return
    session["payment_intent"] = intents.order(tx, session)
    tx.save(SESSIONS, session)
    confirming.confirm(tx, _how(payer), session["payment_intent"])


def _set_up(tx: Tx, session: Doc, payer: Doc) -> None:
    """An account that may not take cards any more has no page to keep them on (assumed)."""
    intent = tx.get(SETUP_INTENTS, session["setup_intent"])
    limits.check_may_charge(tx, intent["on_behalf_of"], "card")
    setting_up.confirm(tx, _how(payer), session["setup_intent"])


def _how(payer: Doc) -> Doc:
    """How an intent is confirmed: with what, and where the customer comes back to."""
    how = {"payment_method": payer["payment_method"]}
    if payer.get("return_url"):
        how["return_url"] = payer["return_url"]
    return how


# -- following ------------------------------------------------------------------------------------


@PAYMENT_INTENTS.when("succeeded", "requires_capture", "processing")
def paid(tx: Tx, intent: Doc) -> None:
    """The payment of a session has succeeded, or is on its way."""
    session = _of(tx, payment_intent=intent["id"])
    if session is None:
        return
    settled = "paid" if intent["status"] in _PAID else "unpaid"
    if session["status"] == "open":
        finish(tx, session, settled)
    elif session["payment_status"] == "unpaid" and settled == "paid":
        session["payment_status"] = "paid"
        tx.save(SESSIONS, session, event="checkout.session.async_payment_succeeded")


@PAYMENT_INTENTS.when("requires_payment_method")
def failed(tx: Tx, intent: Doc) -> None:
    """A debit of a session that seemed done has bounced."""
    session = _of(tx, payment_intent=intent["id"])
    if session is not None and session["status"] == "complete":
        tx.emit("checkout.session.async_payment_failed", session)


@SETUP_INTENTS.when("succeeded")
def set_up(tx: Tx, intent: Doc) -> None:
    session = next(
        (each for each in tx.all(SESSIONS, status="open") if each["setup_intent"] == intent["id"]),
        None,
    )
    if session is not None:
        finish(tx, session, "no_payment_required")


@INVOICES.when("paid")
def subscribed(tx: Tx, invoice: Doc) -> None:
    """The first invoice of a subscription that waited for the customer's bank is paid."""
    session = _of(tx, invoice=invoice["id"])
    if session is not None and session["status"] == "open":
        finish(tx, session, "paid")


def _of(tx: Tx, **only: str) -> Doc | None:
    return next(iter(tx.all(SESSIONS, **only)), None)


# -- what the customer says -----------------------------------------------------------------------


def _choose(tx: Tx, session: Doc, payer: Doc) -> None:
    """A way of shipping and a promotion code change what is to be paid."""
    notes = tx.hidden(session["id"])
    if payer.get("shipping_rate"):
        notes["shipping_rate"] = payer["shipping_rate"]
    if payer.get("promotion_code") and session["allow_promotion_codes"]:
        notes["discounts"] = [{"promotion_code": _code(tx, payer["promotion_code"])}]
    elif not payer.get("shipping_rate"):
        return
    tx.hide(session["id"], notes)
    apply_totals(tx, session, notes)


def _code(tx: Tx, code: str) -> str:
    found = next(
        (each for each in tx.all(PROMOTION_CODES) if each["code"].lower() == code.lower()), None
    )
    if found is None or not found["active"]:
        raise refusals.code_unknown(code)
    promotion_codes.usable(tx, found["id"], None, "promotion_code")
    return str(found["id"])


def _collect(tx: Tx, session: Doc, payer: Doc) -> None:
    """Write down what the customer said of themselves."""
    details = session["customer_details"] or customers.known(tx, session)
    for name in ("address", "email", "name", "phone"):
        if payer.get(name):
            details[name] = payer[name]
    if session["automatic_tax"]["enabled"] and not details["address"]:
        details["address"] = _billing_address(tx, payer)
    details["tax_ids"] = customers.tax_ids_told(session, payer) or details["tax_ids"] or []
    session["customer_details"] = details
    if payer.get("shipping_details"):
        collected = session["collected_information"] or {
            "business_name": None,
            "individual_name": None,
        }
        session["collected_information"] = collected | {
            "shipping_details": payer["shipping_details"]
        }
    answers = payer.get("custom_fields") or {}
    for field in session["custom_fields"]:
        if field["key"] in answers:
            field[field["type"]]["value"] = answers[field["key"]]


def _billing_address(tx: Tx, payer: Doc) -> Doc | None:
    """The address that stands with what the customer pays with."""
    method = tx.find(PAYMENT_METHODS, payer["payment_method"]) or {}
    address: Doc = (method.get("billing_details") or {}).get("address") or {}
    return address if address.get("country") else None


def _tax(tx: Tx, session: Doc) -> None:
    """Now that it is known where the customer is, tax is worked out."""
    if not session["automatic_tax"]["enabled"] or session["mode"] == "setup":
        return
    apply_totals(tx, session, tx.hidden(session["id"]))
    if session["automatic_tax"]["status"] != "complete":
        raise taxing.location_unknown()


def asked_by_bank(tx: Tx, session: Doc) -> Doc | None:
    """The intent that the customer's bank still has a question about, if there is one."""
    payment = session["payment_intent"] or subscribing.intent_of(tx, session)
    for resource, id_ in (PAYMENT_INTENTS, payment), (SETUP_INTENTS, session["setup_intent"]):
        intent = tx.find(resource, id_) if id_ else None
        if intent is not None and intent["status"] == "requires_action":
            return intent
    return None
