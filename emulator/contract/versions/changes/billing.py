"""Prices, subscriptions, invoices: newest change first."""

from __future__ import annotations

from typing import Any

from emulator.contract.order import put
from emulator.contract.versions.change import (
    Change,
    Doc,
    Fetch,
    Params,
    as_discounts,
    drop,
    rename,
)
from emulator.contract.versions.changes import invoices

_SUBSCRIBE = (
    "POST /v1/subscriptions",
    "POST /v1/customers/{customer}/subscriptions",
    "POST /v1/customers/{customer}/subscriptions/{subscription_exposed_id}",
    "POST /v1/subscriptions/{subscription_exposed_id}",
)
_SUBSCRIPTION_ITEMS = (
    "POST /v1/subscription_items",
    "POST /v1/subscription_items/{item}",
    "DELETE /v1/subscription_items/{item}",
)
_PRODUCTS = ("POST /v1/products", "POST /v1/products/{id}")
_INVOICES = ("POST /v1/invoices", "POST /v1/invoices/{invoice}")
_ITEMS = ("POST /v1/invoiceitems", "POST /v1/invoiceitems/{invoiceitem}")
_LINES = (
    "POST /v1/invoices/{invoice}/add_lines",
    "POST /v1/invoices/{invoice}/update_lines",
    "POST /v1/invoices/{invoice}/lines/{line_item_id}",
)
_PREVIEW = ("POST /v1/invoices/create_preview",)
_UPCOMING = ("GET /v1/invoices/upcoming", "GET /v1/invoices/upcoming/lines")


def _first(fetch: Fetch, kind: str, doc: Doc) -> Any:
    found = fetch(kind, doc)
    return found[0] if found else None


def _coupon(discount: Doc, fetch: Fetch) -> None:
    whole = _first(fetch, "discount.coupon", discount)
    source = discount.pop("source", None) or {}
    put(discount, coupon=whole or source.get("coupon"))


def _promoted_coupon(code: Doc, fetch: Fetch) -> None:
    whole = _first(fetch, "promotion_code.coupon", code)
    promotion = code.pop("promotion", None) or {}
    put(code, coupon=whole or promotion.get("coupon"))


def _promoted_coupon_param(params: Params) -> None:
    if "coupon" in params:
        params.setdefault("promotion", {"coupon": params.pop("coupon"), "type": "coupon"})


def _anchor(params: Params) -> None:
    at = params.get("billing_cycle_anchor")
    if isinstance(at, str):
        params["billing_cycle_anchor"] = {"type": at}
    elif isinstance(at, int):
        params["billing_cycle_anchor"] = {"timestamp": at, "type": "timestamp"}


def _previewed_anchor(params: Params) -> None:
    if isinstance(params.get("subscription_details"), dict):
        _anchor(params["subscription_details"])


def _period(subscription: Doc, fetch: Fetch) -> None:
    """The period was the subscription's; its items have it since."""
    items = (subscription.get("items") or {}).get("data") or [{}]
    discount = _first(fetch, "subscription.discount", subscription)
    put(
        subscription,
        current_period_end=items[0].get("current_period_end"),
        current_period_start=items[0].get("current_period_start"),
        discount=discount,
    )


def _no_period(item: Doc, _fetch: Fetch) -> None:
    drop(item, "current_period_end", "current_period_start")


def _aggregate(price: Doc, fetch: Fetch) -> None:
    place = price if price["object"] == "plan" else price.get("recurring")
    if isinstance(place, dict):
        counted = place.get("usage_type") == "metered" and not place.get("meter")
        how = _first(fetch, f"{price['object']}.aggregate_usage", price) or "sum"
        put(place, aggregate_usage=how if counted else None)


def _discounts_param(params: Params) -> None:
    as_discounts(params, "coupon", "promotion_code")


def _pricing_param(params: Params) -> None:
    for place in (params, *(params.get("lines") or ())):
        if place.get("price"):
            place.setdefault("pricing", {"price": place.pop("price")})


def _features(product: Doc, _fetch: Fetch) -> None:
    rename(product, "marketing_features", "features")


def _features_param(params: Params) -> None:
    if "features" in params:
        params["marketing_features"] = params.pop("features")


def _no_goods(params: Params) -> None:
    drop(params, "attributes", "caption", "deactivate_on")


def _tiers(plan: Doc, fetch: Fetch) -> None:
    put(plan, tiers=plan.get("tiers") or [*fetch("plan.tiers", plan)] or None)


def _tax_percent(doc: Doc, _fetch: Fetch) -> None:
    rates = doc.get("default_tax_rates") or [{}]
    put(doc, tax_percent=rates[0].get("percentage"))


def _prorate(params: Params) -> None:
    if "prorate" in params:
        prorate = str(params.pop("prorate")).lower() == "true"
        params["proration_behavior"] = "create_prorations" if prorate else "none"


def _or_nothing(params: Params) -> None:
    params.setdefault("payment_behavior", "error_if_incomplete")


def _billing(doc: Doc, _fetch: Fetch) -> None:
    rename(doc, "collection_method", "billing")
    if doc["object"] == "subscription":
        rename(doc, "start_date", "start")


def _billing_param(params: Params) -> None:
    if "billing" in params:
        params["collection_method"] = params.pop("billing")


def _whole_percent(coupon: Doc, _fetch: Fetch) -> None:
    if isinstance(coupon.get("percent_off"), float):
        coupon["percent_off"] = int(coupon["percent_off"])


def _named_plan(plan: Doc, fetch: Fetch) -> None:
    product = _first(fetch, "plan.product", plan) or {}
    drop(plan, "product", "nickname")
    put(
        plan,
        name=product.get("name"),
        statement_descriptor=product.get("statement_descriptor"),
    )


