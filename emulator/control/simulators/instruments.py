"""What becomes of cards and mandates after they were saved."""

from __future__ import annotations

from datetime import UTC, datetime

from emulator.control.simulators.simulator import (
    befalls,
    id_of,
    one_of,
    simulates,
    whole,
)
from emulator.kernel.errors import objects
from emulator.kernel.errors import simulating as refusals
from emulator.kit import Doc, Tx, answers
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.payment_methods import mandates
from emulator.resources.payment_methods.cards import CARDS
from emulator.resources.payment_methods.payment_methods import PAYMENT_METHODS
from emulator.rules import cards

_METHOD = id_of("payment method or saved card", "pm")
_CUSTOMER = id_of("customer", "cus")


@simulates(
    "Every payment with this card, or by this customer, is declined from now on, even with one of "
    "Stripe's test cards.",
    when="always; card_accepted takes it back",
    example={"customer": "cus_…", "decline_code": "insufficient_funds"},
    payment_method=_METHOD,
    customer=_CUSTOMER,
    decline_code=one_of(*cards.declines(), usual="generic_decline"),
)
def card_declined(
    tx: Tx,
    payment_method: str | None = None,
    customer: str | None = None,
    decline_code: str = "generic_decline",
) -> Doc:
    name, doc = _whose(tx, payment_method, customer)
    card_accepted(tx, payment_method, customer)
    instruction = {"question": "card.charge", "answer": decline_code, "where": {name: doc["id"]}}
    answers.put(tx, {**instruction, "times": None})
    return doc


@simulates(
    "Payments with this card, or by this customer, are decided as usual again.",
    when="always",
    example={"payment_method": "pm_…"},
    payment_method=_METHOD,
    customer=_CUSTOMER,
)
def card_accepted(tx: Tx, payment_method: str | None = None, customer: str | None = None) -> Doc:
    name, doc = _whose(tx, payment_method, customer)
    for each in answers.waiting(tx.setup.store):
        if each["question"] == "card.charge" and each["where"] == {name: doc["id"]}:
            answers.forget(tx.setup.store, each["id"])
    return doc


@simulates(
    "The card network tells of a new expiry date, and perhaps a new number, of a saved card.",
    when="the card is saved to a customer",
    example={"payment_method": "pm_…", "exp_month": 12, "exp_year": 2034},
    needs=("payment_method",),
    payment_method=_METHOD,
    exp_month=whole("a month, 1 to 12", 1, 12),
    exp_year=whole("a year of four digits", 2000, 2100),
    last4={"type": "string", "pattern": "^[0-9]{4}$", "description": "four digits"},
)
def card_updated(
    tx: Tx,
    payment_method: str,
    exp_month: int | None = None,
    exp_year: int | None = None,
    last4: str | None = None,
) -> Doc:
    mine, doc = _saved(tx, payment_method)
    today = datetime.fromtimestamp(tx.now, UTC)
    new: Doc = {"exp_month": exp_month or today.month, "exp_year": exp_year or today.year + 3}
    if last4:
        new["last4"] = last4
    return _renewed(mine, doc, new)


@simulates(
    "A saved card has passed its expiry date. Stripe still charges it and the issuer declines.",
    when="the card is saved to a customer",
    example={"payment_method": "pm_…"},
    needs=("payment_method",),
    payment_method=_METHOD,
)
def card_expired(tx: Tx, payment_method: str) -> Doc:
    mine, doc = _saved(tx, payment_method)
    today = datetime.fromtimestamp(tx.now, UTC)
    month, year = (today.month - 1, today.year) if today.month > 1 else (12, today.year - 1)
    doc = _renewed(mine, doc, {"exp_month": month, "exp_year": year})
    card_declined(tx, payment_method=payment_method, decline_code="expired_card")
    return doc


@befalls(
    mandates.MANDATES,
    ("active", "pending"),
    "be revoked",
    "The payer withdraws a mandate at their bank.",
)
def mandate_revoked(tx: Tx, doc: Doc) -> Doc:
    mandates.end(tx, doc["id"])
    return tx.get(mandates.MANDATES, doc["id"])


def _whose(tx: Tx, method: str | None, customer: str | None) -> tuple[str, Doc]:
    if method is not None:
        return "payment_method", _method(tx, method)[1]
    if customer is None:
        raise refusals.missing_one_of(("payment_method", "customer"))
    return "customer", tx.locate(CUSTOMERS, customer)[1]


def _method(tx: Tx, id_: str) -> tuple[Tx, Doc]:
    resource = CARDS if id_.startswith("card_") else PAYMENT_METHODS
    return tx.locate(resource, id_, "payment_method")


def _saved(tx: Tx, id_: str) -> tuple[Tx, Doc]:
    mine, doc = _method(tx, id_)
    if doc["object"] == "payment_method" and doc["type"] != "card":
        raise objects.no_such("card", id_, "payment_method", 404)
    if not doc["customer"]:
        raise refusals.saved_to_nobody(id_)
    return mine, doc


def _renewed(tx: Tx, doc: Doc, new: Doc) -> Doc:
    """Lay new details over a card and over what is known of it, and announce it."""
    notes = tx.hidden(doc["id"])
    tx.hide(doc["id"], {**notes, **{k: v for k, v in new.items() if k.startswith("exp_")}})
    if doc["object"] == "card":
        return tx.save(CARDS, doc | new, event="customer.source.updated")
    doc["card"] |= new
    return tx.save(PAYMENT_METHODS, doc, event="payment_method.automatically_updated")
