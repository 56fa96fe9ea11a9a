"""What SDKs of earlier versions declare and newer ones do not is taken from who speaks theirs."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from emulator.contract import coerce, operations
from emulator.kernel.errors import Refusal
from tests.talking import Talk, error
from tests.versions.support import before, from_

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
