"""How a subscription changes: items, trial and anchor, and what that costs within a period.

Classic billing begins a new cycle when the rhythm changes; flexible billing keeps its anchor
(observed).
"""

from __future__ import annotations

from copy import deepcopy
from typing import Final

from emulator.kernel.errors import billing as refusals
from emulator.kernel.errors.requests import parameters_exclusive
from emulator.kit import Doc, Params, Tx
from emulator.kit.editing import edit
from emulator.resources.billing import ending, pending_updates, renewing, terms, thresholds
from emulator.resources.customers import clocks
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import paying
from emulator.resources.products import prices
from emulator.resources.subscription_invoices import charging_changes, costing
from emulator.resources.subscription_invoices.charging_changes import Change
from emulator.resources.subscriptions import picking, subscriptions
from emulator.resources.subscriptions.subscriptions import (
    ENDED,
    SUBSCRIPTIONS,
    keep,
    of_customer,
    use,
)
from emulator.rules.billing import periods

_WHEN_CANCELED: Final = frozenset({"cancellation_details", "metadata"})
_WHEN_INCOMPLETE: Final = frozenset(
    {"cancellation_details", "default_payment_method", "default_source", "metadata"}
)
_ABOUT_BILLING: Final = (
    "billing_cycle_anchor",
    "items",
    "plan",
    "quantity",
    "trial_end",
    "trial_from_plan",
)
# What a request may say of one item.
OF_ITEMS: Final = frozenset(
    {
        "billing_thresholds",
        "discounts",
        "metadata",
        "plan",
        "price",
        "price_data",
        "quantity",
        "tax_rates",
    }
)
_PATHS: Final = (
    "POST /v1/subscriptions/{subscription_exposed_id}",
    "POST /v1/customers/{customer}/subscriptions/{subscription_exposed_id}",
)


@SUBSCRIPTIONS.on(_PATHS[0])
def update(tx: Tx, params: Params, id_: str, *, collects: bool = True) -> Doc:
    """collects: whether an invoice of the change is collected; else it stays a draft."""
    tx, subscription = use(tx, id_)
    check_state(subscription, params)
    pending_updates.check(subscription, params)
    _check_items(params)
    ending.check_unmanaged(subscription, params)
    terms.take_source(tx, tx.get(CUSTOMERS, subscription["customer"]), params)
    before = deepcopy(subscription)
    _edit(tx, subscription, params)
    _set_ending(tx, subscription, params)
    _pause_collection(tx, subscription, params)
    if _changes_bill(params) or params.get("add_invoice_items"):
        subscription = rebill(tx, before, subscription, params, collects=collects)
    else:
        thresholds.complete(tx, subscription)
        subscription = keep(tx, subscription, event="customer.subscription.updated")
    if params.get("billing_thresholds") and collects and thresholds.weigh(tx, subscription):
        subscription = tx.get(SUBSCRIPTIONS, id_)
    return subscription


@SUBSCRIPTIONS.on(_PATHS[1])
def update_of_customer(tx: Tx, params: Params, customer: str, id_: str) -> Doc:
    of_customer(tx, customer, id_)
    return update(tx, params, id_)


def rebill(tx: Tx, before: Doc, subscription: Doc, params: Params, *, collects: bool = True) -> Doc:
    """Change items, trial and anchor, and charge or credit the difference."""
    when = params.get("proration_date") or tx.now
    begin, end = subscriptions.period(before)
    if when != tx.now and not begin <= when <= end:
        raise refusals.proration_outside_period(begin, end, before=when < begin)
    kept = pending_updates.charged(tx, before)
    _change_items(tx, subscription, params)
    thresholds.complete(tx, subscription)
    if params.get("trial_end") == "now" and before["status"] == "trialing":
        subscription["trial_end"] = tx.now
        if not renewing.goes_on(tx, subscription):
            return tx.get(SUBSCRIPTIONS, subscription["id"])
    restarts = _changes_bill(params) and _retime(tx, before, subscription, params)
    change = Change(before, subscription, when, restarts=restarts)
    prorated = charging_changes.prorate(tx, change, params)
    for at, extra in enumerate(params.get("add_invoice_items") or []):
        terms.wait_extra(tx, subscription, extra, f"add_invoice_items[{at}]")
    keep(tx, subscription)
    invoice = None
    if charging_changes.is_billed(change, params, prorated=prorated):
        invoice = charging_changes.invoice(tx, change)
    subscription = tx.get(SUBSCRIPTIONS, subscription["id"])
    tx.save(SUBSCRIPTIONS, before | {"latest_invoice": subscription["latest_invoice"]})
    subscription = keep(tx, subscription, event="customer.subscription.updated")
    renewing.plan(tx, subscription)
    if invoice is None or not collects:
        return subscription
    if not charging_changes.collect(tx, subscription, invoice, params):
        pending_updates.wait(tx, before, subscription, invoice["id"], kept)
    return tx.get(SUBSCRIPTIONS, subscription["id"])


