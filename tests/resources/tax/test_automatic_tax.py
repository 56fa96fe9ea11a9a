"""Automatic tax: worked out from where the customer is and where the account is registered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.checkout.selling import paying, session, submit, subscribing
from tests.resources.subscribers import customer, events, price, subscribe
from tests.talking import Talk, error

_AUTOMATIC = {"automatic_tax": {"enabled": True}}
_TEXAS = {"country": "US", "state": "TX", "postal_code": "75134"}


def _register(talk: Talk, country: str = "US", **options: Any) -> None:
    given = options or {"state": "TX", "type": "state_sales_tax"}
    params = {"active_from": "now", "country": country, "country_options": {country.lower(): given}}
    talk.made("/v1/tax/registrations", params)


def _invoice(talk: Talk, whose: str, amount: int = 1_000, **params: Any) -> Any:
    made = talk.made("/v1/invoices", {"customer": whose, **_AUTOMATIC, **params})
    item = {"customer": whose, "invoice": made["id"], "amount": amount, "currency": "usd"}
    talk.made("/v1/invoiceitems", item)
    return talk.got(f"/v1/invoices/{made['id']}")


def _taxes(invoice: Any) -> list[tuple[int, str]]:
    return [(each["amount"], each["taxability_reason"]) for each in invoice["total_taxes"]]


def test_an_invoice_bears_the_tax_of_its_customers_state(talk: Talk) -> None:
    _register(talk)
    made = _invoice(talk, customer(talk, address=_TEXAS))

    assert made["automatic_tax"]["status"] == "complete"
    assert (made["subtotal"], made["total"], _taxes(made)) == (
        1_000,
        1_063,
        [(63, "standard_rated")],
    )
    assert made["total_taxes"] == made["lines"]["data"][0]["taxes"]
    assert talk.made(f"/v1/invoices/{made['id']}/pay")["amount_paid"] == 1_063


def test_the_rate_behind_it_is_an_object_that_no_list_shows(talk: Talk) -> None:
    _register(talk)
    whose = customer(talk, address=_TEXAS)
    named = {
        _invoice(talk, whose)["total_taxes"][0]["tax_rate_details"]["tax_rate"] for _ in range(2)
    }
    (rate,) = (talk.got(f"/v1/tax_rates/{id_}") for id_ in named)
    assert (rate["percentage"], rate["jurisdiction"], rate["active"]) == (6.25, "Texas", False)
    assert talk.got("/v1/tax_rates")["data"] == []


def test_without_a_registration_nothing_is_collected(talk: Talk) -> None:
    made = _invoice(talk, customer(talk, address=_TEXAS))
    assert (made["total"], _taxes(made)) == (1_000, [(0, "not_collecting")])


def test_prices_in_euros_hold_their_tax(talk: Talk) -> None:
    _register(talk, "DE", type="standard")
    whose = customer(talk, address={"country": "DE"})
    made = subscribe(talk, price(talk, 1_190, currency="eur"), whose, **_AUTOMATIC)
    invoice = made["latest_invoice"]
    assert (invoice["total"], invoice["total_excluding_tax"]) == (1_190, 1_000)
    assert _taxes(invoice) == [(190, "standard_rated")]


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"tax_exempt": "exempt"}, "customer_exempt"),
        ({"tax_exempt": "reverse"}, "reverse_charge"),
        ({"tax_id_data": [{"type": "eu_vat", "value": "FR12345678901"}]}, "reverse_charge"),
    ],
)
def test_some_customers_pay_no_tax(talk: Talk, params: Any, reason: str) -> None:
    _register(talk, "IE", type="oss_union")
    made = _invoice(talk, customer(talk, address={"country": "FR"}, **params))
    assert (made["total"], _taxes(made)) == (1_000, [(0, reason)])


def test_what_is_not_taxable_says_so_by_its_code(talk: Talk) -> None:
    _register(talk)
    gift = price(talk, product_data={"name": "Gift", "tax_code": "txcd_00000000"})
    made = subscribe(talk, gift, customer(talk, address=_TEXAS), **_AUTOMATIC)
    assert _taxes(made["latest_invoice"]) == [(0, "product_exempt")]


def test_where_things_are_sent_comes_before_where_the_customer_lives(talk: Talk) -> None:
    _register(talk)
    sent = {"name": "Jo", "address": _TEXAS}
    whose = customer(talk, address={"country": "US", "state": "OR"}, shipping=sent)
    assert _taxes(_invoice(talk, whose)) == [(63, "standard_rated")]
    shown = talk.got(f"/v1/customers/{whose}", {"expand": ["tax"]})["tax"]
    assert shown["automatic_tax"] == "supported"
    assert shown["location"] == {
        "country": "US",
        "source": "shipping_destination",
        "state": "TX",
    }


def test_an_invoice_waits_for_an_address_and_takes_it(talk: Talk) -> None:
    _register(talk)
    whose = customer(talk)
    made = _invoice(talk, whose)
    assert made["automatic_tax"]["status"] == "requires_location_inputs"
    refused = error(talk.post(f"/v1/invoices/{made['id']}/finalize"), 400)
    assert refused["code"] == "customer_tax_location_invalid"

    talk.made(f"/v1/customers/{whose}", {"address": _TEXAS})
    assert talk.made(f"/v1/invoices/{made['id']}/finalize")["total"] == 1_063


def test_an_invoice_that_advances_says_why_it_cannot(talk: Talk) -> None:
    made = _invoice(talk, customer(talk), auto_advance=True)
    talk.advance("2h")
    assert "invoice.finalization_failed" in events(talk)
    failed = talk.got(f"/v1/invoices/{made['id']}")["last_finalization_error"]
    assert failed["code"] == "customer_tax_location_invalid"


def test_a_subscription_needs_to_know_where_the_customer_is(talk: Talk) -> None:
    params = {"customer": customer(talk), "items": [{"price": price(talk)}], **_AUTOMATIC}
    refused = error(talk.post("/v1/subscriptions", params), 400)
    assert refused["code"] == "customer_tax_location_invalid"


def test_renewals_bear_tax_until_nobody_knows_where_the_customer_is(talk: Talk) -> None:
    _register(talk)
    whose = customer(talk, address=_TEXAS)
    made = subscribe(talk, price(talk), whose, **_AUTOMATIC)
    assert made["latest_invoice"]["total"] == 2_125

    talk.advance("32d")
    assert talk.got("/v1/invoices")["data"][0]["total"] == 2_125

    talk.made(f"/v1/customers/{whose}", {"address": ""})
    talk.advance("32d")
    latest = talk.got("/v1/invoices")["data"][0]
    assert (latest["status"], latest["total"]) == ("paid", 2_000)
    assert latest["automatic_tax"]["disabled_reason"] == "finalization_requires_location_inputs"
    after = talk.got(f"/v1/subscriptions/{made['id']}")["automatic_tax"]
    assert (after["enabled"], after["disabled_reason"]) == (False, "requires_location_inputs")


def test_rates_by_hand_and_automatic_tax_exclude_each_other(talk: Talk) -> None:
    rate = talk.made("/v1/tax_rates", {"display_name": "T", "inclusive": False, "percentage": 5})
    params = {"customer": customer(talk, address=_TEXAS), "default_tax_rates": [rate["id"]]}
    refused = error(talk.post("/v1/invoices", {**params, **_AUTOMATIC}), 400)
    assert "default_tax_rates" in refused["message"]


def test_checkout_works_it_out_when_the_customer_says_where_they_are(talk: Talk) -> None:
    _register(talk)
    made = session(talk, {**paying(5_000), **_AUTOMATIC})
    assert made["amount_total"] == 5_000
    assert made["automatic_tax"]["status"] == "requires_location_inputs"

    after = submit(talk, made["id"], address=_TEXAS)["session"]
    assert (after["amount_total"], after["total_details"]["amount_tax"]) == (5_313, 313)
    assert after["automatic_tax"]["status"] == "complete"
    assert talk.got(f"/v1/payment_intents/{after['payment_intent']}")["amount"] == 5_313
    assert talk.got("/v1/balance")["pending"][0]["amount"] == 5_313 - 184


def test_shipping_is_taxed_in_checkout(talk: Talk) -> None:
    _register(talk)
    rate = {"display_name": "Post", "fixed_amount": {"amount": 1_000, "currency": "usd"}}
    offered = {"shipping_options": [{"shipping_rate_data": rate}]}
    made = session(talk, {**paying(5_000), **_AUTOMATIC, **offered})
    after = submit(talk, made["id"], address=_TEXAS)["session"]
    assert after["total_details"] == {
        "amount_discount": 0,
        "amount_shipping": 1_000,
        "amount_tax": 313 + 63,
    }
    assert after["shipping_cost"]["amount_tax"] == 63


def test_a_subscription_of_checkout_goes_on_with_tax(talk: Talk) -> None:
    _register(talk)
    made = session(talk, {**subscribing(price(talk)), **_AUTOMATIC})
    after = submit(talk, made["id"], address=_TEXAS, email="jo@example.com")["session"]
    invoice = talk.got(f"/v1/invoices/{after['invoice']}")
    assert after["amount_total"] == invoice["amount_paid"] == 2_125
    assert talk.got(f"/v1/subscriptions/{after['subscription']}")["automatic_tax"]["enabled"]


def test_a_known_customer_of_checkout_has_an_address_or_is_asked(talk: Talk) -> None:
    _register(talk)
    whose = customer(talk)
    asked = {**paying(5_000), **_AUTOMATIC, "customer": whose, "success_url": "https://a.example"}
    refused = error(talk.post("/v1/checkout/sessions", asked), 400)
    assert "customer_update[address]" in refused["message"]

    made = session(talk, {**asked, "customer_update": {"address": "auto"}})
    submit(talk, made["id"], address=_TEXAS)
    assert talk.got(f"/v1/customers/{whose}")["address"]["state"] == "TX"


def test_a_payer_who_does_not_say_where_they_are_is_refused(talk: Talk) -> None:
    made = session(talk, {**paying(5_000), **_AUTOMATIC})
    refused = error(talk.control("checkout", {"session": made["id"]}), 400)
    assert refused["code"] == "customer_tax_location_invalid"
    assert talk.got(f"/v1/checkout/sessions/{made['id']}")["status"] == "open"


def test_a_connected_account_is_set_up_before_it_calculates(talk: Talk) -> None:
    shop = {"stripe_account": talk.account()}
    asked = {**paying(5_000), **_AUTOMATIC, "success_url": "https://a.example"}
    refused = error(talk.post("/v1/checkout/sessions", asked, **shop), 400)
    assert refused["code"] == "stripe_tax_inactive"

    talk.made("/v1/tax/settings", {"head_office": {"address": _TEXAS}}, **shop)
    assert talk.made("/v1/checkout/sessions", asked, **shop)["automatic_tax"]["enabled"]


def test_the_account_that_is_liable_has_the_registrations(talk: Talk) -> None:
    shop = talk.account()
    head = {"head_office": {"address": _TEXAS}}
    talk.made("/v1/tax/settings", head, stripe_account=shop)
    params = {
        "active_from": "now",
        "country": "US",
        "country_options": {"us": {"state": "TX", "type": "state_sales_tax"}},
    }
    talk.made("/v1/tax/registrations", params, stripe_account=shop)
    liable = {"enabled": True, "liability": {"type": "account", "account": shop}}
    made = _invoice(talk, customer(talk, address=_TEXAS), automatic_tax=liable)
    assert made["automatic_tax"]["liability"] == {"account": shop, "type": "account"}
    assert _taxes(made) == [(63, "standard_rated")]


def test_a_quote_says_what_its_tax_will_be(talk: Talk) -> None:
    _register(talk)
    line = {"line_items": [{"price": price(talk)}], "customer": customer(talk, address=_TEXAS)}
    made = talk.made("/v1/quotes", {**line, **_AUTOMATIC})
    assert made["automatic_tax"]["status"] == "complete"
    assert (made["amount_total"], made["total_details"]["amount_tax"]) == (2_125, 125)
    assert made["computed"]["recurring"]["amount_total"] == 2_125

    talk.made(f"/v1/quotes/{made['id']}/finalize")
    accepted = talk.made(f"/v1/quotes/{made['id']}/accept", {"expand": ["invoice"]})
    assert accepted["invoice"]["total"] == 2_125


def test_a_preview_needs_no_customer_who_is_there(talk: Talk) -> None:
    _register(talk)
    params = {
        "customer_details": {"address": _TEXAS, "tax_exempt": "exempt"},
        "subscription_details": {"items": [{"price": price(talk)}]},
        **_AUTOMATIC,
    }
    shown = talk.made("/v1/invoices/create_preview", params)
    assert _taxes(shown) == [(0, "customer_exempt")]
    assert talk.got("/v1/customers")["data"] == []


def test_a_preview_shows_tax_and_keeps_nothing_of_it(talk: Talk) -> None:
    _register(talk)
    params = {
        "customer": customer(talk, address=_TEXAS),
        "subscription_details": {"items": [{"price": price(talk)}]},
        **_AUTOMATIC,
    }
    assert talk.made("/v1/invoices/create_preview", params)["total"] == 2_125
    assert talk.got("/v1/invoices")["data"] == []


def test_a_customers_place_may_be_asked_about_at_once(talk: Talk) -> None:
    asked = {"tax": {"validate_location": "immediately"}, "address": {"country": "US"}}
    refused = error(talk.post("/v1/customers", asked), 400)
    assert refused["code"] == "customer_tax_location_invalid"
    talk.made("/v1/customers", {**asked, "address": _TEXAS})


def test_a_business_says_on_the_page_that_it_is_one(talk: Talk) -> None:
    _register(talk, "IE", type="oss_union")
    ids = [{"type": "eu_vat", "value": "FR12345678901"}]
    collecting = {**paying(5_000), **_AUTOMATIC, "tax_id_collection": {"enabled": True}}
    made = session(talk, {**collecting, "customer_creation": "always"})
    after = submit(talk, made["id"], address={"country": "FR"}, tax_ids=ids)["session"]
    assert (after["customer_details"]["tax_ids"], after["amount_total"]) == (ids, 5_000)
    held = talk.got(f"/v1/customers/{after['customer']}/tax_ids")["data"]
    assert [each["value"] for each in held] == ["FR12345678901"]

    plain = session(talk, {**paying(5_000), **_AUTOMATIC})
    after = submit(talk, plain["id"], address={"country": "FR"}, tax_ids=ids)["session"]
    assert (after["customer_details"]["tax_ids"], after["amount_total"]) == ([], 6_000)


def test_tax_ids_of_a_known_customer_are_kept_with_their_name(talk: Talk) -> None:
    whose = customer(talk, address=_TEXAS)
    asked = {**paying(5_000), "customer": whose, "tax_id_collection": {"enabled": True}}
    leaving = {"success_url": "https://a.example"}
    refused = error(talk.post("/v1/checkout/sessions", {**asked, **leaving}), 400)
    assert "customer_update[name]" in refused["message"]

    made = session(talk, {**asked, "customer_update": {"name": "auto"}})
    ids = [{"type": "us_ein", "value": "12-3456789"}]
    submit(talk, made["id"], name="Tea Inc", tax_ids=ids)
    assert talk.got(f"/v1/customers/{whose}")["name"] == "Tea Inc"
    assert talk.got(f"/v1/customers/{whose}/tax_ids")["data"][0]["value"] == "12-3456789"
