"""The customer portal: what a customer sees there, and what they may do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from emulator.control.checkout import method_of, on_account_of
from emulator.kernel.errors import checkout as refusals
from emulator.kit import Doc, Tx
from emulator.resources.billing import changing, customer_changes, ending
from emulator.resources.checkout.portal import PORTAL_SESSIONS, configuration_of
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.payment_methods import attaching
from emulator.resources.products.products import PRODUCTS
from emulator.resources.subscriptions.subscriptions import SUBSCRIPTIONS
from emulator.world import World

_FEATURE: Final = {
    "cancel": "subscription_cancel",
    "card": "payment_method_update",
    "resume": "subscription_cancel",
}


class Portal(NamedTuple):
    """What stands in a customer's portal. offers: the features of its configuration. products: the
    names of what is subscribed to, by id.
    """

    session: Doc
    offers: Doc
    customer: Doc
    subscriptions: list[Doc]
    invoices: list[Doc]
    products: dict[str, str]


def look(world: World, id_: str) -> Portal:
    """What a customer sees of what they subscribed to."""
    with on_account_of(world, id_) as tx:
        session = tx.get(PORTAL_SESSIONS, id_)
        customer = session["customer"]
        subscriptions = list(tx.all(SUBSCRIPTIONS, customer=customer))
        return Portal(
            session,
            configuration_of(tx, session)["features"],
            tx.get(CUSTOMERS, customer),
            subscriptions,
            list(tx.all(INVOICES, customer=customer)),
            dict(_products(tx, subscriptions)),
        )


def _products(tx: Tx, subscriptions: list[Doc]) -> Iterator[tuple[str, str]]:
    for subscription in subscriptions:
        for item in subscription["items"]["data"]:
            product = tx.find(PRODUCTS, item["price"]["product"])
            if product is not None and not product.get("deleted"):
                yield product["id"], product["name"]


def act(world: World, id_: str, deed: str, sent: dict[str, Any]) -> None:
    """What a customer does: `cancel` or `resume` a subscription, or give another `card`.

    Refused when the portal does not offer it.
    """
    with on_account_of(world, id_) as tx:
        session = tx.get(PORTAL_SESSIONS, id_)
        offers = configuration_of(tx, session)["features"]
        if not offers.get(_FEATURE.get(deed, ""), {}).get("enabled"):
            raise refusals.portal_does_not_offer(deed)
        if deed == "card":
            _take_card(tx, session["customer"], sent)
        else:
            _turn(tx, session["customer"], deed, sent, offers["subscription_cancel"])


def _take_card(tx: Tx, customer: str, sent: dict[str, Any]) -> None:
    method = attaching.attach(tx, {"customer": customer}, method_of(tx, sent))
    settings = {"invoice_settings": {"default_payment_method": method["id"]}}
    customer_changes.update(tx, settings, customer)


def _turn(tx: Tx, customer: str, deed: str, sent: dict[str, Any], how: Doc) -> None:
    """End a subscription, at once or with its period, or let it go on after all."""
    subscription = tx.get(SUBSCRIPTIONS, str(sent.get("subscription") or ""))
    if subscription["customer"] != customer:
        raise tx.missing(SUBSCRIPTIONS, subscription["id"])
    if deed == "cancel" and how["mode"] == "immediately":
        ending.cancel(tx, {"prorate": how["proration_behavior"] != "none"}, subscription["id"])
    else:
        changing.update(tx, {"cancel_at_period_end": deed == "cancel"}, subscription["id"])
