"""The customer portal: what a customer sees there, and what they may do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from emulator.control.people.checkout import method_of, on_account_of
from emulator.kernel.errors import checkout as refusals
from emulator.kit import Doc, Tx
from emulator.resources.billing import changing, customer_changes, ending, schedules
from emulator.resources.checkout import portal_flows
from emulator.resources.checkout.portal import PORTAL_SESSIONS, configuration_of
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.payment_methods import attaching
from emulator.resources.products.prices import PRICES
from emulator.resources.products.products import PRODUCTS
from emulator.resources.subscriptions.subscriptions import SUBSCRIPTIONS
from emulator.world import World

_FEATURE: Final = {
    "cancel": "subscription_cancel",
    "card": "payment_method_update",
    "confirm": "subscription_update",
    "resume": "subscription_cancel",
    "update": "subscription_update",
}

_DAYS: Final = {"day": 1, "week": 7, "month": 30, "year": 365}


class Portal(NamedTuple):
    """What stands in a customer's portal. offers: the features of its configuration. flow: the one
    deed that the session leads to. is_done: whether it was done. products: the names of what is
    subscribed to or offered, by id. prices: what subscriptions can be changed to.
    """

    session: Doc
    offers: Doc
    flow: Doc | None
    is_done: bool
    customer: Doc
    subscriptions: list[Doc]
    invoices: list[Doc]
    products: dict[str, str]
    prices: list[Doc]


def look(world: World, id_: str) -> Portal:
    """What a customer sees of what they subscribed to."""
    with on_account_of(world, id_) as tx:
        session = tx.get(PORTAL_SESSIONS, id_)
        configuration = configuration_of(tx, session)
        customer = session["customer"]
        subscriptions = list(tx.all(SUBSCRIPTIONS, customer=customer))
        prices = _prices(tx, configuration)
        shown = [item["price"] for each in subscriptions for item in each["items"]["data"]]
        return Portal(
            session,
            configuration["features"],
            session["flow"],
            _is_done(tx, id_),
            tx.get(CUSTOMERS, customer),
            subscriptions,
            list(tx.all(INVOICES, customer=customer)),
            dict(_products(tx, [*shown, *prices])),
            prices,
        )


def _is_done(tx: Tx, id_: str) -> bool:
    return bool(tx.hidden(id_).get("done"))


def _prices(tx: Tx, configuration: Doc) -> list[Doc]:
    if not configuration["features"]["subscription_update"]["enabled"]:
        return []
    found = (tx.find(PRICES, each) for each in portal_flows.offered(configuration))
    return [price for price in found if price is not None]


def _products(tx: Tx, prices: list[Doc]) -> Iterator[tuple[str, str]]:
    for price in prices:
        product = tx.find(PRODUCTS, price["product"])
        if product is not None and not product.get("deleted"):
            yield product["id"], product["name"]


def act(world: World, id_: str, deed: str, sent: dict[str, Any]) -> str | None:
    """What a customer does: `cancel` or `resume` a subscription, `update` it to another `price` or
    `quantity`, `confirm` the change that a flow proposes, or give another `card`.

    Where they are sent when that ends their visit. Refused when the portal does not offer it.
    """
    with on_account_of(world, id_) as tx:
        session = tx.get(PORTAL_SESSIONS, id_)
        flow = None if _is_done(tx, id_) else session["flow"]
        offers = configuration_of(tx, session)["features"]
        leads_elsewhere = flow is not None and portal_flows.DEEDS.get(flow["type"], deed) != deed
        if leads_elsewhere or not offers.get(_FEATURE.get(deed, ""), {}).get("enabled"):
            raise refusals.portal_does_not_offer(deed)
        if deed == "card":
            _take_card(tx, session["customer"], sent)
        elif deed == "confirm":
            _confirm(tx, flow, offers["subscription_update"])
        elif deed == "update":
            _update(tx, session, flow, sent)
        else:
            _turn(tx, session["customer"], deed, sent, offers["subscription_cancel"])
        if flow is None:
            return None
        tx.hide(id_, {"done": True})
        return (flow["after_completion"]["redirect"] or {}).get("return_url")


def _take_card(tx: Tx, customer: str, sent: dict[str, Any]) -> None:
    method = attaching.attach(tx, {"customer": customer}, method_of(tx, sent))
    settings = {"invoice_settings": {"default_payment_method": method["id"]}}
    customer_changes.update(tx, settings, customer)


def _confirm(tx: Tx, flow: Doc | None, how: Doc) -> None:
    """The change that the flow proposes, as it stands there."""
    if flow is None:
        raise refusals.portal_does_not_offer("confirm")
    asked = flow["subscription_update_confirm"]
    more = {"discounts": asked["discounts"]} if asked.get("discounts") else {}
    _change(tx, asked["subscription"], {"items": asked["items"], **more}, how)


def _update(tx: Tx, session: Doc, flow: Doc | None, sent: dict[str, Any]) -> None:
    """Another of the prices that are offered, or another quantity."""
    configuration = configuration_of(tx, session)
    how = configuration["features"]["subscription_update"]
    of_flow = flow["subscription_update"]["subscription"] if flow else None
    named = of_flow or str(sent.get("subscription") or "")
    subscription = _own(tx, session["customer"], named)
    item = {"id": subscription["items"]["data"][0]["id"]}
    if sent.get("price"):
        item["price"] = str(sent["price"])
        if item["price"] not in portal_flows.offered(configuration):
            raise refusals.portal_price_not_offered(item["id"], item["price"], configuration["id"])
    if str(sent.get("quantity") or "").isdecimal() and "quantity" in how["default_allowed_updates"]:
        item["quantity"] = int(sent["quantity"])
    _change(tx, subscription["id"], {"items": [item]}, how)


def _change(tx: Tx, id_: str, change: dict[str, Any], how: Doc) -> None:
    """Change a subscription as the configuration says that it is done: now, or with the period."""
    subscription = tx.get(SUBSCRIPTIONS, id_)
    if subscription["schedule"]:
        schedules.release(tx, {}, subscription["schedule"])
    if _waits(tx, subscription, change["items"][0], how):
        _change_then(tx, id_, change["items"][0])
        return
    change["proration_behavior"] = how["proration_behavior"]
    if subscription["status"] == "trialing" and how["trial_update_behavior"] == "end_trial":
        change["trial_end"] = "now"
    if how["billing_cycle_anchor"] == "now":
        change["billing_cycle_anchor"] = {"type": "now"}
    changing.update(tx, change, id_)


def _waits(tx: Tx, subscription: Doc, change: Doc, how: Doc) -> bool:
    """Whether a change is one of those that the configuration puts off to the period's end."""
    old = next(each for each in subscription["items"]["data"] if each["id"] == change["id"])
    before, after = old["price"], tx.get(PRICES, change.get("price") or old["price"]["id"])
    many = change.get("quantity") or old.get("quantity") or 1
    least = (after["unit_amount"] or 0) * many < (before["unit_amount"] or 0) * (
        old.get("quantity") or 1
    )
    is_so = {
        "decreasing_item_amount": least,
        "shortening_interval": _days(after) < _days(before),
    }
    conditions = how["schedule_at_period_end"]["conditions"]
    return any(is_so.get(each["type"], False) for each in conditions)


