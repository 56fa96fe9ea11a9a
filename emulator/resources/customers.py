"""Customers: who pays. They live on the account that charges them."""

from __future__ import annotations

from typing import Any, Final

from emulator.kit import Doc, Resource, Tx, lists, retrieves


def _empty_list(name: str) -> Any:
    """A list inside a customer that nothing fills yet."""

    def include(_tx: Tx, customer: Doc) -> Doc:
        url = f"/v1/customers/{customer['id']}/{name}"
        return {"object": "list", "data": [], "has_more": False, "total_count": 0, "url": url}

    return include


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
        "invoice_credit_balance": lambda _tx, _customer: {},
        "subscriptions": _empty_list("subscriptions"),
        "tax": _tax,
        "tax_ids": _empty_list("tax_ids"),
    },
    tombstone=True,
)

retrieves(CUSTOMERS, "GET /v1/customers/{customer}")
lists(CUSTOMERS, "GET /v1/customers")
