"""Prorations: what is given back for the rest of a period, and charged for another price in it.

Each is an invoice item that waits for the next invoice, or goes onto one made for it; one for each
thing that goes and one for each that comes (observed). Flexible billing gives back what had been
charged, each charge by itself; classic billing what the item costs as it is (documented).

Amounts include what discounts take off, and discounts find nothing to take off any more; flexible
billing may instead itemize them (documented).
"""

from __future__ import annotations

from typing import Any

from emulator.kit import Doc, Tx
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import invoice_items, lines
from emulator.resources.invoices.invoice_items import INVOICE_ITEMS
from emulator.resources.products.prices import PRICES
from emulator.resources.subscription_invoices import charging_periods, costing, debits, metering
from emulator.resources.subscription_invoices.debits import Debit
from emulator.resources.subscriptions.subscriptions import is_flexible, is_metered, quantity
from emulator.resources.tax.tax_rates import TAX_RATES
from emulator.rules.billing import periods
from emulator.rules.billing.proration import Cost


def credit(tx: Tx, before: Doc, after: Doc, item: Doc, when: int) -> list[Doc]:
    """Give back what an item of a subscription, as it was before a change, has left of its period
    from an instant on.
    """
    if is_metered(item["price"]):
        return []
    found = debits.of_item(tx, item["id"])
    if is_flexible(before):
        made = [_credit_of(tx, after, item, debit, when) for debit in found]
        found = []
    else:
        made = _credit_as_is(tx, before, item, found, when)
    debits.forget(tx, item["id"])
    return [each for each in made if each is not None]


def debit(tx: Tx, subscription: Doc, item: Doc, when: int) -> list[Doc]:
    """Charge for what an item has left of its period from an instant on; for none of it, nothing
    (assumed).
    """
    if is_metered(item["price"]) or not quantity(item):
        return []
    begin, end = _whole_period(subscription, item)
    part = costing.cost(tx, subscription, item).rest(begin, end, when)
    text = f"Remaining time on {_counted(tx, item['price'], item['quantity'])}"
    sold = (item["price"], quantity(item))
    made = _item(tx, subscription, item, sold, part, text, (when, end))
    debits.add_waiting(tx, item, made)
    return [made]


def credit_all(tx: Tx, before: Doc, after: Doc, when: int) -> list[Doc]:
    """Give back the rest of every item's period."""
    items = before["items"]["data"]
    return [made for item in items for made in credit(tx, before, after, item, when)]


def settle_usage(tx: Tx, subscription: Doc, item: Doc) -> None:
    """A metered item goes, or is priced anew: what was used until now is charged as it was priced
    then. Classic billing does not (documented).
    """
    if is_flexible(subscription):
        charge_usage(tx, subscription, item)


def charge_usage(tx: Tx, subscription: Doc, item: Doc) -> None:
    """What was used of a metered item until now waits for the next invoice."""
    if not is_metered(item["price"]):
        return
    span = item["current_period_start"], tx.now
    used, amount = metering.unbilled(tx, subscription, item, span)
    metering.begin_anew(tx, subscription, item)
    if not used and not amount:
        return
    _save(
        tx,
        subscription,
        item,
        amount=amount,
        description=charging_periods.text_of(tx, item["price"], used),
        period={"end": span[1], "start": span[0]},
        pricing=lines.pricing(item["price"], item["price"]["unit_amount_decimal"]),
        quantity=used,
        quantity_decimal=str(used),
    )


# -- inside ---------------------------------------------------------------------------------------


def _credit_of(tx: Tx, after: Doc, item: Doc, debit: Debit, when: int) -> Doc | None:
    """Give back the rest of one charge; None when it is used up."""
    price = tx.find(PRICES, debit.price) or item["price"]
    if debit.end <= when or not debit.quantity:
        return None
    part = debit.cost.rest(debit.begin, debit.end, max(when, debit.begin)).back()
    rates = None
    if debit.rates is not None and not after["automatic_tax"]["enabled"]:
        rates = _rates(tx, debit.rates, after["default_tax_rates"], item["tax_rates"])
    span, sold = (when, debit.end), (price, debit.quantity)
    text = f"Unused time on {_counted(tx, *sold)}"
    return _item(tx, after, item, sold, part, text, span, credited=debit.credited, rates=rates)


