"""Updates that wait for their payment (`pending_if_incomplete`): made when their invoice is paid,
forgotten when it is void, or when nobody paid in time.

That is 23 hours, or less where a period or a trial ends before (documented).
"""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import billing as refusals
from emulator.kit import Doc, Params, Tx
from emulator.kit.editing import merged_metadata
from emulator.resources.customers import clocks
from emulator.resources.invoices import invoicing
from emulator.resources.invoices.invoices import INVOICES, subscription_of
from emulator.resources.subscriptions import subscriptions
from emulator.resources.subscriptions.subscriptions import SUBSCRIPTIONS, keep
from emulator.rules.billing import dunning

_SUPPORTED: Final = frozenset(
    {
        "add_invoice_items",
        "billing_cycle_anchor",
        "cancel_at_period_end",
        "discounts",
        "items",
        "metadata",
        "off_session",
        "payment_behavior",
        "plan",
        "proration_behavior",
        "proration_date",
        "quantity",
        "trial_end",
        "trial_from_plan",
    }
)
_OF_ITEMS: Final = frozenset({"deleted", "id", "plan", "price", "price_data", "quantity"})
# What is changed only when it is paid.
_WAITS: Final = (
    "billing_cycle_anchor",
    "cancel_at",
    "cancel_at_period_end",
    "canceled_at",
    "discounts",
    "items",
    "metadata",
    "trial_end",
    "trial_start",
)
# What is kept beside an item of what it was charged and what it used.
_NOTES: Final = ("debits", "usage_billed")


def check(subscription: Doc, params: Params) -> None:
    """Refuse what cannot wait (documented)."""
    if params.get("payment_behavior") != "pending_if_incomplete":
        return
    for name in params:
        if params[name] is not None and name not in _SUPPORTED:
            raise refusals.not_in_pending_update(name)
    for at, item in enumerate(params.get("items") or []):
        for name in item:
            if item[name] is not None and name not in _OF_ITEMS:
                raise refusals.not_in_pending_update(f"items[{at}][{name}]")
    if subscription["collection_method"] == "send_invoice":
        raise refusals.pending_update_of_sent_invoice()


def charged(tx: Tx, subscription: Doc) -> Doc:
    """What is kept beside the items of a subscription."""
    names = [f"{item['id']}/{n}" for item in subscription["items"]["data"] for n in _NOTES]
    return {name: tx.hidden(name) for name in names}


def wait(tx: Tx, before: Doc, after: Doc, invoice: str, kept: Doc) -> None:
    """The change is made when its invoice is paid: until then all is as before."""
    _replace(tx, before)
    ends = [subscriptions.period(before)[1], tx.now + dunning.incomplete_seconds()]
    if before["status"] == "trialing" and before["trial_end"]:
        ends.append(before["trial_end"])
    expires = min(ends)
    then: dict[str, Any] = {name: after[name] for name in _WAITS}
    subscriptions.note(
        tx,
        after["id"],
        pending={
            "after": then,
            "charged": charged(tx, after),
            "expires_at": expires,
            "invoice": invoice,
        },
    )
    for name, notes in kept.items():
        tx.hide(name, notes)
    pending = _shown(before, after) | {"expires_at": expires}
    waiting = before | {"latest_invoice": invoice, "pending_update": pending}
    keep(tx, waiting, event="customer.subscription.updated")
    clocks.later(tx, waiting, expires, SUBSCRIPTIONS, "expire_pending")


def apply(tx: Tx, subscription: Doc, invoice: Doc) -> Doc:
    """An update that waited for this payment is made."""
    waiting = _waiting(tx, subscription["id"])
    if waiting.get("invoice") != invoice["id"]:
        return subscription
    subscriptions.note(tx, subscription["id"], pending=None)
    for name, notes in waiting["charged"].items():
        tx.hide(name, notes)
    added = merged_metadata(subscription["metadata"], waiting["after"]["metadata"])
    subscription |= {**waiting["after"], "metadata": added, "pending_update": None}
    return keep(tx, subscription, event="customer.subscription.pending_update_applied")


@INVOICES.when("void")
def _voided(tx: Tx, invoice: Doc) -> None:
    """Its invoice will never be paid: the update is forgotten (documented)."""
    subscription = tx.find(SUBSCRIPTIONS, subscription_of(invoice) or "")
    if subscription is None or _waiting(tx, subscription["id"]).get("invoice") != invoice["id"]:
        return
    subscriptions.note(tx, subscription["id"], pending=None)
    keep(tx, subscription | {"pending_update": None}, event="customer.subscription.updated")


@SUBSCRIPTIONS.job
def expire_pending(tx: Tx, subscription: Doc) -> None:
    """Nobody paid for an update in time: it is not made, and its invoice is void."""
    waiting = _waiting(tx, subscription["id"])
    if not waiting or waiting["expires_at"] > tx.now:
        return
    subscriptions.note(tx, subscription["id"], pending=None)
    event = "customer.subscription.pending_update_expired"
    keep(tx, subscription | {"pending_update": None}, event=event)
    _void(tx, waiting["invoice"])


# -- inside ---------------------------------------------------------------------------------------


def _waiting(tx: Tx, subscription: str) -> Doc:
    found: Doc = subscriptions.notes(tx, subscription).get("pending") or {}
    return found


def _replace(tx: Tx, subscription: Doc) -> None:
    """One update waits at a time: the one before it is forgotten (assumed)."""
    waiting = _waiting(tx, subscription["id"])
    if waiting:
        subscriptions.note(tx, subscription["id"], pending=None)
        _void(tx, waiting["invoice"])


def _void(tx: Tx, invoice: str) -> None:
    found = tx.find(INVOICES, invoice)
    if found is not None and found["status"] == "open":
        invoicing.nullify(tx, found)


def _shown(before: Doc, after: Doc) -> Doc:
    """`pending_update`: what the update will change."""
    shown: Doc = {
        name: after[name] if after[name] != before[name] else None
        for name in (
            "billing_cycle_anchor",
            "cancel_at_period_end",
            "discounts",
            "metadata",
            "trial_end",
        )
    }
    items = after["items"]["data"]
    return shown | {"discount": None, "subscription_items": items, "trial_from_plan": None}
