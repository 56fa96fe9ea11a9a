"""From creation to charges: each type of account, by the API alone and by the page of its link."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from tests.resources.accounts.applicants import (
    BOTH,
    COMPANY,
    INDIVIDUAL,
    OWNER,
    PERSON,
    PROFILE,
    SIGNED,
    active,
    told,
)
from tests.talking import NOW, Talk, error

_URLS: Final = {"return_url": "http://localhost:9/done", "refresh_url": "http://localhost:9/again"}
_MINUTE: Final = "1m"


def got(talk: Talk, account: str) -> Any:
    return talk.got(f"/v1/accounts/{account}")


def due(account: Any) -> list[str]:
    found: list[str] = account["requirements"]["currently_due"]
    return found


def is_active(account: Any) -> bool:
    statuses = set(account["capabilities"].values())
    switches = ("charges_enabled", "payouts_enabled", "details_submitted")
    return statuses == {"active"} and all(account[name] for name in switches)


def link(talk: Talk, account: str) -> str:
    params = {"account": account, "type": "account_onboarding", **_URLS}
    url: str = talk.made("/v1/account_links", params)["url"]
    return urlsplit(url).path


def fill(talk: Talk, path: str) -> None:
    """Open the page of a link, and press the button that gives the values of test mode."""
    assert talk.client.get(path).status_code == 200
    answer = talk.client.post(path, data={"deed": "fill"}, follow_redirects=False)
    assert answer.headers["Location"] == _URLS["return_url"]


# -- by API ---------------------------------------------------------------------------------------


def test_a_custom_individual_gives_one_thing_after_the_other(talk: Talk):
    start = {"type": "custom", "country": "US", "capabilities": BOTH}
    id_ = talk.made("/v1/accounts", start)["id"]
    steps: tuple[dict[str, Any], ...] = (
        {"business_type": "individual", "individual": PERSON},
        {"business_profile": PROFILE},
        {"tos_acceptance": SIGNED},
        {"external_account": "btok_us_verified"},
    )
    left = len(due(got(talk, id_)))
    for step in steps:
        account = talk.made(f"/v1/accounts/{id_}", step)
        assert len(due(account)) < left
        left = len(due(account))
    assert left == 0
    assert account["requirements"]["disabled_reason"] == "requirements.pending_verification"
    talk.advance(_MINUTE)
    assert is_active(got(talk, id_))


def test_a_custom_company_names_its_people(talk: Talk):
    id_ = talk.made("/v1/accounts", COMPANY)["id"]
    assert "representative.first_name" in due(got(talk, id_))
    person = talk.made(f"/v1/accounts/{id_}/persons", OWNER)
    pending = got(talk, id_)["requirements"]["pending_verification"]
    assert f"{person['id']}.address.line1" in pending
    talk.advance(_MINUTE)
    assert is_active(got(talk, id_))
    assert person["verification"]["status"] == "pending"


def test_values_that_pass_at_once_need_no_waiting(talk: Talk):
    born = {**PERSON, "dob": {"day": 1, "month": 1, "year": 1902}, "id_number": "222222222"}
    assert is_active(talk.made("/v1/accounts", {**INDIVIDUAL, "individual": born}))


def test_express_cannot_become_active_by_api_alone(talk: Talk):
    prefilled = {name: INDIVIDUAL[name] for name in INDIVIDUAL if name != "tos_acceptance"}
    id_ = talk.made("/v1/accounts", {**prefilled, "type": "express"})["id"]
    talk.advance(_MINUTE)
    account = got(talk, id_)
    assert {"tos_acceptance.date", "tos_acceptance.ip"} & set(due(account))
    assert not account["charges_enabled"]
    refused = error(talk.post(f"/v1/accounts/{id_}", {"tos_acceptance": SIGNED}), 400)
    assert "Terms of Service on behalf of" in refused["message"]
    fill(talk, link(talk, id_))
    talk.advance(_MINUTE)
    assert is_active(got(talk, id_))


# -- by the page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", ["standard", "express", "custom"])
@pytest.mark.parametrize("business_type", [None, "individual", "company"])
def test_the_page_makes_an_account_that_charges(talk: Talk, type_: str, business_type: str | None):
    talk.control("settings", {"availability": "current"})  # `overview` has no Express companies
    params: dict[str, Any] = {"type": type_, "country": "US", "capabilities": BOTH}
    if type_ == "standard":
        del params["capabilities"]
    if business_type is not None:
        params["business_type"] = business_type
    id_ = talk.made("/v1/accounts", params)["id"]
    fill(talk, link(talk, id_))
    talk.advance(_MINUTE)
    assert is_active(got(talk, id_))
    paid = {"amount": 1000, "currency": "usd", "source": "tok_visa"}
    assert talk.made("/v1/charges", paid, stripe_account=id_)["paid"]


def test_only_express_has_login_links_and_only_once_onboarded(talk: Talk):
    id_ = talk.made("/v1/accounts", {"type": "express", "country": "US"})["id"]
    early = error(talk.post(f"/v1/accounts/{id_}/login_links"), 400)
    assert early["message"].endswith("an account that has not completed onboarding.")
    fill(talk, link(talk, id_))
    assert talk.made(f"/v1/accounts/{id_}/login_links")["object"] == "login_link"
    custom = active(talk)["id"]
    other = error(talk.post(f"/v1/accounts/{custom}/login_links"), 400)
    assert "not an Express account" in other["message"]


@pytest.mark.parametrize("name", ["return_url", "refresh_url"])
def test_a_link_leads_back_to_addresses_only(talk: Talk, name: str):
    params = {"account": active(talk)["id"], "type": "account_update", **_URLS, name: "nowhere"}
    refused = error(talk.post("/v1/account_links", params), 400)
    assert (refused["code"], refused["param"]) == ("url_invalid", name)


# -- who may write what ---------------------------------------------------------------------------


def test_terms_are_refused_in_their_own_words_for_standard_too(talk: Talk):
    id_ = talk.made("/v1/accounts", {"type": "standard"})["id"]
    refused = talk.post(f"/v1/accounts/{id_}", {"tos_acceptance": SIGNED})
    assert refused.headers["Emulator-Rule"] == "tos_on_behalf"
    asked = talk.post(f"/v1/accounts/{id_}", {"capabilities": BOTH})
    assert asked.headers["Emulator-Rule"] == "capability_on_full_dashboard"


_FULL: Final = {"stripe_dashboard": {"type": "full"}}


@pytest.mark.parametrize("kind", [{"type": "standard"}, {"controller": _FULL}])
def test_capabilities_of_standard_are_given_and_not_asked_for(talk: Talk, kind: dict[str, Any]):
    refused = error(talk.post("/v1/accounts", {**kind, "capabilities": BOTH}), 400)
    assert refused["message"] == (
        "You cannot create Standard connected accounts with capabilities via API."
    )


@pytest.mark.parametrize("kind", [{"type": "standard"}, {"controller": _FULL}])
def test_today_they_may_be_asked_for(talk: Talk, kind: dict[str, Any]):
    talk.control("settings", {"availability": "current"})
    made = talk.made("/v1/accounts", {**kind, "country": "US", "capabilities": BOTH})
    assert set(made["capabilities"]) == {"card_payments", "transfers"}
    more = {"us_bank_account_ach_payments": {"requested": True}}
    more = talk.made(f"/v1/accounts/{made['id']}", {"capabilities": more})["capabilities"]
    assert set(more) == {"card_payments", "transfers", "us_bank_account_ach_payments"}


def test_the_payout_schedule_of_standard_stays_the_platforms(talk: Talk):
    id_ = talk.made("/v1/accounts", {"type": "standard", "country": "US"})["id"]
    link(talk, id_)
    schedule = {"interval": "weekly", "weekly_anchor": "friday"}
    kept = talk.made(f"/v1/accounts/{id_}", {"settings": {"payouts": {"schedule": schedule}}})
    assert kept["settings"]["payouts"]["schedule"]["weekly_anchor"] == "friday"
    branding = {"settings": {"branding": {"primary_color": "#ff0000"}}}
    refused = talk.post(f"/v1/accounts/{id_}", branding)
    assert refused.headers["Emulator-Rule"] == "no_permission_for_parameter"


def test_a_weekly_schedule_names_its_day(talk: Talk):
    weekly = {"settings": {"payouts": {"schedule": {"interval": "weekly"}}}}
    refused = error(talk.post(f"/v1/accounts/{active(talk)['id']}", weekly), 400)
    assert refused["param"] == "settings[payouts][schedule][weekly_anchor]"


# -- events ---------------------------------------------------------------------------------------


def test_events_come_on_the_account_in_the_order_of_what_happens(talk: Talk):
    everything: dict[str, Any] = {"url": "http://localhost:9/hook", "enabled_events": ["*"]}
    talk.made("/v1/webhook_endpoints", {**everything, "connect": True})
    account = active(talk)["id"]
    events = told(talk, account)
    assert [event["type"] for event in events] == [
        "account.external_account.created",
        "capability.updated",
        "capability.updated",
        "person.created",
        "capability.updated",
        "capability.updated",
        "person.updated",
        "account.updated",
        "person.updated",
        "account.updated",
    ]
    assert {event["pending_webhooks"] for event in events} == {1}
    assert "account.updated" not in {event["type"] for event in talk.got("/v1/events")["data"]}
    assert events[-3]["data"]["previous_attributes"]["charges_enabled"] is False


def test_other_numbers_ask_for_the_terms_again_unless_they_come_with_them(talk: Talk):
    for terms, asked in (({}, ["tos_acceptance.date", "tos_acceptance.ip"]), (SIGNED, [])):
        id_ = active(talk, INDIVIDUAL)["id"]
        changed = {"individual": {"id_number": "222222222"}}
        talk.made(f"/v1/accounts/{id_}", changed | ({"tos_acceptance": terms} if terms else {}))
        talk.advance(_MINUTE)
        assert due(got(talk, id_)) == asked


# -- checked again --------------------------------------------------------------------------------


def test_what_runs_takes_nothing_from_an_account_that_is_enabled(talk: Talk):
    """Observed in May 2024: asked for again while a number is looked into, card_payments is active
    at once, and what is looked into has thirty days.
    """
    id_ = active(talk)["id"]
    moved = {"address": {**PERSON["address"], "city": "Oakland"}}
    account = talk.made(f"/v1/accounts/{id_}", {"individual": moved})
    assert is_active(account)
    wants = account["requirements"]
    assert "individual.address.city" in wants["pending_verification"]
    assert wants["current_deadline"] == account["created"] + 60 + 30 * 86_400
    assert wants["disabled_reason"] is None
    talk.advance(_MINUTE)
    wants = got(talk, id_)["requirements"]
    assert (wants["pending_verification"], wants["current_deadline"]) == ([], None)


def test_what_fails_later_has_a_deadline(talk: Talk):
    """Documented: what is currently due keeps the account enabled until current_deadline."""
    id_ = active(talk)["id"]
    moved = {"address": {**PERSON["address"], "line1": "address_no_match"}}
    talk.made(f"/v1/accounts/{id_}", {"individual": moved})
    account = talk.advance(_MINUTE) and got(talk, id_)
    assert account["requirements"]["errors"]
    assert account["requirements"]["currently_due"]
    assert account["requirements"]["past_due"] == []
    assert account["charges_enabled"]
    left = account["requirements"]["current_deadline"] - account["created"]
    talk.advance(f"{left}s")
    account = got(talk, id_)
    assert account["requirements"]["past_due"]
    assert not account["charges_enabled"]


def test_a_capability_asked_for_again_does_not_wait(talk: Talk):
    id_ = talk.made("/v1/accounts", INDIVIDUAL)["id"]
    path = f"/v1/accounts/{id_}"
    one = talk.made(path, {"capabilities": {"card_payments": {"requested": False}}})
    assert one["capabilities"] == {"transfers": "active"}
    assert one["charges_enabled"]
    both = talk.made(path, {"capabilities": {"card_payments": {"requested": True}}})
    assert set(both["capabilities"].values()) == {"active"}
    assert both["charges_enabled"]
    assert both["requirements"]["pending_verification"]


@pytest.mark.parametrize(("day", "seconds"), [(1_756_000_000, 36), (NOW, 22)])
def test_verification_took_longer_in_2025(talk: Talk, day: int, seconds: int):
    """Observed in August and September 2025, three times."""
    talk.control("clock", {"now": day, "mode": "frozen"})
    signed = {"date": day - 60, "ip": "203.0.113.7"}
    id_ = talk.made("/v1/accounts", {**INDIVIDUAL, "tos_acceptance": signed})["id"]
    talk.advance(f"{seconds - 1}s")
    assert not got(talk, id_)["charges_enabled"]
    talk.advance("1s")
    assert is_active(got(talk, id_))
