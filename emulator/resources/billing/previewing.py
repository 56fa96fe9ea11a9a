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
from emulator.resources.billing import (
    changing,
    creating,
    ending,
    previewing_schedules,
    renewing,
)
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
_CHANGES: Final = (
    "billing_cycle_anchor",
    "cancel_at",
    "cancel_at_period_end",
    "default_tax_rates",
    "items",
    "plan",
    "quantity",
    "trial_end",
    "trial_from_plan",
)


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
    params = {**params, **previewing_schedules.named(tx, params)}
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
        shown = invoices.as_preview(invoice)
        _date(shown, params)
        return shown, found


def _date(shown: Doc, params: Params) -> None:
    """A preview of a change says from when it would count."""
    details = params.get("subscription_details") or {}
    about = (shown["parent"] or {}).get("subscription_details")
    if about and details.get("proration_date"):
        about["subscription_proration_date"] = details["proration_date"]


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
    if params.get("schedule_details") or params.get("schedule"):
        subscription = previewing_schedules.scheduled(tx, customer, subscription, params)
        if subscription["status"] == "incomplete":
            return _first_of(tx, subscription)
    if subscription is None:
        return _begun(tx, customer, params) if details.get("items") else _of_items(tx, customer)
    if details.get("cancel_now"):
        return _canceled(tx, subscription, details)
    before = subscription["latest_invoice"]
    if any(details.get(name) is not None for name in _CHANGES):
        changing.update(tx, details, subscription["id"], collects=False)
    subscription = tx.get(SUBSCRIPTIONS, subscription["id"])
    if params.get("preview_mode") == "recurring":
        return renewing.recurring(tx, subscription)
    if subscription["latest_invoice"] not in {before, None}:
        return tx.get(INVOICES, subscription["latest_invoice"])
    return _next(tx, customer, subscription)


def _next(tx: Tx, customer: str, subscription: Doc) -> Doc:
    """What the next period will bring, or what waits where none will come."""
    renewed = None if subscription["status"] in ENDED else renewing.renewed(tx, subscription)
    return renewed or _of_items(tx, customer, subscription)


def _begun(tx: Tx, customer: str, params: Params) -> Doc:
    """The first invoice of a subscription that is not there yet."""
    details = params["subscription_details"]
    sent = {name: value for name, value in details.items() if value is not None}
    sent["customer"] = customer
    if params.get("discounts"):
        sent["discounts"] = params["discounts"]
    if params.get("currency"):
        sent["currency"] = params["currency"]
    if sent.get("start_date"):
        sent["backdate_start_date"] = sent["start_date"]
    anchor = sent.get("billing_cycle_anchor")
    if isinstance(anchor, dict):
        sent["billing_cycle_anchor"] = anchor.get("timestamp")
    made = creating.begin(tx, sent, collects=False)
    if params.get("preview_mode") == "recurring":
        return renewing.recurring(tx, made)
    return _first_of(tx, made)


def _first_of(tx: Tx, subscription: Doc) -> Doc:
    """The first invoice of a subscription; that of its renewal where there is none."""
    if subscription["latest_invoice"]:
        return tx.get(INVOICES, subscription["latest_invoice"])
    return _next(tx, subscription["customer"], subscription)


def _canceled(tx: Tx, subscription: Doc, details: Doc) -> Doc:
    if details.get("proration_behavior") != "none":
        ending.give_back(tx, subscription, details.get("proration_date") or tx.now)
    invoice = ending.last_invoice(tx, subscription)
    if invoice is None:
        raise refusals.no_upcoming(subscription["customer"])
    return invoice


def _of_items(tx: Tx, customer: str, subscription: Doc | None = None) -> Doc:
    """An invoice of what waits, when nothing else is to come."""
    owner = tx.get(CUSTOMERS, customer)
    currency = owner["currency"] or "usd"
    only = subscription["id"] if subscription else None
    found = invoice_items.pending(tx, customer, currency, only)
    if not found:
        raise refusals.no_upcoming(customer)
    invoice = tx.save(INVOICES, invoices.begin(tx, owner, "upcoming", currency))
    invoice_items.take_all(tx, invoice, found)
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
