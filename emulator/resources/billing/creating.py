"""How a subscription begins: its items, its trial, its first period and its first invoice.

Its creation is told once its first payment was attempted, with the status that this led to
(observed); at once when none is attempted.
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import Refusal
from emulator.kernel.errors import billing as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kernel.errors.requests import parameters_exclusive
from emulator.kernel.instants import DAY
from emulator.kit import Doc, Params, Tx
from emulator.kit.editing import edit, merged_metadata
from emulator.resources.billing import charging_periods, pending_setups, renewing, terms
from emulator.resources.customers import clocks
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import finalizing, invoice_items, paying
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.subscriptions import picking, subscriptions
from emulator.resources.subscriptions.subscriptions import ENDED, SUBSCRIPTIONS, keep
from emulator.rules.billing import dunning, periods

_MOST_ON_CLOCK: Final = 3
_NEWEST_MODE: Final = "2025-09-30"


@SUBSCRIPTIONS.on("POST /v1/subscriptions")
def create(tx: Tx, params: Params) -> Doc:
    return begin(tx, params)


@SUBSCRIPTIONS.on("POST /v1/customers/{customer}/subscriptions")
def create_of_customer(tx: Tx, params: Params, customer: str) -> Doc:
    tx.get(CUSTOMERS, customer)
    return begin(tx, {**params, "customer": customer})


def begin(tx: Tx, params: Params) -> Doc:
    """A new subscription of what a request gives."""
    if not params.get("customer"):
        raise parameter_missing("customer")
    customer = tx.get(CUSTOMERS, params["customer"], param="customer")
    tx = clocks.of_customer(tx, customer["id"])
    _check_clock(tx, customer)
    terms.take_source(tx, customer, params)
    subscription = _new(tx, customer, params)
    _set_time(tx, subscription, params)
    subscription = keep(tx, subscription)
    invoice = _first_invoice(tx, subscription, params)
    return _collect(tx, subscription["id"], invoice, params)


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
    mode = (params.get("billing_mode") or {}).get("type") or _usual_mode(tx)
    subscription |= {
        "application": tx.setup.application if not tx.is_platform else None,
        "billing_mode": _mode(mode, tx.now),
        "currency": currency,
        "test_clock": customer.get("test_clock"),
    }
    picking.check_intervals(chosen, flexible=mode == "flexible")
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
    return subscription


def _usual_mode(tx: Tx) -> str:
    return "classic" if tx.version.before(_NEWEST_MODE) else "flexible"


def _mode(mode: str, now: int) -> Doc:
    if mode != "flexible":
        return {"flexible": None, "type": mode}
    return {"flexible": {"proration_discounts": "included"}, "type": mode, "updated_at": now}


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
        plans = [item["price"]["recurring"] for item in subscription["items"]["data"]]
        days = max((rhythm["trial_period_days"] or 0 for rhythm in plans), default=0)
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


# -- what it costs --------------------------------------------------------------------------------


def _first_invoice(tx: Tx, subscription: Doc, params: Params) -> Doc:
    span = (tx.now, tx.now)
    invoice = charging_periods.begin(tx, subscription, "subscription_create", span)
    trial = subscription["status"] == "trialing"
    prorate = params.get("proration_behavior") != "none"
    for item in subscription["items"]["data"]:
        _bill_first(tx, invoice, subscription, item, trial=trial, prorate=prorate)
    for at, extra in enumerate(params.get("add_invoice_items") or []):
        add_extra(tx, invoice, subscription, extra, f"add_invoice_items[{at}]")
    charging_periods.take_waiting(tx, invoice, subscription)
    if subscription["collection_method"] == "send_invoice":
        finalizing.schedule(tx, invoice)
    return charging_periods.announce(tx, subscription, invoice)


def _bill_first(
    tx: Tx, invoice: Doc, subscription: Doc, item: Doc, *, trial: bool, prorate: bool
) -> None:
    """The first line of an item: a whole period, the part up to the anchor, or a free trial."""
    begin, end = item["current_period_start"], item["current_period_end"]
    rhythm = item["price"]["recurring"]
    whole = end - periods.add(end, rhythm["interval"], -rhythm["interval_count"])
    if trial or (subscription["billing_cycle_anchor"] in {begin, subscription["start_date"]}):
        charging_periods.add_period(tx, invoice, subscription, item, trial=trial)
    elif prorate:
        part = (subscription["start_date"] if begin < tx.now else begin, end)
        charging_periods.add_part(tx, invoice, subscription, item, part, whole)


def add_extra(tx: Tx, invoice: Doc, subscription: Doc, extra: Doc, param: str) -> None:
    """A one-off charge that goes with a subscription's invoice."""
    invoice_items.take(tx, invoice, terms.wait_extra(tx, subscription, extra, param))


def _collect(tx: Tx, id_: str, invoice: Doc, params: Params) -> Doc:
    """Ask for the first payment, or let it wait; then the creation is told."""
    behaviour = params.get("payment_behavior") or "allow_incomplete"
    subscription = tx.get(SUBSCRIPTIONS, id_)
    if subscription["collection_method"] == "send_invoice":
        if subscription["status"] != "trialing":
            subscription["status"] = "active"
        if not invoice["amount_due"]:
            finalizing.finalize(tx, invoice)
        return _announce(tx, tx.get(SUBSCRIPTIONS, id_) | {"status": subscription["status"]})
    if invoice["amount_due"] and behaviour == "default_incomplete":
        _announce(tx, subscription)
    elif invoice["amount_due"] and not charging_periods.has_payer(tx, subscription):
        raise refusals.no_payment_source()
    invoice = finalizing.finalize(tx, invoice)
    if invoice["status"] == "open" and behaviour != "default_incomplete":
        off_session = bool(params.get("off_session"))
        _, refusal = paying.attempt(tx, invoice, off_session=off_session)
        _check_paid(tx, invoice["id"], behaviour, refusal)
    return _announce(tx, tx.get(SUBSCRIPTIONS, id_))


def _check_paid(tx: Tx, invoice: str, behaviour: str, refusal: Refusal | None) -> None:
    """`error_if_incomplete` wants it paid, or nothing made at all."""
    paid = tx.get(INVOICES, invoice)["status"] == "paid"
    if behaviour != "error_if_incomplete" or paid:
        return
    failed = refusal or refusals.payment_incomplete()
    failed.keep = False
    raise failed


def _announce(tx: Tx, subscription: Doc) -> Doc:
    """Tell that it exists, once, and see to what is due to happen to it."""
    if subscriptions.notes(tx, subscription["id"]).get("announced"):
        return subscription
    subscriptions.note(tx, subscription["id"], announced=True)
    pending_setups.begin(tx, subscription)
    subscription = keep(tx, subscription, event="customer.subscription.created")
    if subscription["status"] == "incomplete":
        when = tx.now + dunning.incomplete_seconds()
        clocks.later(tx, subscription, when, SUBSCRIPTIONS, "expire_incomplete")
    renewing.plan(tx, subscription)
    return subscription
