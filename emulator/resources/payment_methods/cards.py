"""Card objects: the form in which tokens, legacy sources and legacy charges show a card."""

from __future__ import annotations

from typing import Any, Final

from emulator.contract.blanks import blank
from emulator.kit import Doc, Resource, Tx
from emulator.resources.payment_methods import instruments
from emulator.rules import cards

_TYPED: Final = (
    "address_city",
    "address_country",
    "address_line1",
    "address_line2",
    "address_state",
    "address_zip",
    "name",
)
_ONLY_ATTACHED: Final = ("email", "phone")

CARDS: Final = Resource(
    "card",
    prefix="card",
    kind="source",
    filters=("customer",),
    editable=(*_TYPED, "metadata"),
)


def shown(tx: Tx, notes: Doc, hash_: Doc) -> Doc:
    """The card inside a token. hash_: what was typed beside the number: name and address."""
    card = instruments.card_behind(notes)
    assert card is not None
    made = blank("card.token") | instruments.shown_card(tx, notes)
    made |= {name: hash_.get(name) for name in _TYPED}
    made |= {"id": tx.new_id("card"), "brand": cards.legacy_brand(card.brand), **checks(notes)}
    if hash_.get("currency"):
        made["currency"] = hash_["currency"]
    return made


def checks(notes: Doc, *, used: bool | None = None) -> dict[str, Any]:
    """The checks under the names that card objects have for them."""
    found = instruments.checks(notes, used=used)
    return {
        "address_line1_check": found["address_line1_check"],
        "address_zip_check": found["address_postal_code_check"],
        "cvc_check": found["cvc_check"],
    }


def keep(
    tx: Tx, token_card: Doc, notes: Doc, customer: str | None, metadata: Doc | None = None
) -> Doc:
    """Save a token's card under its own id, as a customer's source or else for one payment.

    Either way it is used at once, so its checks are done.
    """
    made = blank("card")
    for name in ("available_payout_methods", *(() if customer else _ONLY_ATTACHED)):
        made.pop(name, None)
    made |= {
        name: value for name, value in token_card.items() if name not in {"currency", "networks"}
    }
    made |= {"customer": customer, "metadata": metadata or {}}
    made |= checks(notes, used=True)
    said = {"currency": token_card["currency"]} if "currency" in token_card else {}
    tx.hide(made["id"], notes | said)
    return tx.save(CARDS, made)


def billing_details(card: Doc) -> Doc:
    """The card's name and address as billing details."""
    made = blank("billing_details")
    made["address"] |= {
        "city": card.get("address_city"),
        "country": card.get("address_country"),
        "line1": card.get("address_line1"),
        "line2": card.get("address_line2"),
        "postal_code": card.get("address_zip"),
        "state": card.get("address_state"),
    }
    made["name"] = card.get("name")
    return made
