"""What discounts and taxes come to, shown on request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.talking import Talk


@pytest.fixture
def line(talk: Talk) -> dict[str, Any]:
    """A line of 20.00 with 20 % on top."""
    rate = {"display_name": "VAT", "percentage": 20, "inclusive": False}
    return {
        "price_data": {"currency": "usd", "unit_amount": 1000, "product_data": {"name": "Tea"}},
        "quantity": 2,
        "tax_rates": [talk.made("/v1/tax_rates", rate)["id"]],
    }


def _session(talk: Talk, *lines: dict[str, Any], **params: Any) -> Any:
    sent = {"mode": "payment", "success_url": "https://shop.test", "line_items": [*lines]}
    return talk.made("/v1/checkout/sessions", {**sent, **params})


def test_a_session_breaks_its_totals_down(talk: Talk, line: dict[str, Any]):
    coupon = talk.made("/v1/coupons", {"percent_off": 10, "duration": "once"})["id"]
    made = _session(talk, line, line, discounts=[{"coupon": coupon}])
    assert "breakdown" not in made["total_details"]

    asked = {"expand": ["total_details.breakdown"]}
    found = talk.got(f"/v1/checkout/sessions/{made['id']}", asked)["total_details"]["breakdown"]
    (discount,), (tax,) = found["discounts"], found["taxes"]
    assert (discount["amount"], discount["discount"]["source"]["coupon"]) == (400, coupon)
    assert discount["discount"]["checkout_session"] == made["id"]
    assert (tax["amount"], tax["taxable_amount"]) == (720, 3600)
    assert tax["rate"]["id"] == line["tax_rates"][0]


def test_lines_show_their_shares(talk: Talk, line: dict[str, Any]):
    made = _session(talk, line)
    path = f"/v1/checkout/sessions/{made['id']}/line_items"
    (plain,) = talk.got(path)["data"]
    assert not {"discounts", "taxes"} & set(plain)
    (asked,) = talk.got(path, {"expand": ["data.taxes", "data.discounts"]})["data"]
    assert [(each["amount"], each["rate"]["id"]) for each in asked["taxes"]] == [
        (400, line["tax_rates"][0])
    ]
    assert asked["discounts"] == []


def test_a_session_that_sells_nothing_may_be_asked(talk: Talk):
    sent = {"mode": "setup", "currency": "usd", "success_url": "https://shop.test"}
    made = talk.made("/v1/checkout/sessions", {**sent, "expand": ["total_details.breakdown"]})
    assert made["total_details"] is None


def test_a_quote_breaks_down_what_recurs(talk: Talk, line: dict[str, Any]):
    product = talk.made("/v1/products", {"name": "Tea"})["id"]
    once = {**line, "price_data": {"currency": "usd", "unit_amount": 1000, "product": product}}
    monthly = {**once["price_data"], "recurring": {"interval": "month"}}
    lines = [once, {**once, "price_data": monthly}]
    paths = [f"{each}total_details.breakdown" for each in ("", "computed.upfront.")]
    paths.append("computed.recurring.total_details.breakdown")
    customer = talk.customer()["id"]
    quote = talk.made("/v1/quotes", {"customer": customer, "line_items": lines, "expand": paths})
    found = [quote["total_details"], quote["computed"]["recurring"]["total_details"]]
    assert [each["breakdown"]["taxes"][0]["amount"] for each in found] == [800, 400]
