"""Previews: what an invoice would be. Everything is done in a rehearsal, as it would be done, and
nothing of it is kept.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from emulator.kernel.errors import invoicing as refusals
from emulator.kernel.errors import objects
from emulator.kernel.errors import params as param_refusals
from emulator.kit import Doc, Page, Params, Tx, cut
from emulator.kit.editing import edit
from emulator.resources.billing import changing, creating, ending, renewing
from emulator.resources.customers import clocks
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import crediting, invoice_items, invoices, lines
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.products import discounts
from emulator.resources.subscriptions import subscriptions
from emulator.resources.subscriptions.subscriptions import ENDED, SUBSCRIPTIONS
from emulator.resources.tax import tax_ids

# What the newest shape says of a subscription, and what GET /v1/invoices/upcoming called it.
_OLD_NAMES: Final = {
    "subscription_billing_cycle_anchor": "billing_cycle_anchor",
    "subscription_cancel_at": "cancel_at",
    "subscription_cancel_at_period_end": "cancel_at_period_end",
    "subscription_cancel_now": "cancel_now",
    "subscription_default_tax_rates": "default_tax_rates",
    "subscription_items": "items",
    "subscription_plan": "plan",
    "subscription_proration_behavior": "proration_behavior",
    "subscription_proration_date": "proration_date",
    "subscription_quantity": "quantity",
    "subscription_resume_at": "resume_at",
    "subscription_trial_end": "trial_end",
    "subscription_trial_from_plan": "trial_from_plan",
}
_CHANGES: Final = ("items", "plan", "quantity", "trial_end", "billing_cycle_anchor")


@INVOICES.on("POST /v1/invoices/create_preview")
def preview(tx: Tx, params: Params) -> Doc:
    return _shown(tx, params)[0]


@INVOICES.on("GET /v1/invoices/upcoming")
def upcoming(tx: Tx, params: Params) -> Doc:
    return _shown(tx, _renamed(params))[0]


@INVOICES.on("GET /v1/invoices/upcoming/lines")
def upcoming_lines(tx: Tx, params: Params) -> Page:
    """Lines of a preview keep their ids from one request to the next, so that they can be paged."""
    found = _shown(tx, _renamed(params))[1]
    return cut(found, params, lines.LINES.name, partial(objects.no_such, lines.LINES.kind))


def _renamed(params: Params) -> Params:
    details = {new: params[old] for old, new in _OLD_NAMES.items() if old in params}
    for name in ("trial_end", "cancel_at"):
        given = str(details.get(name, 0))
        if not given.isdigit() and (name, given) != ("trial_end", "now"):
            raise param_refusals.invalid_integer(f"subscription_{name}", given)
    if isinstance(details.get("billing_cycle_anchor"), str):
        details["billing_cycle_anchor"] = {"type": details["billing_cycle_anchor"]}
    newer = params.get("subscription_details") or {}
    sent = {name: value for name, value in params.items() if name not in _OLD_NAMES}
    return {**sent, "subscription_details": {**details, **newer}}


def _shown(tx: Tx, params: Params) -> tuple[Doc, list[Doc]]:
    """The invoice that would come, and all its lines."""
    subscription = _subscription(tx, params)
    customer = params.get("customer") or (subscription or {}).get("customer")
    if customer:
        tx.get(CUSTOMERS, customer, param="customer")
        tx = clocks.of_customer(tx, customer)
    elif not params.get("customer_details"):
        raise refusals.cannot_preview()
    with tx.rehearsal():
        customer = _told(tx, customer, params.get("customer_details") or {})
        for given in params.get("invoice_items") or []:
            _wait(tx, customer, given)
        invoice = _made(tx, customer, subscription, params)
        if params.get("discounts"):
            _reduce(tx, invoice, params)
        if params.get("automatic_tax"):
            invoice["automatic_tax"] = invoices.automatic_tax(params["automatic_tax"])
            invoice.update(tx.save(INVOICES, invoices.reckon(tx, invoice)))
        if invoice["status"] == "draft":
            crediting.apply(tx, invoice)
            invoice.update(tx.save(INVOICES, invoices.reckon(tx, invoice)))
        found = lines.of_invoice(tx, invoice["id"])
        return invoices.as_preview(invoice), found


def _told(tx: Tx, customer: str | None, details: Doc) -> str:
    """The customer a preview is for, with what it says of them; somebody new when it names none."""
    owner = tx.get(CUSTOMERS, customer) if customer else tx.new(CUSTOMERS)
    edit(owner, details, ("address", "shipping", "tax_exempt"))
    tx.save(CUSTOMERS, owner)
    for each in details.get("tax_ids") or []:
        tax_ids.make(tx, each, owner["id"])
    return str(owner["id"])


def _made(tx: Tx, customer: str, subscription: Doc | None, params: Params) -> Doc:
    details = params.get("subscription_details") or {}
    if subscription is None:
        if details.get("items"):
            return _begun(tx, customer, params, details)
        return _of_items(tx, customer)
    if details.get("cancel_now"):
        return _canceled(tx, subscription, details)
    if any(details.get(name) is not None for name in _CHANGES):
        changed = _changed(tx, subscription, details)
        if changed is not None:
            return changed
    subscription = tx.get(SUBSCRIPTIONS, subscription["id"])
    if subscription["cancel_at"] or subscription["status"] in ENDED:
        return _of_items(tx, customer, subscription)
    return renewing.renewed(tx, subscription)


def _begun(tx: Tx, customer: str, params: Params, details: Doc) -> Doc:
    """The first invoice of a subscription that is not there yet."""
    sent = {name: value for name, value in details.items() if value is not None}
    sent |= {"customer": customer, "payment_behavior": "default_incomplete"}
    if params.get("discounts"):
        sent["discounts"] = params["discounts"]
    made = creating.begin(tx, sent)
    return tx.get(INVOICES, made["latest_invoice"])


def _changed(tx: Tx, subscription: Doc, details: Doc) -> Doc | None:
    """The invoice of a change, when it is billed at once; else the change waits for the next."""
    before = subscription["latest_invoice"]
    sent = {**details, "payment_behavior": "default_incomplete"}
    after = changing.update(tx, sent, subscription["id"])
    if after["latest_invoice"] == before:
        return None
    return tx.get(INVOICES, after["latest_invoice"])


def _canceled(tx: Tx, subscription: Doc, details: Doc) -> Doc:
    prorate = details.get("proration_behavior") != "none"
    ending.cancel(tx, {"invoice_now": True, "prorate": prorate}, subscription["id"])
    return tx.get(INVOICES, tx.get(SUBSCRIPTIONS, subscription["id"])["latest_invoice"])


def _of_items(tx: Tx, customer: str, subscription: Doc | None = None) -> Doc:
    """An invoice of what waits, when nothing else is to come."""
    owner = tx.get(CUSTOMERS, customer)
    currency = owner["currency"] or "usd"
    only = subscription["id"] if subscription else None
    found = invoice_items.pending(tx, customer, currency, only)
    if not found:
        raise refusals.no_upcoming(customer)
    invoice = tx.save(INVOICES, invoices.begin(tx, owner, "upcoming", currency))
    for item in found:
        invoice_items.take(tx, invoice, item)
    return tx.save(INVOICES, invoices.reckon(tx, invoice))


def _wait(tx: Tx, customer: str, given: Doc) -> None:
    """An item that a request adds to the preview."""
    if given.get("invoiceitem"):
        return
    sent = {k: v for k, v in given.items() if k != "price"}
    if given.get("price"):
        sent["pricing"] = {"price": given["price"]}
    made = invoice_items.make(tx, tx.get(CUSTOMERS, customer), sent)
    tx.save(invoice_items.INVOICE_ITEMS, made)


def _reduce(tx: Tx, invoice: Doc, params: Params) -> None:
    """Discounts that the preview is asked with."""
    invoice["discounts"] = discounts.make_all(
        tx, params["discounts"], customer=invoice["customer"], invoice=invoice["id"]
    )
    invoice.update(tx.save(INVOICES, invoices.reckon(tx, invoice)))


def _subscription(tx: Tx, params: Params) -> Doc | None:
    """The subscription a preview is of: the one named, or the customer's that renews next."""
    if params.get("subscription"):
        return tx.get(SUBSCRIPTIONS, params["subscription"], param="subscription")
    if (params.get("subscription_details") or {}).get("items"):
        return None
    found = [
        each
        for each in tx.all(SUBSCRIPTIONS, customer=params.get("customer") or "")
        if each["status"] not in {*ENDED, "incomplete", "paused"} and not each["cancel_at"]
    ]
    return min(found, key=lambda each: subscriptions.period(each)[1], default=None)
