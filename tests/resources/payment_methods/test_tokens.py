"""Tokens: used once, whatever is inside; ready-made names never run out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.talking import Talk, error

CARD: dict[str, Any] = {
    "number": "4000056655665556",
    "exp_month": 12,
    "exp_year": 2030,
    "cvc": "123",
    "address_zip": "94107",
    "name": "Jo",
}
ACH = {"country": "US", "account_number": "000123456789", "routing_number": "110000000"}


def test_a_card_token_shows_the_card_in_its_old_form(talk: Talk) -> None:
    made = talk.made("/v1/tokens", {"card": {**CARD, "currency": "usd"}})
    card = made["card"]

    assert (made["id"][:4], made["type"], made["used"]) == ("tok_", "card", False)
    assert (card["brand"], card["funding"], card["currency"]) == ("Visa", "debit", "usd")
    assert (card["cvc_check"], card["address_zip_check"]) == ("unchecked", "unchecked")
    assert talk.got(f"/v1/tokens/{made['id']}") == made


def test_a_token_is_used_once(talk: Talk) -> None:
    token = talk.made("/v1/tokens", {"card": CARD})
    customer = talk.customer(source=token["id"])
    assert customer["default_source"] == token["card"]["id"]
    assert talk.got(f"/v1/tokens/{token['id']}")["used"]

    found = error(talk.post("/v1/customers", {"source": token["id"]}), 400)
    assert (found["code"], found["param"]) == ("token_already_used", "source")


def test_a_token_survives_a_refusal(talk: Talk) -> None:
    token = talk.made("/v1/tokens", {"card": {**CARD, "number": "4000000000000002"}})
    error(talk.post("/v1/customers", {"source": token["id"]}), 402)
    assert not talk.got(f"/v1/tokens/{token['id']}")["used"]


def test_a_payment_method_made_of_a_token_keeps_its_address(talk: Talk) -> None:
    token = talk.made("/v1/tokens", {"card": CARD})["id"]
    made = talk.made("/v1/payment_methods", {"type": "card", "card": {"token": token}})
    assert made["billing_details"]["name"] == "Jo"
    assert made["billing_details"]["address"]["postal_code"] == "94107"
    assert made["card"]["checks"]["address_postal_code_check"] == "unchecked"


def test_a_bank_account_token_shows_no_number(talk: Talk) -> None:
    made = talk.made("/v1/tokens", {"bank_account": {**ACH, "account_holder_name": "Jo"}})
    account = made["bank_account"]
    assert (made["id"][:5], account["id"][:3], account["status"]) == ("btok_", "ba_", "new")
    assert (account["last4"], account["account_holder_name"]) == ("6789", "Jo")
    assert "000123456789" not in str(made)


@pytest.mark.parametrize(
    ("params", "prefix"),
    [
        ({"account": {"business_type": "individual", "tos_shown_and_accepted": True}}, "ct_"),
        ({"person": {"first_name": "Jo"}}, "cpt_"),
        ({"pii": {"id_number": "000000000"}}, "pii_"),
        ({"cvc_update": {"cvc": "123"}}, "cvctok_"),
    ],
)
def test_other_tokens_show_their_kind_alone(
    talk: Talk, params: dict[str, Any], prefix: str
) -> None:
    made = talk.made("/v1/tokens", params)
    assert made["id"].startswith(prefix)
    assert made["type"] == next(iter(params))
    assert set(made) == {"id", "object", "client_ip", "created", "livemode", "type", "used"}


def test_an_empty_token_is_refused(talk: Talk) -> None:
    error(talk.post("/v1/tokens"), 400)


def test_a_platforms_customer_is_shared_with_an_account_by_token(talk: Talk) -> None:
    account, customer = talk.account(), talk.customer(source="tok_visa")
    sent = {"customer": customer["id"]}
    token = talk.made("/v1/tokens", sent, stripe_account=account)
    made = talk.made("/v1/customers", {"source": token["id"]}, stripe_account=account)

    assert token["card"]["last4"] == "4242"
    assert made["default_source"] == token["card"]["id"] != customer["default_source"]
    found = error(talk.post("/v1/tokens", {"customer": "cus_x"}, stripe_account=account), 400)
    assert found["param"] == "customer"


def test_a_token_of_a_customers_card_knows_the_currency_that_was_typed(talk: Talk) -> None:
    card = {"number": "4000056655665556", "exp_month": 12, "exp_year": 2034, "currency": "usd"}
    account = talk.account()
    typed = talk.made("/v1/tokens", {"card": card})
    customer = talk.customer(card=typed["id"])
    shared = talk.made("/v1/tokens", {"customer": customer["id"]}, stripe_account=account)

    kept = talk.got(f"/v1/customers/{customer['id']}/sources")["data"][0]
    assert typed["card"]["currency"] == shared["card"]["currency"] == "usd"
    assert "currency" not in kept


def test_unknown_tokens_are_refused(talk: Talk) -> None:
    found = error(talk.post("/v1/customers", {"source": "tok_nobody"}), 400)
    assert (found["code"], found["message"]) == ("resource_missing", "No such token: 'tok_nobody'")
    assert error(talk.get("/v1/tokens/tok_nobody"), 404)["param"] == "token"


@pytest.mark.parametrize(
    ("instant", "name", "currency"),
    [
        (1_586_359_500, "tok_jp", "usd"),
        (1_622_197_200, "tok_jp", "jpy"),
        (1_622_197_200, "tok_visa", "usd"),
        (1_714_953_600, "tok_cn", None),
    ],
)
def test_ready_made_cards_are_in_the_currency_of_their_country(
    talk: Talk, instant: int, name: str, currency: str | None
) -> None:
    """Observed: dollars to April 2020, yen from May 2021 on, none in China in May 2024."""
    assert talk.control("clock", {"now": instant, "mode": "frozen"}).status_code == 200

    assert talk.got(f"/v1/tokens/{name}")["card"].get("currency") == currency
