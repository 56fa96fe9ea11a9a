"""What the invoices of a subscription say: a line for each item and period, in full or in part."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from emulator.kernel import currency as money
from emulator.kernel.currency import share
from emulator.kernel.instants import DAY
from emulator.kit import Doc, Tx
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import invoice_items, invoices, lines, paying
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.products import discounts, prices
from emulator.resources.products.products import PRODUCTS
from emulator.resources.subscription_invoices import costing, debits
from emulator.resources.subscriptions.subscriptions import (
    SUBSCRIPTIONS,
    is_flexible,
    is_metered,
    quantity,
)
from emulator.rules.billing import pricing

_FROM_SUBSCRIPTION: Final = (
    "collection_method",
    "default_payment_method",
    "default_source",
    "default_tax_rates",
    "description",
    "on_behalf_of",
)


def begin(tx: Tx, subscription: Doc, reason: str, period: tuple[int, int]) -> Doc:
    """A draft of a subscription without lines yet, saved and not announced."""
    customer = tx.get(CUSTOMERS, subscription["customer"])
    invoice = invoices.begin(tx, customer, reason, subscription["currency"])
    invoice |= {name: subscription[name] for name in _FROM_SUBSCRIPTION}
    invoice["automatic_tax"] = invoices.automatic_tax(subscription["automatic_tax"])
    settings = subscription["payment_settings"]
    for name in ("payment_method_options", "payment_method_types"):
        invoice["payment_settings"][name] = settings[name]
    invoice |= {
        "application": subscription["application"],
        "auto_advance": True,
        "discounts": costing.live_discounts(tx, subscription),
        "issuer": subscription["invoice_settings"]["issuer"],
        "parent": invoices.for_subscription(subscription),
        "period_end": period[1],
        "period_start": period[0],
    }
    if subscription["collection_method"] == "send_invoice":
        invoice["due_date"] = tx.now + (subscription["days_until_due"] or 0) * DAY
    invoices.note(
        tx,
        invoice["id"],
        application_fee_percent=subscription["application_fee_percent"],
        transfer_data=subscription["transfer_data"],
    )
    return tx.save(INVOICES, invoice)


def add_period(tx: Tx, invoice: Doc, subscription: Doc, item: Doc, *, trial: bool) -> None:
    """The line of an item's current period: in full, or free while the trial lasts. Usage is billed
    when the period is over; classic billing says so with a line of nothing (documented).
    """
    debits.forget(tx, item["id"])
    price, count = item["price"], quantity(item)
    span = item["current_period_start"], item["current_period_end"]
    if is_metered(price) and is_flexible(subscription):
        return
    if trial:
        text = trial_text(tx, price, count, flexible=is_flexible(subscription))
        _line(tx, invoice, subscription, item, 0, text, span, "0", count)
        return
    for line in add_amounts(tx, invoice, subscription, item, count, span):
        debits.add_line(tx, item, line)


def add_part(
    tx: Tx, invoice: Doc, subscription: Doc, item: Doc, part: tuple[int, int], whole: int
) -> None:
    """The line of a shorter first period: its share of the price. whole: seconds of a full one."""
    if is_metered(item["price"]):
        return
    price, count = _spoken(tx, subscription, item), quantity(item)
    full = prices.amount(tx, price, count)
    amount = share(full, part[1] - part[0], whole)
    text = text_of(tx, price, count)
    line = _line(tx, invoice, subscription, item, amount, text, part, None, count)
    line["parent"]["subscription_item_details"]["proration"] = True
    debits.add_line(tx, item, tx.save(lines.LINES, line))


def add_amounts(
    tx: Tx,
    invoice: Doc,
    subscription: Doc,
    item: Doc,
    quantity: int,
    span: tuple[int, int],
    *,
    before: int = 0,
) -> list[Doc]:
    """The lines of a quantity: one, or one for each tier it reaches. before: how much of it stands
    on other invoices.
    """
    price = _spoken(tx, subscription, item)
    if price["billing_scheme"] != "tiered":
        amount = prices.amount(tx, price, quantity) - prices.amount(tx, price, before)
        unit, more = price["unit_amount_decimal"], quantity - before
        text = text_of(tx, price, more)
        return [_line(tx, invoice, subscription, item, amount, text, span, unit, more)]
    tiers, found = prices.tiers(tx, price), []
    pieces = pricing.further(price, before, quantity, tiers) if before else None
    for piece in pricing.pieces(price, quantity, tiers) if pieces is None else pieces:
        text = tier_text(tx, price, piece)
        unit, of = f"{piece.unit.normalize():f}", piece.quantity
        found.append(_line(tx, invoice, subscription, item, piece.amount, text, span, unit, of))
    return found


def take_waiting(tx: Tx, invoice: Doc, subscription: Doc) -> None:
    """The items that waited for an invoice of this subscription."""
    found = invoice_items.pending(
        tx, subscription["customer"], invoice["currency"], subscription["id"]
    )
    invoice_items.take_all(tx, invoice, found)


def reckoned(tx: Tx, invoice: Doc) -> Doc:
    """The draft with what it comes to, saved."""
    return tx.save(INVOICES, invoices.reckon(tx, invoice))


def announce(tx: Tx, subscription: Doc, invoice: Doc) -> Doc:
    """The draft is complete: it is the subscription's latest invoice from now on."""
    methods = {n: subscription[n] for n in ("default_payment_method", "default_source")}
    invoices.note(tx, invoice["id"], subscription_methods=methods)
    invoice = tx.save(INVOICES, invoices.reckon(tx, invoice), event="invoice.created")
    subscription["latest_invoice"] = invoice["id"]
    tx.save(SUBSCRIPTIONS, subscription)
    return invoice


