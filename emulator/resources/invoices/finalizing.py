"""Finalising: a draft gets its number, its balance is settled, and it asks to be paid.

An invoice that comes to nothing is paid at once; one too small to be charged goes onto the
customer's balance (observed).
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import Refusal, taxing
from emulator.kernel.errors import invoicing as refusals
from emulator.kit import Doc, Tx
from emulator.resources.accounts.state import account_seen
from emulator.resources.customers import clocks, customer_balance
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import crediting, invoices, paying
from emulator.resources.invoices.invoices import INVOICES, reckon
from emulator.resources.products import discounts
from emulator.resources.subscriptions.subscriptions import SUBSCRIPTIONS
from emulator.rules import amounts

_LETTER: Final = frozenset({"CA", "MX", "US"})
_HOST: Final = "http://localhost:12111"


def finalize(tx: Tx, invoice: Doc) -> Doc:
    """Draft to open, and on to paid when nothing is due. The payment is not attempted here."""
    if invoice["status"] != "draft":
        raise refusals.already_finalized()
    crediting.apply(tx, invoice)
    reckon(tx, invoice)
    if invoice["automatic_tax"]["status"] == "requires_location_inputs":
        raise taxing.location_unknown()
    if invoice["amount_due"] > (amounts.minimum(invoice["currency"]) or 0):
        paying.check(tx, invoice)
    _number(tx, invoice)
    _settle_balance(tx, invoice)
    for each in invoice["total_discount_amounts"]:
        if each["amount"]:
            discounts.use(tx, each["discount"])
    invoice |= {
        "automatically_finalizes_at": None,
        "effective_at": invoice["effective_at"] or tx.now,
        **_pages(tx, invoice),
    }
    invoice["status_transitions"]["finalized_at"] = tx.now
    if invoice["rendering"] and (invoice["rendering"]["pdf"] or {}).get("page_size") == "auto":
        size = "letter" if account_seen(tx)["country"] in _LETTER else "a4"
        invoice["rendering"]["pdf"]["page_size"] = size
    if invoice["due_date"] is not None:
        clocks.later(tx, invoice, invoice["due_date"], INVOICES, "fall_due")
    invoice = tx.step(INVOICES, invoice, "open")
    if not invoice["amount_due"]:
        return paying.paid(tx, invoice)
    paying.prepare(tx, invoice)
    return invoice


def schedule(tx: Tx, invoice: Doc) -> None:
    """A draft that advances by itself is finalised in an hour."""
    if not invoice["auto_advance"]:
        invoice["automatically_finalizes_at"] = None
        return
    when = invoice["automatically_finalizes_at"]
    if when is None or when <= tx.now:
        when = tx.now + invoices.FINALIZE_AFTER_SECONDS
    invoice["automatically_finalizes_at"] = when
    clocks.later(tx, invoice, when, INVOICES, "advance")


@INVOICES.job
def advance(tx: Tx, invoice: Doc) -> None:
    """The hour is over: finalise the draft, and collect or send it."""
    when = invoice["automatically_finalizes_at"]
    if invoice["status"] != "draft" or when is None or when > tx.now:
        return
    _drop_tax(tx, invoice)
    try:
        invoice = finalize(tx, invoice)
    except Refusal as refusal:
        _stay_draft(tx, tx.get(INVOICES, invoice["id"]), refusal)
        return
    collect(tx, invoice)


def _drop_tax(tx: Tx, invoice: Doc) -> None:
    """What a subscription bills is not held up by a customer whose place is unknown: from then on
    its tax is not worked out any more (documented).
    """
    id_ = invoices.subscription_of(invoice)
    if id_ is None or not invoice["automatic_tax"]["enabled"]:
        return
    reckon(tx, invoice)
    if invoice["automatic_tax"]["status"] != "requires_location_inputs":
        return
    why = "finalization_requires_location_inputs"
    invoice["automatic_tax"] |= {"disabled_reason": why, "enabled": False, "status": None}
    subscription = tx.get(SUBSCRIPTIONS, id_)
    subscription["automatic_tax"] |= {
        "disabled_reason": "requires_location_inputs",
        "enabled": False,
    }
    tx.save(SUBSCRIPTIONS, subscription, event="customer.subscription.updated")


def _stay_draft(tx: Tx, invoice: Doc, refusal: Refusal) -> None:
    """It cannot be finalised as it is: it says why, and waits to be changed."""
    invoice |= {"automatically_finalizes_at": None, "last_finalization_error": refusal.body()}
    tx.save(INVOICES, invoice, event="invoice.finalization_failed")


def collect(tx: Tx, invoice: Doc) -> Doc:
    """What follows finalising by itself: the payment is attempted, or the invoice is sent."""
    if invoice["status"] != "open":
        return invoice
    if invoice["collection_method"] == "send_invoice":
        tx.emit("invoice.sent", invoice)
        return invoice
    return paying.attempt(tx, invoice)[0]


def _number(tx: Tx, invoice: Doc) -> None:
    """The customer's prefix and their next number."""
    if invoice["number"]:
        return
    customer = tx.get(CUSTOMERS, invoice["customer"])
    invoice["number"], sequence = _next_number(customer)
    customer["next_invoice_sequence"] = sequence + 1
    if customer["currency"] is None:
        customer["currency"] = invoice["currency"]
    tx.save(CUSTOMERS, customer)


def _next_number(customer: Doc) -> tuple[str, int]:
    sequence = customer["next_invoice_sequence"] or 1
    return f"{customer['invoice_prefix']}-{sequence:04d}", sequence


def _provisional(tx: Tx, invoice: Doc) -> Doc | None:
    """The number that a draft is to get, if none is finalised before it."""
    customer = tx.find(CUSTOMERS, invoice["customer"] or "")
    if customer is None or customer.get("deleted"):
        return None
    return {"number": _next_number(customer)[0]}


INVOICES.includes["number"] = _provisional


def _settle_balance(tx: Tx, invoice: Doc) -> None:
    """The customer's balance goes into the invoice, and what cannot be charged back onto it."""
    starting, total = invoice["starting_balance"], invoice["total"]
    least = amounts.minimum(invoice["currency"]) or 0
    ending, kind = 0, "applied_to_invoice"
    if total < 0 or starting + total < 0:
        ending = starting + total
    elif 0 < invoice["amount_due"] < least:
        ending, kind = starting + total, "invoice_too_small"
        invoice |= {"amount_due": 0, "amount_remaining": 0}
    invoice["ending_balance"] = ending
    if ending != starting:
        customer_balance.move(
            tx, invoice["customer"], ending - starting, invoice["currency"], kind, invoice["id"]
        )


def _pages(tx: Tx, invoice: Doc) -> Doc:
    """Where a person sees the invoice and pays it: a page of this server."""
    base = tx.setup.settings.get("base_url", _HOST)
    page = f"{base}/_emulator/invoices/{tx.setup.name}/{invoice['id']}"
    return {"hosted_invoice_url": page, "invoice_pdf": f"{page}/pdf"}
