"""Persons of an account: what comes back of them, who they may be, and what they change."""

from __future__ import annotations

import pytest

from tests.resources.accounts.applicants import COMPANY, OWNER, PERSON, opened, told
from tests.talking import Talk, error


@pytest.fixture
def company(talk: Talk) -> str:
    return str(opened(talk, COMPANY)["id"])


def test_numbers_go_in_and_never_come_out(talk: Talk, company: str):
    person = talk.made(f"/v1/accounts/{company}/persons", OWNER)
    assert person["id_number_provided"]
    assert person["ssn_last_4_provided"]
    assert "id_number" not in person
    assert person["phone"] == "+10000000000"
    assert person["address"]["country"] == "US"
    assert talk.got(f"/v1/accounts/{company}/persons/{person['id']}") == person


def test_persons_are_listed_by_role(talk: Talk, company: str):
    path = f"/v1/accounts/{company}/persons"
    boss = talk.made(path, OWNER)["id"]
    director = talk.made(path, {"first_name": "A", "relationship": {"director": True}})["id"]
    assert [person["id"] for person in talk.got(path)["data"]] == [director, boss]
    owners = talk.got(path, {"relationship": {"owner": True}})["data"]
    assert [person["id"] for person in owners] == [boss]


def test_what_a_person_lacks_carries_their_id_in_the_account(talk: Talk, company: str):
    path = f"/v1/accounts/{company}"
    person = talk.made(f"{path}/persons", {"relationship": {"representative": True}})
    assert "first_name" in person["requirements"]["past_due"]
    due = talk.got(path)["requirements"]["past_due"]
    assert f"{person['id']}.first_name" in due
    assert not [name for name in due if name.startswith("representative.")]


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"relationship": {"representative": True}}, "relationship[representative]"),
        ({"relationship": {"percent_ownership": 1}}, "relationship[percent_ownership]"),
        ({"relationship": {"percent_ownership": 101}}, "relationship[percent_ownership]"),
        ({"dob": {"day": 31, "month": 2, "year": 1990}}, "dob"),
        ({"dob": {"day": 1, "month": 2}}, "dob[year]"),
        ({"phone": "abc"}, "phone"),
    ],
)
def test_who_cannot_be_is_refused(talk: Talk, company: str, params, param):
    path = f"/v1/accounts/{company}/persons"
    talk.made(path, OWNER)
    assert error(talk.post(path, params), 400)["param"] == param


def test_an_update_tells_what_changed(talk: Talk, company: str):
    path = f"/v1/accounts/{company}/persons"
    person = talk.made(path, OWNER)["id"]
    talk.made(f"{path}/{person}", {"first_name": "Anna", "metadata": {"a": "b"}})
    event = told(talk, company, "person.updated")[-1]
    assert event["data"]["previous_attributes"]["first_name"] == "Jenny"
    assert event["data"]["object"]["metadata"] == {"a": "b"}


def test_the_representative_stays_and_others_go(talk: Talk, company: str):
    path = f"/v1/accounts/{company}/persons"
    boss = talk.made(path, OWNER)["id"]
    owner = talk.made(path, {"first_name": "A", "relationship": {"director": True}})["id"]
    assert error(talk.delete(f"{path}/{boss}"), 400)
    gone = talk.delete(f"{path}/{owner}").json()
    assert gone == {"id": owner, "object": "person", "deleted": True}
    missing = error(talk.get(f"{path}/{owner}"), 404)
    assert missing["code"] == "resource_missing"
    assert told(talk, company)[-1]["type"] in {"account.updated", "person.deleted"}


def test_a_document_of_the_test_kind_becomes_a_file(talk: Talk):
    account = opened(talk)
    path = f"/v1/accounts/{account['id']}/persons/{account['individual']['id']}"
    document = {"document": {"front": "file_identity_document_success"}}
    person = talk.made(path, {"verification": document})
    front = person["verification"]["document"]["front"]
    assert front.startswith("file_1")
    read = talk.got(f"/v1/accounts/{account['id']}")["individual"]
    assert read["verification"]["document"]["front"] == front


