"""How a subscription is paused and resumed, and how it moves to flexible billing."""

from __future__ import annotations

from emulator.kernel.errors import billing as refusals
from emulator.kit import Doc, Params, Tx
from emulator.resources.billing import renewing
from emulator.resources.invoices import finalizing
from emulator.resources.subscription_invoices import charging_periods, prorating
from emulator.resources.subscriptions import billing_modes, subscriptions
from emulator.resources.subscriptions.subscriptions import SUBSCRIPTIONS, keep, use
from emulator.rules.billing import periods

_RUNNING = ("active", "past_due", "trialing")


@SUBSCRIPTIONS.on("POST /v1/subscriptions/{subscription}/pause")
def pause(tx: Tx, params: Params, id_: str) -> Doc:
    tx, subscription = use(tx, id_)
    if subscription["status"] not in _RUNNING:
        raise refusals.not_running(subscription["status"])
    unused = (params.get("bill_for") or {}).get("unused_time_from") or {}
    if unused.get("type") in {"now", "item_current_period_start"}:
        prorating.credit_all(tx, subscription, subscription, tx.now)
    subscription["status"] = "paused"
    return keep(tx, subscription, event="customer.subscription.paused")


@SUBSCRIPTIONS.on("POST /v1/subscriptions/{subscription}/resume")
def resume(tx: Tx, params: Params, id_: str) -> Doc:
    tx, subscription = use(tx, id_)
    if subscription["status"] != "paused":
        raise refusals.not_paused()
    anchor = (params.get("billing_cycle_anchor") or {}).get("type") or "now"
    subscription["status"] = "active"
    _retime(tx, subscription, restarts=anchor == "now")
    keep(tx, subscription)
    invoice = None
    if anchor == "now":
        invoice = _bill(tx, subscription)
    subscription = tx.get(SUBSCRIPTIONS, id_)
    subscription = keep(tx, subscription, event="customer.subscription.resumed")
    renewing.plan(tx, subscription)
    if invoice is not None:
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


def _bill(tx: Tx, subscription: Doc) -> Doc:
    begin, _ = subscriptions.period(subscription)
    invoice = charging_periods.begin(tx, subscription, "subscription_update", (begin, tx.now))
    for item in subscription["items"]["data"]:
        charging_periods.add_period(tx, invoice, subscription, item, trial=False)
    charging_periods.take_waiting(tx, invoice, subscription)
    return charging_periods.announce(tx, subscription, invoice)
