"""Prices: how much of what, once or again and again.

A recurring price is also a plan (`plans.py`), under the same id: the plan is a view of it. Tiers
and amounts in other currencies are only shown when expanded, so they are kept beside the price.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from emulator.contract.blanks import blank
from emulator.kernel.errors import catalogue as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kernel.errors.requests import parameters_exclusive
from emulator.kit import Doc, Page, Params, Resource, Tx, page, retrieves, searches
from emulator.kit.editing import edit
from emulator.resources.products import products
from emulator.resources.products.products import PRODUCTS
from emulator.rules.billing import pricing

PRICES: Final = Resource(
    "price",
    prefix="price",
    named=True,
    param="price",
    filters=("active", "currency", "product", "type", "lookup_key"),
    editable=("active", "lookup_key", "metadata", "nickname", "tax_behavior"),
)
_CARRIED: Final = (
    "active",
    "billing_scheme",
    "currency",
    "lookup_key",
    "metadata",
    "nickname",
    "tax_behavior",
    "tiers_mode",
    "transform_quantity",
)

retrieves(PRICES, "GET /v1/prices/{price}")
searches(PRICES, "GET /v1/prices/search")


@PRICES.on("GET /v1/prices")
def list_(tx: Tx, params: Params) -> Page:
    if params.get("product"):
        tx.get(PRODUCTS, params["product"], param="product")
    keys, wanted = params.get("lookup_keys"), params.get("recurring")

    def where(price: Doc) -> bool:
        if keys and price["lookup_key"] not in keys:
            return False
        rhythm = price["recurring"]
        return not wanted or bool(
            rhythm and all(rhythm[name] == value for name, value in wanted.items())
        )

    return page(tx, PRICES, params, where=where if keys or wanted else None)


@PRICES.on("POST /v1/prices")
def create(tx: Tx, params: Params) -> Doc:
    return make(tx, params)


@PRICES.on("POST /v1/prices/{price}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    price = tx.get(PRICES, id_)
    behaviour = params.get("tax_behavior")
    if behaviour and price["tax_behavior"] not in {"unspecified", behaviour}:
        raise refusals.tax_behavior_fixed()
    if params.get("active") is False and _is_default(tx, price):
        raise refusals.default_price_kept()
    if params.get("lookup_key"):
        _claim(tx, params["lookup_key"], id_, transfer=bool(params.get("transfer_lookup_key")))
    if "currency_options" in params:
        options = {**notes(tx, id_).get("currency_options", {}), **_options(price, params)}
        tx.hide(PRICES.place(tx.account, id_), {**notes(tx, id_), "currency_options": options})
    if "trial_period_days" in (params.get("recurring") or {}) and price["recurring"]:
        price["recurring"]["trial_period_days"] = params["recurring"]["trial_period_days"]
    edit(price, params, PRICES.editable)
    return _announce(tx, price, "updated")


def make(tx: Tx, params: Params, **fields: Any) -> Doc:
    """A new price, announced with its plan if it recurs.

    params: as POST /v1/prices takes them; `price_data` of other requests has the same fields.
    fields: what holds whatever was asked (`active` of inline prices).
    """
    _check(params)
    price = _new(tx, params) | fields
    price["product"] = _product(tx, params, fields)
    if price["lookup_key"]:
        _claim(
            tx, price["lookup_key"], price["id"], transfer=bool(params.get("transfer_lookup_key"))
        )
    kept: Doc = {}
    counted = (params.get("recurring") or {}).get("aggregate_usage")
    if counted:
        kept["aggregate_usage"] = counted
    if params.get("tiers"):
        kept["tiers"] = pricing.tiers_of(params["tiers"])
    if params.get("currency_options"):
        kept["currency_options"] = _options(price, params)
    if kept:
        tx.hide(PRICES.place(tx.account, price["id"]), kept)
    return _announce(tx, price, "created")


def inline(tx: Tx, data: Doc) -> Doc:
    """The price that a request brings along as `price_data`: it sells nothing else later
    (inactive: observed in Checkout, assumed elsewhere).
    """
    return make(tx, data, active=False)


def notes(tx: Tx, id_: str) -> Doc:
    """What is kept beside a price: `tiers`, `currency_options`, `aggregate_usage`."""
    return tx.hidden(PRICES.place(tx.account, id_))


def tiers(tx: Tx, price: Doc) -> list[Doc]:
    """The tiers of a price, [] when it has none."""
    return list(notes(tx, price["id"]).get("tiers", []))


def aggregate_usage(tx: Tx, price: Doc) -> str:
    """How usage that no meter counts is counted: sum, max, last_during_period or last_ever."""
    return str(notes(tx, price["id"]).get("aggregate_usage", "sum"))


def amount(tx: Tx, price: Doc, quantity: int, currency: str | None = None) -> int:
    """What `quantity` of a price cost, in minor units of the currency (the price's own if None)."""
    return pricing.total(spoken(tx, price, currency), quantity, tiers(tx, price))


def spoken(tx: Tx, price: Doc, currency: str | None) -> Doc:
    """A price as it is in a currency; None: in its own."""
    if not currency or currency == price["currency"]:
        return price
    option = notes(tx, price["id"]).get("currency_options", {}).get(currency, {})
    amounts = {name: option.get(name) for name in ("unit_amount", "unit_amount_decimal")}
    return {**price, **amounts, "currency": currency}


def speaks(tx: Tx, price: Doc, currency: str) -> bool:
    """Whether a price can be charged in a currency."""
    options = notes(tx, price["id"]).get("currency_options", {})
    return currency == price["currency"] or currency in options


def plan_of(price: Doc) -> Doc:
    """The same thing in the words of plans."""
    plan, rhythm = blank("plan"), price["recurring"] or {}
    plan |= {name: price[name] for name in price.keys() & plan.keys() if name != "object"}
    plan |= {name: rhythm[name] for name in rhythm.keys() & plan.keys()}
    return plan | {
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "transform_usage": price["transform_quantity"],
    }


# -- inside ---------------------------------------------------------------------------------------


def _check(params: Params) -> None:
    if not (params.get("product") or params.get("product_data")):
        raise refusals.price_without_product()
    if params.get("product") and params.get("product_data"):
        raise parameters_exclusive("product", "product_data")
    pricing.check(params)


def _new(tx: Tx, params: Params) -> Doc:
    price = tx.new(PRICES, params.get("id"))
    sent = {name: value for name, value in params.items() if value is not None}
    edit(price, sent, _CARRIED)
    if params.get("billing_scheme") != "tiered":
        price |= pricing.amounts(params)
    if params.get("custom_unit_amount"):
        given = params["custom_unit_amount"]
        price["custom_unit_amount"] = {
            name: given.get(name) for name in ("maximum", "minimum", "preset")
        }
    if params.get("recurring"):
        price["type"] = "recurring"
        price["recurring"] = {**blank("price.recurring"), **params["recurring"]}
        price["recurring"].pop("aggregate_usage", None)  # newer versions do not show it
    return price


def _product(tx: Tx, params: Params, fields: Doc) -> str:
    if params.get("product_data"):
        return str(products.make(tx, params["product_data"], **fields)["id"])
    product: str = params["product"]
    tx.get(PRODUCTS, product, param="product")
    return product


def _claim(tx: Tx, key: str, price: str, *, transfer: bool) -> None:
    """A lookup key names one price; it can be taken over from another."""
    for other in list(tx.all(PRICES, lookup_key=key)):
        if other["id"] == price:
            continue
        if not transfer:
            raise refusals.lookup_key_taken(other["id"])
        tx.save(PRICES, {**other, "lookup_key": None}, event="price.updated")


def _options(price: Doc, params: Params) -> Doc:
    """currency_options as they are shown, each in the shape of a price's amounts."""
    found: Doc = {}
    for currency, option in (params.get("currency_options") or {}).items():
        if not isinstance(option, dict):
            raise parameter_missing(f"currency_options[{currency}][unit_amount]")
        amounts = pricing.amounts(
            {
                "unit_amount": _whole(option.get("unit_amount")),
                "unit_amount_decimal": option.get("unit_amount_decimal"),
            }
        )
        found[currency] = {
            "custom_unit_amount": option.get("custom_unit_amount"),
            "tax_behavior": option.get("tax_behavior") or price["tax_behavior"],
            **amounts,
        }
    return found


def _whole(value: Any) -> int | None:
    return None if value is None else int(Decimal(str(value)))


def _is_default(tx: Tx, price: Doc) -> bool:
    product = tx.find(PRODUCTS, price["product"])
    return product is not None and product["default_price"] == price["id"]


def _announce(tx: Tx, price: Doc, what: str) -> Doc:
    """A recurring price is told twice: as the plan it also is, then as itself."""
    if price["type"] == "recurring":
        tx.emit(f"plan.{what}", plan_of(price))
    return tx.save(PRICES, price, event=f"price.{what}")


def _show_options(tx: Tx, price: Doc) -> Doc | None:
    """currency_options, the price's own currency among them."""
    if price["type"] == "recurring" and price["billing_scheme"] == "tiered":
        return None
    names = ("custom_unit_amount", "tax_behavior", "unit_amount", "unit_amount_decimal")
    own = {name: price[name] for name in names}
    kept = notes(tx, price["id"]).get("currency_options", {})
    return dict(sorted({price["currency"]: own, **kept}.items()))


PRICES.includes["tiers"] = lambda tx, price: tiers(tx, price) or None
PRICES.includes["currency_options"] = _show_options
PRICES.includes["aggregate_usage"] = lambda tx, price: [aggregate_usage(tx, price)]
