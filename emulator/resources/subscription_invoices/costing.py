"""What an item of a subscription costs for a whole period, and what discounts take off that.

A discount of so much for all items falls on each alike in classic billing, by its share in flexible
billing (documented).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from emulator.kernel.currency import share
from emulator.kit import Doc, Tx
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import lines
from emulator.resources.products import discounts, prices
from emulator.resources.subscriptions.subscriptions import is_flexible, is_metered, quantity
from emulator.rules.billing import totals
from emulator.rules.billing.proration import Cost
from emulator.rules.billing.totals import Deduction


def gross(tx: Tx, subscription: Doc, item: Doc) -> int:
    """Before discounts; what is metered costs nothing in advance."""
    if is_metered(item["price"]):
        return 0
    return prices.amount(tx, item["price"], quantity(item), subscription["currency"])


def cost(tx: Tx, subscription: Doc, item: Doc) -> Cost:
    """With the discounts that would be taken off it now, among all items of the subscription."""
    shared = live_discounts(tx, subscription)
    return _reduced(tx, subscription, item, discounts.live(tx, item["discounts"]), shared)


def cost_as_before(tx: Tx, subscription: Doc, item: Doc, before: Cost) -> Cost:
    """What it costs now with the discounts that were taken off it last: by these classic billing
    credits (documented).
    """
    return _reduced(tx, subscription, item, list(before.own), list(before.shared))


def live_discounts(tx: Tx, subscription: Doc) -> list[str]:
    """The discounts an invoice begins with: the subscription's, else the customer's."""
    own, customer = subscription["discounts"], tx.get(CUSTOMERS, subscription["customer"])
    theirs = [customer["discount"]["id"]] if customer.get("discount") else []
    return [id_ for id_ in discounts.live(tx, own or theirs) if not discounts.spent(tx, id_)]


# -- inside ---------------------------------------------------------------------------------------


def _reduced(tx: Tx, subscription: Doc, item: Doc, own: list[str], shared: list[str]) -> Cost:
    currency, items = subscription["currency"], subscription["items"]["data"]
    together = lines.deductions(tx, shared, currency)
    place = _place(tx, subscription, item, own)
    places = [place]
    if is_flexible(subscription):
        places = [
            place
            if each["id"] == item["id"]
            else _place(tx, subscription, each, discounts.live(tx, each["discounts"]))
            for each in items
        ]
    else:
        together = [_alike(each, items) for each in together]
    totals.compute(places, together)
    found = {id_: amount for id_, amount in place.discounts.items() if amount}
    return Cost(
        place.amount,
        {id_: amount for id_, amount in found.items() if id_ in own},
        {id_: amount for id_, amount in found.items() if id_ not in own},
    )


def _place(tx: Tx, subscription: Doc, item: Doc, own: list[str]) -> totals.Position:
    return totals.Position(
        gross(tx, subscription, item),
        item["price"]["product"],
        own=lines.deductions(tx, own, subscription["currency"]),
    )


def _alike(deduction: Deduction, items: Sequence[Doc]) -> Deduction:
    """The same part of a discount for each item it is for."""
    if deduction.percent is not None:
        return deduction
    only = deduction.products
    meant = [each for each in items if only is None or each["price"]["product"] in only]
    return replace(deduction, amount=share(deduction.amount, 1, max(1, len(meant))))
