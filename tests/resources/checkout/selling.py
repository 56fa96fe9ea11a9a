"""What a shop asks for in tests of Checkout."""

from __future__ import annotations

from typing import Any

from tests.talking import Talk


def paying(amount: int, quantity: int = 1) -> dict[str, Any]:
    """The parameters of a session for one thing."""
    data = {"currency": "usd", "unit_amount": amount, "product_data": {"name": "Mug"}}
    return {"mode": "payment", "line_items": [{"price_data": data, "quantity": quantity}]}


def subscribing(price: str) -> dict[str, Any]:
    return {"mode": "subscription", "line_items": [{"price": price, "quantity": 1}]}


def price(talk: Talk, amount: int) -> str:
    """The id of a monthly price."""
    params = {
        "currency": "usd",
        "unit_amount": amount,
        "recurring": {"interval": "month"},
        "product_data": {"name": "Plan"},
    }
    return str(talk.made("/v1/prices", params)["id"])


def session(talk: Talk, params: dict[str, Any]) -> Any:
    """A session made with these parameters, in the words of May 2026, which take method types."""
    whole = {"success_url": "https://shop.example.com/done?id={CHECKOUT_SESSION_ID}", **params}
    return talk.made("/v1/checkout/sessions", whole)


def submit(talk: Talk, id_: str, **payer: Any) -> Any:
    """A customer fills in the page and submits it."""
    answer = talk.control("checkout", {"session": id_, **payer})
    assert answer.status_code == 200, answer.text
    return answer.json()


def events(talk: Talk) -> list[str]:
    """The types of the platform's events, oldest first."""
    found = talk.got("/v1/events", {"limit": 100})["data"]
    return [event["type"] for event in reversed(found)]
