"""Customers: who pays. They live on the account that charges them."""

from __future__ import annotations

from typing import Final

from emulator.kit import Doc, Params, Resource, Tx, deletes, lists, retrieves, updates
from emulator.kit.editing import edit

CUSTOMERS: Final = Resource(
    "customer",
    prefix="cus",
    id_length=14,
    dated=False,
    filters=("email",),
    editable=("address", "balance", "description", "email", "metadata", "name", "phone"),
    tombstone=True,
)


@CUSTOMERS.on("POST /v1/customers")
def create(tx: Tx, params: Params) -> Doc:
    customer = edit(tx.new(CUSTOMERS), params, CUSTOMERS.editable)
    customer["invoice_prefix"] = tx.secret(f"{customer['id']}/prefix", 8).upper()
    return tx.save(CUSTOMERS, customer, event="customer.created")


retrieves(CUSTOMERS, "GET /v1/customers/{customer}")
lists(CUSTOMERS, "GET /v1/customers")
updates(CUSTOMERS, "POST /v1/customers/{customer}", event="customer.updated")
deletes(CUSTOMERS, "DELETE /v1/customers/{customer}", event="customer.deleted")
