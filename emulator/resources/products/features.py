"""Features: what products let their buyers do.

A product has features; a feature stands in each of them as it is now, whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from emulator.kernel.errors import catalogue as refusals
from emulator.kit import Doc, Page, Params, Resource, Tx, page, retrieves
from emulator.kit.editing import edit, merged_metadata
from emulator.resources.products.products import PRODUCTS

FEATURES: Final = Resource(
    "entitlements.feature",
    prefix="feat",
    kind="feature",
    filters=("lookup_key",),
    editable=("active", "metadata", "name"),
)


def _shown(tx: Tx, link: Doc) -> Doc:
    """Of which product it is is kept for the index alone."""
    link.pop("product", None)
    return link | {"entitlement_feature": tx.find(FEATURES, link["entitlement_feature"])}


PRODUCT_FEATURES: Final = Resource(
    "product_feature",
    prefix="prodft",
    kind="product feature",
    filters=("product", "entitlement_feature"),
    view=_shown,
)

retrieves(FEATURES, "GET /v1/entitlements/features/{id}")


@FEATURES.on("GET /v1/entitlements/features")
def list_(tx: Tx, params: Params) -> Page:
    archived = params.get("archived")
    where = None if archived is None else (lambda feature: feature["active"] != archived)
    return page(tx, FEATURES, params, where=where)


@FEATURES.on("POST /v1/entitlements/features")
def create(tx: Tx, params: Params) -> Doc:
    key = params["lookup_key"]
    if any(each["active"] for each in tx.all(FEATURES, lookup_key=key)):
        raise refusals.feature_key_taken(key)
    made = tx.new(FEATURES, lookup_key=key, name=params["name"])
    made["metadata"] = merged_metadata(None, params.get("metadata") or {})
    return tx.save(FEATURES, made)


@FEATURES.on("POST /v1/entitlements/features/{id}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    return tx.save(FEATURES, edit(tx.get(FEATURES, id_), params, FEATURES.editable))


# -- of products ----------------------------------------------------------------------------------


@PRODUCT_FEATURES.on("GET /v1/products/{product}/features")
def list_of_product(tx: Tx, params: Params, product: str) -> Page:
    tx.get(PRODUCTS, product, param="product")
    return page(tx, PRODUCT_FEATURES, params, product=product)


@PRODUCT_FEATURES.on("GET /v1/products/{product}/features/{id}")
def retrieve_of_product(tx: Tx, _params: Params, product: str, id_: str) -> Doc:
    return _shown(tx, _link(tx, product, id_))


@PRODUCT_FEATURES.on("POST /v1/products/{product}/features")
def attach(tx: Tx, params: Params, product: str) -> Doc:
    tx.get(PRODUCTS, product, param="product")
    feature = tx.get(FEATURES, params["entitlement_feature"], param="entitlement_feature")
    if not feature["active"]:
        raise refusals.feature_archived()
    if feature["id"] in of_products(tx, [product]):
        raise refusals.feature_attached()
    link = tx.new(PRODUCT_FEATURES, entitlement_feature=feature["id"]) | {"product": product}
    return _shown(tx, tx.save(PRODUCT_FEATURES, link))


@PRODUCT_FEATURES.on("DELETE /v1/products/{product}/features/{id}")
def detach(tx: Tx, _params: Params, product: str, id_: str) -> Doc:
    return tx.delete(PRODUCT_FEATURES, _link(tx, product, id_))


def any_there(tx: Tx) -> bool:
    """Whether any product of this account has features."""
    return bool(tx.setup.store.ids(tx.key(PRODUCT_FEATURES, {})))


def of_products(tx: Tx, products: Iterable[str]) -> list[str]:
    """The features of several products, each once, the oldest link first."""
    found = [
        link["entitlement_feature"]
        for product in products
        for link in reversed(list(tx.all(PRODUCT_FEATURES, product=product)))
    ]
    return list(dict.fromkeys(found))


def _link(tx: Tx, product: str, id_: str) -> Doc:
    tx.get(PRODUCTS, product, param="product")
    found = tx.get(PRODUCT_FEATURES, id_)
    if found["product"] != product:
        raise tx.missing(PRODUCT_FEATURES, id_)
    return found
