"""From opening an account to an active one, by the API alone, with the events on the way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.accounts.applicants import (
    BOTH,
    COMPANY,
    INDIVIDUAL,
    OWNER,
    PERSON,
    SIGNED,
    active,
    opened,
    told,
)
from tests.talking import NOW, Talk, error


def test_a_complete_individual_is_pending_first_and_active_a_little_later(talk: Talk):
    account = opened(talk)
    assert account["capabilities"] == {"card_payments": "pending", "transfers": "pending"}
    assert account["requirements"]["disabled_reason"] == "requirements.pending_verification"
    assert account["details_submitted"]
    assert not account["charges_enabled"]

    talk.advance("21s")
    assert not talk.got(f"/v1/accounts/{account['id']}")["charges_enabled"]
    talk.advance("1s")
    after = talk.got(f"/v1/accounts/{account['id']}")
    assert after["charges_enabled"]
    assert after["payouts_enabled"]
    assert after["individual"]["verification"]["status"] == "pending"
    assert after["requirements"]["disabled_reason"] is None
    talk.advance("13s")
    told_later = talk.got(f"/v1/accounts/{account['id']}")
    assert told_later["individual"]["verification"]["status"] == "verified"


def test_what_happened_is_told_on_the_account_in_order(talk: Talk):
    account = opened(talk)["id"]
    assert [event["type"] for event in told(talk, account)] == [
        "account.external_account.created",
        "capability.updated",
        "capability.updated",
        "person.created",
    ]
    talk.advance("1m")
    later = told(talk, account)[4:]
    assert [event["type"] for event in later] == [
        "capability.updated",
        "capability.updated",
        "person.updated",
        "account.updated",
        "person.updated",
        "account.updated",
    ]
    assert later[0]["data"]["previous_attributes"]["status"] == "pending"
    assert "verification" not in later[2]["data"]["previous_attributes"]
    assert later[4]["data"]["previous_attributes"] == {"verification": {"status": "pending"}}
    before = later[3]["data"]["previous_attributes"]
    assert before["charges_enabled"] is False
    assert before["capabilities"] == {"card_payments": "pending", "transfers": "pending"}
    assert later[3]["data"]["object"]["charges_enabled"] is True
    assert talk.got("/v1/events")["data"] == []


@pytest.mark.parametrize(
    ("type_", "sent", "shown"),
    [("custom", None, "5734"), ("custom", "5192", "5192"), ("express", None, None)],
)
def test_a_custom_account_has_a_category_even_if_none_was_sent(
    talk: Talk, type_: str, sent: str | None, shown: str | None
):
    profile = {"business_profile": {"mcc": sent}} if sent else {}
    start = {"type": type_, "country": "US", "capabilities": BOTH, **profile}
    account = talk.made("/v1/accounts", start)
    assert account["business_profile"]["mcc"] == shown


def test_the_category_may_be_the_platforms(talk: Talk):
    assert talk.control("settings", {"mcc": "nonsense"}).status_code == 400
    assert talk.control("settings", {"mcc": "5192"}).status_code == 200
    assert opened(talk, business_profile={"url": "https://e.com"})["business_profile"]["mcc"] == (
        "5192"
    )


def test_the_same_date_of_birth_passes_at_once_or_never(talk: Talk):
    at_once = {**PERSON, "dob": {"day": 1, "month": 1, "year": 1902}}
    assert opened(talk, individual=at_once)["charges_enabled"]
    refused = {**PERSON, "id_number": "111111111"}
    account = active(talk, individual=refused)
    assert account["capabilities"]["transfers"] == "inactive"
    assert account["individual"]["verification"]["status"] == "unverified"
    errors = account["requirements"]["errors"]
    assert "verification_failed_keyed_identity" in {error["code"] for error in errors}


def test_an_account_in_europe_charges_at_once(talk: Talk):
    address = {"line1": "address_full_match", "city": "Bonn", "postal_code": "53111"}
    person = {**PERSON, "address": address}
    account = opened(talk, country="DE", individual=person, external_account="btok_de")
    assert account["charges_enabled"]
    assert account["default_currency"] == "eur"
    assert account["settings"]["payouts"]["schedule"] == {"delay_days": 7, "interval": "daily"}
    assert account["individual"]["verification"]["status"] == "pending"


def test_what_is_missing_is_due_until_it_is_given(talk: Talk):
    account = opened(talk, external_account=None, tos_acceptance=None)
    due = ["external_account", "tos_acceptance.date", "tos_acceptance.ip"]
    assert account["requirements"]["past_due"] == due
    assert account["requirements"]["disabled_reason"] == "requirements.past_due"

    path = f"/v1/accounts/{account['id']}"
    after = talk.made(path, {"tos_acceptance": SIGNED})
    assert after["requirements"]["currently_due"] == ["external_account"]
    assert after["tos_acceptance"]["ip"] == SIGNED["ip"]
    talk.made(f"{path}/external_accounts", {"external_account": "btok_us"})
    assert talk.got(path)["requirements"]["currently_due"] == []


def test_a_company_becomes_active_with_its_owner(talk: Talk):
    company = opened(talk, COMPANY)
    assert "individual" not in company
    assert "representative.first_name" in company["requirements"]["past_due"]
    path = f"/v1/accounts/{company['id']}"
    person = talk.made(f"{path}/persons", OWNER)
    assert person["relationship"]["percent_ownership"] == 100.0
    assert talk.got(path)["requirements"]["currently_due"] == []
    talk.advance("1m")
    assert talk.got(path)["charges_enabled"]


def test_descriptor_and_display_name_follow_the_business(talk: Talk):
    profile = {"name": "Buy More, LLC", "url": "https://buy.example.com"}
    settings = opened(talk, business_profile=profile)["settings"]
    assert settings["payments"]["statement_descriptor"] == "BUY MORE, LLC"
    assert settings["card_payments"]["statement_descriptor_prefix"] == "BUY MORE,"
    assert settings["dashboard"]["display_name"] == "Buy More, LLC"


def test_updates_keep_what_they_do_not_name(talk: Talk):
    account = opened(talk)
    path = f"/v1/accounts/{account['id']}"
    moved = talk.made(path, {"individual": {"address": {"city": "Palo Alto"}}})
    assert moved["individual"]["address"]["line1"] == "address_full_match"
    assert moved["individual"]["address"]["city"] == "Palo Alto"
    assert moved["company"]["address"] == moved["individual"]["address"]
    by_hand = {"settings": {"payouts": {"schedule": {"interval": "manual"}}}}
    after = talk.made(path, by_hand)
    assert after["settings"]["payouts"]["schedule"] == {"delay_days": 1, "interval": "manual"}
    assert after["metadata"] == {}


def test_a_new_number_asks_for_the_terms_again(talk: Talk):
    account = active(talk)
    path = f"/v1/accounts/{account['id']}"
    after = talk.made(path, {"individual": {"id_number": "222222222"}})
    assert "tos_acceptance.date" in after["requirements"]["currently_due"]


@pytest.mark.parametrize(
    ("more", "param", "message"),
    [
        ({"email": "nobody"}, "email", "Invalid email address: nobody"),
        ({"country": "XX"}, "country", "XX is not currently supported by Stripe."),
        ({"country": "us"}, "country", "Country 'us' is unknown."),
        ({"business_profile": {"url": "localhost"}}, "business_profile[url]", "Not a valid URL"),
        ({"business_profile": {"mcc": "1"}}, "business_profile[mcc]", "Invalid merchant category"),
        ({"tos_acceptance": {"date": NOW + 61}}, "tos_acceptance[date]", "ToS acceptance date"),
        ({"tos_acceptance": {"ip": "x"}}, "tos_acceptance[ip]", "'x' is not a valid IP address."),
        ({"capabilities": {"nonsense": {"requested": True}}}, "capabilities[nonsense]", "Received"),
        ({"controller": {"fees": {"payer": "account"}}}, None, "You may not provide the `type`"),
    ],
)
def test_what_cannot_be_is_refused(talk: Talk, more, param, message):
    refused = error(talk.post("/v1/accounts", {**INDIVIDUAL, **more}), 400)
    assert refused["message"].startswith(message)
    assert refused.get("param") == param


@pytest.mark.parametrize(
    ("card", "stops"),
    [
        ("pm_card_visa_triggerNextRequirements", []),
        ("pm_card_visa_triggerChargeBlock", ["charges_enabled", "payouts_enabled"]),
        ("pm_card_visa_triggerPayoutBlock", ["payouts_enabled"]),
    ],
)
def test_test_cards_bring_an_account_to_its_limits(talk: Talk, card, stops):
    person = {name: value for name, value in PERSON.items() if name != "id_number"}
    account = active(talk, individual={**person, "ssn_last_4": "0000"})["id"]
    assert "individual.id_number" in _due(talk, account, "eventually_due")
    assert not _due(talk, account, "currently_due")
    intent = {"amount": 1000, "currency": "usd", "payment_method": card, "confirm": True}
    kinds = {"payment_method_types": ["card"]}
    talk.made("/v1/payment_intents", intent | kinds, stripe_account=account)
    after = talk.got(f"/v1/accounts/{account}")
    assert "individual.id_number" in after["requirements"]["currently_due"]
    assert [name for name in ("charges_enabled", "payouts_enabled") if not after[name]] == stops
    assert (after["requirements"]["current_deadline"] is None) == bool(stops)


def _due(talk: Talk, account: str, name: str):
    return talk.got(f"/v1/accounts/{account}")["requirements"][name]


def test_a_clock_a_little_ahead_is_forgiven(talk: Talk):
    opened(talk, tos_acceptance={"date": NOW + 60, "ip": "203.0.113.7"})


def test_custom_accounts_name_their_country_and_their_capabilities(talk: Talk):
    refused = error(talk.post("/v1/accounts", {"type": "custom", "capabilities": BOTH}), 400)
    assert refused["param"] == "country"
    refused = error(talk.post("/v1/accounts", {"type": "custom", "country": "US"}), 400)
    assert refused["param"] == "capabilities"


def test_the_availability_rules_are_asked(talk: Talk):
    agreed = {"service_agreement": "recipient"}
    transfers = {"transfers": {"requested": True}}
    params = {"type": "custom", "capabilities": transfers, "tos_acceptance": agreed}
    account = talk.made("/v1/accounts", {**params, "country": "KE"})
    assert account["tos_acceptance"]["service_agreement"] == "recipient"
    refused = talk.post("/v1/accounts", {**params, "country": "KE", "tos_acceptance": {}})
    assert error(refused, 400)["param"] == "country"
    assert refused.headers["emulator-rule"]


def test_a_connected_account_opens_none(talk: Talk):
    account = opened(talk)["id"]
    refused = error(talk.post("/v1/accounts", INDIVIDUAL, stripe_account=account), 400)
    assert refused["code"] == "platform_account_required"


def test_an_account_token_carries_the_details(talk: Talk):
    given = {
        "business_type": "individual",
        "individual": PERSON,
        "tos_shown_and_accepted": True,
    }
    token = talk.made("/v1/tokens", {"account": given}, user_agent="Firefox")["id"]
    plain = {"individual": None, "business_type": None, "tos_acceptance": None}
    account = opened(talk, account_token=token, **plain)
    assert account["individual"]["first_name"] == "Jenny"
    accepted = {"date": NOW, "ip": "127.0.0.1", "user_agent": "Firefox"}
    assert account["tos_acceptance"] == accepted
    again = {"type": "custom", "country": "US", "capabilities": BOTH, "account_token": token}
    assert error(talk.post("/v1/accounts", again), 400)["code"] == "token_already_used"


def test_older_versions_are_told_the_keys_of_a_new_account_once(talk: Talk) -> None:
    sent: dict[str, Any] = {"type": "custom", "country": "US"}
    made = talk.made("/v1/accounts", sent, stripe_version="2018-11-08")
    path = f"/v1/accounts/{made['id']}"
    assert "keys" not in talk.got(path, stripe_version="2018-11-08")
    sent |= {"requested_capabilities": ["card_payments", "transfers"]}
    assert "keys" not in talk.made("/v1/accounts", sent, stripe_version="2019-02-19")

    theirs = talk.as_key(made["keys"]["secret"])
    assert theirs.got("/v1/account")["id"] == made["id"]
    customer = theirs.customer()["id"]
    assert talk.got(f"/v1/customers/{customer}", stripe_account=made["id"])["id"] == customer
