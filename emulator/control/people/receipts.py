"""What the page of a receipt shows: a payment, what it was for, and what was given back."""

from __future__ import annotations

from typing import NamedTuple

from emulator.kernel.errors import objects
from emulator.kit import Doc, Tx
from emulator.resources.accounts.state import account_seen
from emulator.resources.charges.charges import CHARGES, REFUNDS
from emulator.resources.checkout.sessions import SESSIONS
from emulator.resources.invoices import lines
from emulator.world import World


class Item(NamedTuple):
    """A thing that was paid for, and what it cost in minor units of the charge's currency."""

    name: str
    amount: int


class Receipt(NamedTuple):
    """charge: the payment. merchant: who was paid. items: of its invoice or its Checkout Session.
    refunds: those that went, or go, through, oldest first.
    """

    charge: Doc
    merchant: str
    items: list[Item]
    refunds: list[Doc]


def look(world: World, id_: str) -> Receipt:
    """The receipt of a charge of any account; refused (404) where the charge has none."""
    with world.transaction(world.caller()) as tx:
        mine, charge = tx.locate(CHARGES, id_)
        if charge["receipt_url"] is None:
            raise objects.no_such(CHARGES.kind, id_, CHARGES.name, 404)
        account = account_seen(mine.on(charge["on_behalf_of"] or mine.account))
        name = (account.get("business_profile") or {}).get("name") or account["id"]
        given = [*mine.all(REFUNDS, charge=id_)][::-1]
        refunds = [each for each in given if each["status"] not in {"canceled", "failed"}]
        return Receipt(charge, str(name), _items(mine, charge), refunds)


def _items(tx: Tx, charge: Doc) -> list[Item]:
    invoice = CHARGES.includes["invoice"](tx, charge)
    if invoice is not None:
        found = lines.of_invoice(tx, invoice["id"])
        return [Item(str(each["description"]), each["amount"]) for each in found]
    intent = charge["payment_intent"]
    session = next(tx.all(SESSIONS, payment_intent=intent), None) if intent else None
    if session is None:
        return []
    sold = SESSIONS.includes["line_items"](tx, session)["data"]
    return [Item(str(each["description"]), each["amount_total"]) for each in sold]
