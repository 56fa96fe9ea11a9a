"""What tests of billing begin with: things to sell, and customers who pay."""

from __future__ import annotations

from typing import Any

from tests.talking import Talk


def price(talk: Talk, amount: int = 2_000, interval: str | None = "month", **params: Any) -> str:
    """The id of a fresh price; recurring unless `interval` is None."""
    recurring = {"recurring": {"interval": interval}} if interval else {}
    sent = {"currency": "usd", "product_data": {"name": "Tea"}, **recurring, **params}
    if "tiers" not in params:
        sent["unit_amount"] = amount
    headers = sent.pop("headers", {})
    return str(talk.made("/v1/prices", sent, **headers)["id"])


def customer(talk: Talk, card: str = "pm_card_visa", **params: Any) -> str:
    """The id of a customer whose default for invoices is a card."""
    headers = params.pop("headers", {})
    made = talk.made("/v1/customers", {"email": "jo@example.com", **params}, **headers)
    method = talk.made(f"/v1/payment_methods/{card}/attach", {"customer": made["id"]}, **headers)
    settings = {"invoice_settings": {"default_payment_method": method["id"]}}
    talk.made(f"/v1/customers/{made['id']}", settings, **headers)
    return str(made["id"])


def subscribe(talk: Talk, price: str, customer: str, **params: Any) -> Any:
    """A new subscription to one price, its latest invoice expanded."""
    headers = params.pop("headers", {})
    item = {"price": price, "quantity": params.pop("quantity", 1)}
    sent = {"customer": customer, "items": [item], "expand": ["latest_invoice"], **params}
    return talk.made("/v1/subscriptions", sent, **headers)


def events(talk: Talk, since: int = 0, **headers: str) -> list[str]:
    """The types of events, oldest first, those before `since` left out."""
    found: list[str] = []
    after: dict[str, Any] = {}
    while True:
        page = talk.got("/v1/events", {"limit": 100, **after}, **headers)
        found += [event["type"] for event in page["data"]]
        if not page["has_more"]:
            return found[::-1][since:]
        after = {"starting_after": page["data"][-1]["id"]}


def amounts(invoice: Any) -> list[int]:
    return [line["amount"] for line in invoice["lines"]["data"]]


# What is told when an invoice is paid by card: from a draft on, and after it was created.
PAID = (
    "invoice.finalized",
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "invoice.updated",
    "invoice.paid",
    "invoice.payment_succeeded",
    "invoice_payment.paid",
)


def drafted(talk: Talk, payer: str, *amounts: int, **params: Any) -> Any:
    """A draft with a line for each amount."""
    invoice = talk.made("/v1/invoices", {"customer": payer, "currency": "usd", **params})
    for amount in amounts:
        sent = {"customer": payer, "invoice": invoice["id"], "amount": amount, "currency": "usd"}
        talk.made("/v1/invoiceitems", sent)
    return talk.got(f"/v1/invoices/{invoice['id']}")


def act(talk: Talk, invoice: Any, deed: str, **params: Any) -> Any:
    """Finalise, pay, send, … an invoice."""
    return talk.made(f"/v1/invoices/{invoice['id']}/{deed}", params)
