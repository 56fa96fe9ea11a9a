"""Prices that a request brings along: they sell nothing else, but what was agreed upon is sold."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.subscribers import customer
from tests.talking import NOW, Talk, error

_DAY = 86_400


@pytest.fixture
def data(talk: Talk) -> Any:
    product = talk.made("/v1/products", {"name": "Tea"})["id"]
    monthly = {"interval": "month"}
    return {"currency": "usd", "unit_amount": 900, "product": product, "recurring": monthly}


def _sold(talk: Talk, subscription: str) -> Any:
    price = talk.got(f"/v1/subscriptions/{subscription}")["items"]["data"][0]["price"]
    assert price["active"] is False
    return price["unit_amount"]


def test_a_session_sells_a_subscription_at_its_own_price(talk: Talk, data: Any):
    named = {key: data[key] for key in ("currency", "unit_amount", "recurring")}
    line = {"price_data": {**named, "product_data": {"name": "Tea"}}, "quantity": 1}
    sent = {"mode": "subscription", "success_url": "https://a.example", "line_items": [line]}
    session = talk.made("/v1/checkout/sessions", sent)["id"]
    payer = {"session": session, "payment_method": "pm_card_visa", "email": "ada@example.com"}
    assert talk.control("checkout", payer).status_code == 200
    found = talk.got(f"/v1/checkout/sessions/{session}")
    assert _sold(talk, found["subscription"]) == 900


@pytest.mark.parametrize("begins", [None, NOW + _DAY])
def test_a_quote_sells_a_subscription_at_its_own_price(talk: Talk, data: Any, begins: int | None):
    lines = [{"price_data": data, "quantity": 1}]
    sent: dict[str, Any] = {"customer": customer(talk), "line_items": lines}
    if begins is not None:
        sent["subscription_data"] = {"effective_date": begins}
    quote = talk.made("/v1/quotes", sent)["id"]
    talk.made(f"/v1/quotes/{quote}/finalize")
    made = talk.made(f"/v1/quotes/{quote}/accept")
    if begins is not None:
        talk.advance("2d")
        path = f"/v1/subscription_schedules/{made['subscription_schedule']}"
        made = talk.got(path)
    assert _sold(talk, made["subscription"]) == 900


def test_phases_sell_at_their_own_prices_and_may_be_sent_again(talk: Talk, data: Any):
    month = {"interval": "month", "interval_count": 1}
    phases = [
        {"items": [{"price_data": {**data, "unit_amount": each}}], "duration": month}
        for each in (900, 700)
    ]
    sent = {"customer": customer(talk), "start_date": NOW + _DAY, "phases": phases}
    schedule = talk.made("/v1/subscription_schedules", sent)
    path = f"/v1/subscription_schedules/{schedule['id']}"
    again = [
        {
            "items": [{"price": each["items"][0]["price"]}],
            "start_date": each["start_date"],
            "end_date": each["end_date"],
        }
        for each in schedule["phases"]
    ]
    talk.made(path, {"phases": again})
    talk.advance("2d")
    subscription = talk.got(path)["subscription"]
    assert _sold(talk, subscription) == 900
    talk.advance("31d")
    assert _sold(talk, subscription) == 700


def test_a_schedule_goes_on_with_the_price_of_its_subscription(talk: Talk, data: Any):
    sent = {"customer": customer(talk), "items": [{"price_data": data}]}
    subscription = talk.made("/v1/subscriptions", sent)
    id_ = subscription["id"]
    made = talk.made("/v1/subscription_schedules", {"from_subscription": id_})
    price = subscription["items"]["data"][0]["price"]["id"]
    assert made["phases"][0]["items"][0]["price"] == price
    other = {"customer": customer(talk), "items": [{"price": price}]}
    refused = error(talk.post("/v1/subscriptions", other), 400)
    assert refused["message"].startswith("The price specified is inactive.")