def _named_plan_param(params: Params) -> None:
    if "name" in params:
        product = {"name": params.pop("name")}
        if "statement_descriptor" in params:
            product["statement_descriptor"] = params.pop("statement_descriptor")
        params.setdefault("product", product)


def _no_thresholds(doc: Doc, _fetch: Fetch) -> None:
    drop(doc, "billing_thresholds")


CHANGES = (
    Change(
        "2026-09-30",
        "billing_cycle_anchor of an update is a hash.",
        operations=(
            "POST /v1/customers/{customer}/subscriptions/{subscription_exposed_id}",
            "POST /v1/subscriptions/{subscription_exposed_id}",
            "POST /v1/subscriptions/{subscription}/resume",
        ),
        request=_anchor,
    ),
    Change(
        "2026-09-30",
        "The same in a preview.",
        operations=(*_PREVIEW, *_UPCOMING),
        request=_previewed_anchor,
    ),
    Change(
        "2025-09-30",
        "The coupon of a discount is its source.",
        objects=("discount",),
        response=_coupon,
    ),
    Change(
        "2025-09-30",
        "The coupon of a promotion code is its promotion.",
        objects=("promotion_code",),
        response=_promoted_coupon,
        operations=("POST /v1/promotion_codes",),
        request=_promoted_coupon_param,
    ),
    Change(
        "2025-03-31",
        "Items of a subscription have the period; discount is discounts.",
        objects=("subscription",),
        response=_period,
        operations=(*_SUBSCRIBE, *_PREVIEW),
        request=_discounts_param,
    ),
    Change("2025-03-31", "The same.", objects=("subscription_item",), response=_no_period),
    Change(
        "2025-03-31",
        "aggregate_usage is gone with usage records.",
        objects=("price", "plan"),
        response=_aggregate,
    ),
    Change(
        "2025-03-31",
        "Invoices have a parent and payments.",
        objects=("invoice",),
        response=invoices.before_parents,
    ),
    Change(
        "2025-03-31",
        "Lines of invoices have a parent, a pricing and taxes.",
        objects=("line_item",),
        response=invoices.line_before_parents,
    ),
    Change(
        "2025-05-28",
        "billing_thresholds, which had gone with the version before, came back.",
        objects=("subscription", "subscription_item"),
        response=_no_thresholds,
        retroactive=True,
        came="2025-03-31",
    ),
    Change(
        "2025-03-31",
        "Invoice items have a parent and a pricing.",
        objects=("invoiceitem",),
        response=invoices.item_before_parents,
        operations=(*_ITEMS, *_LINES),
        request=_pricing_param,
    ),
    Change(
        "2024-04-10",
        "features of products are marketing_features.",
        objects=("product",),
        response=_features,
        operations=_PRODUCTS,
        request=_features_param,
    ),
    Change(
        "2024-04-10",
        "rendering_options of invoices is rendering.",
        objects=("invoice",),
        response=invoices.before_rendering,
        operations=_INVOICES,
        request=invoices.adapt_rendering,
    ),
    Change(
        "2023-08-16",
        "Products are services: what only goods had is gone.",
        operations=_PRODUCTS,
        request=_no_goods,
    ),
    Change(
        "2022-08-01",
        "Invoices leave out what waits, unless asked to take it.",
        operations=("POST /v1/invoices",),
        request=invoices.include_waiting,
    ),
    Change("2020-08-27", "Tiers are only there when expanded.", objects=("plan",), response=_tiers),
    Change(
        "2020-08-27",
        "tax_percent is gone; prorate is proration_behavior.",
        objects=("subscription", "invoice"),
        response=_tax_percent,
        operations=_SUBSCRIBE,
        request=_prorate,
    ),
    Change(
        "2020-08-27",
        "prorate is proration_behavior, for items, too.",
        operations=_SUBSCRIPTION_ITEMS,
        request=_prorate,
    ),
    Change(
        "2020-03-02",
        "Drafts of invoices have no number.",
        objects=("invoice",),
        response=invoices.before_late_numbers,
    ),
    Change(
        "2019-12-03",
        "Lines of invoices have ids of their own.",
        objects=("line_item",),
        response=invoices.before_line_ids,
    ),
    Change(
        "2019-10-17",
        "billing is collection_method; start is start_date.",
        objects=("subscription", "invoice"),
        response=_billing,
        operations=(*_SUBSCRIBE, *_INVOICES),
        request=_billing_param,
    ),
    Change(
        "2019-03-14",
        "Invoices are created, not dated; application_fee is application_fee_amount.",
        objects=("invoice",),
        response=invoices.before_created,
        operations=_INVOICES,
        request=invoices.adapt_fee,
    ),
    Change(
        "2018-11-08",
        "closed and forgiven of invoices became a status.",
        objects=("invoice",),
        response=invoices.before_status,
        operations=("POST /v1/invoices/{invoice}",),
        request=invoices.adapt_closed,
    ),
    Change(
        "2018-11-08",
        "Invoices that clients make do not advance by themselves.",
        operations=("POST /v1/invoices",),
        request=invoices.advance_by_itself,
    ),
    Change(
        "2019-03-14",
        "A subscription whose first payment fails is incomplete; it was refused.",
        operations=("POST /v1/subscriptions", "POST /v1/customers/{customer}/subscriptions"),
        request=_or_nothing,
    ),
    Change(
        "2018-07-27",
        "percent_off of coupons may have decimals.",
        objects=("coupon",),
        response=_whole_percent,
    ),
    Change(
        "2018-02-05",
        "Plans belong to products, which have the name.",
        objects=("plan",),
        response=_named_plan,
        operations=("POST /v1/plans",),
        request=_named_plan_param,
    ),
)
