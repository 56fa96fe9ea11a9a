"""Subscription schedules, newest change first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from emulator.contract.order import put
from emulator.contract.versions.change import Change, Doc, Fetch, Params, as_discounts, rename

_WRITE = ("POST /v1/subscription_schedules", "POST /v1/subscription_schedules/{schedule}")


def _coupons(schedule: Doc, _fetch: Fetch) -> None:
    for phase in schedule.get("phases") or ():
        found = next((d["coupon"] for d in phase.get("discounts") or () if d.get("coupon")), None)
        put(phase, coupon=found)


def _coupon_params(params: Params) -> None:
    previewed = params.get("schedule_details") or {}
    for phase in params.get("phases") or previewed.get("phases") or ():
        as_discounts(phase, "coupon")


def _billing(schedule: Doc, _fetch: Fetch) -> None:
    for place in _with_method(schedule):
        rename(place, "collection_method", "billing")


def _billing_param(params: Params) -> None:
    if "billing" in params:
        settings: Any = params.setdefault("default_settings", {})
        settings.setdefault("collection_method", params.pop("billing"))


def _with_method(schedule: Doc) -> Iterator[Doc]:
    settings = schedule.get("default_settings")
    if isinstance(settings, dict):
        yield settings
    yield from schedule.get("phases") or ()


CHANGES = (
    Change(
        "2025-03-31",
        "The coupon of a phase is one of its discounts.",
        objects=("subscription_schedule",),
        response=_coupons,
        operations=(*_WRITE, "POST /v1/invoices/create_preview"),
        request=_coupon_params,
    ),
    Change(
        "2019-10-17",
        "billing is collection_method.",
        objects=("subscription_schedule",),
        response=_billing,
        operations=_WRITE,
        request=_billing_param,
    ),
)
