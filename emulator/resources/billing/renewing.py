"""How a subscription goes from period to period, and what is told before it does.

Each job knows the instant it was meant for, and does nothing when that is not so any more.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import billing as refusals
from emulator.kit import Doc, Tx
from emulator.resources.billing import ending
from emulator.resources.customers import clocks
from emulator.resources.invoices import finalizing, invoices
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.subscription_invoices import charging_periods, metering
from emulator.resources.subscriptions import subscriptions
from emulator.resources.subscriptions.subscriptions import ENDED, SUBSCRIPTIONS, keep
from emulator.rules.billing import dunning, periods

_RUNNING: Final = ("active", "past_due", "trialing", "unpaid")


def plan(tx: Tx, subscription: Doc) -> None:
    """Put on the agenda what is to happen to a subscription next, each thing once."""
    _, end = subscriptions.period(subscription)
    _plan(tx, subscription, "renew", end, end)
    upcoming = end - dunning.upcoming_seconds()
    if upcoming > tx.now:
        _plan(tx, subscription, "foretell", upcoming, end)
    cancel_at = subscription["cancel_at"]
    if cancel_at is not None and cancel_at < end and not subscription["schedule"]:
        _plan(tx, subscription, "cancel_then", cancel_at, cancel_at)
    trial_end = subscription["trial_end"]
    if subscription["status"] == "trialing" and trial_end:
        notice = max(tx.now, trial_end - dunning.trial_notice_seconds())
        _plan(tx, subscription, "tell_trial_ends", notice, trial_end)


def _plan(tx: Tx, subscription: Doc, job: str, when: int, at: int) -> None:
    planned = subscriptions.notes(tx, subscription["id"]).get("planned") or {}
    if planned.get(job) != at:
        subscriptions.note(tx, subscription["id"], planned={**planned, job: at})
        clocks.later(tx, subscription, when, SUBSCRIPTIONS, job, at=at)


def set_cancel_at(tx: Tx, subscription: Doc, when: Any) -> None:
    """When a subscription is to end: an instant, or the end of a period; None takes it back."""
    if when is None:
        subscription |= {"cancel_at": None, "canceled_at": None, "cancel_at_period_end": False}
        subscription["cancellation_details"]["reason"] = None
        return
    ends = [item["current_period_end"] for item in subscription["items"]["data"]]
    named = {"max_period_end": max(ends), "min_period_end": min(ends)}
    instant = int(named.get(str(when), max(ends) if when == "max_billed_until" else when))
    if instant <= tx.now:
        raise refusals.cancel_at_past()
    subscription |= {"cancel_at": instant, "canceled_at": tx.now}
    if subscription["cancellation_details"]["reason"] is None:
        subscription["cancellation_details"]["reason"] = "cancellation_requested"


@SUBSCRIPTIONS.job
def renew(tx: Tx, subscription: Doc, at: int) -> None:
    """A period is over: the next one begins and is billed, or the subscription ends with it."""
    _, end = subscriptions.period(subscription)
    if at != end or subscription["status"] not in _RUNNING:
        return
    SUBSCRIPTIONS.tell(tx, "period_ends", subscription)
    subscription = tx.get(SUBSCRIPTIONS, subscription["id"])
    if subscription["status"] not in _RUNNING:
        return
    if _ends_by(subscription, end):
        ending.end(tx, subscription)
        return
    if subscription["status"] == "trialing" and not goes_on(tx, subscription):
        return
    _turn(subscription, end)
    bill(tx, subscription, "subscription_cycle")


def _turn(subscription: Doc, now: int) -> None:
    """The items whose period is over have their next one."""
    for item in subscription["items"]["data"]:
        if item["current_period_end"] > now:
            continue
        rhythm = item["price"]["recurring"]
        every = rhythm["interval"], rhythm["interval_count"]
        anchor = subscription["billing_cycle_anchor"]
        item["previous_period_start"] = item["current_period_start"]
        item["current_period_start"] = item["current_period_end"]
        item["current_period_end"] = periods.boundary_after(anchor, *every, now)


def bill(tx: Tx, subscription: Doc, reason: str) -> Doc:
    """The draft of the periods that begin now, and of what was used in those that ended."""
    begun = [item.pop("previous_period_start", None) for item in subscription["items"]["data"]]
    now = tx.now
    trial_is_over = subscription["status"] == "trialing"
    if trial_is_over:
        subscription["status"] = "active"
    subscription = keep(tx, subscription, event="customer.subscription.updated")
    first = min((each for each in begun if each is not None), default=now)
    invoice = charging_periods.begin(tx, subscription, reason, (first, now))
    charging_periods.take_waiting(tx, invoice, subscription)
    for item, before in zip(subscription["items"]["data"], begun, strict=True):
        if before is None:
            continue
        if subscriptions.is_metered(item["price"]):
            if not trial_is_over:
                metering.bill(tx, invoice, subscription, item, (before, now))
        else:
            charging_periods.add_period(tx, invoice, subscription, item, trial=False)
    _pause(subscription, invoice)
    finalizing.schedule(tx, invoice)
    invoice = charging_periods.announce(tx, subscription, invoice)
    if (subscription["pause_collection"] or {}).get("behavior") in {"void", "mark_uncollectible"}:
        _collect_not(tx, subscription, invoice)
    plan(tx, tx.get(SUBSCRIPTIONS, subscription["id"]))
    return invoice


def renewed(tx: Tx, subscription: Doc) -> Doc | None:
    """The invoice of a subscription's renewal, made now; None when it will end instead."""
    _, end = subscriptions.period(subscription)
    tx = tx.at(end)
    SUBSCRIPTIONS.tell(tx, "period_ends", subscription)
    subscription = tx.get(SUBSCRIPTIONS, subscription["id"])
    if subscription["status"] in ENDED or _ends_by(subscription, end):
        return None
    _turn(subscription, end)
    return bill(tx, subscription, "upcoming")


