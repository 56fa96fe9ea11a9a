"""Lines of invoices: what each is for, what it costs, what is taken off and added to it.

A line of a subscription's period has `subscription_item_details` as its parent; one that was an
invoice item first has `invoice_item_details`, or both when the item is a proration.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from emulator.contract.blanks import blank
from emulator.kit import Doc, Resource, Tx, envelope
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.products import coupons, discounts
from emulator.resources.products.prices import PRICES, plan_of
from emulator.resources.tax import assessing
from emulator.resources.tax.assessing import Assessor
from emulator.resources.tax.tax_rates import TAX_RATES
from emulator.rules.billing import totals
from emulator.rules.billing.proration import Cost

LINES: Final = Resource("line_item", prefix="il", filters=("invoice",))
_INLINE: Final = 10
_CREDIT: Final = "credit_balance_transaction"


def new(tx: Tx, invoice: str, amount: int, currency: str, **fields: Any) -> Doc:
    """A new line; not saved. fields: description, period, quantity, pricing, …"""
    line = tx.new(LINES, amount=amount, currency=currency, invoice=invoice, subtotal=amount)
    return line | fields


def pricing(price: Doc | None, unit: str | None) -> Doc | None:
    """`pricing` of a line or an invoice item."""
    if price is None:
        return None
    details = {"price": price["id"], "product": price["product"]}
    return {"price_details": details, "type": "price_details", "unit_amount_decimal": unit}


def of_subscription(subscription: str, item: str, **more: Any) -> Doc:
    """`parent` of a line of a subscription's item."""
    details = blank("line_item.subscription_item_details")
    details |= {"subscription": subscription, "subscription_item": item, **more}
    return {
        "invoice_item_details": None,
        "subscription_item_details": details,
        "type": "subscription_item_details",
    }


def of_invoice_item(item: Doc) -> Doc:
    """`parent` of a line that was an invoice item."""
    details = blank("line_item.invoice_item_details")
    parent = (item["parent"] or {}).get("subscription_details") or {}
    details |= {
        "invoice_item": item["id"],
        "proration": item["proration"],
        "subscription": parent.get("subscription"),
    }
    return {
        "invoice_item_details": details,
        "subscription_item_details": None,
        "type": "invoice_item_details",
    }


def of_invoice(tx: Tx, invoice: str) -> list[Doc]:
    """All lines of an invoice, in the order they are shown."""
    return list(tx.all(LINES, invoice=invoice))[::-1]


def inline(tx: Tx, invoice: str) -> Doc:
    """`lines` of an invoice: its first ten."""
    found = envelope(tx, LINES, f"/v1/invoices/{invoice}/lines", 0, invoice=invoice)
    whole = of_invoice(tx, invoice)
    return {**found, "data": whole[:_INLINE], "has_more": len(whole) > _INLINE}


def reckon(tx: Tx, invoice: Doc) -> int:
    """Work out discounts and taxes of an invoice and its lines, and its totals; the lines are
    saved, the invoice is not. Returns the total in minor units.
    """
    found = of_invoice(tx, invoice["id"])
    assessor = _assessor(tx, invoice)
    positions = [position(tx, line, invoice["default_tax_rates"], assessor) for line in found]
    taken_off = deductions(tx, invoice["discounts"], invoice["currency"])
    exempt = invoice["customer_tax_exempt"] in {"exempt", "reverse"}
    sums = totals.compute(positions, taken_off, exempt=exempt)
    paid = []
    for line, place in zip(found, positions, strict=True):
        apply(line, place)
        _show_included(line, tx.hidden(f"{line['id']}/proration"))
        shown = [{**each, "type": _CREDIT} for each in credits_of(tx, line["id"])]
        line["pretax_credit_amounts"] += shown
        paid += shown
        tx.save(LINES, line)
    apply_totals(invoice, sums)
    invoice["total_pretax_credit_amounts"] += paid
    return sums.total


def position(
    tx: Tx, line: Doc, usual: list[Doc], assessor: Assessor | None = None
) -> totals.Position:
    """A line as the sums see it. usual: the tax rates of lines that name none. assessor: who works
    them out instead, where tax is automatic.
    """
    details = (line["pricing"] or {}).get("price_details") or {}
    note = tx.hidden(line["id"])
    if assessor is not None:
        rates = assessor.rates(_price(tx, line), line["currency"], note)
    else:
        named = note.get("tax_rates") or [rate["id"] for rate in usual]
        rates = [_rate(rate) for id_ in named if (rate := tx.find(TAX_RATES, id_))]
    prorated = tx.hidden(f"{line['id']}/proration")
    return totals.Position(
        line["amount"],
        details.get("product"),
        discountable=line["discountable"],
        own=deductions(tx, line["discounts"], line["currency"]),
        rates=rates,
        given=_as_cost(prorated) if prorated.get("itemized") else None,
        credit=sum(each["amount"] for each in credits_of(tx, line["id"])),
    )


def note_credits(tx: Tx, line: str, taken: list[Doc]) -> None:
    """Keep beside a line what billing credits pay of it: {amount, credit_balance_transaction}."""
    tx.hide(f"{line}/credits", {"taken": taken})


def credits_of(tx: Tx, line: str) -> list[Doc]:
    """What billing credits pay of a line."""
    return list(tx.hidden(f"{line}/credits").get("taken", ()))