def has_payer(tx: Tx, subscription: Doc) -> bool:
    """Whether there is something to charge."""
    customer = tx.get(CUSTOMERS, subscription["customer"])
    return bool(
        subscription["default_payment_method"]
        or subscription["default_source"]
        or paying.customer_method(customer)
    )


# -- how lines are worded -------------------------------------------------------------------------


def text_of(tx: Tx, price: Doc, quantity: int) -> str:
    """`1 user × Gold (at $25.00 / month)`."""
    return f"{_counted(tx, price, quantity)} (at {_each(price)})"


def trial_text(tx: Tx, price: Doc, quantity: int, *, flexible: bool) -> str:
    """What a trial's line says; flexible billing says it in other words (observed)."""
    if flexible:
        return f"Free trial for {_counted(tx, price, quantity)}"
    product = tx.find(PRODUCTS, price["product"]) or {}
    label = product.get("unit_label")
    return f"Trial period for {product.get('name')}" + (f" (per {label})" if label else "")


def tier_text(tx: Tx, price: Doc, piece: pricing.Piece) -> str:
    """`5 × Gold (Tier 1 at $7.00 / month)`; a flat fee counts as one."""
    each = _money(str(piece.unit), price["currency"])
    return (
        f"{_counted(tx, price, piece.quantity)} (Tier {piece.tier + 1} at {each}{_rhythm(price)})"
    )


def name_of(tx: Tx, price: Doc) -> str:
    product = tx.find(PRODUCTS, price["product"])
    return str(product["name"]) if product else ""


def _counted(tx: Tx, price: Doc, quantity: int) -> str:
    product = tx.find(PRODUCTS, price["product"]) or {}
    label = f" {product['unit_label']}" if product.get("unit_label") else ""
    return f"{quantity}{label} × {product.get('name')}"


def _each(price: Doc) -> str:
    return _money(price["unit_amount_decimal"] or "0", price["currency"]) + _rhythm(price)


def _rhythm(price: Doc) -> str:
    recurring = price["recurring"]
    if not recurring:
        return ""
    count, interval = recurring["interval_count"], recurring["interval"]
    return f" / {interval}" if count == 1 else f" every {count} {interval}s"


def _money(amount: str, currency: str) -> str:
    """An amount that may have parts of a cent, which are shown, too."""
    exact = Decimal(amount)
    if exact == exact.to_integral_value():
        return money.display(int(exact), currency)
    symbol = money.display(0, currency).partition("0")[0]
    return f"{symbol}{exact.scaleb(-money.exponent(currency)).normalize():f}"


# -- inside ---------------------------------------------------------------------------------------


def _spoken(tx: Tx, subscription: Doc, item: Doc) -> Doc:
    """The price of an item in the currency it is paid in."""
    return prices.spoken(tx, item["price"], subscription["currency"])


def _line(
    tx: Tx,
    invoice: Doc,
    subscription: Doc,
    item: Doc,
    amount: int,
    text: str,
    span: tuple[int, int],
    unit: str | None,
    quantity: int,
) -> Doc:
    fields: dict[str, Any] = {
        "description": text,
        "discounts": discounts.live(tx, item["discounts"]),
        "metadata": subscription["metadata"],
        "parent": lines.of_subscription(subscription["id"], item["id"]),
        "period": {"end": span[1], "start": span[0]},
        "pricing": lines.pricing(item["price"], unit),
        "quantity": quantity,
        "quantity_decimal": str(quantity),
    }
    line = lines.new(tx, invoice["id"], amount, invoice["currency"], **fields)
    lines.note_taxes(tx, line["id"], item["tax_rates"])
    return tx.save(lines.LINES, line)