def recurring(tx: Tx, subscription: Doc) -> Doc:
    """An invoice of a whole period of each item and nothing else: what comes again and again."""
    _, end = subscriptions.period(subscription)
    _turn(subscription, end)
    tx = tx.at(end)
    invoice = charging_periods.begin(tx, subscription, "upcoming", (end, end))
    for item in subscription["items"]["data"]:
        charging_periods.add_period(tx, invoice, subscription, item, trial=False)
    return charging_periods.reckoned(tx, invoice)


def _ends_by(subscription: Doc, instant: int) -> bool:
    return subscription["cancel_at"] is not None and subscription["cancel_at"] <= instant


def _pause(subscription: Doc, invoice: Doc) -> None:
    """While nothing is collected, invoices stay drafts, or go where the pause sends them."""
    if subscription["pause_collection"] or subscription["status"] == "unpaid":
        invoice["auto_advance"] = False


def _collect_not(tx: Tx, subscription: Doc, invoice: Doc) -> None:
    invoice = finalizing.finalize(tx, invoice)
    if invoice["status"] == "open":
        behaviour = subscription["pause_collection"]["behavior"]
        (ending.void_invoice if behaviour == "void" else ending.give_invoice_up)(tx, invoice)


def goes_on(tx: Tx, subscription: Doc) -> bool:
    """Whether a subscription survives the end of its trial: without a payment method it may be
    paused or canceled.
    """
    behaviour = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    automatic = subscription["collection_method"] == "charge_automatically"
    if behaviour == "create_invoice" or not automatic:
        return True
    if charging_periods.has_payer(tx, subscription):
        return True
    if behaviour == "pause":
        keep(tx, subscription | {"status": "paused"}, event="customer.subscription.paused")
    else:
        ending.end(tx, subscription)
    return False


@SUBSCRIPTIONS.job
def foretell(tx: Tx, subscription: Doc, at: int) -> None:
    """The next invoice comes in some days."""
    _, end = subscriptions.period(subscription)
    if at != end or subscription["status"] not in _RUNNING:
        return
    with tx.rehearsal():
        invoice = renewed(tx, subscription)
        shown = invoices.as_preview(invoice) if invoice else None
    if shown is not None:
        tx.emit("invoice.upcoming", shown)


@SUBSCRIPTIONS.job
def tell_trial_ends(tx: Tx, subscription: Doc, at: int) -> None:
    """Three days before a trial ends, or at once when it is shorter."""
    if subscription["status"] == "trialing" and subscription["trial_end"] == at:
        tx.emit("customer.subscription.trial_will_end", subscription)


@SUBSCRIPTIONS.job
def cancel_then(tx: Tx, subscription: Doc, at: int) -> None:
    """The instant that `cancel_at` named."""
    if subscription["cancel_at"] == at and subscription["status"] in _RUNNING:
        ending.end(tx, subscription)


@SUBSCRIPTIONS.job
def resume_collection(tx: Tx, subscription: Doc, at: int) -> None:
    """The pause of collection ends."""
    if (subscription["pause_collection"] or {}).get("resumes_at") == at:
        keep(tx, subscription | {"pause_collection": None}, event="customer.subscription.updated")


@SUBSCRIPTIONS.job
def expire_incomplete(tx: Tx, subscription: Doc) -> None:
    """Nobody paid the first invoice within 23 hours."""
    if subscription["status"] != "incomplete":
        return
    invoice = tx.find(INVOICES, subscription["latest_invoice"] or "")
    if invoice is not None and invoice["status"] == "open":
        ending.void_invoice(tx, invoice)
    else:
        ending.expire(tx, subscription)
