"""Subscriptions: a customer pays some prices, again and again.

States: incomplete → active or incomplete_expired; trialing → active, paused, past_due or canceled;
active ↔ past_due → unpaid or canceled; paused → active; canceled. Here: what a subscription is and
how it is read. How it moves is in `billing/`: it begins in `creating.py`, changes in
`changing.py`, goes from period to period in `renewing.py`, follows its invoices in `statuses.py`
and ends in `ending.py`.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import billing as refusals
from emulator.kit import Doc, Page, Params, Resource, Tx, page, retrieves, searches
from emulator.kit.listing import in_range
from emulator.resources.customers import clocks
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.products import discounts, prices

SUBSCRIPTIONS: Final = Resource(
    "subscription",
    prefix="sub",
    filters=("customer", "collection_method", "test_clock"),
)
ITEMS: Final = Resource(
    "subscription_item",
    prefix="si",
    id_length=14,
    dated=False,
    kind="subscription_item",
    param="item",
    filters=("subscription",),
)
ENDED: Final = ("canceled", "incomplete_expired")

retrieves(SUBSCRIPTIONS, "GET /v1/subscriptions/{subscription_exposed_id}")
searches(SUBSCRIPTIONS, "GET /v1/subscriptions/search")
retrieves(ITEMS, "GET /v1/subscription_items/{item}")


@SUBSCRIPTIONS.on("GET /v1/subscriptions")
def list_(tx: Tx, params: Params) -> Page:
    if params.get("customer"):
        tx.get(CUSTOMERS, params["customer"], param="customer")
    return _page(tx, params)


@SUBSCRIPTIONS.on("GET /v1/customers/{customer}/subscriptions")
def list_of_customer(tx: Tx, params: Params, customer: str) -> Page:
    tx.get(CUSTOMERS, customer)
    return _page(tx, {**params, "customer": customer})


@SUBSCRIPTIONS.on("GET /v1/customers/{customer}/subscriptions/{subscription_exposed_id}")
def retrieve_of_customer(tx: Tx, _params: Params, customer: str, id_: str) -> Doc:
    return of_customer(tx, customer, id_)


@ITEMS.on("GET /v1/subscription_items")
def list_items(tx: Tx, params: Params) -> Page:
    tx.get(SUBSCRIPTIONS, params["subscription"], param="subscription")
    only = {"subscription": params["subscription"]}
    return page(tx, ITEMS, params, "subscription item", **only)


def of_customer(tx: Tx, customer: str, id_: str) -> Doc:
    """A subscription under its customer's path."""
    tx.get(CUSTOMERS, customer)
    found = tx.find(SUBSCRIPTIONS, id_)
    if found is None or found["customer"] != customer:
        raise refusals.no_subscription_of(customer, id_)
    return found


def use(tx: Tx, id_: str, param: str | None = None) -> tuple[Tx, Doc]:
    """A subscription to be changed, and the time it lives in."""
    subscription = tx.get(SUBSCRIPTIONS, id_, param)
    return clocks.at(tx, subscription["test_clock"]), subscription


def keep(tx: Tx, subscription: Doc, event: str | None = None) -> Doc:
    """Store a subscription with its items. The only plan and its quantity are shown on top."""
    items = subscription["items"]
    items["total_count"] = len(items["data"])
    items["has_more"] = False
    items["url"] = f"/v1/subscription_items?subscription={subscription['id']}"
    only = items["data"][0] if len(items["data"]) == 1 else {}
    plan = dict(only["plan"]) if only else None
    subscription |= {"plan": plan, "quantity": only.get("quantity")}
    kept = {item["id"] for item in items["data"]}
    for item in items["data"]:
        tx.save(ITEMS, item)
    for old in list(tx.all(ITEMS, subscription=subscription["id"])):
        if old["id"] not in kept:
            tx.delete(ITEMS, old)
    saved = tx.save(SUBSCRIPTIONS, subscription, event=event)
    SUBSCRIPTIONS.tell(tx, "kept", saved)
    return saved


