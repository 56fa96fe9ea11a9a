"""Legacy cards, bank accounts and sources, as the payment methods that payments expect."""

from __future__ import annotations

from typing import Final

from emulator.contract.blanks import blank
from emulator.kit import Doc, Resource, Tx
from emulator.resources.payment_methods import cards, details
from emulator.resources.payment_methods.bank_accounts import BANK_ACCOUNTS
from emulator.resources.payment_methods.cards import CARDS

# Declared here, below payment methods, which payments see them through; made in `sources.py`.
SOURCES: Final = Resource("source", prefix="src", param="source", filters=("customer",))


def as_method(tx: Tx, id_: str) -> Doc | None:
    """The legacy object of this id as a payment method, not stored; None where there is none."""
    if id_.startswith("card_"):
        card = tx.find(CARDS, id_)
        return None if card is None else _of_card(tx, card)
    if id_.startswith("ba_"):
        account = tx.find(BANK_ACCOUNTS, id_)
        return None if account is None or "customer" not in account else _of_account(tx, account)
    if id_.startswith("src_"):
        source = tx.find(SOURCES, id_)
        return None if source is None else _of_source(tx, source)
    return None


def of_customer(tx: Tx, customer: str) -> list[Doc]:
    """The cards and sources saved to a customer, as payment methods. Bank accounts are not among
    them (assumed).
    """
    cards_ = [_of_card(tx, card) for card in tx.all(CARDS, customer=customer)]
    return cards_ + [_of_source(tx, source) for source in tx.all(SOURCES, customer=customer)]


def checked(tx: Tx, id_: str, notes: Doc) -> None:
    """Its first use checked what came with a card: say so on the object itself."""
    card = tx.find(CARDS, id_) if id_.startswith("card_") else None
    if card is not None:
        tx.save(CARDS, card | cards.checks(notes, used=True))
    source = tx.find(SOURCES, id_) if id_.startswith("src_") else None
    if source is not None and "card" in source:
        source["card"] |= cards.checks(notes, used=True)
        tx.save(SOURCES, source)


def consumed(tx: Tx, id_: str) -> None:
    """A source that pays once has paid."""
    source = tx.find(SOURCES, id_) if id_.startswith("src_") else None
    if source is not None and source["usage"] == "single_use":
        tx.save(SOURCES, source | {"status": "consumed"})


def _of_card(tx: Tx, card: Doc) -> Doc:
    made = _blank(tx, card, "card", card.get("customer"))
    made["card"] = details.legacy_card(card, tx.hidden(card["id"]))
    made["billing_details"] = cards.billing_details(card)
    return made


def _of_account(tx: Tx, account: Doc) -> Doc:
    made = _blank(tx, account, "ach_debit", account.get("customer"))
    shown = (
        "account_holder_type",
        "bank_name",
        "country",
        "fingerprint",
        "last4",
        "routing_number",
    )
    made["ach_debit"] = {name: account[name] for name in shown}
    made["billing_details"]["name"] = account["account_holder_name"]
    return made


def _of_source(tx: Tx, source: Doc) -> Doc:
    type_ = "card" if source["type"] in {"card", "three_d_secure"} else source["type"]
    made = _blank(tx, source, type_, source.get("customer"))
    owner = source["owner"]
    if type_ == "card":
        made["card"] = details.card_hash(tx, tx.hidden(source["id"]))
    else:
        made[type_] = source.get(type_) or {}
    made["billing_details"] |= {name: owner[name] for name in ("email", "name", "phone")}
    made["billing_details"]["address"] |= owner["address"] or {}
    return made


def _blank(tx: Tx, of: Doc, type_: str, customer: str | None) -> Doc:
    """Cards and bank accounts do not say when they came; the store knows."""
    made, entry = blank("payment_method"), tx.setup.store.entry(of["id"])
    return made | {
        "id": of["id"],
        "created": of.get("created") or (entry[1] if entry else tx.now),
        "customer": customer,
        "type": type_,
    }
