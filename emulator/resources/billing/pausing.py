"""How a subscription is paused and resumed, and how it moves to flexible billing.

One that is resumed stays paused until its resumption invoice is paid or given up; if that is not
paid in time, it is void, and the subscription is still paused (documented).
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import billing as refusals
from emulator.kit import Doc, Params, Tx
from emulator.resources.billing import ending, renewing
from emulator.resources.customers import clocks
from emulator.resources.invoices import finalizing
from emulator.resources.invoices.invoices import INVOICES, subscription_of
from emulator.resources.subscription_invoices import (
    charging_periods,
    debits,
    metering,
    prorating,
)
from emulator.resources.subscriptions import billing_modes, subscriptions
from emulator.resources.subscriptions.subscriptions import (
    SUBSCRIPTIONS,
    is_metered,
    keep,
    use,
)
from emulator.rules.billing import dunning, periods

_RUNNING: Final = ("active", "past_due", "trialing")


@SUBSCRIPTIONS.on("POST /v1/subscriptions/{subscription}/pause")
def pause(tx: Tx, params: Params, id_: str) -> Doc:
    tx, subscription = use(tx, id_)
    if subscription["status"] not in _RUNNING:
        raise refusals.not_running(subscription["status"])
    bill_for = params.get("bill_for") or {}
    if subscription["status"] != "trialing":
        _give_back(tx, subscription, (bill_for.get("unused_time_from") or {}).get("type"))
        if (bill_for.get("outstanding_usage_through") or {}).get("type") == "now":
            for item in subscription["items"]["data"]:
                prorating.charge_usage(tx, subscription, item)
    if params.get("invoicing_behavior") == "invoice":
        invoice = _invoice(tx, subscription, "subscription_update")
        if invoice is not None:
            finalizing.collect(tx, finalizing.finalize(tx, invoice))
    subscription = tx.get(SUBSCRIPTIONS, id_) | {"status": "paused"}
    return keep(tx, subscription, event="customer.subscription.paused")


@SUBSCRIPTIONS.on("POST /v1/subscriptions/{subscription}/resume")
def resume(tx: Tx, params: Params, id_: str) -> Doc:
    tx, subscription = use(tx, id_)
    if subscription["status"] != "paused":
        raise refusals.not_paused()
    if subscription["collection_method"] != "charge_automatically":
        raise refusals.resumes_automatic_alone()
    anchor = (params.get("billing_cycle_anchor") or {}).get("type") or "now"
    _retime(tx, subscription, restarts=anchor == "now")
    invoice = None
    if anchor == "now":
        keep(tx, subscription)
        invoice = _invoice(tx, subscription, "subscription_update", periods_too=True)
    elif params.get("proration_behavior") != "none":
        _charge_rest(tx, subscription, params.get("proration_date") or tx.now)
        keep(tx, subscription)
        if params.get("proration_behavior") == "always_invoice":
            invoice = _invoice(tx, subscription, "subscription_update")
    else:
        keep(tx, subscription)
    subscription = tx.get(SUBSCRIPTIONS, id_)
    if invoice is None:
        return _resumed(tx, subscription)
    expires = tx.now + dunning.incomplete_seconds()
    subscriptions.note(tx, id_, resumption=invoice["id"])
    clocks.later(tx, subscription, expires, SUBSCRIPTIONS, "expire_resumption")
    finalizing.collect(tx, finalizing.finalize(tx, invoice))
    return tx.get(SUBSCRIPTIONS, id_)


@SUBSCRIPTIONS.on("POST /v1/subscriptions/{subscription}/migrate")
def migrate(tx: Tx, params: Params, id_: str) -> Doc:
    tx, subscription = use(tx, id_)
    mode = billing_modes.of(tx, params["billing_mode"])
    before = subscription["billing_mode"]["flexible"] or {}
    if before.get("proration_discounts") == "itemized" != mode["flexible"]["proration_discounts"]:
        raise refusals.itemized_for_good()
    subscription["billing_mode"] = mode
    return keep(tx, subscription, event="customer.subscription.updated")


# -- what follows from its invoice ----------------------------------------------------------------


@INVOICES.when("paid", "uncollectible")
def _settled(tx: Tx, invoice: Doc) -> None:
    """The resumption invoice is done with: the subscription runs."""
    subscription = _resuming(tx, invoice)
    if subscription is not None:
        _resumed(tx, subscription)


@INVOICES.when("void")
def _voided(tx: Tx, invoice: Doc) -> None:
    """Nobody paid: it stays paused."""
    subscription = _resuming(tx, invoice)
    if subscription is not None:
        subscriptions.note(tx, subscription["id"], resumption=None)


@SUBSCRIPTIONS.job
def expire_resumption(tx: Tx, subscription: Doc) -> None:
    """Nobody paid for it to be resumed within 23 hours (assumed to be as for other invoices)."""
    id_ = subscriptions.notes(tx, subscription["id"]).get("resumption")
    invoice = tx.find(INVOICES, id_ or "")
    if invoice is not None and invoice["status"] == "open":
        ending.void_invoice(tx, invoice)


# -- inside ---------------------------------------------------------------------------------------


def _resuming(tx: Tx, invoice: Doc) -> Doc | None:
    """The subscription that an invoice is to resume."""
    subscription = tx.find(SUBSCRIPTIONS, subscription_of(invoice) or "")
    if subscription is None or subscription["status"] != "paused":
        return None
    resumption = subscriptions.notes(tx, subscription["id"]).get("resumption")
    return subscription if resumption == invoice["id"] else None


def _resumed(tx: Tx, subscription: Doc) -> Doc:
    subscriptions.note(tx, subscription["id"], resumption=None)
    resumed = subscription | {"status": "active"}
    resumed = keep(tx, resumed, event="customer.subscription.resumed")
    renewing.plan(tx, resumed)
    return resumed


def _give_back(tx: Tx, subscription: Doc, since: str | None) -> None:
    """Credit what is unused from now on, or all that was charged for the period."""
    if since == "now":
        prorating.credit_all(tx, subscription, subscription, tx.now)
    elif since == "item_current_period_start":
        for item in subscription["items"]["data"]:
            begin = item["current_period_start"]
            prorating.credit(tx, subscription, subscription, item, begin)


def _retime(tx: Tx, subscription: Doc, *, restarts: bool) -> None:
    """A new cycle from now on, or the one that runs by the old anchor."""
    if restarts:
        subscription["billing_cycle_anchor"] = tx.now
    anchor = subscription["billing_cycle_anchor"]
    for item in subscription["items"]["data"]:
        rhythm = item["price"]["recurring"]
        every = rhythm["interval"], rhythm["interval_count"]
        item["current_period_start"] = periods.boundary_before(anchor, *every, tx.now)
        item["current_period_end"] = periods.boundary_after(anchor, *every, tx.now)


def _charge_rest(tx: Tx, subscription: Doc, when: int) -> None:
    """Charge the rest of the period it is resumed in, where that is not paid for yet (assumed)."""
    for item in subscription["items"]["data"]:
        paid = debits.of_item(tx, item["id"])
        if not any(debit.end >= item["current_period_end"] for debit in paid):
            debits.forget(tx, item["id"])
            prorating.debit(tx, subscription, item, max(when, item["current_period_start"]))


def _invoice(tx: Tx, subscription: Doc, reason: str, *, periods_too: bool = False) -> Doc | None:
    """The draft of what waits, and of whole periods where they begin now; None when that is
    nothing.
    """
    begin, _ = subscriptions.period(subscription)
    invoice = charging_periods.begin(tx, subscription, reason, (begin, tx.now))
    charging_periods.take_waiting(tx, invoice, subscription)
    for item in subscription["items"]["data"] if periods_too else ():
        charging_periods.add_period(tx, invoice, subscription, item, trial=False)
        if is_metered(item["price"]):
            metering.begin_anew(tx, subscription, item)
    invoice = charging_periods.reckoned(tx, invoice)
    if not invoice["lines"]["data"]:
        tx.delete(INVOICES, invoice)
        return None
    return charging_periods.announce(tx, subscription, invoice)