def note_taxes(tx: Tx, line: str, rates: list[Doc], **taxing: Any) -> None:
    """Keep beside a line how it alone is taxed. taxing: `tax_behavior`, `tax_code`."""
    named = {"tax_rates": [rate["id"] for rate in rates]} if rates else {}
    said = {name: value for name, value in taxing.items() if value}
    if named or said or tx.hidden(line):
        tx.hide(line, {**named, **said})


def note_proration(tx: Tx, id_: str, cost: Cost, *, itemized: bool) -> None:
    """Keep beside a proration, or the line it became, what it comes to without discounts and what
    these take off. itemized: whether its amount is without them, too.
    """
    sums = {"amount": cost.amount, "own": dict(cost.own), "shared": dict(cost.shared)}
    tx.hide(f"{id_}/proration", {**sums, "itemized": itemized})


def prorated(tx: Tx, id_: str) -> Cost | None:
    """What was kept beside a proration, or its line."""
    kept = tx.hidden(f"{id_}/proration")
    return _as_cost(kept) if kept else None


def pass_proration(tx: Tx, item: str, line: str) -> None:
    """An item became a line, which keeps the same."""
    kept = tx.hidden(f"{item}/proration")
    if kept:
        tx.hide(f"{line}/proration", kept)


def _as_cost(kept: Doc) -> Cost:
    return Cost(kept["amount"], kept["own"], kept["shared"])


def _show_included(line: Doc, prorated: Doc) -> None:
    """A proration that includes its discounts names those of all, with nothing (documented)."""
    if prorated and not prorated["itemized"]:
        line["discount_amounts"] = [{"amount": 0, "discount": id_} for id_ in prorated["shared"]]


def _assessor(tx: Tx, invoice: Doc) -> Assessor | None:
    """Who works out the automatic tax of an invoice, which says whether it could be."""
    automatic = invoice["automatic_tax"]
    if not automatic["enabled"]:
        return None
    customer = tx.find(CUSTOMERS, invoice["customer"]) if invoice["customer"] else None
    found = assessing.assessor(tx, automatic, assessing.buyer_of(tx, customer))
    automatic["status"] = "complete" if found else "requires_location_inputs"
    return found


def deductions(tx: Tx, ids: list[str], currency: str) -> list[totals.Deduction]:
    """Discounts as the sums see them; one in another currency takes nothing off."""
    found = []
    for id_ in ids:
        coupon = discounts.coupon_of(tx, id_)
        products = coupons.products_of(tx, coupon)
        only = frozenset(products) if products else None
        if coupon["percent_off"] is not None:
            percent = Decimal(str(coupon["percent_off"]))
            found.append(totals.Deduction(id_, percent=percent, products=only))
        elif (amount := coupons.amount_in(tx, coupon, currency)) is not None:
            found.append(totals.Deduction(id_, amount=amount, products=only))
    return found


def apply(line: Doc, place: totals.Position) -> None:
    """Put what the sums found onto a line."""
    line["discount_amounts"] = [
        {"amount": amount, "discount": id_} for id_, amount in place.discounts.items()
    ]
    line["pretax_credit_amounts"] = [
        {"amount": amount, "discount": id_, "type": "discount"}
        for id_, amount in place.discounts.items()
    ]
    line["taxes"] = [tax(*each) for each in place.taxes]


def apply_totals(invoice: Doc, sums: totals.Totals) -> None:
    """Put the sums onto an invoice."""
    off = [{"amount": amount, "discount": id_} for id_, amount in sums.discounts.items()]
    invoice |= {
        "subtotal": sums.subtotal,
        "subtotal_excluding_tax": sums.subtotal_excluding_tax,
        "total": sums.total,
        "total_discount_amounts": off,
        "total_excluding_tax": sums.total_excluding_tax,
        "total_pretax_credit_amounts": [{**each, "type": "discount"} for each in off],
        "total_taxes": [tax(*each) for each in sums.taxes],
    }


def tax(rate: totals.Rate, amount: int, taxable: int) -> Doc:
    """One tax as lines and invoices show it."""
    return {
        "amount": amount,
        "tax_behavior": "inclusive" if rate.inclusive else "exclusive",
        "tax_rate_details": {"tax_rate": rate.id},
        "taxability_reason": rate.reason,
        "taxable_amount": taxable,
        "type": "tax_rate_details",
    }


def _rate(rate: Doc) -> totals.Rate:
    return totals.Rate(rate["id"], Decimal(str(rate["percentage"])), rate["inclusive"])


def _price(tx: Tx, line: Doc) -> Doc | None:
    details = (line.get("pricing") or {}).get("price_details") or {}
    name = details.get("price")
    return name if isinstance(name, dict) else tx.find(PRICES, name or "")


def _plan(tx: Tx, line: Doc) -> Doc | None:
    price = _price(tx, line)
    return plan_of(price) if price and price["type"] == "recurring" else None


def _rates(tx: Tx, line: Doc) -> list[Doc]:
    named = tx.hidden(line["id"]).get("tax_rates") or []
    return [rate for id_ in named if (rate := tx.find(TAX_RATES, id_))]


PRICED: Final[dict[str, Any]] = {"price": _price, "plan": _plan}
LINES.includes |= {**PRICED, "tax_rates": _rates}
