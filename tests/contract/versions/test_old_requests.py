"""Requests in the words of older versions."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.contract import operations
from emulator.contract.specs import fields_in, sent_fields, unknown
from emulator.contract.versions import CHANGES, NEWEST, adapt_request, as_sent, parse
from tests.contract.versions.support import before, from_
from tests.talking import Talk, error

_INTENTS = "POST /v1/payment_intents"
_SUBSCRIBE = "POST /v1/subscriptions"
_PREVIEW = "POST /v1/invoices/create_preview"

Case = tuple[str, str, dict[str, Any], dict[str, Any]]
CASES: list[Case] = [
    ("2026-09-30", "POST /v1/subscriptions/{subscription_exposed_id}",
     {"billing_cycle_anchor": "now"}, {"billing_cycle_anchor": {"type": "now"}}),
    ("2026-09-30", "POST /v1/subscriptions/{subscription}/resume",
     {"billing_cycle_anchor": "unchanged"}, {"billing_cycle_anchor": {"type": "unchanged"}}),
    ("2026-09-30", _PREVIEW, {"subscription_details": {"billing_cycle_anchor": "now"}},
     {"subscription_details": {"billing_cycle_anchor": {"type": "now"}}}),
    ("2026-09-30", "GET /v1/invoices/upcoming", {"subscription_details":
     {"billing_cycle_anchor": 5}}, {"subscription_details":
     {"billing_cycle_anchor": {"timestamp": 5, "type": "timestamp"}}}),
    ("2025-03-31", _SUBSCRIBE, {"promotion_code": "p", "discounts": None},
     {"discounts": [{"promotion_code": "p"}]}),
    ("2025-03-31", _SUBSCRIBE, {"coupon": None}, {"discounts": None}),
    ("2026-09-30", _PREVIEW, {"subscription_details": {"billing_cycle_anchor": 5}},
     {"subscription_details": {"billing_cycle_anchor": {"timestamp": 5, "type": "timestamp"}}}),
    ("2024-09-30", "POST /v1/billing/alerts",
     {"usage_threshold_config": {"gte": 1, "meter": "m", "recurrence": "one_time"},
      "filter": {"customer": "c"}},
     {"usage_threshold": {"gte": 1, "meter": "m", "recurrence": "one_time",
                          "filters": [{"customer": "c", "type": "customer"}]}}),
    ("2023-08-16", "POST /v1/products", {"caption": "c", "name": "n"}, {"name": "n"}),
    ("2023-08-16", "POST /v1/payment_methods/{payment_method}", {"zip": {}}, {}),
    ("2025-03-31", _PREVIEW, {"coupon": "c", "schedule_details": {"phases": [{"coupon": "d"}]}},
     {"discounts": [{"coupon": "c"}],
      "schedule_details": {"phases": [{"discounts": [{"coupon": "d"}]}]}}),
    ("2025-03-31", "POST /v1/invoices/{invoice}/add_lines", {"lines": [{"price": "p"}]},
     {"lines": [{"pricing": {"price": "p"}}]}),
    ("2024-04-10", "POST /v1/invoices/{invoice}", {"rendering_options": ""}, {"rendering": ""}),
    ("2026-09-30", "POST /v1/accounts", {"documents": {"proof_of_registration": {"files": []}}},
     {"documents": {"proof_of_business_presence": {"files": []}}}),
    ("2026-03-25", "POST /v1/checkout/sessions", {"ui_mode": "custom"}, {"ui_mode": "elements"}),
    ("2025-09-30", "POST /v1/promotion_codes", {"coupon": "c"},
     {"promotion": {"coupon": "c", "type": "coupon"}}),
    ("2025-03-31", _SUBSCRIBE, {"coupon": "c"}, {"discounts": [{"coupon": "c"}]}),
    ("2025-03-31", "POST /v1/invoiceitems", {"price": "p"}, {"pricing": {"price": "p"}}),
    ("2025-03-31", "POST /v1/subscription_schedules", {"phases": [{"coupon": "c"}]},
     {"phases": [{"discounts": [{"coupon": "c"}]}]}),
    ("2025-03-31", "POST /v1/credit_notes", {"refund": "re_1"}, {"refunds": [{"refund": "re_1"}]}),
    ("2024-04-10", _INTENTS, {"payment_method_types": ["card"]},
     {"payment_method_types": ["card"], "capture_method": "automatic"}),
    ("2024-04-10", "POST /v1/products", {"features": []}, {"marketing_features": []}),
    ("2023-08-16", "POST /v1/setup_intents", {}, {"payment_method_types": ["card"]}),
    ("2019-10-08", "POST /v1/accounts/{account}/persons",
     {"relationship": {"account_opener": True}}, {"relationship": {"representative": True}}),
    ("2019-10-08", "POST /v1/tokens", {"person": {"relationship": {"account_opener": True}}},
     {"person": {"relationship": {"representative": True}}}),
    ("2022-11-15", "POST /v1/account_links", {"type": "custom_account_verification"},
     {"type": "account_onboarding"}),
    ("2022-11-15", "POST /v1/account_links", {"type": "custom_account_update"},
     {"type": "account_update"}),
    ("2020-08-27", "POST /v1/account_links", {"failure_url": "f", "success_url": "s"},
     {"refresh_url": "f", "return_url": "s"}),
    ("2022-08-01", "POST /v1/checkout/sessions",
     {"subscription_data": {"items": [{"plan": "p"}], "coupon": "c", "trial_period_days": 3}},
     {"mode": "subscription", "line_items": [{"price": "p", "quantity": 1}],
      "discounts": [{"coupon": "c"}], "subscription_data": {"trial_period_days": 3}}),
    ("2022-08-01", "POST /v1/invoices", {}, {"pending_invoice_items_behavior": "include"}),
    ("2022-08-01", "POST /v1/checkout/sessions", {"mode": "payment"},
     {"mode": "payment", "customer_creation": "always"}),
    ("2020-08-27", _SUBSCRIBE, {"prorate": "false"}, {"proration_behavior": "none"}),
    ("2020-08-27", "DELETE /v1/subscription_items/{item}", {"prorate": "true"},
     {"proration_behavior": "create_prorations"}),
    ("2019-10-17", "POST /v1/subscription_schedules", {"billing": "send_invoice"},
     {"default_settings": {"collection_method": "send_invoice"}}),
    ("2019-10-17", _SUBSCRIBE, {"billing": "send_invoice"}, {"collection_method": "send_invoice"}),
    ("2019-10-17", "POST /v1/customers", {"account_balance": 5}, {"balance": 5}),
    ("2019-08-14", "POST /v1/accounts", {"requested_capabilities": ["platform_payments"]},
     {"capabilities": {"transfers": {"requested": True}}}),
    ("2019-03-14", "POST /v1/invoices/{invoice}", {"application_fee": 5},
     {"application_fee_amount": 5}),
    ("2019-03-14", _SUBSCRIBE, {}, {"payment_behavior": "error_if_incomplete"}),
    ("2018-11-08", "POST /v1/invoices", {},
     {"auto_advance": True, "pending_invoice_items_behavior": "include"}),
    ("2018-11-08", "POST /v1/invoices/{invoice}", {"closed": "true"}, {"auto_advance": False}),
    ("2019-02-19", "POST /v1/accounts", {"business_url": "u"}, {"business_profile": {"url": "u"}}),
    ("2019-02-19", "POST /v1/tokens", {"account": {"legal_entity": {"type": "company"}}},
     {"account": {"business_type": "company"}}),
    ("2018-02-05", "POST /v1/plans", {"name": "Gold"}, {"product": {"name": "Gold"}}),
    ("2017-05-25", "POST /v1/accounts", {"managed": "false"}, {"type": "standard"}),
    ("2017-04-06", "POST /v1/accounts", {"transfer_statement_descriptor": "x"},
     {"settings": {"payouts": {"statement_descriptor": "x"}}}),
    ("2016-02-19", "POST /v1/tokens", {"bank_account": {"name": "Jane"}},
     {"bank_account": {"account_holder_name": "Jane"}}),
    ("2015-02-18", "POST /v1/charges", {"card": "tok_1"}, {"source": "tok_1"}),
    ("2015-02-18", "POST /v1/customers/{customer}", {"default_card": "c"}, {"default_source": "c"}),
    ("2014-12-17", "POST /v1/charges", {"statement_description": "x"},
     {"statement_descriptor": "x"}),
]  # fmt: skip


@pytest.mark.parametrize(("date", "operation", "said", "meant"), CASES)
def test_old_parameters_mean_new_ones(
    date: str, operation: str, said: dict[str, Any], meant: dict[str, Any]
) -> None:
    assert adapt_request(operation, said, parse(before(date))) == meant


@pytest.mark.parametrize(("date", "operation", "said", "meant"), CASES)
def test_old_parameters_are_not_understood_from_their_date_on(
    date: str, operation: str, said: dict[str, Any], meant: dict[str, Any]
) -> None:
    assert adapt_request(operation, said, parse(from_(date))) != meant


@pytest.mark.parametrize(("date", "operation", "said", "meant"), CASES)
def test_old_parameters_are_known_to_the_contract_of_their_version(
    date: str, operation: str, said: dict[str, Any], meant: dict[str, Any]
) -> None:
    del meant
    fields = fields_in(sent_fields(operations()[operation]), parse(before(date)).knows)
    assert [name for name, _ in unknown(fields, said)] == []


def test_every_request_change_is_tried() -> None:
    tried = {(date, operation) for date, operation, *_ in CASES}

    for change in CHANGES:
        if change.request is not None:
            known = {(change.version, operation) for operation in change.operations}
            allowed = {"2019-02-11"}
            assert tried & known or change.version in allowed, change


def test_intents_spoke_of_source_types() -> None:
    old = adapt_request(_INTENTS, {"allowed_source_types": ["card"]}, parse("2018-11-08"))

    assert old["payment_method_types"] == ["card"]
    new = adapt_request(_INTENTS, {"allowed_source_types": ["card"]}, parse("2019-02-11"))
    assert "allowed_source_types" in new


@pytest.mark.parametrize(
    "asked",
    [
        {"payment_method_types": ["us_bank_account"]},
        {"automatic_payment_methods": {"enabled": "true"}},
        {"payment_method_configuration": "pmc_1"},
    ],
)
def test_cards_are_only_the_default_where_nothing_was_asked_for(asked: dict[str, Any]) -> None:
    assert adapt_request("POST /v1/setup_intents", asked, parse("2022-11-15")) == asked


def test_what_was_given_is_not_overruled() -> None:
    params = {"capture_method": "manual", "payment_method_types": ["card"]}

    assert adapt_request(_INTENTS, params, parse("2022-11-15")) == params


def test_accounts_take_two_undated_old_parameters_in_every_version() -> None:
    params = {
        "requested_capabilities": ["transfers"],
        "bank_account": {"country": "US"},
    }

    adapted = adapt_request("POST /v1/accounts", params, NEWEST)

    assert adapted == {
        "capabilities": {"transfers": {"requested": True}},
        "bank_account": {"country": "US"},
    }
    assert "bank_account" in params


def test_other_operations_are_left_alone() -> None:
    params = {"amount": 1}

    assert adapt_request("POST /v1/transfers", params, parse("2015-01-11")) is params
    assert adapt_request(_INTENTS, params, NEWEST) is params


@pytest.mark.parametrize(
    ("blamed", "sent", "named"),
    [
        ("items[0][plan]", {"plan": "x"}, "plan"),
        ("items[0][plan]", {"items": [{"plan": "x"}], "plan": "y"}, "items[0][plan]"),
        ("pricing[price]", {"price": "x"}, "price"),
        ("phase[discounts][0][coupon]", {"phase": {"coupon": "x"}}, "phase[coupon]"),
        ("card[number]", {"card": {"cvc": "1"}}, "card[number]"),
        ("items[2][price]", {"items": [{"price": "x"}]}, "items[2][price]"),
        ("", {"amount": 1}, ""),
    ],
)
def test_refusals_blame_what_was_sent(blamed: str, sent: dict[str, Any], named: str) -> None:
    assert as_sent(blamed, sent) == named


def test_a_day_of_birth_in_a_legal_entity_is_numbers(talk: Talk) -> None:
    born = {"day": 1, "month": 2, "year": 1980}
    entity = {"type": "individual", "dob": born, "first_name": "Jenny"}
    params = {"type": "custom", "country": "US", "legal_entity": entity}
    made = talk.made("/v1/accounts", params, stripe_version="2018-05-21")
    assert made["legal_entity"]["dob"] == born
    assert talk.got(f"/v1/accounts/{made['id']}")["individual"]["dob"] == born
    path = f"/v1/accounts/{made['id']}"
    part = {"legal_entity": {"dob": {"day": "x"}}}
    assert error(talk.post(path, part, stripe_version="2018-05-21"), 400)["message"] == (
        "Invalid integer: x"
    )
