"""Checkout Sessions, newest change first."""

from __future__ import annotations

from emulator.contract.order import put
from emulator.contract.versions.change import Change, Doc, Fetch, Params, rename

_CREATE = ("POST /v1/checkout/sessions",)
_OLD_MODES = {"hosted_page": "hosted", "embedded_page": "embedded", "elements": "custom"}
_NEW_MODES = {old: new for new, old in _OLD_MODES.items()}


def _mode(session: Doc, _fetch: Fetch) -> None:
    if session.get("ui_mode") in _OLD_MODES:
        session["ui_mode"] = _OLD_MODES[session["ui_mode"]]


def _mode_param(params: Params) -> None:
    if params.get("ui_mode") in _NEW_MODES:
        params["ui_mode"] = _NEW_MODES[params["ui_mode"]]


def _shipping(session: Doc, _fetch: Fetch) -> None:
    collected = session.get("collected_information") or {}
    put(session, shipping_details=collected.get("shipping_details"))


def _old_shipping(session: Doc, _fetch: Fetch) -> None:
    rename(session, "shipping_details", "shipping")
    cost = session.get("shipping_cost") or {}
    put(session, shipping_rate=cost.get("shipping_rate"))


def _displayed(session: Doc, fetch: Fetch) -> None:
    """What is sold was shown; its lines came with the version after."""
    put(session, display_items=fetch("checkout.session.display_items", session))


def _always_customer(params: Params) -> None:
    if params.get("mode", "payment") == "payment" and "customer" not in params:
        params.setdefault("customer_creation", "always")


def _subscribed(params: Params) -> None:
    """A session that named items of a subscription needed no mode; its other lines were paid once,
    with the first invoice.
    """
    data = params.get("subscription_data")
    if not isinstance(data, dict):
        return
    if coupon := data.pop("coupon", None):
        params.setdefault("discounts", [{"coupon": coupon}])
    items = data.pop("items", None)
    if not items:
        return
    params.setdefault("mode", "subscription")
    lines = [{"quantity": 1, **item, "price": item["plan"]} for item in items]
    for line in lines:
        del line["plan"]
    params["line_items"] = [*lines, *(params.get("line_items") or [])]


CHANGES = (
    Change(
        "2026-03-25",
        "ui_mode: hosted, embedded and custom are hosted_page, embedded_page and elements.",
        objects=("checkout.session",),
        response=_mode,
        operations=_CREATE,
        request=_mode_param,
    ),
    Change(
        "2025-03-31",
        "shipping_details moved into collected_information.",
        objects=("checkout.session",),
        response=_shipping,
    ),
    Change(
        "2022-08-01",
        "shipping is shipping_details, shipping_rate is gone; a payment makes a customer only if "
        "required.",
        objects=("checkout.session",),
        response=_old_shipping,
        operations=_CREATE,
        request=_always_customer,
    ),
    Change(
        "2022-08-01",
        "subscription_data[items] and [coupon] are line_items and discounts.",
        operations=_CREATE,
        request=_subscribed,
    ),
    Change(
        "2020-08-27",
        "display_items is gone, in old versions, too (observed in 2021); lines are listed.",
        objects=("checkout.session",),
        response=_displayed,
        retroactive=True,
    ),
)
