"""What the fuzzer has found once, as requests of their own."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.talking import Talk, error

NEWEST: Final = "2026-10-28.endive"
RATE: Final = {"display_name": "Post", "fixed_amount": {"amount": 500, "currency": "usd"}}


@pytest.mark.parametrize("amount", [0, -5])
def test_nothing_cannot_be_put_into_a_cash_balance(talk: Talk, amount: int):
    path = f"/v1/test_helpers/customers/{talk.customer()['id']}/fund_cash_balance"
    refused = error(talk.post(path, {"amount": amount, "currency": "usd"}), 400)
    assert refused["param"] == "amount"


def test_a_method_that_lacks_what_it_needs_is_refused(talk: Talk):
    refused = error(talk.post("/v1/payment_methods", {"type": "boleto"}), 400)
    assert refused["param"] == "boleto[tax_id]"
    made = talk.made("/v1/payment_methods", {"type": "naver_pay"})
    assert made["naver_pay"]["funding"] == "card"


def test_a_dispute_says_how_it_was_answered_in_the_newest_version(talk: Talk):
    paid = {"amount": 2_000, "currency": "usd", "confirm": True}
    paid |= {"payment_method": "pm_card_createDispute", "payment_method_types": ["card"]}
    talk.made("/v1/payment_intents", paid)
    dispute = talk.got("/v1/disputes", {}, stripe_version=NEWEST)["data"][0]
    assert dispute["evidence_details"]["submission_method"] == "not_submitted"
    assert dispute["payment_method_details"]["card"]["network"] == "visa"
    path, evidence = f"/v1/disputes/{dispute['id']}", {"uncategorized_text": "sent"}
    answered = talk.made(path, {"evidence": evidence}, stripe_version=NEWEST)
    assert answered["evidence_details"]["submission_method"] == "manual"


def test_part_of_a_date_of_birth_has_no_place_in_the_second_view(talk: Talk):
    made: Any = talk.send("POST", "/v2/core/accounts", b"{}", content_type="application/json")
    account = made.json()["id"]
    talk.made(f"/v1/accounts/{account}", {"business_type": "company"})
    person = talk.made(f"/v1/accounts/{account}/persons", {"first_name": "Jenny"})
    found = talk.got(f"/v2/core/accounts/{account}/persons/{person['id']}")
    assert found.get("date_of_birth") is None


def test_lists_of_the_portal_that_are_cleared_are_empty(talk: Talk):
    updates = {"enabled": True, "allowed_updates": ["email"]}
    path = "/v1/billing_portal/configurations"
    made = talk.made(path, {"features": {"customer_update": updates}})
    cleared = {"features": {"customer_update": {"allowed_updates": ""}}}
    changed = talk.made(f"{path}/{made['id']}", cleared)
    assert changed["features"]["customer_update"]["allowed_updates"] == []


def test_a_rate_has_an_amount_and_says_how_others_are_taxed(talk: Talk):
    assert error(talk.post("/v1/shipping_rates", {"display_name": "Post"}), 400)["param"] == (
        "fixed_amount"
    )
    made = talk.made("/v1/shipping_rates", RATE)
    more = {"fixed_amount": {"currency_options": {"eur": {"amount": 400}}}}
    changed = talk.made(f"/v1/shipping_rates/{made['id']}", more)
    assert changed["fixed_amount"]["currency_options"]["eur"]["tax_behavior"] == "unspecified"


def test_an_item_costs_no_more_than_anybody_could_owe(talk: Talk):
    item = {"customer": talk.customer()["id"], "currency": "usd"}
    item |= {"unit_amount_decimal": "9" * 12, "quantity": 10**12}
    refused = error(talk.post("/v1/invoiceitems", item, stripe_version=NEWEST), 400)
    assert refused["code"] == "amount_too_large"


def test_null_is_no_value_of_a_map_of_texts(talk: Talk):
    body = b'{"event_name": "used", "payload": {"a": null, "b": "1"}}'
    made = talk.send("POST", "/v2/billing/meter_events", body, content_type="application/json")
    assert made.json()["payload"] == {"b": "1"}
