"""How a subscription begins: its items, its trial, its first period and its first invoice.

Its creation is told once its first payment was attempted, with the status that this led to
(observed); at once when none is attempted.
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import billing as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kernel.errors.requests import parameters_exclusive
from emulator.kernel.instants import DAY
from emulator.kit import Doc, Params, Tx
from emulator.kit.editing import edit, merged_metadata
from emulator.resources.billing import charging_beginnings, renewing, terms, thresholds
from emulator.resources.customers import clocks
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import paying
from emulator.resources.subscriptions import billing_modes, picking, subscriptions
from emulator.resources.subscriptions.subscriptions import ENDED, SUBSCRIPTIONS, keep
from emulator.rules.billing import periods

_MOST_ON_CLOCK: Final = 3


@SUBSCRIPTIONS.on("POST /v1/subscriptions")
def create(tx: Tx, params: Params) -> Doc:
    return begin(tx, params)


@SUBSCRIPTIONS.on("POST /v1/customers/{customer}/subscriptions")
def create_of_customer(tx: Tx, params: Params, customer: str) -> Doc:
    tx.get(CUSTOMERS, customer)
    return begin(tx, {**params, "customer": customer})


def begin(tx: Tx, params: Params, *, patient: bool = False, collects: bool = True) -> Doc:
    """A new subscription of what a request gives.

    patient: whether its first invoice stays a draft for the usual hour, and it runs meanwhile.
    collects: whether anything is paid and told; else all stays as it is before that.
    """
    if not params.get("customer"):
        raise parameter_missing("customer")
    customer = tx.get(CUSTOMERS, params["customer"], param="customer")
    tx = clocks.of_customer(tx, customer["id"])
    _check_clock(tx, customer)
    terms.take_source(tx, customer, params)
    subscription = _new(tx, customer, params)
    _set_time(tx, subscription, params)
    subscription = keep(tx, subscription)
    patient = patient or subscription["collection_method"] == "send_invoice"
    invoice = charging_beginnings.first_invoice(tx, subscription, params, patient=patient)
    if not collects:
        return tx.get(SUBSCRIPTIONS, subscription["id"])
    if invoice is None:
        return charging_beginnings.begin_unbilled(tx, subscription["id"])
    if patient:
        return charging_beginnings.begin_unpaid(tx, subscription["id"], invoice)
    return charging_beginnings.collect(tx, subscription["id"], invoice, params)


def _check_clock(tx: Tx, customer: Doc) -> None:
    """A customer on a test clock has three subscriptions at most (documented)."""
    if not customer.get("test_clock"):
        return
    held = tx.all(SUBSCRIPTIONS, customer=customer["id"])
    if sum(1 for each in held if each["status"] not in ENDED) >= _MOST_ON_CLOCK:
        raise refusals.clock_full(_MOST_ON_CLOCK, "subscriptions per customer")


# -- what it is -----------------------------------------------------------------------------------


def _new(tx: Tx, customer: Doc, params: Params) -> Doc:
    subscription = tx.new(SUBSCRIPTIONS, customer=customer["id"], start_date=tx.now)
    chosen = picking.chosen(tx, params)
    currency = picking.check(tx, chosen, customer, params)
    mode = billing_modes.of(tx, params.get("billing_mode"))
    subscription |= {
        "application": tx.setup.application if not tx.is_platform else None,
        "billing_mode": mode,
        "currency": currency,
        "test_clock": customer.get("test_clock"),
    }
    picking.check_intervals(chosen, flexible=mode["type"] == "flexible")
    edit(
        subscription,
        {k: v for k, v in params.items() if v is not None},
        ("cancel_at_period_end", *terms.TAKEN_AS_SENT),
    )
    terms.complete_interval(subscription)
    subscription["metadata"] = merged_metadata(None, params.get("metadata") or {})
    terms.set_connect(tx, subscription, params)
    terms.set_reductions(tx, subscription, params)
    terms.set_automatic_tax(tx, subscription, params)
    terms.check_collection(customer, subscription)
    paying.check_own(tx, params, customer["id"])
    subscription["items"]["data"] = [
        picking.item(tx, subscription, each, f"items[{at}]") for at, each in enumerate(chosen)
    ]
    thresholds.complete(tx, subscription)
    return subscription


# -- when it is -----------------------------------------------------------------------------------


def _set_time(tx: Tx, subscription: Doc, params: Params) -> None:
    """Trial, anchor and first period."""
    if params.get("backdate_start_date") is not None:
        if params["backdate_start_date"] > tx.now:
            raise refusals.backdate_future()
        subscription["start_date"] = params["backdate_start_date"]
    trial = _trial_end(tx, subscription, params)
    if trial is not None:
        subscription |= {"status": "trialing", "trial_end": trial, "trial_start": tx.now}
    subscription["billing_cycle_anchor"] = _anchor(tx, subscription, params)
    for item in subscription["items"]["data"]:
        item.update(_first_period(tx, subscription, item))
    if params.get("cancel_at") is not None and params.get("cancel_at_period_end"):
        raise parameters_exclusive("cancel_at", "cancel_at_period_end")
    if params.get("cancel_at") is not None:
        renewing.set_cancel_at(tx, subscription, params["cancel_at"])
    if subscription["cancel_at_period_end"]:
        subscription |= {"cancel_at": subscriptions.period(subscription)[1], "canceled_at": tx.now}


def _trial_end(tx: Tx, subscription: Doc, params: Params) -> int | None:
    given, days = params.get("trial_end"), params.get("trial_period_days")
    if given is not None and days is not None:
        raise parameters_exclusive("trial_end", "trial_period_days")
    if days is None and given is None and params.get("trial_from_plan"):
        return terms.trial_of_prices(tx, subscription)
    if given == "now" or (given is None and not days):
        return None
    end = int(given) if given is not None else tx.now + int(days or 0) * DAY
    if end <= tx.now:
        raise refusals.trial_end_past()
    return end


def _anchor(tx: Tx, subscription: Doc, params: Params) -> int:
    start = subscription["start_date"]
    config = params.get("billing_cycle_anchor_config")
    if config:
        subscription["billing_cycle_anchor_config"] = {
            name: config.get(name) for name in ("day_of_month", "hour", "minute", "month", "second")
        }
        return periods.configured_anchor(config, tx.now)
    anchor = params.get("billing_cycle_anchor")
    if anchor is None:
        return int(subscription["trial_end"] or start)
    if anchor <= tx.now:
        raise refusals.anchor_past()
    for item in subscription["items"]["data"]:
        rhythm = item["price"]["recurring"]
        latest = periods.add(tx.now, rhythm["interval"], rhythm["interval_count"])
        if anchor > latest and subscription["trial_end"] is None:
            raise refusals.anchor_too_late("billing_cycle_anchor")
    return int(anchor)


def _first_period(tx: Tx, subscription: Doc, item: Doc) -> Doc:
    """While a trial lasts, its end; else up to the anchor, or a whole period from it."""
    rhythm = item["price"]["recurring"]
    anchor, end = subscription["billing_cycle_anchor"], subscription["trial_end"]
    begin = tx.now
    if end is None:
        every = rhythm["interval"], rhythm["interval_count"]
        end = periods.boundary_after(anchor, *every, tx.now)
        if subscription["start_date"] < tx.now:
            begin = max(subscription["start_date"], periods.boundary_before(anchor, *every, tx.now))
    return {"current_period_end": end, "current_period_start": begin}
