"""What a request wants to subscribe to: prices named or brought along, how many, and whether they
go together.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import billing as refusals
from emulator.kernel.errors import invoicing as invoice_refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Params, Tx
from emulator.kit.editing import merged_metadata
from emulator.resources.products import discounts, prices
from emulator.resources.products.plans import PLANS
from emulator.resources.products.prices import PRICES
from emulator.resources.subscriptions import subscriptions
from emulator.resources.tax import tax_rates

_MOST_ITEMS: Final = 20


def chosen(tx: Tx, params: Params) -> list[Doc]:
    """The items a request gives, each with its whole `price`; plans are prices."""
    given: list[Doc] = params.get("items") or []
    if not given and params.get("plan"):
        given = [{"plan": params["plan"], "quantity": params.get("quantity"), "top": True}]
    if not given:
        raise refusals.items_missing()
    if len(given) > _MOST_ITEMS:
        raise refusals.too_many_items()
    found, seen = [], set()
    for at, each in enumerate(given):
        price = price_of(tx, each, "" if each.get("top") else f"items[{at}]")
        if price["id"] in seen:
            raise refusals.duplicate_price(f"items[{at}][price]", price["id"])
        seen.add(price["id"])
        found.append({**each, "price": price})
    return found


def price_of(tx: Tx, given: Doc, param: str) -> Doc:
    """The recurring price an item names, by either of its names, or brings along.

    It must be active, unless it was `agreed` upon before (never sent by clients): in a Checkout
    Session, a quote, a phase of a schedule; what came as `price_data` never is active.
    """
    if given.get("price_data"):
        return prices.inline(tx, given["price_data"])
    name, word = (
        (given.get("price"), "price") if given.get("price") else (given.get("plan"), "plan")
    )
    blamed = f"{param}[{word}]" if param else word
    if not name:
        raise parameter_missing(f"{param}[price]")
    price = tx.find(PRICES, name)
    if price is None:
        raise tx.missing(PRICES if word == "price" else PLANS, name, blamed)
    if price["type"] != "recurring":
        raise refusals.one_time_price(blamed)
    if not price["active"] and not given.get("agreed"):
        raise refusals.price_inactive(blamed)
    return price


def one_time(tx: Tx, name: str, param: str) -> Doc:
    """A price that is paid once."""
    price = tx.get(PRICES, name, param=param)
    if price["type"] == "recurring":
        raise invoice_refusals.recurring_price(param)
    return price


def check(tx: Tx, items: list[Doc], customer: Doc, params: Params) -> str:
    """Refuse prices that cannot be paid together; the currency they are paid in."""
    first = items[0]["price"]["currency"]
    currency: str = params.get("currency") or first
    for each in items:
        if not prices.speaks(tx, each["price"], currency):
            raise refusals.mixed_currencies(currency, each["price"]["currency"])
    if customer["currency"] not in {None, currency}:
        raise invoice_refusals.wrong_currency(customer["currency"])
    return currency


def check_intervals(items: list[Doc], *, flexible: bool) -> None:
    """Classic billing wants one rhythm for all."""
    rhythms = [each["price"]["recurring"] for each in items]
    shown = [f"{each['interval_count']} {each['interval']}" for each in rhythms]
    if not flexible and len(set(shown)) > 1:
        other = next(each for each in shown if each != shown[0])
        raise refusals.mixed_intervals(shown[0], other)


def item(tx: Tx, subscription: Doc, given: Doc, param: str) -> Doc:
    """A new item of a subscription from what a request gives."""
    made = subscriptions.new_item(tx, subscription["id"], given["price"], given.get("quantity"))
    return shape(tx, subscription, made, given, param)


def shape(tx: Tx, subscription: Doc, made: Doc, given: Doc, param: str) -> Doc:
    """Put what a request says of an item onto it, its price aside."""
    if "metadata" in given:
        made["metadata"] = merged_metadata(made["metadata"], given["metadata"])
    if "discounts" in given:
        on: dict[str, Any] = {"subscription_item": made["id"], "subscription": subscription["id"]}
        made["discounts"] = discounts.make_all(
            tx, given["discounts"], customer=subscription["customer"], **on
        )
    if "tax_rates" in given:
        made["tax_rates"] = tax_rates.named(tx, given["tax_rates"], f"{param}[tax_rates]")
    if "billing_thresholds" in given:
        made["billing_thresholds"] = given["billing_thresholds"]
    return made
