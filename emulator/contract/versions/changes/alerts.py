"""Billing alerts, newest change first."""

from __future__ import annotations

from emulator.contract.order import put
from emulator.contract.versions.change import Change, Doc, Fetch, Params, rename


def _one_filter(alert: Doc, _fetch: Fetch) -> None:
    rename(alert, "usage_threshold", "usage_threshold_config")
    threshold = alert.get("usage_threshold_config") or {}
    filters = threshold.pop("filters", None) or [{}]
    customer = filters[0].get("customer")
    put(alert, filter={"customer": customer} if customer else None)


def _one_filter_param(params: Params) -> None:
    only = params.pop("filter", None) or {}
    if "usage_threshold_config" in params:
        params["usage_threshold"] = params.pop("usage_threshold_config")
    if only.get("customer") and params.get("usage_threshold"):
        wanted = {"customer": only["customer"], "type": "customer"}
        params["usage_threshold"]["filters"] = [wanted]


CHANGES = (
    Change(
        "2024-09-30",
        "usage_threshold_config of alerts is usage_threshold, their filter one of its filters.",
        objects=("billing.alert",),
        response=_one_filter,
        operations=("POST /v1/billing/alerts",),
        request=_one_filter_param,
    ),
)
