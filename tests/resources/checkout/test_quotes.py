"""Quotes: offered, accepted, and bought."""

from __future__ import annotations

import jsonschema
import pytest

from emulator.contract import json_schema
from tests.resources.subscribers import amounts, customer, events, price
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


def test_a_revision_takes_the_place_of_the_quote_it_revises(talk: Talk):
    params = {"customer": customer(talk), "line_items": [{"price": price(talk, 700, None)}]}
    first = talk.made("/v1/quotes", {**params, "description": "Tea"})
    revision = {"from_quote": {"quote": first["id"], "is_revision": True}}
    assert "draft" in error(talk.post("/v1/quotes", revision), 400)["message"]

    first = talk.made(f"/v1/quotes/{first['id']}/finalize")
    second = talk.made("/v1/quotes", revision)
    assert (second["description"], second["amount_total"]) == ("Tea", 700)
    assert second["from_quote"] == {"is_revision": True, "quote": first["id"]}

    items = {"line_items": [{"price": price(talk, 500, None)}]}
    talk.made(f"/v1/quotes/{second['id']}", items)
    second = talk.made(f"/v1/quotes/{second['id']}/finalize")
    assert second["number"] == first["number"].removesuffix("-1") + "-2"
    assert talk.got(f"/v1/quotes/{first['id']}")["status"] == "canceled"
    talk.made(f"/v1/quotes/{second['id']}/accept")
    assert talk.got("/v1/invoices")["data"][0]["amount_due"] == 500


def test_a_quote_made_from_another_leaves_it_alone(talk: Talk):
    params = {"customer": customer(talk), "line_items": [{"price": price(talk, 700, None)}]}
    first = talk.made("/v1/quotes", params)
    second = talk.made("/v1/quotes", {"from_quote": {"quote": first["id"]}})
    talk.made(f"/v1/quotes/{second['id']}/finalize")
    assert talk.got(f"/v1/quotes/{first['id']}")["status"] == "draft"


def test_what_begins_later_waits_as_a_schedule(talk: Talk):
    begins = NOW + 10 * 86_400
    params = {
        "customer": customer(talk),
        "line_items": [{"price": price(talk, 2_000)}, {"price": price(talk, 500, None)}],
        "subscription_data": {"effective_date": begins},
    }
    quote = talk.made("/v1/quotes", params)
    talk.made(f"/v1/quotes/{quote['id']}/finalize")
    accepted = talk.made(f"/v1/quotes/{quote['id']}/accept")
    assert (accepted["subscription"], accepted["invoice"]) == (None, None)

    talk.advance("10d")
    schedule = talk.got(f"/v1/subscription_schedules/{accepted['subscription_schedule']}")
    made = talk.got(f"/v1/subscriptions/{schedule['subscription']}", {"expand": ["latest_invoice"]})
    assert (made["start_date"], made["latest_invoice"]["status"]) == (begins, "draft")
    talk.advance("1h")
    assert talk.got(f"/v1/invoices/{made['latest_invoice']['id']}")["amount_paid"] == 2_500


def test_rates_of_a_quote_are_those_of_what_it_becomes(talk: Talk):
    rate = talk.made("/v1/tax_rates", {"display_name": "T", "inclusive": False, "percentage": 10})
    params = {
        "customer": customer(talk),
        "default_tax_rates": [rate["id"]],
        "line_items": [{"price": price(talk, 2_000)}],
    }
    quote = talk.made("/v1/quotes", params)
    assert (quote["amount_total"], quote["default_tax_rates"]) == (2_200, [rate["id"]])
    talk.made(f"/v1/quotes/{quote['id']}/finalize")
    accepted = talk.made(f"/v1/quotes/{quote['id']}/accept", {"expand": ["invoice"]})
    assert accepted["invoice"]["amount_paid"] == 2_200


def test_a_quote_that_is_final_can_be_downloaded(talk: Talk):
    params = {"customer": customer(talk), "line_items": [{"price": price(talk, 700, None)}]}
    quote = talk.made("/v1/quotes", {**params, "header": "For you"})
    error(talk.get(f"/v1/quotes/{quote['id']}/pdf"), 400)
    opened = talk.made(f"/v1/quotes/{quote['id']}/finalize")
    answer = talk.get(f"/v1/quotes/{quote['id']}/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    for text in (opened["number"], "For you", "1 x Tea: $7.00", "Total $7.00", "It is open"):
        assert text.encode() in answer.content

    empty = talk.made("/v1/quotes")["id"]
    talk.made(f"/v1/quotes/{empty}/cancel")
    assert b"It is canceled" in talk.get(f"/v1/quotes/{empty}/pdf").content
