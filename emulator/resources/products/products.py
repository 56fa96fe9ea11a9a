"""Products: what is sold. They live on the account that sells them."""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import catalogue as refusals
from emulator.kit import Doc, Page, Params, Resource, Tx, page, retrieves, searches
from emulator.kit.editing import edit
from emulator.rules import descriptors

PRODUCTS: Final = Resource(
    "product",
    prefix="prod",
    id_length=14,
    dated=False,
    named=True,
    filters=("active", "shippable", "type", "url"),
    editable=(
        "active",
        "default_price",
        "description",
        "images",
        "marketing_features",
        "metadata",
        "name",
        "package_dimensions",
        "shippable",
        "statement_descriptor",
        "tax_code",
        "tax_details",
        "type",
        "unit_label",
        "url",
    ),
)

retrieves(PRODUCTS, "GET /v1/products/{id}")
searches(PRODUCTS, "GET /v1/products/search")


@PRODUCTS.on("GET /v1/products")
def list_(tx: Tx, params: Params) -> Page:
    ids = params.get("ids")
    where = (lambda product: product["id"] in ids) if ids else None
    return page(tx, PRODUCTS, params, where=where)


def make(tx: Tx, params: Params, **fields: Any) -> Doc:
    """A new product, announced. fields: what holds whatever was asked (`active` of inline ones)."""
    id_ = params.get("id")
    if id_ and tx.find(PRODUCTS, id_):
        raise refusals.id_taken("Product")
    check(params)
    product = tx.new(PRODUCTS, id_, updated=tx.now)
    sent = {name: value for name, value in params.items() if value is not None}
    edit(product, sent, PRODUCTS.editable)
    return tx.save(PRODUCTS, product | fields, event="product.created")


def check(params: Params) -> None:
    """Refuse what cannot stand on a statement (documented: 22 letters, without some signs)."""
    if params.get("statement_descriptor"):
        descriptors.check(params["statement_descriptor"], least=1)