def _credit_as_is(
    tx: Tx, before: Doc, item: Doc, charged: list[Debit], when: int
) -> list[Doc | None]:
    """Give back the rest of what an item costs, with the discounts that it had last."""
    if not quantity(item):
        return []
    begin, end = _whole_period(before, item)
    last = charged[-1] if charged else None
    if last is None:
        whole = costing.cost(tx, before, item)
    else:
        whole = costing.cost_as_before(tx, before, item, last.cost)
    part = whole.rest(begin, end, when).back()
    sold, credited = (item["price"], quantity(item)), last.credited if last else None
    text = f"Unused time on {_counted(tx, *sold)}"
    return [_item(tx, before, item, sold, part, text, (when, end), credited=credited)]


def _whole_period(subscription: Doc, item: Doc) -> tuple[int, int]:
    """The period that an item's price is for; its own may be shorter: the first one."""
    rhythm, end = item["price"]["recurring"], int(item["current_period_end"])
    every = rhythm["interval"], rhythm["interval_count"]
    begin = periods.boundary_before(subscription["billing_cycle_anchor"], *every, end - 1)
    return min(begin, item["current_period_start"]), end


def _rates(tx: Tx, bore: list[str], usual: list[Doc], own: list[Doc]) -> list[Doc] | None:
    """The tax rates of a credit are those of the charge; None when they would be the same."""
    now = [rate["id"] for rate in own or usual]
    if bore == now:
        return None
    return [rate for id_ in bore if (rate := tx.find(TAX_RATES, id_))]


def _item(
    tx: Tx,
    subscription: Doc,
    item: Doc,
    sold: tuple[Doc, int],
    part: Cost,
    text: str,
    span: tuple[int, int],
    *,
    credited: Doc | None = None,
    rates: list[Doc] | None = None,
) -> Doc:
    itemized = _itemizes(subscription)
    off = [*part.own.items(), *part.shared.items()]
    made = _save(
        tx,
        subscription,
        item,
        amount=part.amount if itemized else part.net,
        description=f"{text} after {periods.written(span[0])}",
        discountable=False,
        net_amount=part.net,
        period={"end": span[1], "start": span[0]},
        pricing=lines.pricing(sold[0], None),
        proration=True,
        proration_details={
            "credited_items": credited,
            "discount_amounts": [
                {"amount": amount if itemized else 0, "discount": id_} for id_, amount in off
            ],
        },
        quantity=sold[1],
        quantity_decimal=str(sold[1]),
        tax_rates=item["tax_rates"] if rates is None else rates,
    )
    if off:
        lines.note_proration(tx, made["id"], part, itemized=itemized)
    return made


def _save(tx: Tx, subscription: Doc, item: Doc, **fields: Any) -> Doc:
    """An invoice item of a subscription's item, announced."""
    made = tx.new(
        INVOICE_ITEMS,
        currency=subscription["currency"],
        customer=tx.get(CUSTOMERS, subscription["customer"])["id"],
        date=tx.now,
        parent=invoice_items.of_subscription(subscription["id"], item["id"]),
        test_clock=subscription["test_clock"],
        **{"tax_rates": item["tax_rates"], **fields},
    )
    return tx.save(INVOICE_ITEMS, made, event="invoiceitem.created")


def _itemizes(subscription: Doc) -> bool:
    flexible = subscription["billing_mode"]["flexible"] or {}
    return flexible.get("proration_discounts") == "itemized"


def _counted(tx: Tx, price: Doc, count: int) -> str:
    """`Gold`, or `2 × Gold`."""
    name = charging_periods.name_of(tx, price)
    return name if count == 1 else f"{count} × {name}"