def _days(price: Doc) -> int:
    return _DAYS[price["recurring"]["interval"]] * int(price["recurring"]["interval_count"])


def _change_then(tx: Tx, id_: str, change: Doc) -> None:
    """A second phase, in which the item is what was asked for."""
    [item] = tx.get(SUBSCRIPTIONS, id_)["items"]["data"]
    now = {"price": item["price"]["id"], "quantity": item.get("quantity")}
    schedule = schedules.create(tx, {"from_subscription": id_})
    first = schedule["phases"][0]
    later = now | {name: value for name, value in change.items() if name != "id"}
    phases = [
        {name: first[name] for name in ("start_date", "end_date")} | {"items": [now]},
        {"items": [later], "start_date": first["end_date"], "proration_behavior": "none"},
    ]
    schedules.update(tx, {"end_behavior": "release", "phases": phases}, schedule["id"])


def _turn(tx: Tx, customer: str, deed: str, sent: dict[str, Any], how: Doc) -> None:
    """End a subscription, at once or with its period, or let it go on after all. A schedule that
    had other plans for it lets it go (assumed).
    """
    subscription = _own(tx, customer, str(sent.get("subscription") or ""))
    if subscription["schedule"]:
        schedules.release(tx, {}, subscription["schedule"])
    if deed == "cancel" and how["mode"] == "immediately":
        ending.cancel(tx, {"prorate": how["proration_behavior"] != "none"}, subscription["id"])
    else:
        changing.update(tx, {"cancel_at_period_end": deed == "cancel"}, subscription["id"])


def _own(tx: Tx, customer: str, id_: str) -> Doc:
    subscription = tx.get(SUBSCRIPTIONS, id_)
    if subscription["customer"] != customer:
        raise tx.missing(SUBSCRIPTIONS, id_)
    return subscription
