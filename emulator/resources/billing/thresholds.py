"""Billing thresholds: usage that is billed before its period is over, as soon as what nobody billed
yet reaches an amount (`amount_gte`: before tax, discounts and prorations included) or, of one item,
a quantity (`usage_gte`).

Not while a trial lasts, nor in the last day of a period. Unless the anchor is reset, the period
goes on, and so do tiers (all documented). The invoice stays a draft for an hour, as that of a
renewal (assumed).
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import billing as refusals
from emulator.kernel.instants import DAY
from emulator.kit import Doc, Tx
from emulator.resources.billing import renewing
from emulator.resources.customers import clocks
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import finalizing
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.products import prices
from emulator.resources.subscription_invoices import charging_periods, costing, metering
from emulator.resources.subscriptions import subscriptions
from emulator.resources.subscriptions.subscriptions import (
    ITEMS,
    SUBSCRIPTIONS,
    is_metered,
    keep,
)
from emulator.resources.usage import meters
from emulator.resources.usage.meters import METER_EVENTS, METERS
from emulator.resources.usage.usage_records import USAGE_RECORDS
from emulator.rules.billing import periods

_LEAST: Final = 50  # minor units (documented)
_WEIGHED: Final = ("active", "past_due")


def complete(tx: Tx, subscription: Doc) -> None:
    """Give thresholds that a request set all their keys; refuse those that make no sense."""
    items = subscription["items"]["data"]
    for item in items:
        if item["billing_thresholds"] and not is_metered(item["price"]):
            raise refusals.threshold_of_licensed()
    asked = subscription["billing_thresholds"]
    if not asked:
        subscription["billing_thresholds"] = None
        return
    amount, resets = asked.get("amount_gte"), bool(asked.get("reset_billing_cycle_anchor"))
    subscription["billing_thresholds"] = {
        "amount_gte": amount,
        "reset_billing_cycle_anchor": resets,
    }
    licensed = sum(costing.gross(tx, subscription, item) for item in items)
    if amount is not None and (amount < _LEAST or amount <= licensed):
        raise refusals.threshold_too_low(max(_LEAST, licensed + 1))
    counted = [prices.aggregate_usage(tx, item["price"]) for item in items]
    if resets and "last_ever" in counted:
        raise refusals.reset_with_last_ever()


def weigh(tx: Tx, subscription: Doc) -> Doc | None:
    """Bill what has passed a threshold; the invoice, or None."""
    limit = (subscription["billing_thresholds"] or {}).get("amount_gte")
    limited = any(item["billing_thresholds"] for item in subscription["items"]["data"])
    if (limit is None and not limited) or subscription["status"] not in _WEIGHED:
        return None
    _, end = subscriptions.period(subscription)
    if end - tx.now <= DAY:
        return None
    passed = dict(_passed(tx, subscription))
    with tx.rehearsal():
        draft = _drafted(tx, subscription)[0]
        reached = limit is not None and draft["total_excluding_tax"] >= limit
    if not reached and not passed:
        return None
    return _bill(tx, subscription, limit if reached else None, passed)


# -- what happens by itself -----------------------------------------------------------------------


@METER_EVENTS.when("recorded")
def _metered(tx: Tx, event: Doc) -> None:
    meter = next((m for m in tx.all(METERS) if m["event_name"] == event["event_name"]), None)
    customer = meters.customer_of(meter, event["payload"]) if meter else None
    if customer is None or tx.find(CUSTOMERS, customer) is None:
        return
    tx = clocks.of_customer(tx, customer)
    for subscription in list(tx.all(SUBSCRIPTIONS, customer=customer)):
        _weigh_at(tx, subscription, event["timestamp"])


@USAGE_RECORDS.when("recorded")
def _recorded(tx: Tx, record: Doc) -> None:
    item = tx.get(ITEMS, record["subscription_item"])
    subscription = tx.get(SUBSCRIPTIONS, item["subscription"])
    _weigh_at(clocks.at(tx, subscription["test_clock"]), subscription, record["timestamp"])


@SUBSCRIPTIONS.job
def weigh_usage(tx: Tx, subscription: Doc) -> None:
    """Usage that was told for this instant counts by now."""
    weigh(tx, subscription)


# -- inside ---------------------------------------------------------------------------------------


def _weigh_at(tx: Tx, subscription: Doc, instant: int) -> None:
    if instant > tx.now:
        clocks.later(tx, subscription, instant, SUBSCRIPTIONS, "weigh_usage")
    else:
        weigh(tx, subscription)


def _passed(tx: Tx, subscription: Doc) -> list[tuple[str, int]]:
    """The items whose usage has reached their threshold, with it."""
    found = []
    for item in subscription["items"]["data"]:
        gte = (item["billing_thresholds"] or {}).get("usage_gte")
        if gte is None:
            continue
        span = item["current_period_start"], tx.now + 1
        if metering.unbilled(tx, subscription, item, span)[0] >= gte:
            found.append((item["id"], gte))
    return found


def _bill(tx: Tx, subscription: Doc, limit: int | None, passed: dict[str, int]) -> Doc:
    invoice, made = _drafted(tx, subscription)
    subscription = tx.get(SUBSCRIPTIONS, subscription["id"])
    invoice["threshold_reason"] = {
        "amount_gte": limit,
        "item_reasons": [
            {"line_item_ids": made.get(id_, []), "usage_gte": gte} for id_, gte in passed.items()
        ],
    }
    finalizing.schedule(tx, invoice)
    invoice = charging_periods.announce(tx, subscription, invoice)
    subscription = keep(tx, subscription, event="customer.subscription.updated")
    renewing.plan(tx, subscription)
    return tx.get(INVOICES, invoice["id"])


def _drafted(tx: Tx, subscription: Doc) -> tuple[Doc, dict[str, list[str]]]:
    """The draft of what nobody billed yet, and which of its lines are of which item."""
    resets = (subscription["billing_thresholds"] or {}).get("reset_billing_cycle_anchor", False)
    begin, _ = subscriptions.period(subscription)
    invoice = charging_periods.begin(tx, subscription, "subscription_threshold", (begin, tx.now))
    charging_periods.take_waiting(tx, invoice, subscription)
    made: dict[str, list[str]] = {}
    for item in subscription["items"]["data"]:
        if is_metered(item["price"]):
            span = item["current_period_start"], tx.now
            lines = metering.bill_so_far(tx, invoice, subscription, item, span, with_now=True)
            made[item["id"]] = [line["id"] for line in lines]
    if resets:
        _begin_anew(tx, subscription, invoice)
    return charging_periods.reckoned(tx, invoice), made


def _begin_anew(tx: Tx, subscription: Doc, invoice: Doc) -> None:
    """As if the period had ended by itself: the next one begins, and is billed."""
    subscription["billing_cycle_anchor"] = tx.now
    for item in subscription["items"]["data"]:
        rhythm = item["price"]["recurring"]
        end = periods.add(tx.now, rhythm["interval"], rhythm["interval_count"])
        item |= {"current_period_end": end, "current_period_start": tx.now}
        if is_metered(item["price"]):
            metering.begin_anew(tx, subscription, item, with_now=True)
        else:
            charging_periods.add_period(tx, invoice, subscription, item, trial=False)
    keep(tx, subscription)
