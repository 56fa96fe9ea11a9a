"""How a subscription changes: items, trial and anchor, and what that costs within a period.

Classic billing begins a new cycle when the rhythm changes; flexible billing keeps its anchor
(observed).
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from emulator.kernel.errors import Refusal
from emulator.kernel.errors import billing as refusals
from emulator.kernel.errors.requests import parameters_exclusive
from emulator.kit import Doc, Params, Tx
from emulator.kit.editing import edit
from emulator.resources.billing import charging_periods, ending, prorating, renewing, terms
from emulator.resources.customers import clocks
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import finalizing, paying
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.subscriptions import picking, subscriptions
from emulator.resources.subscriptions.subscriptions import (
    ENDED,
    SUBSCRIPTIONS,
    keep,
    of_customer,
    use,
)
from emulator.rules.billing import dunning, periods

_WHEN_CANCELED: Final = frozenset({"cancellation_details", "metadata"})
_WHEN_INCOMPLETE: Final = frozenset(
    {"cancellation_details", "default_payment_method", "default_source", "metadata"}
)
_ABOUT_BILLING: Final = ("items", "plan", "quantity", "trial_end", "billing_cycle_anchor")
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
def update(tx: Tx, params: Params, id_: str) -> Doc:
    tx, subscription = use(tx, id_)
    check_state(subscription, params)
    _check_items(params)
    ending.check_unmanaged(subscription, params)
    terms.take_source(tx, tx.get(CUSTOMERS, subscription["customer"]), params)
    before = deepcopy(subscription)
    _edit(tx, subscription, params)
    _set_ending(tx, subscription, params)
    _pause_collection(tx, subscription, params)
    if any(params.get(name) is not None for name in _ABOUT_BILLING):
        return rebill(tx, before, subscription, params)
    for at, extra in enumerate(params.get("add_invoice_items") or []):
        terms.wait_extra(tx, subscription, extra, f"add_invoice_items[{at}]")
    return keep(tx, subscription, event="customer.subscription.updated")


@SUBSCRIPTIONS.on(_PATHS[1])
def update_of_customer(tx: Tx, params: Params, customer: str, id_: str) -> Doc:
    of_customer(tx, customer, id_)
    return update(tx, params, id_)


def rebill(tx: Tx, before: Doc, subscription: Doc, params: Params) -> Doc:
    """Change items, trial and anchor, and charge or credit the difference."""
    when = params.get("proration_date") or tx.now
    begin, end = subscriptions.period(before)
    if when != tx.now and not begin <= when <= end:
        raise refusals.proration_outside_period(begin, end)
    prorates = (params.get("proration_behavior") or "create_prorations") != "none"
    _change_items(tx, subscription, params)
    restarts = _retime(tx, before, subscription, params)
    if prorates and before["status"] != "trialing":
        _prorate(tx, before, subscription, when, restarts=restarts)
    keep(tx, subscription)
    invoice = None
    if restarts or params.get("proration_behavior") == "always_invoice":
        invoice = _invoice(tx, before, subscription, restarts=restarts)
    subscription = tx.get(SUBSCRIPTIONS, subscription["id"])
    tx.save(SUBSCRIPTIONS, before | {"latest_invoice": subscription["latest_invoice"]})
    subscription = keep(tx, subscription, event="customer.subscription.updated")
    renewing.plan(tx, subscription)
    if invoice is not None:
        _collect(tx, before, subscription, invoice, params)
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
        if item["price"]["currency"] != subscription["currency"]:
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
    if any(given.get(name) for name in ("price", "plan", "price_data")):
        subscriptions.with_price(item, picking.price_of(tx, given, param))
        if subscriptions.is_metered(item["price"]):
            item["quantity"] = None
    if given.get("quantity") is not None:
        item["quantity"] = given["quantity"]
    picking.shape(tx, subscription, item, given, param)


# -- its time -------------------------------------------------------------------------------------


def _retime(tx: Tx, before: Doc, subscription: Doc, params: Params) -> bool:
    """Set trial, anchor and periods anew where the request or the new prices ask for it; whether
    a new cycle begins now.
    """
    if _retry_trial(tx, subscription, params):
        return True
    anchor = params.get("billing_cycle_anchor") or {}
    restarts = anchor.get("type") == "now" or _ends_trial(before, subscription)
    if not subscriptions.is_flexible(subscription):
        restarts = restarts or _rhythms(before) != _rhythms(subscription)
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
    if given is None:
        return False
    if given == "now":
        if subscription["status"] == "trialing":
            subscription |= {"status": "active", "trial_end": tx.now}
        return False
    end = int(given)
    if end <= tx.now:
        raise refusals.trial_end_past()
    subscription |= {
        "billing_cycle_anchor": end,
        "status": "trialing",
        "trial_end": end,
        "trial_start": subscription["trial_start"] or tx.now,
    }
    subscriptions.set_period(subscription, tx.now, end)
    return True


def _ends_trial(before: Doc, subscription: Doc) -> bool:
    return bool(before["status"] == "trialing" and subscription["status"] == "active")


def _rhythms(subscription: Doc) -> set[tuple[str, int]]:
    found = [item["price"]["recurring"] for item in subscription["items"]["data"]]
    return {(each["interval"], each["interval_count"]) for each in found}


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


# -- its price ------------------------------------------------------------------------------------


def _prorate(tx: Tx, before: Doc, subscription: Doc, when: int, *, restarts: bool) -> None:
    """Give back what is unused of the old items, and charge the rest of the new."""
    if restarts:
        prorating.credit_all(tx, before)
        return
    old = {item["id"]: item for item in before["items"]["data"]}
    new = {item["id"]: item for item in subscription["items"]["data"]}
    for id_ in [*old, *(id_ for id_ in new if id_ not in old)]:
        one, other = old.get(id_), new.get(id_)
        if one and other and _costs_same(one, other):
            continue
        prorating.change(tx, subscription, one, other, when)


def _costs_same(one: Doc, other: Doc) -> bool:
    return bool(one["price"]["id"] == other["price"]["id"] and one["quantity"] == other["quantity"])


def _invoice(tx: Tx, before: Doc, subscription: Doc, *, restarts: bool) -> Doc | None:
    """An invoice for the change, if it has anything to say."""
    begin, _ = subscriptions.period(before)
    invoice = charging_periods.begin(tx, subscription, "subscription_update", (begin, tx.now))
    charging_periods.take_waiting(tx, invoice, subscription)
    if restarts:
        trial = subscription["status"] == "trialing"
        for item in subscription["items"]["data"]:
            charging_periods.add_period(tx, invoice, subscription, item, trial=trial)
    invoice = charging_periods.reckoned(tx, invoice)
    if not invoice["lines"]["data"]:
        tx.delete(INVOICES, invoice)
        return None
    return charging_periods.announce(tx, subscription, invoice)


def _collect(tx: Tx, before: Doc, subscription: Doc, invoice: Doc, params: Params) -> None:
    """The invoice of a change is collected at once."""
    behaviour = params.get("payment_behavior") or "allow_incomplete"
    invoice = finalizing.finalize(tx, invoice)
    if subscription["collection_method"] == "send_invoice" or invoice["status"] != "open":
        return
    refusal: Refusal | None = None
    if behaviour != "default_incomplete":
        if not charging_periods.has_payer(tx, subscription):
            raise refusals.no_payment_source()
        off_session = bool(params.get("off_session", False))
        _, refusal = paying.attempt(tx, invoice, off_session=off_session)
    if tx.get(INVOICES, invoice["id"])["status"] == "paid":
        return
    if behaviour == "error_if_incomplete":
        failed = refusal or refusals.payment_incomplete()
        failed.keep = False
        raise failed
    if behaviour == "pending_if_incomplete":
        _wait(tx, before, subscription, invoice["id"])


def _wait(tx: Tx, before: Doc, after: Doc, invoice: str) -> None:
    """The change is made when its invoice is paid: until then all is as before."""
    expires = tx.now + dunning.incomplete_seconds()
    kept: dict[str, Any] = {
        name: after[name] for name in ("billing_cycle_anchor", "items", "trial_end", "trial_start")
    }
    subscriptions.note(
        tx, after["id"], pending={"after": kept, "expires_at": expires, "invoice": invoice}
    )
    pending = {
        "billing_cycle_anchor": None,
        "cancel_at_period_end": None,
        "discount": None,
        "discounts": None,
        "expires_at": expires,
        "metadata": None,
        "subscription_items": after["items"]["data"],
        "trial_end": None,
        "trial_from_plan": None,
    }
    waiting = before | {"latest_invoice": invoice, "pending_update": pending}
    keep(tx, waiting, event="customer.subscription.updated")
    clocks.later(tx, waiting, expires, SUBSCRIPTIONS, "expire_pending")
