"""Customers: who pays. They live on the account that charges them."""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import objects
from emulator.kit import Doc, Resource, Tx, retrieves


def _credit(_tx: Tx, customer: Doc) -> Doc:
    """`invoice_credit_balance`: the balance by currency."""
    return {customer["currency"]: customer["balance"]} if customer["balance"] else {}


def _tax(tx: Tx, customer: Doc) -> Doc:
    """Where the customer is taxed, as far as their address tells (an address: assumed)."""
    address = customer.get("address") or (customer.get("shipping") or {}).get("address") or {}
    known = tx.hidden(customer["id"]).get("tax") or {}
    place: Doc | None = None
    if address.get("country"):
        place = {
            "country": address["country"],
            "source": "billing_address",
            "state": address["state"],
        }
    return {
        "automatic_tax": "supported" if place else "unrecognized_location",
        "ip_address": known.get("ip_address"),
        "location": place,
        "provider": "stripe",
    }


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
    includes={
        "invoice_credit_balance": _credit,
        "tax": _tax,
    },
    tombstone=True,
)

retrieves(CUSTOMERS, "GET /v1/customers/{customer}")


def above(tx: Tx, id_: str) -> Doc:
    """The customer in whose path something stands."""
    found = tx.find(CUSTOMERS, id_)
    if found is None or found.get("deleted"):
        raise objects.no_such(CUSTOMERS.kind, id_, "customer", 404)
    return found
