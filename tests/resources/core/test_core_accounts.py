"""One account, two views: what is written in /v2 is there in /v1, and the other way round."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from emulator.contract import json_schema
from tests.resources.core.asking import EVERYTHING, PERSON, ask, made, seller
from tests.talking import Talk, error


def _conforms(thing: Any) -> None:
    Draft202012Validator(json_schema(thing["object"])).validate(thing)


def test_an_account_made_in_v2_is_an_account_of_v1(talk: Talk) -> None:
    account = made(talk, "accounts", seller(display_name="Furever", metadata={"shop": "7"}))
    v1 = talk.got(f"/v1/accounts/{account['id']}")
    assert v1["controller"]["requirement_collection"] == "application"
    assert v1["controller"]["losses"]["payments"] == "application"
    assert v1["individual"]["first_name"] == "Jenny"
    assert v1["individual"]["id_number_provided"] is True
    assert v1["business_profile"]["mcc"] == "5734"
    assert v1["tos_acceptance"]["date"] == 1_767_225_600
    assert v1["metadata"] == {"shop": "7"}
    assert set(v1["capabilities"]) == {"card_payments", "transfers"}


def test_sections_are_null_until_they_are_asked_for(talk: Talk) -> None:
    account = made(talk, "accounts", seller())
    assert account["applied_configurations"] == ["merchant", "recipient"]
    for name in ("configuration", "defaults", "future_requirements", "identity", "requirements"):
        assert account[name] is None, name
    query = {"include": ["configuration.recipient", "defaults"]}
    some = talk.got(f"/v2/core/accounts/{account['id']}", query)
    assert some["configuration"]["merchant"] is None
    assert some["configuration"]["recipient"]["applied"] is True
    assert some["defaults"]["responsibilities"]["requirements_collector"] == "application"
    assert some["identity"] is None


def test_what_v1_verifies_v2_shows_as_active(talk: Talk) -> None:
    id_ = made(talk, "accounts", seller())["id"]
    before = talk.got(f"/v2/core/accounts/{id_}", {"include": EVERYTHING})
    waiting = [entry["description"] for entry in before["requirements"]["entries"]]
    assert "defaults.payout_methods" in waiting
    assert before["requirements"]["summary"]["minimum_deadline"]["status"] == "past_due"

    talk.made(f"/v1/accounts/{id_}", {"external_account": "btok_us_verified"})
    talk.advance("1d")
    after = talk.got(f"/v2/core/accounts/{id_}", {"include": EVERYTHING})
    _conforms(after)
    assert after["requirements"]["entries"] == []
    merchant = after["configuration"]["merchant"]["capabilities"]
    assert merchant["card_payments"] == {"status": "active", "status_details": []}
    recipient = after["configuration"]["recipient"]["capabilities"]["stripe_balance"]
    assert recipient["stripe_transfers"]["status"] == "active"
    assert recipient["payouts"]["status"] == "active"


def test_money_can_go_to_an_account_made_in_v2(talk: Talk) -> None:
    id_ = made(talk, "accounts", seller())["id"]
    talk.made(f"/v1/accounts/{id_}", {"external_account": "btok_us_verified"})
    talk.advance("1d")
    intent = talk.made(
        "/v1/payment_intents",
        {
            "amount": 2000,
            "currency": "usd",
            "confirm": True,
            "payment_method": "pm_card_visa",
            "payment_method_types": ["card"],
            "transfer_data": {"destination": id_},
        },
    )
    assert intent["status"] == "succeeded"


def test_an_account_made_in_v1_is_seen_in_v2(talk: Talk) -> None:
    id_ = talk.account()
    account = talk.got(f"/v2/core/accounts/{id_}", {"include": EVERYTHING})
    _conforms(account)
    assert account["dashboard"] == "none"
    assert account["defaults"]["responsibilities"]["fees_collector"] == "application_custom"
    assert account["applied_configurations"] == ["merchant", "recipient"]
    assert account["identity"]["country"] == "us"


def test_the_name_in_the_dashboard_is_one_in_both_views(talk: Talk) -> None:
    id_ = made(talk, "accounts", seller(display_name="Furever"))["id"]

    def names() -> set[str]:
        v1, v2 = talk.got(f"/v1/accounts/{id_}"), talk.got(f"/v2/core/accounts/{id_}")
        return {v1["settings"]["dashboard"]["display_name"], v2["display_name"]}

    assert names() == {"Furever"}
    made(talk, f"accounts/{id_}", {"display_name": "Pets"})
    talk.made(f"/v1/accounts/{id_}", {"business_profile": {"name": "Kennel"}})
    assert names() == {"Pets"}
    made(talk, f"accounts/{id_}", {"display_name": None})
    assert names() == {"Kennel"}
    talk.made(f"/v1/accounts/{id_}", {"business_profile": {"name": "Shop"}})
    assert names() == {"Shop"}


@pytest.mark.parametrize(
    ("sent", "param"),
    [
        ({"metadata": {"a": 5}}, "metadata[a]"),
        ({"metadata": {"a": True}}, "metadata[a]"),
        ({"display_name": 5}, "display_name"),
        ({"contact_email": False}, "contact_email"),
    ],
)
def test_a_text_is_no_number(talk: Talk, sent: Any, param: str) -> None:
    refused = error(ask(talk, "accounts", seller(**sent)), 400)
    assert refused["param"] == param
    assert refused["message"].startswith("Invalid string: ")


def test_an_update_goes_both_ways(talk: Talk) -> None:
    id_ = made(talk, "accounts", seller())["id"]
    body = {
        "contact_email": "new@example.com",
        "identity": {"individual": {"surname": "Roe"}},
        "configuration": {"merchant": {"support": {"phone": "+14155550100"}}},
        "metadata": {"a": "b"},
    }
    made(talk, f"accounts/{id_}", body)
    v1 = talk.got(f"/v1/accounts/{id_}")
    assert v1["email"] == "new@example.com"
    assert v1["individual"]["last_name"] == "Roe"
    assert v1["business_profile"]["support_phone"] == "+14155550100"

    talk.made(f"/v1/accounts/{id_}", {"business_profile": {"url": "https://example.com"}})
    v2 = talk.got(f"/v2/core/accounts/{id_}", {"include": EVERYTHING})
    assert v2["defaults"]["profile"]["business_url"] == "https://example.com"
    assert v2["identity"]["individual"]["surname"] == "Roe"


def test_capabilities_are_requested_and_given_back(talk: Talk) -> None:
    id_ = made(talk, "accounts", seller())["id"]
    wanted = {"merchant": {"capabilities": {"ideal_payments": {"requested": True}}}}
    made(talk, f"accounts/{id_}", {"configuration": wanted})
    assert "ideal_payments" in talk.got(f"/v1/accounts/{id_}")["capabilities"]
    wanted["merchant"]["capabilities"]["ideal_payments"]["requested"] = False
    made(talk, f"accounts/{id_}", {"configuration": wanted})
    assert "ideal_payments" not in talk.got(f"/v1/accounts/{id_}")["capabilities"]


def test_a_company_says_which_numbers_it_gave_and_never_the_numbers(talk: Talk) -> None:
    details = {
        "registered_name": "Furever",
        "id_numbers": [{"type": "us_ein", "value": "000000000"}],
        "annual_revenue": {
            "amount": {"value": 10_000, "currency": "usd"},
            "fiscal_year_end": "2025-12-31",
        },
    }
    body = seller(identity={"country": "US", "entity_type": "company", "business_details": details})
    account = made(talk, "accounts", {**body, "include": ["identity"]})
    shown = account["identity"]["business_details"]
    assert shown["id_numbers"] == [{"registrar": None, "type": "us_ein"}]
    assert shown["annual_revenue"]["amount"] == {"currency": "usd", "value": 10_000}
    assert "000000000" not in str(account)


def test_a_customer_configuration_needs_no_responsibilities(talk: Talk) -> None:
    customer = {
        "shipping": {"name": "Jenny"},
        "capabilities": {"automatic_indirect_tax": {"requested": True}},
    }
    body = {
        "contact_email": "c@example.com",
        "configuration": {"customer": customer},
        "include": EVERYTHING,
    }
    account = made(talk, "accounts", body)
    _conforms(account)
    assert account["applied_configurations"] == ["customer"]
    assert account["dashboard"] is None
    assert account["configuration"]["customer"]["shipping"]["name"] == "Jenny"
    assert account["defaults"]["responsibilities"]["losses_collector"] is None


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"defaults": {}}, "defaults.responsibilities"),
        ({"dashboard": None}, "dashboard"),
        ({"dashboard": "full"}, "defaults.responsibilities"),
        ({"identity": {"country": "zz"}}, "country"),
        ({"nope": 1}, "nope"),
    ],
)
def test_what_an_account_cannot_be_is_refused(talk: Talk, change: Any, param: str) -> None:
    assert error(ask(talk, "accounts", seller(**change)), 400)["param"] == param


def test_responsibilities_do_not_change(talk: Talk) -> None:
    id_ = made(talk, "accounts", seller())["id"]
    shares = {"fees_collector": "stripe", "losses_collector": "stripe"}
    answer = ask(talk, f"accounts/{id_}", {"defaults": {"responsibilities": shares}})
    assert error(answer, 400)["param"] == "defaults.responsibilities"


def test_a_closed_account_is_gone_from_v1_and_remembered_in_v2(talk: Talk) -> None:
    id_ = made(talk, "accounts", seller())["id"]
    other = made(talk, "accounts", seller())["id"]
    wrong = ask(talk, f"accounts/{id_}/close", {"applied_configurations": ["merchant"]})
    assert error(wrong, 400)["param"] == "applied_configurations"
    closed = made(talk, f"accounts/{id_}/close")
    assert closed["closed"] is True
    assert talk.get(f"/v1/accounts/{id_}").status_code == 403
    assert talk.got(f"/v2/core/accounts/{id_}", {"include": EVERYTHING})["closed"] is True
    assert [a["id"] for a in talk.got("/v2/core/accounts", {"closed": True})["data"]] == [id_]
    assert [a["id"] for a in talk.got("/v2/core/accounts")["data"]] == [other]
    assert ask(talk, f"accounts/{id_}", {"display_name": "x"}).status_code == 403


def test_pages_lead_to_one_another(talk: Talk) -> None:
    ids = [made(talk, "accounts", seller())["id"] for _ in range(5)]
    found, url = [], "/v2/core/accounts?limit=2"
    while url:
        page = talk.got(url)
        found += [account["id"] for account in page["data"]]
        last, url = page, page["next_page_url"]
    assert found == ids[::-1]
    assert talk.got(last["previous_page_url"])["data"][0]["id"] == ids[2]
    assert error(talk.get("/v2/core/accounts?page=zzz"), 400)["param"] == "page"


def test_accounts_are_found_by_configuration(talk: Talk) -> None:
    both = made(talk, "accounts", seller())["id"]
    made(talk, "accounts", {"configuration": {"customer": {}}})
    found = talk.got("/v2/core/accounts", {"applied_configurations": ["merchant", "recipient"]})
    assert [account["id"] for account in found["data"]] == [both]


def test_a_token_carries_identity_once(talk: Talk) -> None:
    token = made(
        talk, "account_tokens", {"identity": {"individual": PERSON, "entity_type": "individual"}}
    )
    _conforms(token)
    body = seller(account_token=token["id"], identity={"country": "us"})
    account = made(talk, "accounts", {**body, "include": ["identity"]})
    assert account["identity"]["individual"]["given_name"] == "Jenny"
    assert talk.got(f"/v2/core/account_tokens/{token['id']}")["used"] is True
    assert error(ask(talk, "accounts", body), 400)["code"] == "token_already_used"


def test_persons_are_the_same_persons(talk: Talk) -> None:
    details = {"registered_name": "Furever"}
    body = seller(identity={"country": "us", "entity_type": "company", "business_details": details})
    id_ = made(talk, "accounts", body)["id"]
    owner = {"relationship": {"owner": True, "percent_ownership": "51.5", "title": "CEO"}}
    person = made(talk, f"accounts/{id_}/persons", {**PERSON, **owner})
    _conforms(person)
    assert person["relationship"]["percent_ownership"] == "51.5"
    v1 = talk.got(f"/v1/accounts/{id_}/persons/{person['id']}")
    assert v1["dob"] == {"day": 1, "month": 1, "year": 1901}
    changed = made(talk, f"accounts/{id_}/persons/{person['id']}", {"surname": "Roe"})
    assert changed["surname"] == "Roe"
    assert len(talk.got(f"/v2/core/accounts/{id_}/persons")["data"]) == 1
    gone = talk.delete(f"/v2/core/accounts/{id_}/persons/{person['id']}").json()
    assert gone["id"] == person["id"]
    assert talk.got(f"/v2/core/accounts/{id_}/persons")["data"] == []


def test_a_link_opens_the_same_page(talk: Talk) -> None:
    id_ = made(talk, "accounts", seller())["id"]
    case = {"refresh_url": "https://example.com/again", "return_url": "https://example.com/done"}
    use = {"type": "account_onboarding", "account_onboarding": {**case, "configurations": []}}
    link = made(talk, "account_links", {"account": id_, "use_case": use})
    _conforms(link)
    assert link["url"].startswith("http")
    missing = ask(talk, "account_links", {"account": id_, "use_case": {"type": "account_update"}})
    assert error(missing, 400)["param"] == "use_case.account_update"


def test_a_recipient_need_be_no_merchant(talk: Talk) -> None:
    recipient = {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}
    account = made(talk, "accounts", seller(configuration={"recipient": recipient}))
    assert account["applied_configurations"] == ["recipient"]
    v1 = talk.got(f"/v1/accounts/{account['id']}")
    assert set(v1["capabilities"]) == {"transfers"}

    alone = {"type": "custom", "country": "US", "capabilities": {"transfers": {"requested": True}}}
    assert "without" in error(talk.post("/v1/accounts", alone), 400)["message"]


def test_who_was_only_a_customer_may_become_a_recipient(talk: Talk) -> None:
    recipient = {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}
    id_ = made(talk, "accounts", seller(configuration={"customer": {}}))["id"]
    account = made(talk, f"accounts/{id_}", {"configuration": {"recipient": recipient}})
    assert account["applied_configurations"] == ["customer", "recipient"]