# -- what it is -----------------------------------------------------------------------------------


def check_state(subscription: Doc, params: Params) -> None:
    """Refuse what the subscription's state does not let change."""
    if subscription["status"] in ENDED and params.keys() - _WHEN_CANCELED:
        raise refusals.subscription_canceled()
    if subscription["status"] == "incomplete" and params.keys() - _WHEN_INCOMPLETE:
        raise refusals.subscription_incomplete()


def _check_items(params: Params) -> None:
    """Items say all; a plan or quantity beside them is one too many."""
    for name in ("quantity", "plan"):
        if params.get("items") and params.get(name) is not None:
            raise refusals.both_items_and(name)


def _edit(tx: Tx, subscription: Doc, params: Params) -> None:
    paying.check_own(tx, params, subscription["customer"])
    edit(subscription, params, (*terms.TAKEN_AS_SENT, "metadata"))
    terms.complete_interval(subscription)
    if "metadata" not in params:
        subscription["metadata"] = subscription["metadata"] or {}
    terms.set_connect(tx, subscription, params)
    if "transfer_data" in params and not params["transfer_data"]:
        subscription["transfer_data"] = None
    terms.set_reductions(tx, subscription, params)
    terms.set_automatic_tax(tx, subscription, params)
    details = params.get("cancellation_details") or {}
    subscription["cancellation_details"] |= details
    if "collection_method" in params or "days_until_due" in params:
        customer = tx.get(CUSTOMERS, subscription["customer"])
        if subscription["collection_method"] == "charge_automatically":
            subscription["days_until_due"] = None
        terms.check_collection(customer, subscription)


def _set_ending(tx: Tx, subscription: Doc, params: Params) -> None:
    """When it is to end, or that it is not."""
    if params.get("cancel_at") is not None and params.get("cancel_at_period_end"):
        raise parameters_exclusive("cancel_at", "cancel_at_period_end")
    if "cancel_at" in params:
        renewing.set_cancel_at(tx, subscription, params["cancel_at"])
        if params["cancel_at"] is not None:
            renewing.plan(tx, subscription)
    if params.get("cancel_at_period_end") is True:
        _, end = subscriptions.period(subscription)
        subscription |= {"cancel_at": end, "cancel_at_period_end": True, "canceled_at": tx.now}
        subscription["cancellation_details"]["reason"] = "cancellation_requested"
    elif params.get("cancel_at_period_end") is False and subscription["cancel_at_period_end"]:
        subscription |= {"cancel_at": None, "cancel_at_period_end": False, "canceled_at": None}
        subscription["cancellation_details"]["reason"] = None


def _pause_collection(tx: Tx, subscription: Doc, params: Params) -> None:
    if "pause_collection" not in params:
        return
    pause = params["pause_collection"]
    subscription["pause_collection"] = pause and {
        "behavior": pause["behavior"],
        "resumes_at": pause.get("resumes_at"),
    }
    if pause and pause.get("resumes_at"):
        at = pause["resumes_at"]
        clocks.later(tx, subscription, at, SUBSCRIPTIONS, "resume_collection", at=at)


def _changes_bill(params: Params) -> bool:
    return any(params.get(name) is not None for name in _ABOUT_BILLING)


# -- its items ------------------------------------------------------------------------------------


def _change_items(tx: Tx, subscription: Doc, params: Params) -> None:
    """Change, remove and add the items a request names."""
    items: list[Doc] = subscription["items"]["data"]
    for at, given in enumerate(_given(subscription, params)):
        param = f"items[{at}]"
        if not given.get("id"):
            price = picking.price_of(tx, given, param)
            if any(item["price"]["id"] == price["id"] for item in items):
                raise refusals.duplicate_price(f"{param}[price]", price["id"])
            items.append(picking.item(tx, subscription, {**given, "price": price}, param))
            continue
        item = next((each for each in items if each["id"] == given["id"]), None)
        if item is None:
            raise refusals.no_such_item(given["id"], f"{param}[id]")
        if given.get("deleted"):
            items.remove(item)
            continue
        _change_item(tx, subscription, item, given, param)
    if not items:
        raise refusals.last_item()
    for item in items:
        if not prices.speaks(tx, item["price"], subscription["currency"]):
            raise refusals.mixed_currencies(subscription["currency"], item["price"]["currency"])
    flexible = subscriptions.is_flexible(subscription)
    picking.check_intervals(items, flexible=flexible)


