"""Invoice items: what is to stand on a customer's next invoice, or on a draft there is.

An item waits until an invoice takes it; there it becomes a line. What is charged for a change in
the middle of a period (proration) begins as an item, too.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from emulator.kernel.currency import rounded
from emulator.kernel.errors import invoicing as refusals
from emulator.kernel.errors.cards import amount_too_large
from emulator.kit import Doc, Page, Params, Resource, Tx, page, retrieves
from emulator.kit.editing import edit, merged_metadata
from emulator.resources.accounts.state import account_seen
from emulator.resources.customers import clocks
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import invoices, lines
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.products import discounts, prices
from emulator.resources.products.prices import PRICES
from emulator.resources.products.products import PRODUCTS
from emulator.resources.tax import tax_rates
from emulator.rules.billing import pricing

_MOST: Final = 999_999_999_999
_TAXING: Final = ("tax_behavior", "tax_code")

INVOICE_ITEMS: Final = Resource(
    "invoiceitem",
    prefix="ii",
    kind="invoiceitem",
    param="invoiceitem",
    filters=("customer", "invoice"),
    editable=("description", "discountable", "metadata", "period"),
)

retrieves(INVOICE_ITEMS, "GET /v1/invoiceitems/{invoiceitem}")


@INVOICE_ITEMS.on("GET /v1/invoiceitems")
def list_(tx: Tx, params: Params) -> Page:
    pending = params.get("pending")
    where = None if pending is None else lambda item: (item["invoice"] is None) == pending
    return page(tx, INVOICE_ITEMS, params, where=where)


@INVOICE_ITEMS.on("POST /v1/invoiceitems")
def create(tx: Tx, params: Params) -> Doc:
    invoice = None
    if params.get("invoice"):
        tx.get(INVOICES, params["invoice"], param="invoice")
        tx, invoice = invoices.draft(tx, params["invoice"])
    customer = params.get("customer") or (invoice or {}).get("customer")
    owner = tx.get(CUSTOMERS, customer or "", param="customer")
    tx = clocks.of_customer(tx, owner["id"])
    _check_currency(owner, invoice, params)
    item = make(tx, owner, params)
    if params.get("subscription"):
        item["parent"] = of_subscription(params["subscription"], None)
    item = tx.save(INVOICE_ITEMS, item, event="invoiceitem.created")
    if invoice is not None:
        item = take(tx, invoice, item)
        tx.save(INVOICES, invoices.reckon(tx, invoice), event="invoice.updated")
    return item


@INVOICE_ITEMS.on("POST /v1/invoiceitems/{invoiceitem}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    item = tx.get(INVOICE_ITEMS, id_)
    _check_open(tx, item)
    edit(item, params, INVOICE_ITEMS.editable)
    _price(tx, item, params)
    _reduce(tx, item, params)
    item = tx.save(INVOICE_ITEMS, item)

    def change(tx: Tx, line: Doc) -> None:
        tx.save(lines.LINES, line | _shared(item))
        lines.note_taxes(tx, line["id"], item["tax_rates"], **_taxing(tx, item))

    _with_line(tx, item, change)
    return item


@INVOICE_ITEMS.on("DELETE /v1/invoiceitems/{invoiceitem}")
def delete(tx: Tx, _params: Params, id_: str) -> Doc:
    item = tx.get(INVOICE_ITEMS, id_)
    _check_open(tx, item)
    gone = tx.delete(INVOICE_ITEMS, item, event="invoiceitem.deleted")
    _with_line(tx, item, lambda tx, line: tx.delete(lines.LINES, line))
    return gone


def _with_line(tx: Tx, item: Doc, deed: Callable[[Tx, Doc], object]) -> None:
    """Do something to the line that an item is on a draft, which is worked out anew."""
    if not item["invoice"]:
        return
    tx, invoice = invoices.draft(tx, item["invoice"])
    line = tx.find(lines.LINES, tx.hidden(item["id"])["line"])
    if line is not None:
        deed(tx, line)
    tx.save(INVOICES, invoices.reckon(tx, invoice), event="invoice.updated")


def make(tx: Tx, customer: Doc, params: Params, **fields: Any) -> Doc:
    """A new item of what a request gives; not saved. Where nothing says a currency, it is the
    account's (assumed).
    """
    theirs = customer["currency"] or account_seen(tx)["default_currency"]
    item = tx.new(
        INVOICE_ITEMS,
        currency=params.get("currency") or theirs,
        customer=customer["id"],
        date=tx.now,
        period={"end": tx.now, "start": tx.now},
        test_clock=customer.get("test_clock"),
    )
    edit(item, {k: v for k, v in params.items() if v is not None}, INVOICE_ITEMS.editable)
    _price(tx, item, params)
    _reduce(tx, item, params)
    return item | fields


def pending(tx: Tx, customer: str, currency: str, subscription: str | None = None) -> list[Doc]:
    """The items that wait for an invoice of a customer, those of other subscriptions aside, in the
    order of the lines that they become: the latest first (documented); what came together stays in
    its order (observed).
    """
    found = [
        item
        for item in tx.all(INVOICE_ITEMS, customer=customer)
        if item["invoice"] is None and item["currency"] == currency
        if subscription_of(item) in {None, subscription}
    ]
    found.reverse()
    return sorted(found, key=lambda item: -int(item["date"]))


def subscription_of(item: Doc) -> str | None:
    details = (item["parent"] or {}).get("subscription_details") or {}
    found: str | None = details.get("subscription")
    return found


def of_subscription(subscription: str, item: str | None) -> Doc:
    """`parent` of an item that belongs to a subscription."""
    details = {"subscription": subscription}
    if item is not None:
        details["subscription_item"] = item
    return {"subscription_details": details, "type": "subscription_details"}


def take(tx: Tx, invoice: Doc, item: Doc) -> Doc:
    """An invoice takes a waiting item: it becomes a line."""
    fields = {**_shared(item), "parent": _parent(tx, item)}
    line = lines.new(tx, invoice["id"], fields.pop("amount"), item["currency"], **fields)
    line["metadata"] = item["metadata"]
    lines.note_taxes(tx, line["id"], item["tax_rates"], **_taxing(tx, item))
    lines.pass_proration(tx, item["id"], line["id"])
    tx.save(lines.LINES, line)
    tx.hide(item["id"], {**tx.hidden(item["id"]), "line": line["id"]})
    return tx.save(INVOICE_ITEMS, item | {"invoice": invoice["id"]})


def take_all(tx: Tx, invoice: Doc, items: list[Doc]) -> None:
    """An invoice takes items, of which one may be the credit for another that comes after it."""
    for item in [take(tx, invoice, item) for item in items]:
        line = tx.get(lines.LINES, tx.hidden(item["id"])["line"])
        parent = _parent(tx, item)
        if parent != line["parent"]:
            tx.save(lines.LINES, line | {"parent": parent})


# -- inside ---------------------------------------------------------------------------------------


def _shared(item: Doc) -> Doc:
    """What a line has of its item."""
    names = (
        "amount",
        "description",
        "discountable",
        "discounts",
        "period",
        "pricing",
        "quantity",
        "quantity_decimal",
    )
    return {**{name: item[name] for name in names}, "subtotal": item["amount"]}


def _parent(tx: Tx, item: Doc) -> Doc:
    if not item["proration"]:
        return lines.of_invoice_item(item)
    details = item["parent"]["subscription_details"]
    credited = (item.get("proration_details") or {}).get("credited_items") or {}
    known = credited.get("invoice_line_item_details") or _taken(tx, credited.get("invoice_item"))
    return lines.of_subscription(
        details["subscription"],
        details["subscription_item"],
        invoice_item=item["id"],
        proration=True,
        proration_details={"credited_items": known},
    )


def _taken(tx: Tx, item: str | None) -> Doc | None:
    """The line that an item became, as a credit for it names it."""
    found = tx.find(INVOICE_ITEMS, item) if item else None
    if found is None or not found["invoice"]:
        return None
    return {"invoice": found["invoice"], "invoice_line_items": [tx.hidden(found["id"])["line"]]}


def _price(tx: Tx, item: Doc, params: Params) -> None:
    """Set what an item costs; more than anybody could owe is refused."""
    _set_cost(tx, item, params)
    if abs(item["amount"]) > _MOST:
        raise amount_too_large(_MOST, item["currency"])


def _set_cost(tx: Tx, item: Doc, params: Params) -> None:
    """An amount, a price, or what is so much each."""
    quantity = params.get("quantity") or item["quantity"]
    price = _named_price(tx, params)
    if price is not None:
        unit = price["unit_amount_decimal"]
        item |= {
            "amount": prices.amount(tx, price, quantity),
            "currency": price["currency"],
            "description": item["description"] or _name(tx, price),
        }
    elif params.get("unit_amount_decimal") is not None or params.get("unit_amount") is not None:
        unit = str(params.get("unit_amount_decimal") or params["unit_amount"])
        item["amount"] = rounded(Decimal(unit) * quantity)
        price = _nameless(tx, item["currency"], unit)
    elif params.get("amount") is not None:
        quantity, unit = 1, str(params["amount"])
        item["amount"] = params["amount"]
        price = _nameless(tx, item["currency"], unit)
    elif item["amount"] is not None:
        if quantity != item["quantity"] and item["pricing"]:
            unit = item["pricing"]["unit_amount_decimal"]
            item |= {"amount": rounded(Decimal(unit) * quantity), "quantity": quantity}
        return
    else:
        raise refusals.item_amount_missing()
    item |= {
        "pricing": lines.pricing(price, unit),
        "quantity": quantity,
        "quantity_decimal": str(quantity),
    }


def _named_price(tx: Tx, params: Params) -> Doc | None:
    if params.get("price_data"):
        return prices.inline(tx, params["price_data"])
    name = (params.get("pricing") or {}).get("price")
    if not name:
        return None
    price = tx.get(PRICES, name, param="pricing[price]")
    if price["type"] == "recurring":
        raise refusals.recurring_price("pricing[price]")
    return price


def _name(tx: Tx, price: Doc) -> str | None:
    product = tx.find(PRODUCTS, price["product"])
    return product["name"] if product else None


def _nameless(tx: Tx, currency: str, unit: str) -> Doc:
    """The price behind a bare amount: one for each amount, in no list (observed)."""
    key = f"{tx.account}/nameless/{currency}/{unit}"
    known = tx.hidden(key).get("price")
    found = tx.find(PRICES, known) if known else None
    if found is not None:
        return found
    product = tx.new(PRODUCTS, active=False, name="Invoice item", updated=tx.now)
    price = tx.new(PRICES, active=False, currency=currency, product=product["id"])
    price |= pricing.amounts({"unit_amount_decimal": unit})
    tx.keep(PRODUCTS, product)
    tx.hide(key, {"price": price["id"]})
    return tx.keep(PRICES, price)


def _reduce(tx: Tx, item: Doc, params: Params) -> None:
    """Discounts and tax rates of the item alone."""
    if "discounts" in params:
        item["discounts"] = discounts.make_all(
            tx, params["discounts"], customer=item["customer"], invoice_item=item["id"]
        )
    if "tax_rates" in params:
        item["tax_rates"] = tax_rates.named(tx, params["tax_rates"], "tax_rates")
    said: Doc = {name: params[name] for name in _TAXING if name in params}
    if said:
        tx.hide(item["id"], {**tx.hidden(item["id"]), **said})
    if item["metadata"] is None:
        item["metadata"] = merged_metadata(None, {})


def _taxing(tx: Tx, item: Doc) -> Doc:
    """How automatic tax sees an item, where its request said so."""
    return {name: value for name, value in tx.hidden(item["id"]).items() if name in _TAXING}


def _check_currency(customer: Doc, invoice: Doc | None, params: Params) -> None:
    wanted = params.get("currency")
    theirs = (invoice or {}).get("currency") or customer["currency"]
    if wanted and theirs and wanted != theirs:
        raise refusals.wrong_currency(theirs)


def _check_open(tx: Tx, item: Doc) -> None:
    invoice = tx.find(INVOICES, item["invoice"]) if item["invoice"] else None
    if invoice is not None and invoice["status"] != "draft":
        raise refusals.invoice_item_frozen()


INVOICE_ITEMS.includes |= lines.PRICED
