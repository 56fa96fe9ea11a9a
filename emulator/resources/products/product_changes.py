"""How products are made, changed and deleted, with the prices that belong to them."""

from __future__ import annotations

from emulator.kernel.errors import catalogue as refusals
from emulator.kit import Doc, Params, Tx
from emulator.kit.editing import edit
from emulator.resources.products import prices, products
from emulator.resources.products.prices import PRICES
from emulator.resources.products.products import PRODUCTS
from emulator.rules.billing import pricing


@PRODUCTS.on("POST /v1/products")
def create(tx: Tx, params: Params) -> Doc:
    data = params.get("default_price_data")
    if data:
        pricing.check(data)
    product = products.make(tx, params)
    if not data:
        return product
    price = prices.make(tx, {**data, "product": product["id"]})
    return tx.save(PRODUCTS, product | {"default_price": price["id"]}, event="product.updated")


@PRODUCTS.on("POST /v1/products/{id}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    product = tx.get(PRODUCTS, id_)
    if params.get("default_price"):
        price = tx.get(PRICES, params["default_price"], param="default_price")
        if price["product"] != id_:
            raise refusals.default_price_elsewhere(price["id"])
    products.check(params)
    edit(product, params, PRODUCTS.editable)
    for name in ("images", "marketing_features"):
        product[name] = product[name] or []
    product["updated"] = tx.now
    return tx.save(PRODUCTS, product, event="product.updated")


@PRODUCTS.on("DELETE /v1/products/{id}")
def delete(tx: Tx, _params: Params, id_: str) -> Doc:
    product = tx.get(PRODUCTS, id_)
    if any(tx.all(PRICES, product=id_)):
        raise refusals.product_has_prices()

    return tx.delete(PRODUCTS, product, event="product.deleted")
