"""The hosted page of an invoice: what stands on it, and what its buttons do."""

from __future__ import annotations

from typing import Final, NamedTuple

from emulator.kernel.errors import Refusal, objects
from emulator.kit import Doc, Tx
from emulator.resources.invoices import invoicing, lines
from emulator.resources.invoices.invoices import INVOICES
from emulator.world import World

# What a payer may try on the page: the test card's name -> what it does.
CARDS: Final = {
    "pm_card_visa": "Pay with a card that works",
    "pm_card_visa_chargeDeclined": "Pay with a card that is declined",
    "pm_card_threeDSecure2Required": "Pay with a card that asks for authentication",
}


class Bill(NamedTuple):
    """An invoice and all its lines."""

    invoice: Doc
    lines: list[Doc]


def look(world: World, id_: str) -> Bill:
    """What the page shows."""
    with world.transaction(world.caller()) as tx:
        mine, invoice = _find(tx, id_)
        return Bill(invoice, lines.of_invoice(mine, invoice["id"]))


def pay(world: World, id_: str, method: str) -> Doc:
    """What the payer does: the invoice as it is afterwards. A declined card is no refusal here."""
    if method not in CARDS:
        raise objects.no_such("PaymentMethod", method, "payment_method", 400)
    with world.transaction(world.caller()) as tx:
        mine, invoice = _find(tx, id_)
        try:
            return invoicing.pay(mine, {"payment_method": method, "off_session": False}, id_)
        except Refusal as refusal:
            if not refusal.keep:
                raise
            return mine.get(INVOICES, invoice["id"])


def _find(tx: Tx, id_: str) -> tuple[Tx, Doc]:
    mine, invoice = tx.locate(INVOICES, id_)
    if invoice["hosted_invoice_url"] is None:
        raise objects.no_such(INVOICES.kind, id_, "invoice", 404)
    return mine, invoice
