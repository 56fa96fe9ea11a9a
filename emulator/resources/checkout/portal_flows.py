"""Deep links into the customer portal: sessions that lead to one deed only.

A flow is refused at once when the configuration does not offer its deed, or when there is nothing
to do (observed).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from emulator.kernel.errors import billing as billing_refusals
from emulator.kernel.errors import checkout as refusals
from emulator.kernel.errors import params as param_refusals
from emulator.kit import Doc, Params, Tx
from emulator.resources.subscriptions.subscriptions import ENDED, SUBSCRIPTIONS

# What a customer does in a flow, by its type.
DEEDS: Final = {
    "payment_method_update": "card",
    "subscription_cancel": "cancel",
    "subscription_update": "update",
    "subscription_update_confirm": "confirm",
}
_PARTS: Final = ("subscription_cancel", "subscription_update", "subscription_update_confirm")


def flow(tx: Tx, data: Params | None, session: Doc, configuration: Doc) -> Any:
    """The flow of a new session, in the shape it is shown in; None without one."""
    if not data:
        return None
    if data["type"] in _PARTS:
        _check(tx, data, session["customer"], configuration)
    after = data.get("after_completion") or {"type": "portal_homepage"}
    back = session["return_url"]
    usual = {"return_url": back} if after["type"] == "redirect" and back else None
    return {
        "after_completion": {
            "hosted_confirmation": after.get("hosted_confirmation"),
            "redirect": after.get("redirect") or usual,
            "type": after["type"],
        },
        **{name: data.get(name) for name in _PARTS},
        "type": data["type"],
    }


def offered(configuration: Doc) -> Iterator[str]:
    """The ids of the prices that a subscription can be changed to."""
    for product in configuration["features"]["subscription_update"]["products"] or ():
        yield from product["prices"]


# -- inside ---------------------------------------------------------------------------------------


def _check(tx: Tx, data: Params, customer: str, configuration: Doc) -> None:
    kind = data["type"]
    if not data.get(kind):
        raise param_refusals.parameter_missing(f"flow_data[{kind}]")
    param = f"flow_data[{kind}][subscription]"
    subscription = tx.get(SUBSCRIPTIONS, data[kind]["subscription"], param=param)
    if subscription["customer"] != customer or subscription["status"] in ENDED:
        raise tx.missing(SUBSCRIPTIONS, subscription["id"], param)
    features = configuration["features"]
    if kind == "subscription_cancel":
        if not features["subscription_cancel"]["enabled"]:
            raise refusals.portal_feature_off("cancel")
        if subscription["cancel_at"] is not None:
            raise refusals.portal_ends_already(subscription["id"])
        return
    if not features["subscription_update"]["enabled"]:
        raise refusals.portal_feature_off("update")
    if kind == "subscription_update_confirm":
        _check_changes(subscription, data[kind], configuration)


def _check_changes(subscription: Doc, asked: Doc, configuration: Doc) -> None:
    """Something has to change, and only to what is offered."""
    items = {item["id"]: item for item in subscription["items"]["data"]}
    changes = bool(asked.get("discounts"))
    for at, given in enumerate(asked["items"]):
        item = items.get(given["id"])
        if item is None:
            param = f"flow_data[subscription_update_confirm][items][{at}][id]"
            raise billing_refusals.no_such_item(given["id"], param)
        price = given.get("price") or item["price"]["id"]
        if price != item["price"]["id"] and price not in offered(configuration):
            raise refusals.portal_price_not_offered(item["id"], price, configuration["id"])
        quantity = given.get("quantity", item.get("quantity"))
        changes |= price != item["price"]["id"] or quantity != item.get("quantity")
    if not changes:
        raise refusals.portal_changes_nothing()
