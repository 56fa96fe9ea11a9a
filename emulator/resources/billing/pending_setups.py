"""What a subscription asks of a customer who cannot pay yet: a setup intent, when nothing is due
now and there is something to charge later (a trial, a coupon of a hundred percent).
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Doc, Tx
from emulator.resources.customers import clocks
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.products import prices
from emulator.resources.setups import setting_up
from emulator.resources.setups.setup_intents import SETUP_INTENTS
from emulator.resources.subscription_invoices import charging_periods
from emulator.resources.subscriptions.subscriptions import SUBSCRIPTIONS, keep
from emulator.rules import automatic_methods

_SAVES: Final = "on_subscription"


def begin(tx: Tx, subscription: Doc) -> None:
    """Give a subscription (left unsaved) its setup intent, if it needs one."""
    if not _needed(tx, subscription):
        return
    types = automatic_methods.offered(
        subscription["currency"], manual=False, redirects=False, reuse=True
    )
    params = {
        "customer": subscription["customer"],
        "payment_method_types": sorted(types),
        "usage": "off_session",
    }
    intent: Doc = setting_up.create(tx.outside(), params)
    tx.hide(f"{intent['id']}/subscription", {"subscription": subscription["id"]})
    subscription["pending_setup_intent"] = intent["id"]


def _needed(tx: Tx, subscription: Doc) -> bool:
    if subscription["collection_method"] != "charge_automatically":
        return False
    invoice = tx.find(INVOICES, subscription["latest_invoice"] or "")
    due = invoice["amount_due"] if invoice else 0
    if due or charging_periods.has_payer(tx, subscription):
        return False
    items = subscription["items"]["data"]
    return any(prices.amount(tx, each["price"], each.get("quantity", 1)) for each in items)


@SETUP_INTENTS.when("succeeded", "canceled")
def _ended(tx: Tx, intent: Doc) -> None:
    """It is done: the subscription asks no more, and keeps what it was given if it is to."""
    id_ = tx.hidden(f"{intent['id']}/subscription").get("subscription")
    subscription = tx.find(SUBSCRIPTIONS, id_) if id_ else None
    if subscription is None or subscription["pending_setup_intent"] != intent["id"]:
        return
    subscription["pending_setup_intent"] = None
    saves = subscription["payment_settings"]["save_default_payment_method"] == _SAVES
    if intent["status"] == "succeeded" and saves:
        subscription["default_payment_method"] = intent["payment_method"]
    mine = clocks.at(tx, subscription["test_clock"])
    keep(mine, subscription, event="customer.subscription.updated")
