"""What was charged for the running period of an item: that is what a credit gives back.

A charge is the lines of an invoice, or a proration that still waits for one. Each new period begins
with its own; a change within it credits all there are and leaves the charge that it makes itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from emulator.kit import Doc, Tx
from emulator.resources.invoices import lines
from emulator.resources.invoices.invoice_items import INVOICE_ITEMS
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.invoices.lines import LINES
from emulator.resources.subscriptions.subscriptions import quantity
from emulator.rules.billing.proration import Cost


@dataclass(frozen=True, slots=True)
class Debit:
    """One charge. rates: ids of the tax rates that it bore, None where tax was worked out.
    credited: how a credit names it.
    """

    price: str
    quantity: int
    cost: Cost
    begin: int
    end: int
    rates: list[str] | None
    credited: Doc


def forget(tx: Tx, item: str) -> None:
    """Nothing was charged for the item's present period yet."""
    if kept(tx, item):
        keep(tx, item, [])


def add_line(tx: Tx, item: Doc, line: Doc) -> None:
    """A line of an invoice charges for the item's present period."""
    known = kept(tx, item["id"])
    if known and known[-1].get("invoice") == line["invoice"]:
        known[-1]["lines"].append(line["id"])
    else:
        known.append({"invoice": line["invoice"], "lines": [line["id"]], **_sold(item)})
    keep(tx, item["id"], known)


def add_waiting(tx: Tx, item: Doc, waiting: Doc) -> None:
    """A proration charges for what is left of the item's present period."""
    keep(tx, item["id"], [*kept(tx, item["id"]), {"waiting": waiting["id"], **_sold(item)}])


def kept(tx: Tx, item: str) -> list[Doc]:
    """The charges as they are kept."""
    found: list[Doc] = tx.hidden(f"{item}/debits").get("of", [])
    return [*found]


def keep(tx: Tx, item: str, charges: list[Doc]) -> None:
    tx.hide(f"{item}/debits", {"of": charges})


def of_item(tx: Tx, item: str) -> list[Debit]:
    """What was charged, oldest first. What is on a void invoice was not (assumed)."""
    return [found for each in kept(tx, item) if (found := _debit(tx, each)) is not None]


# -- inside ---------------------------------------------------------------------------------------


def _sold(item: Doc) -> Doc:
    return {"price": item["price"]["id"], "quantity": quantity(item)}


def _debit(tx: Tx, charge: Doc) -> Debit | None:
    invoice, named = charge.get("invoice"), charge.get("lines", [])
    waiting = tx.find(INVOICE_ITEMS, charge["waiting"]) if "waiting" in charge else None
    if waiting is not None:
        if waiting["invoice"] is None:
            return _of_waiting(tx, charge, waiting)
        invoice, named = waiting["invoice"], [tx.hidden(waiting["id"])["line"]]
    found = tx.find(INVOICES, invoice or "")
    if found is None or found["status"] == "void":
        return None
    charged = [line for id_ in named if (line := tx.find(LINES, id_))]
    return _of_lines(tx, charge, found, charged) if charged else None


def _of_waiting(tx: Tx, charge: Doc, item: Doc) -> Debit:
    """A charge that no invoice has taken yet."""
    return Debit(
        price=charge["price"],
        quantity=charge["quantity"],
        cost=lines.prorated(tx, item["id"]) or Cost(item["amount"]),
        begin=item["period"]["start"],
        end=item["period"]["end"],
        rates=[rate["id"] for rate in item["tax_rates"]] or None,
        credited={"invoice_item": item["id"], "type": "invoice_item"},
    )


def _of_lines(tx: Tx, charge: Doc, invoice: Doc, charged: list[Doc]) -> Debit:
    """A charge that stands on an invoice."""
    own: dict[str, int] = {}
    shared: dict[str, int] = {}
    amount = 0
    for line in charged:
        cost = lines.prorated(tx, line["id"]) or _cost(line)
        amount += cost.amount
        _add(own, cost.own.items())
        _add(shared, cost.shared.items())
    return Debit(
        price=charge["price"],
        quantity=charge["quantity"],
        cost=Cost(amount, own, shared),
        begin=charged[0]["period"]["start"],
        end=charged[0]["period"]["end"],
        rates=_rates(invoice, charged[0]),
        credited={
            "invoice_line_item_details": {
                "invoice": invoice["id"],
                "invoice_line_items": [line["id"] for line in charged],
            },
            "type": "invoice_line_items",
        },
    )


def _cost(line: Doc) -> Cost:
    off = [(each["discount"], each["amount"]) for each in line["discount_amounts"]]
    own = {id_: amount for id_, amount in off if id_ in line["discounts"]}
    return Cost(line["amount"], own, {id_: amount for id_, amount in off if id_ not in own})


def _add(to: dict[str, int], amounts: Iterable[tuple[str, int]]) -> None:
    for id_, amount in amounts:
        to[id_] = to.get(id_, 0) + amount


def _rates(invoice: Doc, line: Doc) -> list[str] | None:
    """The tax rates that somebody had chosen for a line."""
    if invoice["automatic_tax"]["enabled"]:
        return None
    return [each["tax_rate_details"]["tax_rate"] for each in line["taxes"]]
