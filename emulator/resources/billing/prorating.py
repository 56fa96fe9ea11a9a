"""Prorations: what is given back for the rest of a period, and charged for another price in it.

Each is an invoice item that waits for the next invoice, or goes onto one made for it. Amounts are
by the second, and include what percentages take off.
"""

from __future__ import annotations

from emulator.kit import Doc, Tx
from emulator.resources.billing import charging_periods
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import invoice_items, lines
from emulator.resources.invoices.invoice_items import INVOICE_ITEMS
from emulator.resources.products import prices
from emulator.resources.subscriptions.subscriptions import is_metered
from emulator.rules.billing import periods, proration


def change(tx: Tx, subscription: Doc, old: Doc | None, new: Doc | None, when: int) -> list[Doc]:
    """The items for going from one item of a subscription to another at an instant. None: it was
    not there before, or is not any more.
    """
    made = []
    if old is not None and not is_metered(old["price"]):
        made.append(_credit(tx, subscription, old, when))
    if new is not None and not is_metered(new["price"]):
        made.append(_debit(tx, subscription, new, when))
    return made


def credit_all(tx: Tx, subscription: Doc) -> list[Doc]:
    """Give back the rest of every item's period."""
    return [
        made
        for item in subscription["items"]["data"]
        for made in change(tx, subscription, item, None, tx.now)
    ]


def _credit(tx: Tx, subscription: Doc, item: Doc, when: int) -> Doc:
    begin, end = item["current_period_start"], item["current_period_end"]
    full = prices.amount(tx, item["price"], item["quantity"] or 0, subscription["currency"])
    billed = charging_periods.net(tx, subscription, item, full)
    amount = -proration.rest(billed, begin, end, when)
    text = f"Unused time on {_counted(tx, item)} after {periods.written(when)}"
    known = tx.hidden(f"{item['id']}/billed")
    credited = None
    if known:
        credited = {
            "invoice_line_item_details": {
                "invoice": known["invoice"],
                "invoice_line_items": [known["line"]],
            },
            "type": "invoice_line_items",
        }
    return _item(tx, subscription, item, amount, text, (when, end), credited)


def _debit(tx: Tx, subscription: Doc, item: Doc, when: int) -> Doc:
    begin, end = item["current_period_start"], item["current_period_end"]
    full = prices.amount(tx, item["price"], item["quantity"] or 0, subscription["currency"])
    asked = charging_periods.net(tx, subscription, item, full)
    amount = proration.rest(asked, begin, end, when)
    text = f"Remaining time on {_counted(tx, item)} after {periods.written(when)}"
    return _item(tx, subscription, item, amount, text, (when, end), None)


def _item(
    tx: Tx,
    subscription: Doc,
    item: Doc,
    amount: int,
    text: str,
    span: tuple[int, int],
    credited: Doc | None,
) -> Doc:
    customer = tx.get(CUSTOMERS, subscription["customer"])
    made = tx.new(
        INVOICE_ITEMS,
        amount=amount,
        currency=subscription["currency"],
        customer=customer["id"],
        date=tx.now,
        description=text,
        discountable=False,
        parent=invoice_items.of_subscription(subscription["id"], item["id"]),
        period={"end": span[1], "start": span[0]},
        pricing=lines.pricing(item["price"], None),
        proration=True,
        proration_details={"credited_items": credited, "discount_amounts": []},
        quantity=item["quantity"],
        quantity_decimal=str(item["quantity"]),
        tax_rates=item["tax_rates"],
        test_clock=subscription["test_clock"],
    )
    return tx.save(INVOICE_ITEMS, made, event="invoiceitem.created")


def _counted(tx: Tx, item: Doc) -> str:
    """`Gold`, or `2 × Gold`."""
    name = charging_periods.name_of(tx, item["price"])
    return name if (item["quantity"] or 1) == 1 else f"{item['quantity']} × {name}"
