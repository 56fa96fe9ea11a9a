"""Shipping rates: what it costs to send something, by name and delivery time."""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Params, Resource, Tx, lists, retrieves
from emulator.kit.editing import edit, merged_metadata

SHIPPING_RATES: Final = Resource(
    "shipping_rate",
    prefix="shr",
    kind="shipping rate",
    param="shipping_rate_token",
    filters=("active", "currency"),
    editable=("active", "fixed_amount", "metadata", "tax_behavior"),
)

retrieves(SHIPPING_RATES, "GET /v1/shipping_rates/{shipping_rate_token}")
lists(SHIPPING_RATES, "GET /v1/shipping_rates")


@SHIPPING_RATES.on("POST /v1/shipping_rates/{shipping_rate_token}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    rate = tx.get(SHIPPING_RATES, id_)
    return _keep(tx, edit(rate, params, SHIPPING_RATES.editable))


@SHIPPING_RATES.on("POST /v1/shipping_rates")
def create(tx: Tx, params: Params) -> Doc:
    return make(tx, params)


def make(tx: Tx, params: Params) -> Doc:
    """A new rate; `shipping_rate_data` of other requests has the same fields."""
    if not params.get("fixed_amount"):
        raise parameter_missing("fixed_amount")

    rate: Doc = {
        "id": tx.new_id(SHIPPING_RATES.prefix),
        "object": SHIPPING_RATES.name,
        "active": True,
        "created": tx.now,
        "delivery_estimate": params.get("delivery_estimate"),
        "display_name": params["display_name"],
        "fixed_amount": params.get("fixed_amount"),
        "livemode": False,
        "metadata": merged_metadata(None, params.get("metadata") or {}),
        "tax_behavior": params.get("tax_behavior") or "unspecified",
        "tax_code": params.get("tax_code"),
        "type": params.get("type") or "fixed_amount",
    }
    return _keep(tx, rate)


def _keep(tx: Tx, rate: Doc) -> Doc:
    """Save a rate; amounts in other currencies are as unspecified about tax as nothing says."""
    options = (rate["fixed_amount"] or {}).get("currency_options") or {}
    for option in options.values():
        option["tax_behavior"] = option.get("tax_behavior") or "unspecified"
    return tx.save(SHIPPING_RATES, rate)