def new_item(tx: Tx, subscription: str, price: Doc, quantity: int | None, **fields: Any) -> Doc:
    """A new item of a subscription; its period is set by who makes it."""
    item = tx.new(ITEMS, subscription=subscription, **fields)
    return with_price(item, price, quantity)


def with_price(item: Doc, price: Doc, quantity: int | None = None) -> Doc:
    """An item of this price. Of what is metered no quantity is shown (documented)."""
    item |= {"plan": prices.plan_of(price), "price": price}
    if is_metered(price):
        item.pop("quantity", None)
    else:
        item["quantity"] = item.get("quantity", 1) if quantity is None else quantity
    return item


def quantity(item: Doc) -> int:
    """How many of its price an item is; of what is metered none before it was used."""
    return int(item.get("quantity") or 0)


def is_metered(price: Doc) -> bool:
    return bool(price["recurring"] and price["recurring"]["usage_type"] == "metered")


def period(subscription: Doc) -> tuple[int, int]:
    """The current period: from the latest beginning to the first end of its items'."""
    items = subscription["items"]["data"]
    begin = max(item["current_period_start"] for item in items)
    return begin, min(item["current_period_end"] for item in items)


def set_period(subscription: Doc, begin: int, end: int) -> None:
    """All items have this period."""
    for item in subscription["items"]["data"]:
        item |= {"current_period_start": begin, "current_period_end": end}


def is_flexible(subscription: Doc) -> bool:
    return bool(subscription["billing_mode"]["type"] == "flexible")


def notes(tx: Tx, id_: str) -> Doc:
    """What is kept beside a subscription: `announced`, whether its creation was told."""
    return tx.hidden(f"{id_}/notes")


def note(tx: Tx, id_: str, **what: Any) -> None:
    tx.hide(f"{id_}/notes", {**notes(tx, id_), **what})


# -- inside ---------------------------------------------------------------------------------------


def _page(tx: Tx, params: Params) -> Page:
    """Those that have not ended, unless a status is named; those on test clocks only when asked
    for.
    """
    wanted = params.get("status")
    everywhere = bool(params.get("customer") or params.get("test_clock"))

    def where(subscription: Doc) -> bool:
        if not everywhere and subscription["test_clock"]:
            return False
        if not _has_status(subscription, wanted):
            return False
        return _sells(subscription, params) and _lies_in(subscription, params)

    return page(tx, SUBSCRIPTIONS, params, where=where)


def _has_status(subscription: Doc, wanted: str | None) -> bool:
    status = subscription["status"]
    if wanted == "all":
        return True
    if wanted == "ended":
        return status in ENDED
    return status not in ENDED if wanted is None else bool(status == wanted)


def _sells(subscription: Doc, params: Params) -> bool:
    price = params.get("price") or params.get("plan")
    sold = {item["price"]["id"] for item in subscription["items"]["data"]}
    return price is None or price in sold


def _lies_in(subscription: Doc, params: Params) -> bool:
    begin, end = period(subscription)
    return all(
        params.get(name) is None or in_range(value, params[name])
        for name, value in (("current_period_start", begin), ("current_period_end", end))
    )


def _of_customer(tx: Tx, customer: Doc) -> Doc:
    """`subscriptions` of a customer."""
    found = [
        each
        for each in tx.all(SUBSCRIPTIONS, customer=customer["id"])
        if each["status"] not in ENDED
    ]
    return {
        "object": "list",
        "data": found[:10],
        "has_more": len(found) > 10,
        "total_count": len(found),
        "url": f"/v1/customers/{customer['id']}/subscriptions",
    }


CUSTOMERS.includes["subscriptions"] = _of_customer
SUBSCRIPTIONS.includes["discount"] = lambda tx, subscription: tx.find(
    discounts.DISCOUNTS,
    next((id_ for id_ in subscription["discounts"] if isinstance(id_, str)), ""),
)
