"""How a subscription ends: canceled at once or later, expired, or with its customer."""

from __future__ import annotations

from emulator.kernel.errors import billing as refusals
from emulator.kit import Doc, Params, Tx
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import finalizing, invoice_items, invoicing
from emulator.resources.invoices.invoices import INVOICES, subscription_of
from emulator.resources.products import discounts
from emulator.resources.subscription_invoices import charging_periods, metering, prorating
from emulator.resources.subscriptions import subscriptions
from emulator.resources.subscriptions.subscriptions import (
    ENDED,
    SUBSCRIPTIONS,
    keep,
    of_customer,
    use,
)


@SUBSCRIPTIONS.on("DELETE /v1/subscriptions/{subscription_exposed_id}")
def cancel(tx: Tx, params: Params, id_: str) -> Doc:
    tx, subscription = use(tx, id_)
    if subscription["status"] in ENDED:
        raise tx.missing(SUBSCRIPTIONS, id_)
    details = params.get("cancellation_details") or {}
    subscription["cancellation_details"] |= {k: v for k, v in details.items() if v is not None}
    if params.get("at_period_end"):
        check_unmanaged(subscription, params)
        _, end_ = subscriptions.period(subscription)
        subscription |= {"cancel_at": end_, "cancel_at_period_end": True, "canceled_at": tx.now}
        return keep(tx, subscription, event="customer.subscription.updated")
    if params.get("prorate"):
        give_back(tx, subscription, tx.now)
    invoice = last_invoice(tx, subscription) if params.get("invoice_now") else None
    if invoice is not None:
        finalizing.collect(tx, finalizing.finalize(tx, invoice))
        subscription = tx.get(SUBSCRIPTIONS, id_) | {
            "cancellation_details": subscription["cancellation_details"]
        }
    if subscription["schedule"]:
        subscription["cancel_at"] = None  # observed
    return end(tx, subscription)


@SUBSCRIPTIONS.on("DELETE /v1/customers/{customer}/subscriptions/{subscription_exposed_id}")
def cancel_of_customer(tx: Tx, params: Params, customer: str, id_: str) -> Doc:
    if of_customer(tx, customer, id_)["status"] in ENDED:
        raise refusals.no_subscription_of(customer, id_)
    return cancel(tx, params, id_)


@SUBSCRIPTIONS.on("DELETE /v1/subscriptions/{subscription_exposed_id}/discount")
def delete_discount(tx: Tx, _params: Params, id_: str) -> Doc:
    tx, subscription = use(tx, id_)
    if not subscription["discounts"]:
        raise tx.missing(discounts.DISCOUNTS, id_)
    gone = discounts.end(tx, subscription["discounts"][0])
    subscription["discounts"] = subscription["discounts"][1:]
    keep(tx, subscription, event="customer.subscription.updated")
    return gone


@SUBSCRIPTIONS.on(
    "DELETE /v1/customers/{customer}/subscriptions/{subscription_exposed_id}/discount"
)
def delete_discount_of_customer(tx: Tx, params: Params, customer: str, id_: str) -> Doc:
    of_customer(tx, customer, id_)
    return delete_discount(tx, params, id_)


def end(tx: Tx, subscription: Doc, reason: str = "cancellation_requested") -> Doc:
    """It is canceled, and told so. What was to be invoiced for it is forgotten."""
    details = subscription["cancellation_details"]
    details["reason"] = details["reason"] or reason
    subscription |= {
        "canceled_at": subscription["canceled_at"] or tx.now,
        "ended_at": tx.now,
        "status": "canceled",
    }
    latest = tx.find(INVOICES, subscription["latest_invoice"] or "")
    if latest and latest["status"] in {"draft", "open"} and latest["auto_advance"]:
        tx.save(INVOICES, latest | {"auto_advance": False, "next_payment_attempt": None})
    ended = keep(tx, subscription, event="customer.subscription.deleted")
    SUBSCRIPTIONS.tell(tx, "ended", ended)
    return ended


def expire(tx: Tx, subscription: Doc) -> Doc:
    """The first payment never came."""
    subscription |= {"ended_at": tx.now, "status": "incomplete_expired"}
    expired = keep(tx, subscription, event="customer.subscription.updated")
    SUBSCRIPTIONS.tell(tx, "ended", expired)
    return expired


def check_unmanaged(subscription: Doc, params: Params) -> None:
    """A schedule says when its subscription ends; a request cannot, not even the usual
    (observed; what it means to send what is so already is assumed).
    """
    said = any(name in params for name in ("at_period_end", "cancel_at", "cancel_at_period_end"))
    if said and subscription["schedule"] and subscription["status"] not in ENDED:
        raise refusals.managed_by_schedule(subscription["schedule"])


def void_invoice(tx: Tx, invoice: Doc) -> Doc:
    return invoicing.nullify(tx, invoice)


def give_invoice_up(tx: Tx, invoice: Doc) -> Doc:
    return invoicing.give_up(tx, invoice)


def give_back(tx: Tx, subscription: Doc, when: int) -> None:
    """Credit the rest of the periods; a trial has cost nothing."""
    if subscription["status"] != "trialing":
        prorating.credit_all(tx, subscription, subscription, when)


def last_invoice(tx: Tx, subscription: Doc) -> Doc | None:
    """The draft of what is owed up to the cancelation; None when nothing is (assumed)."""
    begin, _ = subscriptions.period(subscription)
    invoice = charging_periods.begin(tx, subscription, "subscription_update", (begin, tx.now))
    charging_periods.take_waiting(tx, invoice, subscription)
    for item in subscription["items"]["data"]:
        if subscriptions.is_metered(item["price"]):
            metering.bill(tx, invoice, subscription, item, (item["current_period_start"], tx.now))
    invoice = charging_periods.reckoned(tx, invoice)
    if not invoice["lines"]["data"]:
        tx.delete(INVOICES, invoice)
        return None
    return charging_periods.announce(tx, subscription, invoice)


# -- what follows from other things ---------------------------------------------------------------


@INVOICES.when("void")
def _voided(tx: Tx, invoice: Doc) -> None:
    """Without its first invoice a subscription never begins; a later one is owed no more."""
    subscription = tx.find(SUBSCRIPTIONS, subscription_of(invoice) or "")
    if subscription is None:
        return
    if subscription["status"] == "incomplete":
        expire(tx, subscription)
    elif subscription["status"] == "past_due" and subscription["latest_invoice"] == invoice["id"]:
        keep(tx, subscription | {"status": "active"}, event="customer.subscription.updated")


@CUSTOMERS.when("deleted")
def _of_deleted(tx: Tx, customer: Doc) -> None:
    """Nobody is left to bill: subscriptions end at once, what waited is dropped."""
    for subscription in list(tx.all(SUBSCRIPTIONS, customer=customer["id"])):
        if subscription["status"] not in ENDED:
            end(tx, subscription)
    for item in list(tx.all(invoice_items.INVOICE_ITEMS, customer=customer["id"])):
        if item["invoice"] is None:
            tx.delete(invoice_items.INVOICE_ITEMS, item, event="invoiceitem.deleted")