def test_an_individual_is_the_only_person_of_their_account(talk: Talk):
    account = opened(talk)
    (person,) = talk.got(f"/v1/accounts/{account['id']}/persons")["data"]
    shown = {name: value for name, value in person.items() if name != "additional_tos_acceptances"}
    assert shown == account["individual"]
    changed = talk.made(f"/v1/accounts/{account['id']}", {"individual": {"first_name": "Ann"}})
    assert changed["individual"]["id"] == person["id"]
    assert changed["individual"]["first_name"] == "Ann"


def test_a_person_token_carries_the_details(talk: Talk, company: str):
    token = talk.made("/v1/tokens", {"person": {"first_name": "Tom", "id_number": "000000000"}})
    made = talk.made(f"/v1/accounts/{company}/persons", {"person_token": token["id"]})
    assert made["first_name"] == "Tom"
    assert made["id_number_provided"]


@pytest.mark.parametrize(
    ("country", "wide"), [("KE", True), ("RS", True), ("IS", False), ("MX", False), ("SM", False)]
)
def test_recipients_show_names_in_every_script(talk: Talk, country: str, wide: bool):
    agreed = {"service_agreement": "recipient"}
    person = {"first_name": "A", "phone": PERSON["phone"]}
    account = opened(
        talk,
        country=country,
        capabilities={"transfers": {"requested": True}},
        tos_acceptance=agreed,
        individual=person,
        external_account=None,
    )
    names = {"first_name_kana", "nationality", "gender"}
    assert names & account["individual"].keys() == (names if wide else set())
    assert ("vat_id_provided" in account["company"]) is wide


@pytest.mark.parametrize(
    ("country", "agreement", "told"),
    [("US", "full", True), ("GB", "full", False), ("JP", "full", False), ("KE", "recipient", True)],
)
def test_that_no_number_was_given_is_told_where_one_is_asked_for(
    talk: Talk, country: str, agreement: str, told: bool
):
    """Observed: always in the United States and of recipients abroad, elsewhere once given."""
    talk.control("settings", {"availability": "current"})
    asked = {"transfers": {"requested": True}}
    if agreement == "full":
        asked["card_payments"] = {"requested": True}
    params = {
        "type": "custom",
        "country": country,
        "business_type": "individual",
        "capabilities": asked,
        "individual": {"email": "a@example.com"},
        "tos_acceptance": {"service_agreement": agreement},
    }
    account = talk.made("/v1/accounts", params)
    flags = {"id_number_provided", "ssn_last_4_provided"}
    assert (flags <= account["individual"].keys()) is told
    path = f"/v1/accounts/{account['id']}"
    later = talk.made(path, {"individual": {"id_number": "000000000"}})["individual"]
    assert later["id_number_provided"] is True


def test_addresses_in_japan_stand_in_both_scripts(talk: Talk):
    """Observed in 2024; the company hash mirrors them, and has no address of the usual form."""
    talk.control("settings", {"availability": "current"})
    address = {"postal_code": "100-0000", "line1": "1-1"}
    params = {
        "type": "custom",
        "country": "JP",
        "business_type": "individual",
        "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
        "individual": {"address_kana": address, "address_kanji": address},
    }
    account = talk.made("/v1/accounts", params)
    for hash_ in (account["individual"], account["company"]):
        assert "address" not in hash_
        assert hash_["address_kana"]["postal_code"] == "1000000"
        assert hash_["address_kanji"]["postal_code"] == "\uff11" + "\uff10" * 6
    assert "vat_id_provided" not in account["company"]
    assert {"maiden_name", "nationality"}.isdisjoint(account["individual"])


def test_a_header_that_names_the_platform_itself_says_nothing(talk: Talk) -> None:
    account = talk.account()
    own = talk.got("/v1/account")["id"]
    path = f"/v1/accounts/{account}/persons"
    assert talk.got(path, stripe_account=own)["data"] == []
    other = talk.account()
    assert "does not match" in error(talk.get(path, stripe_account=other), 400)["message"]
