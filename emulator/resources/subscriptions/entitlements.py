"""Active entitlements: which features a customer may use, by what they are subscribed to.

A subscription entitles while it is trialing, active or past due (the last: assumed). What its
products offer is looked at when it begins, when its items change, and when a period begins: not in
between (documented).
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Doc, Page, Params, Resource, Tx, envelope, page, retrieves
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.products import features
from emulator.resources.products.features import FEATURES
from emulator.resources.subscriptions import subscriptions
from emulator.resources.subscriptions.subscriptions import SUBSCRIPTIONS

ENTITLEMENTS: Final = Resource(
    "entitlements.active_entitlement",
    prefix="ent",
    kind="active entitlement",
    within="customer",
)
_ENTITLES: Final = frozenset({"active", "past_due", "trialing"})
_SUMMARY: Final = "entitlements.active_entitlement_summary"

retrieves(ENTITLEMENTS, "GET /v1/entitlements/active_entitlements/{id}")


@ENTITLEMENTS.on("GET /v1/entitlements/active_entitlements")
def list_(tx: Tx, params: Params) -> Page:
    tx.get(CUSTOMERS, params["customer"], param="customer")
    return page(tx, ENTITLEMENTS, params)


# -- what happens by itself -----------------------------------------------------------------------


@SUBSCRIPTIONS.when("kept")
def _follow(tx: Tx, subscription: Doc) -> None:
    """A subscription has changed: perhaps its customer may do more, or less."""
    note = subscriptions.notes(tx, subscription["id"]).get("entitles")
    if note is None and not features.any_there(tx):
        return
    seen = _seen(subscription)
    if note is not None and note["seen"] == seen:
        return

    products = [item["price"]["product"] for item in subscription["items"]["data"]]
    offered = features.of_products(tx, products) if seen else []
    subscriptions.note(tx, subscription["id"], entitles={"features": offered, "seen": seen})
    _settle(tx, subscription["customer"])


def _seen(subscription: Doc) -> list[object]:
    """What has to change for the features to be looked at again; [] while it entitles to none."""
    if subscription["status"] not in _ENTITLES:
        return []
    items = subscription["items"]["data"]
    begin, _ = subscriptions.period(subscription)
    return [begin, sorted(str(item["price"]["id"]) for item in items)]


def _settle(tx: Tx, customer: str) -> None:
    """The customer's entitlements become those of all their subscriptions; told if they change."""
    wanted = list(
        dict.fromkeys(
            feature
            for each in reversed(list(tx.all(SUBSCRIPTIONS, customer=customer)))
            for feature in (subscriptions.notes(tx, each["id"]).get("entitles") or {}).get(
                "features", ()
            )
        )
    )
    held = {each["feature"]: each for each in tx.all(ENTITLEMENTS, customer=customer)}
    if held.keys() == set(wanted):
        return

    before = _summary(tx, customer)
    for feature in wanted:
        if feature not in held:
            _entitle(tx, customer, feature)
    for feature, entitlement in held.items():
        if feature not in wanted:
            tx.delete(ENTITLEMENTS, entitlement)
    was = {"entitlements": before["entitlements"]}
    tx.emit(f"{_SUMMARY}.updated", _summary(tx, customer), previous=was)


def _entitle(tx: Tx, customer: str, feature: str) -> None:
    found = tx.get(FEATURES, feature)
    made = tx.new(ENTITLEMENTS, feature=feature, lookup_key=found["lookup_key"])
    tx.save(ENTITLEMENTS, made | {"customer": customer})


def _summary(tx: Tx, customer: str) -> Doc:
    url = f"/v1/customer/{customer}/entitlements"
    found = envelope(tx, ENTITLEMENTS, url, total=False, customer=customer)
    return {"object": _SUMMARY, "customer": customer, "entitlements": found, "livemode": False}
