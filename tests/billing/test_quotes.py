"""Quotes: offered, accepted, and bought."""

from __future__ import annotations

import jsonschema
import pytest

from emulator.contract import json_schema
from tests.billing.shops import amounts, customer, events, price
from tests.talking import NOW, Talk, error


def test_an_accepted_quote_is_a_subscription(talk: Talk):
    talk.made("/v1/coupons", {"percent_off": 10, "duration": "once", "id": "TEN"})
    items = [{"price": price(talk, 2_000), "quantity": 2}, {"price": price(talk, 500, None)}]
    params = {
        "customer": customer(talk),
        "line_items": items,
        "discounts": [{"coupon": "TEN"}],
    }
    quote = talk.made("/v1/quotes", params)
    jsonschema.Draft202012Validator(json_schema("quote")).validate(quote)
    assert (quote["amount_subtotal"], quote["amount_total"]) == (4_500, 4_050)
    assert quote["computed"]["recurring"]["amount_subtotal"] == 4_000
    opened = talk.made(f"/v1/quotes/{quote['id']}/finalize")
    assert (opened["status"], opened["number"][:3]) == ("open", "QT-")
    accepted = talk.made(f"/v1/quotes/{quote['id']}/accept")
    assert (accepted["status"], accepted["status_transitions"]["accepted_at"]) == ("accepted", NOW)
    made = talk.got(f"/v1/subscriptions/{accepted['subscription']}", {"expand": ["latest_invoice"]})
    assert (made["status"], made["latest_invoice"]["amount_paid"]) == ("active", 4_050)
    assert events(talk)[-1] == "quote.accepted"
    again = error(talk.post(f"/v1/quotes/{quote['id']}/accept"), 400)
    assert "accepted" in again["message"]


def test_what_is_bought_once_is_an_invoice(talk: Talk):
    params = {"customer": customer(talk), "line_items": [{"price": price(talk, 700, None)}]}
    quote = talk.made("/v1/quotes", params)
    shown = talk.got(f"/v1/quotes/{quote['id']}/line_items")["data"]
    assert [each["amount_total"] for each in shown] == [700]
    talk.made(f"/v1/quotes/{quote['id']}/finalize")
    accepted = talk.made(f"/v1/quotes/{quote['id']}/accept")
    invoice = talk.got(f"/v1/invoices/{accepted['invoice']}")
    assert (invoice["billing_reason"], amounts(invoice)) == ("quote_accept", [700])
    assert invoice["parent"]["quote_details"]["quote"] == quote["id"]


@pytest.mark.parametrize("deed", ["accept", "finalize"])
def test_a_quote_goes_its_way(talk: Talk, deed: str):
    quote = talk.made("/v1/quotes", {"customer": customer(talk)})
    assert error(talk.post(f"/v1/quotes/{quote['id']}/{deed}"), 400)["message"]
    gone = talk.made(f"/v1/quotes/{quote['id']}/cancel")
    assert (gone["status"], events(talk)[-1]) == ("canceled", "quote.canceled")


def test_a_customer_was_subscribed_at_birth_once(talk: Talk):
    talk.made(
        "/v1/plans",
        {
            "id": "gold",
            "currency": "usd",
            "amount": 1_000,
            "interval": "month",
            "product": {"name": "Gold"},
        },
    )
    old = {"stripe_version": "2019-08-14"}
    params = {"source": "tok_visa", "plan": "gold", "quantity": 2, "tax_percent": 5}
    made = talk.made("/v1/customers", params, **old)
    (sub,) = made["subscriptions"]["data"]
    assert (sub["plan"]["id"], sub["quantity"], sub["tax_percent"]) == ("gold", 2, 5)
    assert talk.got("/v1/charges")["data"][0]["amount"] == 2_100
