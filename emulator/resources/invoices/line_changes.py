"""Lines of a draft, added, changed and taken off by clients."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from emulator.kernel.currency import rounded
from emulator.kernel.errors import invoicing as refusals
from emulator.kit import Doc, Page, Params, Tx, page
from emulator.kit.editing import edit, merged_metadata
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import invoice_items, invoices, lines
from emulator.resources.invoices.invoice_items import INVOICE_ITEMS
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.invoices.lines import LINES
from emulator.resources.products import discounts, prices
from emulator.resources.tax import tax_rates

_EDITABLE: Final = ("description", "discountable", "metadata", "period")


@INVOICES.on("GET /v1/invoices/{invoice}/lines")
def list_(tx: Tx, params: Params, invoice: str) -> Page:
    tx.get(INVOICES, invoice)
    everything = page(tx, LINES, {"limit": 1_000_000}, invoice=invoice).items[::-1]
    ids = [line["id"] for line in lines.of_invoice(tx, invoice)]
    low, high = 0, len(ids)
    for name in ("starting_after", "ending_before"):
        if params.get(name) and params[name] not in ids:
            raise refusals.no_such_line(params[name], name)
    if params.get("starting_after"):
        low = ids.index(params["starting_after"]) + 1
    limit = params.get("limit", 10)
    if params.get("ending_before"):
        high = ids.index(params["ending_before"])
        low = max(low, high - limit)
    shown = everything[low : min(high, low + limit)]
    return Page(shown, high - low > limit, LINES.name)


@INVOICES.on("POST /v1/invoices/{invoice}/add_lines")
def add(tx: Tx, params: Params, id_: str) -> Doc:
    tx, invoice = invoices.draft(tx, id_)
    customer = tx.get(CUSTOMERS, invoice["customer"])
    for at, given in enumerate(params["lines"]):
        if given.get("invoice_item"):
            item = tx.get(INVOICE_ITEMS, given["invoice_item"], f"lines[{at}][invoice_item]")
        else:
            made = invoice_items.make(tx, customer, {"currency": invoice["currency"], **given})
            item = tx.save(INVOICE_ITEMS, made, event="invoiceitem.created")
        invoice_items.take(tx, invoice, item)
    return _changed(tx, invoice, params)


@INVOICES.on("POST /v1/invoices/{invoice}/update_lines")
def update_several(tx: Tx, params: Params, id_: str) -> Doc:
    tx, invoice = invoices.draft(tx, id_)
    for at, given in enumerate(params["lines"]):
        _change(tx, _line(tx, id_, given["id"], f"lines[{at}][id]"), given)
    return _changed(tx, invoice, params)


@INVOICES.on("POST /v1/invoices/{invoice}/remove_lines")
def remove(tx: Tx, params: Params, id_: str) -> Doc:
    tx, invoice = invoices.draft(tx, id_)
    for at, given in enumerate(params["lines"]):
        line = _line(tx, id_, given["id"], f"lines[{at}][id]")
        item = tx.find(INVOICE_ITEMS, _item_of(line) or "")
        if item is not None and given["behavior"] == "delete":
            tx.delete(INVOICE_ITEMS, item, event="invoiceitem.deleted")
        elif item is not None:
            tx.save(INVOICE_ITEMS, item | {"invoice": None})
        tx.delete(LINES, line)
    return _changed(tx, invoice, params)


@LINES.on("POST /v1/invoices/{invoice}/lines/{line_item_id}")
def update(tx: Tx, params: Params, id_: str, line: str) -> Doc:
    tx, invoice = invoices.draft(tx, id_)
    _change(tx, _line(tx, id_, line, "line_item_id"), params)
    _changed(tx, invoice, {})
    return tx.get(LINES, line)


def _line(tx: Tx, invoice: str, id_: str, param: str) -> Doc:
    found = tx.find(LINES, id_)
    if found is None or found["invoice"] != invoice:
        raise refusals.no_such_line(id_, param)
    return found


def _change(tx: Tx, line: Doc, given: Params) -> None:
    edit(line, given, _EDITABLE)
    line["metadata"] = merged_metadata(line["metadata"], {})
    quantity = given.get("quantity") or line["quantity"] or 1
    price: Any = None
    if given.get("price_data"):
        price = prices.inline(tx, given["price_data"])
    elif (given.get("pricing") or {}).get("price"):
        price = tx.get(prices.PRICES, given["pricing"]["price"], "pricing[price]")
    if price is not None:
        line["amount"] = prices.amount(tx, price, quantity)
        line["pricing"] = lines.pricing(price, price["unit_amount_decimal"])
    elif given.get("amount") is not None:
        line["amount"] = given["amount"]
    elif given.get("quantity") and line["pricing"] and line["pricing"]["unit_amount_decimal"]:
        line["amount"] = rounded(Decimal(line["pricing"]["unit_amount_decimal"]) * quantity)
    if "discounts" in given:
        customer = tx.get(INVOICES, line["invoice"])["customer"]
        line["discounts"] = discounts.make_all(tx, given["discounts"], customer=customer)
    if "tax_rates" in given:
        rates = tax_rates.named(tx, given["tax_rates"], "tax_rates")
        lines.note_taxes(tx, line["id"], rates)
    line |= {"quantity": quantity, "quantity_decimal": str(quantity), "subtotal": line["amount"]}
    tx.save(LINES, line)


def _changed(tx: Tx, invoice: Doc, params: Params) -> Doc:
    if "invoice_metadata" in params:
        invoice["metadata"] = merged_metadata(invoice["metadata"], params["invoice_metadata"])
    return tx.save(INVOICES, invoices.reckon(tx, invoice), event="invoice.updated")


def _item_of(line: Doc) -> str | None:
    parent = line["parent"]
    details = parent["invoice_item_details"] or parent["subscription_item_details"] or {}
    found: str | None = details.get("invoice_item")
    return found
