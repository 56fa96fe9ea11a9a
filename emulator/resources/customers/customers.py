"""Customers: who pays. They live on the account that charges them."""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import objects
from emulator.kit import Doc, Resource, Tx, retrieves, searches


def _credit(_tx: Tx, customer: Doc) -> Doc:
    """`invoice_credit_balance`: the balance by currency."""
    return {customer["currency"]: customer["balance"]} if customer["balance"] else {}


CUSTOMERS: Final = Resource(
    "customer",
    prefix="cus",
    id_length=14,
    dated=False,
    filters=("email", "test_clock"),
    editable=(
        "address",
        "balance",
        "description",
        "email",
        "invoice_prefix",
        "invoice_settings",
        "metadata",
        "name",
        "next_invoice_sequence",
        "phone",
        "preferred_locales",
        "shipping",
        "tax_exempt",
    ),
    includes={"invoice_credit_balance": _credit},
    tombstone=True,
)

retrieves(CUSTOMERS, "GET /v1/customers/{customer}")
searches(CUSTOMERS, "GET /v1/customers/search")


def above(tx: Tx, id_: str) -> Doc:
    """The customer in whose path something stands."""
    found = tx.find(CUSTOMERS, id_)
    if found is None or found.get("deleted"):
        raise objects.no_such(CUSTOMERS.kind, id_, "customer", 404)
    return found
