"""How a subscription follows its invoices: paid, it is active; unpaid, it is past due and ends as
the world's dunning says.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Doc, Tx
from emulator.resources.billing import ending, pending_updates
from emulator.resources.invoices.invoices import INVOICES, notes, subscription_of
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.resources.subscriptions import subscriptions
from emulator.resources.subscriptions.subscriptions import SUBSCRIPTIONS, keep
from emulator.rules.billing import dunning

_WAITING: Final = ("incomplete", "past_due", "unpaid")


@INVOICES.when("paid")
def _paid(tx: Tx, invoice: Doc) -> None:
    subscription = _of(tx, invoice)
    if subscription is None:
        return
    subscription = pending_updates.apply(tx, subscription, invoice)
    changed = subscription["status"] in _WAITING
    if changed:
        subscription["status"] = "active"
    if _keeps_method(tx, subscription, invoice):
        changed = True
    if changed:
        _save(tx, subscription)


@INVOICES.when("payment_processing")
def _processing(tx: Tx, invoice: Doc) -> None:
    """A bank debit is under way: that is enough to begin."""
    subscription = _of(tx, invoice)
    if subscription is not None and subscription["status"] == "incomplete":
        _save(tx, subscription | {"status": "active"})


@INVOICES.when("payment_failed", "payment_action_required", "overdue")
def _unpaid(tx: Tx, invoice: Doc) -> None:
    subscription = _of(tx, invoice)
    if subscription is not None and subscription["status"] in {"active", "trialing"}:
        _save(tx, subscription | {"status": "past_due"})


@INVOICES.when("given_up")
def _given_up(tx: Tx, invoice: Doc) -> None:
    """It was tried for the last time."""
    subscription = _of(tx, invoice)
    if subscription is None or subscription["status"] != "past_due":
        return
    then = dunning.after_retries(tx.setup.settings)
    if then == "cancel":
        ending.end(tx, subscription, "payment_failed")
    elif then == "unpaid":
        _save(tx, subscription | {"status": "unpaid"})


@INVOICES.when("uncollectible")
def _uncollectible(tx: Tx, invoice: Doc) -> None:
    subscription = _of(tx, invoice)
    latest = subscription is not None and subscription["latest_invoice"] == invoice["id"]
    if subscription is not None and latest and subscription["status"] == "past_due":
        _save(tx, subscription | {"status": "active"})


def _of(tx: Tx, invoice: Doc) -> Doc | None:
    return tx.find(SUBSCRIPTIONS, subscription_of(invoice) or "")


def _keeps_method(tx: Tx, subscription: Doc, invoice: Doc) -> bool:
    """What paid becomes the subscription's default, if it was asked to."""
    if subscription["payment_settings"]["save_default_payment_method"] != "on_subscription":
        return False
    intent = tx.find(PAYMENT_INTENTS, notes(tx, invoice["id"]).get("payment_intent") or "")
    method = intent["payment_method"] if intent else None
    if method is None or subscription["default_payment_method"] == method:
        return False
    subscription["default_payment_method"] = method
    return True


def _save(tx: Tx, subscription: Doc) -> None:
    """What is not announced yet is not told of, either."""
    told = subscriptions.notes(tx, subscription["id"]).get("announced")
    keep(tx, subscription, event="customer.subscription.updated" if told else None)
