"""Standard, Express, Custom and controllers: who sees and sets what, before and after a link."""

from __future__ import annotations

import pytest

from tests.resources.accounts.applicants import BOTH, PERSON, SIGNED, opened
from tests.talking import Talk, error

EXPRESS = {"type": "express", "country": "US", "capabilities": BOTH}


def link(talk: Talk, account: str, type_: str = "account_onboarding"):
    urls = {"return_url": "https://a.example.com", "refresh_url": "https://b.example.com"}
    return talk.post("/v1/account_links", {"account": account, "type": type_, **urls})


@pytest.mark.parametrize(
    ("params", "type_", "payer"),
    [
        ({"type": "standard"}, "standard", "account"),
        ({"type": "express"}, "express", "application_express"),
        ({"type": "custom", "country": "US", "capabilities": BOTH}, "custom", "application_custom"),
        ({}, "standard", "account"),
        (
            {
                "controller": {
                    "stripe_dashboard": {"type": "express"},
                    "fees": {"payer": "application"},
                    "losses": {"payments": "application"},
                }
            },
            "none",
            "application",
        ),
    ],
)
def test_type_and_controller_map_to_each_other(talk: Talk, params, type_, payer):
    account = talk.made("/v1/accounts", params)
    assert account["type"] == type_
    assert account["controller"]["fees"]["payer"] == payer
    assert account["controller"]["is_controller"]
    assert account["country"] == "US"
    assert ("login_links" in account) == (
        account["controller"]["stripe_dashboard"]["type"] == "express"
    )


def test_a_combination_that_does_not_exist_is_refused(talk: Talk):
    controller = {"requirement_collection": "application", "stripe_dashboard": {"type": "full"}}
    refused = error(talk.post("/v1/accounts", {"country": "US", "controller": controller}), 400)
    assert refused["param"] == "controller"


def test_a_fresh_express_account_waits_for_its_holder(talk: Talk):
    account = talk.made("/v1/accounts", EXPRESS)
    assert account["capabilities"] == {"card_payments": "inactive", "transfers": "inactive"}
    assert "company" not in account
    assert "representative.email" in account["requirements"]["past_due"]
    assert account["settings"]["payouts"]["debit_negative_balances"] is True
    assert not account["details_submitted"]


@pytest.mark.parametrize("type_", ["express", "standard"])
def test_terms_are_accepted_by_the_holder_alone(talk: Talk, type_):
    answer = talk.post("/v1/accounts", {"type": type_, "tos_acceptance": SIGNED})
    assert error(answer, 400)["param"] == "tos_acceptance"


def test_capabilities_of_a_full_dashboard_come_by_themselves(talk: Talk):
    answer = talk.post("/v1/accounts", {"type": "standard", "capabilities": BOTH})
    assert error(answer, 400)["message"].startswith("You cannot create Standard connected accounts")


def test_a_link_locks_what_the_holder_says(talk: Talk):
    account = talk.made("/v1/accounts", {**EXPRESS, "business_type": "individual"})["id"]
    path = f"/v1/accounts/{account}"
    assert talk.made(path, {"individual": PERSON})["individual"]["first_name"] == "Jenny"
    assert link(talk, account).status_code == 200

    after = talk.got(path)
    assert after["company"] == {"name": None}
    assert after["individual"].keys() == {
        "id",
        "object",
        "account",
        "created",
        "first_name",
        "last_name",
        "relationship",
    }
    assert "product_description" not in after["business_profile"]
    refused = error(talk.post(path, {"individual": {"first_name": "X"}}), 403)
    assert refused["message"] == (
        "This application does not have the required permissions for the parameter 'individual' "
        f"on account '{account}'."
    )
    assert error(talk.get(f"{path}/persons"), 403)["type"] == "invalid_request_error"
    assert talk.made(path, {"metadata": {"a": "b"}})["metadata"] == {"a": "b"}


def test_a_custom_account_stays_open_to_its_platform(talk: Talk):
    account = opened(talk)["id"]
    assert link(talk, account).status_code == 200
    assert link(talk, account, "account_update").status_code == 200
    changed = talk.made(f"/v1/accounts/{account}", {"individual": {"last_name": "Jones"}})
    assert changed["individual"]["last_name"] == "Jones"


def test_links_end_after_five_minutes_and_each_is_another(talk: Talk):
    account = opened(talk)["id"]
    one, two = link(talk, account).json(), link(talk, account).json()
    assert one["expires_at"] == one["created"] + 300
    assert one["url"] != two["url"]
    assert account in one["url"]


def test_an_express_account_is_not_updated_by_link(talk: Talk):
    account = talk.made("/v1/accounts", EXPRESS)["id"]
    refused = error(link(talk, account, "account_update"), 400)
    assert refused["message"] == (
        "You cannot create `account_update` type Account Links for this account. Valid types for "
        'this account are ["account_onboarding"].'
    )
    missing = error(link(talk, "acct_1nobody"), 400)
    assert missing["message"] == "No such account: 'acct_1nobody'"
    assert missing["param"] == "account"


def test_login_links_are_for_express_accounts_that_were_submitted(talk: Talk):
    express = talk.made("/v1/accounts", EXPRESS)["id"]
    refused = error(talk.post(f"/v1/accounts/{express}/login_links"), 400)
    assert "has not completed onboarding" in refused["message"]
    refused = error(talk.post(f"/v1/accounts/{opened(talk)['id']}/login_links"), 400)
    assert "not an Express account" in refused["message"]


def test_a_session_shows_every_component_with_its_features(talk: Talk):
    account = opened(talk)["id"]
    wanted = {"payments": {"enabled": True, "features": {"refund_management": False}}}
    session = talk.made("/v1/account_sessions", {"account": account, "components": wanted})
    payments = session["components"]["payments"]
    assert payments["enabled"]
    assert payments["features"]["refund_management"] is False
    assert payments["features"]["capture_payments"] is True
    assert session["components"]["balances"]["enabled"] is False
    assert session["components"]["balances"]["features"]["standard_payouts"] is False
    assert session["client_secret"].startswith("accs_secret__")


def test_a_product_is_described_by_nothing_or_not_at_all(talk: Talk):
    params = {"type": "custom", "country": "US", "capabilities": BOTH}
    described = talk.made(
        "/v1/accounts", params | {"business_profile": {"product_description": ""}}
    )
    silent = talk.made("/v1/accounts", params)

    assert described["business_profile"]["product_description"] == ""
    assert silent["business_profile"]["product_description"] is None
    due = "business_profile.product_description"
    assert (due in described["requirements"]["currently_due"]) is (
        due in silent["requirements"]["currently_due"]
    )
    path = f"/v1/accounts/{described['id']}"
    emptied = talk.made(path, {"business_profile": {"product_description": ""}})
    assert emptied["business_profile"]["product_description"] is None
