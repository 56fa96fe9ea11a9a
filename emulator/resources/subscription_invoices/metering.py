"""Usage on invoices: what a meter, or the records of an item, counted and nobody billed yet.

Usage is billed once a period is over, or before that: when it passes a threshold, when the
subscription ends, when its item goes. Tiers go on counting from what was billed of the period.
"""

from __future__ import annotations

from emulator.kit import Doc, Tx
from emulator.resources.products import prices
from emulator.resources.subscription_invoices import charging_periods
from emulator.resources.usage import meters, usage_records

Span = tuple[int, int]


def bill(tx: Tx, invoice: Doc, subscription: Doc, item: Doc, span: Span) -> list[Doc]:
    """The lines of a period that is over."""
    made = bill_so_far(tx, invoice, subscription, item, span)
    tx.unhide(f"{item['id']}/usage_billed")
    if not item["price"]["recurring"]["meter"]:
        usage_records.note_billed(tx, item, invoice["id"], span)
    return made


def bill_so_far(tx: Tx, invoice: Doc, subscription: Doc, item: Doc, span: Span) -> list[Doc]:
    """The lines of what was used up to an instant within a period, which goes on."""
    begin, before = _billed(tx, item, span)
    used = max(before, _count(tx, subscription, item, (begin, span[1])))
    tx.hide(f"{item['id']}/usage_billed", {"since": begin, "quantity": used})
    part = (begin, span[1])
    return charging_periods.add_amounts(tx, invoice, subscription, item, used, part, before=before)


def begin_anew(tx: Tx, item: Doc) -> None:
    """What was used up to now is settled: counting begins again within the period."""
    tx.hide(f"{item['id']}/usage_billed", {"since": tx.now, "quantity": 0})


def unbilled(tx: Tx, subscription: Doc, item: Doc, span: Span) -> tuple[int, int]:
    """How much was used that nobody billed yet, and what that costs in minor units."""
    begin, before = _billed(tx, item, span)
    total = max(before, _count(tx, subscription, item, (begin, span[1])))
    price, currency = item["price"], subscription["currency"]
    known = prices.amount(tx, price, before, currency) if before else 0
    return total - before, prices.amount(tx, price, total, currency) - known


# -- inside ---------------------------------------------------------------------------------------


def _billed(tx: Tx, item: Doc, span: Span) -> tuple[int, int]:
    """Since when a period's usage is counted, and how much of that was billed."""
    known = tx.hidden(f"{item['id']}/usage_billed")
    if not known or known["since"] < span[0]:
        return span[0], 0
    return known["since"], known["quantity"]


def _count(tx: Tx, subscription: Doc, item: Doc, span: Span) -> int:
    if item["price"]["recurring"]["meter"]:
        return meters.usage(tx, item["price"], subscription["customer"], span)
    return usage_records.total(tx, item, span)
