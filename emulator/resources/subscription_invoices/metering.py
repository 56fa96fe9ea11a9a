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


def bill_so_far(
    tx: Tx, invoice: Doc, subscription: Doc, item: Doc, span: Span, *, with_now: bool = False
) -> list[Doc]:
    """The lines of what was used up to an instant within a period, which goes on. with_now: what
    was used at that instant is among it.
    """
    known = _billed(tx, item, span)
    before = known["quantity"]
    used = max(before, _count(tx, subscription, item, known, span[1] + with_now))
    tx.hide(f"{item['id']}/usage_billed", {**known, "quantity": used})
    part = (known["since"], span[1])
    return charging_periods.add_amounts(tx, invoice, subscription, item, used, part, before=before)


def begin_anew(tx: Tx, subscription: Doc, item: Doc, *, with_now: bool = False) -> None:
    """What was used before now is settled: counting begins again. with_now: what was used at this
    very instant is settled, too.
    """
    known = {"since": tx.now, "quantity": 0, "settled": 0}
    if with_now:
        known["settled"] = _count(tx, subscription, item, known, tx.now + 1)
    tx.hide(f"{item['id']}/usage_billed", known)


def unbilled(tx: Tx, subscription: Doc, item: Doc, span: Span) -> tuple[int, int]:
    """How much was used that nobody billed yet, and what that costs in minor units."""
    known = _billed(tx, item, span)
    before = known["quantity"]
    total = max(before, _count(tx, subscription, item, known, span[1]))
    price, currency = item["price"], subscription["currency"]
    billed = prices.amount(tx, price, before, currency) if before else 0
    return total - before, prices.amount(tx, price, total, currency) - billed


# -- inside ---------------------------------------------------------------------------------------


def _billed(tx: Tx, item: Doc, span: Span) -> Doc:
    """Since when a period's usage is counted, how much of that was billed, and how much of it was
    settled before.
    """
    known = tx.hidden(f"{item['id']}/usage_billed")
    if not known or known["since"] < span[0]:
        return {"since": span[0], "quantity": 0, "settled": 0}
    return known


def _count(tx: Tx, subscription: Doc, item: Doc, known: Doc, end: int) -> int:
    span = (known["since"], end)
    if item["price"]["recurring"]["meter"]:
        used = meters.usage(tx, item["price"], subscription["customer"], span)
    else:
        used = usage_records.total(tx, item, span)
    return used - int(known["settled"])
