"""Payment methods: what they show, when cards refuse, whose they are, and how they travel."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.rules import cards, debits
from tests.talking import Talk, error


def card(number: str = "4242424242424242", **more: Any) -> dict[str, Any]:
    """Parameters of a card payment method."""
    return {
        "type": "card",
        "card": {"number": number, "exp_month": 12, "exp_year": 2030, "cvc": "123", **more},
    }


def test_a_typed_card_shows_what_its_number_tells(talk: Talk) -> None:
    made = talk.made("/v1/payment_methods", card("4000 0025 0000 0003"))

    assert list(made)[:2] == ["id", "object"]
    assert made["card"] | {"fingerprint": None} == {
        "brand": "visa",
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "unchecked",
        },
        "country": "FR",
        "display_brand": "visa",
        "exp_month": 12,
        "exp_year": 2030,
        "fingerprint": None,
        "funding": "credit",
        "generated_from": None,
        "last4": "0003",
        "networks": {"available": ["visa"], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def test_checks_tell_only_of_what_was_given(talk: Talk) -> None:
    address = {"billing_details": {"address": {"postal_code": "94107"}}}
    given = talk.made("/v1/payment_methods", card() | address)["card"]["checks"]
    bare = card()
    del bare["card"]["cvc"]
    less = talk.made("/v1/payment_methods", bare)["card"]["checks"]

    assert given["address_postal_code_check"] == "unchecked"
    assert given["address_line1_check"] is None
    assert set(less.values()) == {None}


@pytest.mark.parametrize("name", [n for c in cards.cards() for n in c.names])
def test_each_ready_made_card_gives_a_fresh_payment_method(talk: Talk, name: str) -> None:
    first = talk.got(f"/v1/payment_methods/pm_card_{name}")
    second = talk.got(f"/v1/payment_methods/pm_card_{name}")
    token = talk.got(f"/v1/tokens/tok_{name}")

    assert first["id"] != second["id"]
    assert first["card"]["last4"] == token["card"]["last4"]
    assert first["card"]["fingerprint"] == token["card"]["fingerprint"]
    assert (first["card"]["exp_month"], first["card"]["exp_year"]) == (3, 2027)


@pytest.mark.parametrize("name", [n for a in debits.accounts() for n in a.names])
def test_each_ready_made_bank_account_gives_a_payment_method(talk: Talk, name: str) -> None:
    made = talk.got(f"/v1/payment_methods/pm_{name}")
    assert made[made["type"]]["last4"]


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"number": "4242424242424241"}, "incorrect_number", "number"),
        ({"number": "4242"}, "invalid_number", "number"),
        ({"exp_month": 13}, "invalid_expiry_month", "exp_month"),
        ({"exp_year": 2020}, "invalid_expiry_year", "exp_year"),
        ({"exp_month": 2, "exp_year": 2026}, "invalid_expiry_month", "exp_month"),
        ({"cvc": "12"}, "invalid_cvc", "cvc"),
    ],
)
def test_typing_errors_are_refused(
    talk: Talk, change: dict[str, Any], code: str, param: str
) -> None:
    found = error(talk.post("/v1/payment_methods", card(**change)), 402)
    assert (found["type"], found["code"], found["param"]) == ("card_error", code, param)


def test_a_live_number_is_told_from_a_test_card(talk: Talk) -> None:
    found = error(talk.post("/v1/payment_methods", card("4539578763621486")), 402)
    assert (found["code"], found["decline_code"]) == ("card_declined", "testmode_decline")


def test_attaching_checks_the_card_and_announces_it(talk: Talk) -> None:
    customer = talk.customer()["id"]
    method = talk.made("/v1/payment_methods", card())["id"]
    made = talk.made(f"/v1/payment_methods/{method}/attach", {"customer": customer})

    assert made["customer"] == customer
    assert made["card"]["checks"]["cvc_check"] == "pass"
    assert talk.got(f"/v1/payment_methods/{method}") == made
    event = talk.got("/v1/events", {"type": "payment_method.attached"})["data"][0]
    assert event["data"]["object"] == made


@pytest.mark.parametrize(
    ("name", "code", "decline_code", "param"),
    [
        ("chargeDeclined", "card_declined", "generic_decline", ""),
        ("visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds", ""),
        ("chargeDeclinedExpiredCard", "expired_card", "expired_card", "exp_month"),
        ("chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc", "cvc"),
    ],
)
def test_a_declining_card_cannot_be_saved(
    talk: Talk, name: str, code: str, decline_code: str, param: str
) -> None:
    customer = talk.customer()["id"]
    method = talk.got(f"/v1/payment_methods/pm_card_{name}")
    answer = talk.post(f"/v1/payment_methods/{method['id']}/attach", {"customer": customer})
    found = error(answer, 402)

    assert (found["code"], found["decline_code"], found["param"]) == (code, decline_code, param)
    assert "charge" not in found
    assert talk.got(f"/v1/payment_methods/{method['id']}") == method


def test_a_card_that_fails_later_can_be_saved(talk: Talk) -> None:
    customer = talk.customer()["id"]
    saved = talk.made(
        "/v1/payment_methods/pm_card_chargeCustomerFail/attach", {"customer": customer}
    )
    assert saved["customer"] == customer


def test_attaching_twice_is_fine_for_one_customer_and_refused_for_another(talk: Talk) -> None:
    mine, other = talk.customer()["id"], talk.customer()["id"]
    method = talk.made("/v1/payment_methods/pm_card_visa/attach", {"customer": mine})["id"]

    assert talk.made(f"/v1/payment_methods/{method}/attach", {"customer": mine})["customer"] == mine
    found = error(talk.post(f"/v1/payment_methods/{method}/attach", {"customer": other}), 400)
    assert found["message"].endswith("already been attached to a customer.")
    assert "code" not in found


def test_a_detached_payment_method_is_gone_for_good(talk: Talk) -> None:
    customer = talk.customer()["id"]
    method = talk.made("/v1/payment_methods/pm_card_visa/attach", {"customer": customer})["id"]
    default = {"invoice_settings": {"default_payment_method": method}}
    talk.made(f"/v1/customers/{customer}", default)

    assert talk.made(f"/v1/payment_methods/{method}/detach")["customer"] is None
    now = talk.got(f"/v1/customers/{customer}")
    assert now["invoice_settings"]["default_payment_method"] is None
    error(talk.post(f"/v1/payment_methods/{method}/attach", {"customer": customer}), 400)
    error(talk.post(f"/v1/payment_methods/{method}/detach"), 400)


def test_only_a_saved_payment_method_can_be_changed(talk: Talk) -> None:
    method = talk.made("/v1/payment_methods", card())["id"]
    change = {"metadata": {"a": "1"}, "card": {"exp_year": 2031}, "billing_details": {"name": "Jo"}}
    error(talk.post(f"/v1/payment_methods/{method}", change), 400)

    talk.made(f"/v1/payment_methods/{method}/attach", {"customer": talk.customer()["id"]})
    made = talk.made(f"/v1/payment_methods/{method}", change)
    assert (made["metadata"], made["card"]["exp_year"]) == ({"a": "1"}, 2031)
    assert made["billing_details"]["name"] == "Jo"
    event = talk.got("/v1/events", {"type": "payment_method.updated"})["data"][0]
    assert event["data"]["previous_attributes"]["card"] == {"exp_year": 2030}


def test_a_customers_payment_methods_are_listed(talk: Talk) -> None:
    customer = talk.customer()["id"]
    ids = [
        talk.made(f"/v1/payment_methods/pm_card_{name}/attach", {"customer": customer})["id"]
        for name in ("visa", "amex", "jcb")
    ]
    talk.made("/v1/payment_methods", card())

    listed = talk.got("/v1/payment_methods", {"customer": customer, "type": "card"})
    assert [method["id"] for method in listed["data"]] == ids[::-1]
    nested = talk.got(f"/v1/customers/{customer}/payment_methods", {"limit": 2})
    assert [method["id"] for method in nested["data"]] == ids[:0:-1]
    assert nested["has_more"]
    one = talk.got(f"/v1/customers/{customer}/payment_methods/{ids[0]}")
    assert one["id"] == ids[0]


def test_a_platforms_payment_method_is_cloned_and_not_used_on_an_account(talk: Talk) -> None:
    account, customer = talk.account(), talk.customer()["id"]
    method = talk.made("/v1/payment_methods/pm_card_visa/attach", {"customer": customer})
    sent = {"payment_method": method["id"], "customer": customer}
    made = talk.made("/v1/payment_methods", sent, stripe_account=account)

    assert made["id"] != method["id"]
    assert made["customer"] is None
    assert made["card"] == method["card"]
    theirs = talk.made("/v1/customers", stripe_account=account)["id"]
    path = f"/v1/payment_methods/{method['id']}/attach"
    found = error(talk.post(path, {"customer": theirs}, stripe_account=account), 404)
    assert "platform-owned payment method ID" in found["message"]


def test_one_number_has_one_fingerprint_in_the_whole_world(talk: Talk) -> None:
    account = talk.account()
    here = talk.made("/v1/payment_methods", card())["card"]["fingerprint"]
    there = talk.made("/v1/payment_methods", card(), stripe_account=account)["card"]["fingerprint"]
    token = talk.got("/v1/tokens/tok_visa")["card"]["fingerprint"]
    elsewhere = talk.as_key("sk_test_other").made("/v1/payment_methods", card())

    assert here == there == token
    assert elsewhere["card"]["fingerprint"] != here


def test_bank_accounts_show_their_banks(talk: Talk) -> None:
    iban = {"type": "sepa_debit", "sepa_debit": {"iban": "FR14 2004 1010 0505 0001 3M02 606"}}
    made = talk.made("/v1/payment_methods", iban)["sepa_debit"]
    assert (made["bank_code"], made["branch_code"], made["country"]) == ("20041", "01005", "FR")
    ach = {"account_number": "000123456789", "routing_number": "110000000"}
    made = talk.made("/v1/payment_methods", {"type": "us_bank_account", "us_bank_account": ach})
    assert made["us_bank_account"]["bank_name"] == "STRIPE TEST BANK"

    iban["sepa_debit"] = {"iban": "FR1420041010050500013M02607"}
    found = error(talk.post("/v1/payment_methods", iban), 400)
    assert found["param"] == "sepa_debit[iban]"
    ach["account_number"] = "000123"
    params = {"type": "us_bank_account", "us_bank_account": ach}
    assert error(talk.post("/v1/payment_methods", params), 400)["code"] == "account_number_invalid"


def test_other_kinds_show_what_the_contract_gives_them(talk: Talk) -> None:
    ideal = talk.made("/v1/payment_methods", {"type": "ideal", "ideal": {"bank": "abn_amro"}})
    assert ideal["ideal"] == {"bank": "abn_amro", "bic": "ABNANL2A"}
    assert talk.made("/v1/payment_methods", {"type": "bancontact"})["bancontact"] == {}
    path = f"/v1/payment_methods/{ideal['id']}/attach"
    error(talk.post(path, {"customer": talk.customer()["id"]}), 400)


def test_unknown_names_are_refused(talk: Talk) -> None:
    found = error(talk.get("/v1/payment_methods/pm_card_nobody"), 404)
    assert (found["code"], found["param"]) == ("resource_missing", "payment_method")
    assert found["message"] == "No such PaymentMethod: 'pm_card_nobody'"


def test_a_platform_with_accounts_is_told_where_else_to_look(talk: Talk) -> None:
    talk.account()
    found = error(talk.get("/v1/payment_methods/pm_x"), 404)
    assert "exists on one of your connected accounts" in found["message"]


def test_a_publishable_key_makes_payment_methods_and_reads_none(talk: Talk) -> None:
    public = talk.as_key("pk_test_main")
    method = public.made("/v1/payment_methods", card())["id"]
    assert talk.got(f"/v1/payment_methods/{method}")["id"] == method
    error(public.get(f"/v1/payment_methods/{method}"), 403)


def test_cards_of_old_are_listed_among_a_customers_payment_methods(talk: Talk) -> None:
    customer = talk.customer(source="tok_visa")
    method = talk.made(
        "/v1/payment_methods/pm_card_mastercard/attach", {"customer": customer["id"]}
    )
    ids = [method["id"], customer["default_source"]]
    paths = ("/v1/payment_methods", f"/v1/customers/{customer['id']}/payment_methods")
    for path in paths:
        asked = {"type": "card"} | ({"customer": customer["id"]} if path == paths[0] else {})
        found = talk.got(path, asked)["data"]
        assert [(each["id"], each["object"]) for each in found] == [
            (id_, "payment_method") for id_ in ids
        ]
        first = talk.got(path, {**asked, "limit": 1})
        assert (first["data"][0]["id"], first["has_more"]) == (ids[0], True)
        rest = talk.got(path, {**asked, "starting_after": ids[0]})
        assert [each["id"] for each in rest["data"]] == ids[1:]
        assert talk.got(path, {**asked, "type": "sepa_debit"})["data"] == []


@pytest.mark.parametrize(
    ("card", "check"),
    [
        ({"number": "4000000000000127", "exp_month": 12, "exp_year": 2034, "cvc": "123"}, "fail"),
        ({"token": "tok_chargeDeclinedIncorrectCvc"}, "pass"),
    ],
)
def test_a_typed_code_fails_its_check_and_the_token_passes_it(
    talk: Talk, card: dict[str, object], check: str
) -> None:
    method = talk.made("/v1/payment_methods", {"type": "card", "card": card})["id"]
    sent = {"amount": 500, "currency": "usd", "payment_method": method, "confirm": True}
    answer = talk.post("/v1/payment_intents", sent | {"payment_method_types": ["card"]})

    refused = error(answer, 402)
    assert refused["code"] == "incorrect_cvc"
    assert refused["payment_method"]["card"]["checks"]["cvc_check"] == check


def test_the_tax_id_of_a_boleto_has_a_fingerprint(talk: Talk) -> None:
    def made(tax_id: str) -> dict[str, str]:
        address = {"line1": "1 Rua", "city": "Salvador", "postal_code": "41940", "state": "BA"}
        sent = {"type": "boleto", "boleto": {"tax_id": tax_id}}
        sent["billing_details"] = {"name": "Ada", "email": "ada@example.com", "address": address}
        found: dict[str, str] = talk.made("/v1/payment_methods", sent)["boleto"]
        return found

    first, again, other = (made(tax_id) for tax_id in ("000.000.000-00",) * 2 + ("1.1.1-1",))

    assert first["tax_id"] == "000.000.000-00"
    assert first["fingerprint"] == again["fingerprint"] != other["fingerprint"]


def test_older_versions_change_what_a_customer_pays_naver_with(talk: Talk) -> None:
    method = talk.made("/v1/payment_methods", {"type": "naver_pay"})["id"]
    customer = talk.customer()["id"]
    talk.made(f"/v1/payment_methods/{method}/attach", {"customer": customer})
    sent = {"naver_pay": {"funding": "points"}}
    older = talk.made(f"/v1/payment_methods/{method}", sent, stripe_version="2025-02-24.acacia")
    assert older["naver_pay"]["funding"] == "points"
    newer = talk.post(f"/v1/payment_methods/{method}", sent, stripe_version="2025-03-31.basil")
    assert error(newer, 400)["code"] == "parameter_unknown"
