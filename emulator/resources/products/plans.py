"""Plans: recurring prices in the words they had before. Each is a price, and shown as a plan.

A plan is stored as its price, so what one name changes the other shows.
"""

from __future__ import annotations

from typing import Final

import orjson

from emulator.contract.previous import differences
from emulator.kernel.errors import catalogue as refusals
from emulator.kernel.errors import objects
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Page, Params, Resource, Tx, page
from emulator.kit.editing import edit, merged_metadata
from emulator.resources.products import prices
from emulator.resources.products.prices import PRICES, plan_of
from emulator.resources.products.products import PRODUCTS

PLANS: Final = Resource("plan", prefix="plan", param="plan", kind="plan")
_RHYTHM: Final = (
    "aggregate_usage",
    "interval",
    "interval_count",
    "meter",
    "trial_period_days",
    "usage_type",
)
_AS_PRICE: Final = (
    "active",
    "billing_scheme",
    "currency",
    "id",
    "metadata",
    "nickname",
    "tiers",
    "tiers_mode",
)


@PLANS.on("POST /v1/plans")
def create(tx: Tx, params: Params) -> Doc:
    id_ = params.get("id")
    if id_ and tx.find(PRICES, id_):
        raise refusals.id_taken("Plan")
    product = params.get("product")
    if not product:
        raise parameter_missing("product")
    sent: Doc = {name: params[name] for name in _AS_PRICE if params.get(name) is not None}
    sent |= {
        "id": id_ or tx.new_id("plan", 14, dated=False),
        "recurring": {n: params[n] for n in _RHYTHM if params.get(n) is not None},
        "transform_quantity": params.get("transform_usage"),
        "unit_amount": params.get("amount"),
        "unit_amount_decimal": params.get("amount_decimal"),
        "product_data" if isinstance(product, dict) else "product": product,
    }
    return plan_of(prices.make(tx, sent))


@PLANS.on("GET /v1/plans/{plan}")
def retrieve(tx: Tx, _params: Params, id_: str) -> Doc:
    return plan_of(_price(tx, id_))


@PLANS.on("GET /v1/plans")
def list_(tx: Tx, params: Params) -> Page:
    found = page(tx, PRICES, params, "plan", type="recurring")
    items = [orjson.dumps(plan_of(orjson.loads(raw))) for raw in found.items]
    return found._replace(items=items, name=PLANS.name)


@PLANS.on("POST /v1/plans/{plan}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    price = _price(tx, id_)
    if params.get("product"):
        price["product"] = tx.get(PRODUCTS, params["product"], param="product")["id"]
    if params.get("name"):
        product = tx.get(PRODUCTS, price["product"])
        tx.save(PRODUCTS, {**product, "name": params["name"]}, event="product.updated")
    edit(price, params, ("active", "nickname"))
    if "metadata" in params:
        price["metadata"] = merged_metadata(price["metadata"], params["metadata"])
    if "trial_period_days" in params:
        price["recurring"]["trial_period_days"] = params["trial_period_days"]
    previous = plan_of(_price(tx, id_))
    saved = tx.save(PRICES, price, event="price.updated")
    plan = plan_of(saved)
    tx.emit("plan.updated", plan, previous=differences(previous, plan))
    return plan


@PLANS.on("DELETE /v1/plans/{plan}")
def delete(tx: Tx, _params: Params, id_: str) -> Doc:
    """What it was sold for goes on; nobody can subscribe to it any more."""
    price = _price(tx, id_, blamed="id")
    tx.emit("plan.deleted", plan_of(price))
    tx.delete(PRICES, price, event="price.deleted")
    return {"id": id_, "object": "plan", "deleted": True}


def _price(tx: Tx, id_: str, blamed: str = PLANS.param) -> Doc:
    price = tx.find(PRICES, id_)
    if price is None or price["type"] != "recurring":
        raise objects.no_such(PLANS.kind, id_, blamed, 404)
    return price


PLANS.includes["product"] = lambda tx, plan: tx.find(PRODUCTS, plan["product"])
PLANS.includes["tiers"] = PRICES.includes["tiers"]
PLANS.includes["aggregate_usage"] = PRICES.includes["aggregate_usage"]
