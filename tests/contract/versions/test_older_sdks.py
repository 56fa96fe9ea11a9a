"""What SDKs of earlier versions declare and newer ones do not is taken from who speaks theirs."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from emulator.contract import coerce, operations
from emulator.contract.versions import adapt_request, parse
from emulator.kernel.errors import Refusal
from tests.contract.versions.support import before, from_
from tests.talking import Talk, error

_INTENT = {"amount": 1, "currency": "usd"}
_LINK: dict[str, Any] = {
    "account": "acct_1",
    "use_case": {
        "type": "account_onboarding",
        "account_onboarding": {"refresh_url": "https://x.example", "configurations": ["merchant"]},
    },
}
CASES = [
    ("2026-09-30", "POST /v2/core/account_links", _LINK),
    ("2026-09-30", "POST /v1/payment_methods/{payment_method}", {"payto": {"pay_id": "x"}}),
    (
        "2025-03-31",
        "POST /v1/payment_methods/{payment_method}",
        {"naver_pay": {"funding": "points"}},
    ),
    ("2026-09-30", "POST /v1/subscriptions/{subscription}/resume", {"billing_cycle_anchor": "now"}),
    (
        "2026-09-30",
        "POST /v1/invoices/create_preview",
        {"subscription_details": {"billing_cycle_anchor": "1772366400"}},
    ),
    (
        "2026-03-25",
        "POST /v1/payment_intents",
        {
            **_INTENT,
            "payment_method_options": {
                "us_bank_account": {"preferred_settlement_speed": "fastest"}
            },
        },
    ),
    ("2025-09-30", "POST /v1/payment_methods/{payment_method}", {"link": {}}),
    ("2025-03-31", "POST /v1/invoices/create_preview", {"coupon": "c"}),
    ("2025-03-31", "POST /v1/invoices/{invoice}/lines/{line_item_id}", {"price": "price_1"}),
    ("2025-03-31", "POST /v1/plans", {"currency": "usd", "interval": "month",
                                      "aggregate_usage": "sum"}),
    ("2024-04-10", "POST /v1/products", {"name": "Tea", "features": [{"name": "Leaf"}]}),
    ("2023-08-16", "POST /v1/products", {"name": "Tea", "caption": "Hot", "attributes": ["size"]}),
    ("2023-08-16", "POST /v1/payment_methods/{payment_method}", {"sepa_debit": {}}),
    ("2023-08-16", "GET /v1/balance_transactions", {"available_on": {"gte": "1"}}),
    (
        "2024-09-30",
        "POST /v1/billing/alerts",
        {"alert_type": "usage_threshold", "title": "Calls", "filter": {"customer": "cus_1"}},
    ),
    ("2024-04-10", "POST /v1/invoices", {"rendering_options": {"amount_tax_display": ""}}),
    (
        "2024-09-30",
        "POST /v1/terminal/readers/{reader}/process_setup_intent",
        {"setup_intent": "seti_1", "customer_consent_collected": "true"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("date", "key", "params"), CASES)
def test_a_parameter_is_known_until_it_went(date: str, key: str, params: dict[str, Any]) -> None:
    operation = operations()[key]
    assert coerce(operation, params, before(date)[:10])
    with pytest.raises(Refusal):
        coerce(operation, params, from_(date)[:10])


def test_usage_that_nobody_meters_was_summed(talk: Talk) -> None:
    old = before("2025-03-31")
    monthly = {"interval": "month", "usage_type": "metered", "aggregate_usage": "sum"}
    params = {"currency": "usd", "unit_amount": 5, "recurring": monthly}
    params["product_data"] = {"name": "Calls"}
    refused = error(talk.post("/v1/prices", params), 400)
    assert refused["param"] == "recurring[aggregate_usage]"
    price = talk.made("/v1/prices", params, stripe_version=old)
    assert price["recurring"]["aggregate_usage"] == "sum"
    assert "aggregate_usage" not in talk.got(f"/v1/prices/{price['id']}")["recurring"]


def test_links_of_accounts_say_what_for(talk: Talk) -> None:
    account = talk.made("/v1/accounts", {"type": "express", "country": "US"})["id"]
    body = {**_LINK, "account": account}
    headers = {"content_type": "application/json", "stripe_version": before("2026-09-30")}
    link = talk.send("POST", "/v2/core/account_links", orjson.dumps(body), **headers)
    assert link.json()["use_case"]["account_onboarding"]["configurations"] == ["merchant"]


def test_what_a_product_offers_was_its_features(talk: Talk) -> None:
    old = before("2024-04-10")
    params = {"name": "Tea", "features": [{"name": "Leaf"}]}
    made = talk.made("/v1/products", params, stripe_version=old)
    assert made["features"] == [{"name": "Leaf"}]
    path = f"/v1/products/{made['id']}"
    assert talk.got(path)["marketing_features"] == [{"name": "Leaf"}]
    assert talk.made(path, {"features": ""}, stripe_version=old)["features"] == []


def test_what_only_goods_had_is_taken_and_forgotten(talk: Talk) -> None:
    old = before("2023-08-16")
    params = {"name": "Tea", "caption": "Hot", "deactivate_on": ["shop"], "attributes": ["size"]}
    made = talk.made("/v1/products", params, stripe_version=old)
    shown = talk.got(f"/v1/products/{made['id']}")
    assert shown["attributes"] == []
    assert not {"caption", "deactivate_on"} & shown.keys()


def test_a_hash_in_which_nothing_can_be_changed_changes_nothing() -> None:
    key = "POST /v1/payment_methods/{payment_method}"
    params: dict[str, Any] = {"sepa_debit": {}, "metadata": {}}
    assert adapt_request(key, params, parse(before("2023-08-16"))) == {"metadata": {}}


def test_lines_were_narrowed_by_the_day_they_are_available(talk: Talk) -> None:
    old = before("2023-08-16")
    paid = {"amount": 500, "currency": "usd", "confirm": True, "payment_method_types": ["card"]}
    talk.made("/v1/payment_intents", {**paid, "payment_method": "pm_card_visa"})
    talk.made("/v1/payment_intents", {**paid, "payment_method": "pm_card_bypassPending"})
    now, later = talk.got("/v1/balance_transactions")["data"]
    assert now["available_on"] < later["available_on"]
    wanted: dict[str, Any] = {"available_on": {"gt": now["available_on"]}}
    found = talk.got("/v1/balance_transactions", wanted, stripe_version=old)["data"]
    assert [line["id"] for line in found] == [later["id"]]
    wanted = {"available_on": now["available_on"]}
    found = talk.got("/v1/balance_transactions", wanted, stripe_version=old)["data"]
    assert [line["id"] for line in found] == [now["id"]]


def test_the_first_alerts_had_one_filter_beside_their_threshold(talk: Talk) -> None:
    old = before("2024-09-30")
    counted: dict[str, Any] = {"display_name": "Calls", "event_name": "calls"}
    counted |= {"default_aggregation": {"formula": "sum"}}
    meter, customer = talk.made("/v1/billing/meters", counted)["id"], talk.customer()["id"]
    threshold = {"gte": 5, "meter": meter, "recurrence": "one_time"}
    params: dict[str, Any] = {"alert_type": "usage_threshold", "title": "Calls"}
    params |= {"usage_threshold_config": threshold, "filter": {"customer": customer}}
    made = talk.made("/v1/billing/alerts", params, stripe_version=old)
    assert made["usage_threshold_config"] == threshold
    assert made["filter"] == {"customer": customer}
    now = talk.got(f"/v1/billing/alerts/{made['id']}")
    assert now["usage_threshold"] == {
        **threshold,
        "filters": [{"customer": customer, "type": "customer"}],
    }
    plain = {name: value for name, value in params.items() if name != "filter"}
    assert talk.made("/v1/billing/alerts", plain, stripe_version=old)["filter"] is None


def test_an_upcoming_invoice_took_the_trial_of_the_plan(talk: Talk) -> None:
    price = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Tea"}}
    made = talk.made("/v1/prices", {**price, "recurring": {"interval": "month"}})["id"]
    customer = talk.made("/v1/customers", {"source": "tok_visa"})["id"]
    params = {"customer": customer, "subscription_items": [{"price": made}]}
    params |= {"subscription_trial_from_plan": "false"}
    shown = talk.got("/v1/invoices/upcoming", params, stripe_version=before("2025-03-31"))
    assert shown["total"] == 500