def _given(subscription: Doc, params: Params) -> list[Doc]:
    """The items of a request; a plan or quantity on top is that of the only item."""
    if params.get("items"):
        return list(params["items"])
    top = {n: params[n] for n in ("plan", "quantity") if params.get(n) is not None}
    return [{"id": subscription["items"]["data"][0]["id"], **top}] if top else []


def _change_item(tx: Tx, subscription: Doc, item: Doc, given: Doc, param: str) -> None:
    price = item["price"]
    if any(given.get(name) for name in ("price", "plan", "price_data")):
        price = picking.price_of(tx, given, param)
    subscriptions.with_price(item, price, given.get("quantity"))
    picking.shape(tx, subscription, item, given, param)


# -- its time -------------------------------------------------------------------------------------


def _retime(tx: Tx, before: Doc, subscription: Doc, params: Params) -> bool:
    """Set trial, anchor and periods anew where the request or the new prices ask for it; whether
    a new cycle begins now.
    """
    if _retry_trial(tx, subscription, params):
        return True
    if subscription["status"] == "paused":
        return False
    anchor = params.get("billing_cycle_anchor") or {}
    restarts = anchor.get("type") == "now" or _ends_trial(before, subscription)
    if not restarts and not subscriptions.is_flexible(subscription):
        restarts = _rhythms(before) != _rhythms(subscription) or _costs_at_last(
            tx, before, subscription
        )
    if restarts:
        subscription["billing_cycle_anchor"] = tx.now
    if subscription["status"] != "trialing":
        for item in subscription["items"]["data"]:
            item.update(_period(tx, subscription, item, restarts=restarts))
    else:
        begin, end = subscriptions.period(before)
        subscriptions.set_period(subscription, begin, end)
    return restarts


def _retry_trial(tx: Tx, subscription: Doc, params: Params) -> bool:
    """A trial that is to end, or to begin; whether one begins."""
    given = params.get("trial_end")
    if given is None and params.get("trial_from_plan"):
        given = terms.trial_of_prices(tx, subscription)
    if given is None:
        return False
    if given == "now":
        if subscription["status"] == "trialing":
            subscription["status"] = "active"
        return False
    end = int(given)
    if end <= tx.now:
        raise refusals.trial_end_past()
    if subscription["trial_start"] is None or _tries_again(subscription):
        subscription["trial_start"] = tx.now
    subscription |= {"billing_cycle_anchor": end, "status": "trialing", "trial_end": end}
    subscriptions.set_period(subscription, tx.now, end)
    return True


def _tries_again(subscription: Doc) -> bool:
    """Another trial begins anew in flexible billing; in classic billing the first one goes on
    (documented).
    """
    return subscriptions.is_flexible(subscription) and subscription["status"] != "trialing"


def _ends_trial(before: Doc, subscription: Doc) -> bool:
    return bool(before["status"] == "trialing" and subscription["status"] == "active")


def _rhythms(subscription: Doc) -> set[tuple[str, int]]:
    found = [item["price"]["recurring"] for item in subscription["items"]["data"]]
    return {(each["interval"], each["interval_count"]) for each in found}


def _costs_at_last(tx: Tx, before: Doc, subscription: Doc) -> bool:
    """From free to paid a new cycle begins (documented)."""
    old, new = before["items"]["data"], subscription["items"]["data"]
    if any(subscriptions.is_metered(item["price"]) for item in old):
        return False
    paid = any(costing.gross(tx, before, item) for item in old)
    return not paid and any(costing.gross(tx, subscription, item) for item in new)


def _period(tx: Tx, subscription: Doc, item: Doc, *, restarts: bool) -> Doc:
    rhythm = item["price"]["recurring"]
    every = rhythm["interval"], rhythm["interval_count"]
    anchor = subscription["billing_cycle_anchor"]
    begin = tx.now if restarts else periods.boundary_before(anchor, *every, tx.now)
    begin = max(begin, subscription["start_date"])
    return {
        "current_period_end": periods.boundary_after(anchor, *every, tx.now),
        "current_period_start": begin,
    }
