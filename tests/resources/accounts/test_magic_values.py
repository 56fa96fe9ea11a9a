"""Each value with which test mode decides a check: what it says, and when."""

from __future__ import annotations

from typing import Any, Final

import pytest

from emulator.kernel import files
from tests.resources.accounts.applicants import (
    COMPANY,
    INDIVIDUAL,
    OWNER,
    PERSON,
    PROFILE,
    active,
    opened,
)
from tests.talking import Talk

_VALUES: Final = files.table("accounts/test_values.json")
_AT_ONCE: Final = {"day": 1, "month": 1, "year": 1902}
_URLS: Final = sorted(_VALUES["url"]["business_profile.url"])
_BANK: Final = {
    "object": "bank_account",
    "country": "US",
    "currency": "usd",
    "routing_number": "110000000",
}


def person(**more: Any) -> dict[str, Any]:
    given = {**PERSON, **more}
    return {"individual": {name: value for name, value in given.items() if value is not None}}


def address(line: str) -> dict[str, str]:
    return {**PERSON["address"], "line1": line}


def born(year: int) -> dict[str, int]:
    return {"day": 1, "month": 1, "year": year}


def document(name: str) -> dict[str, Any]:
    return {"document": {"front": f"file_identity_document_{name}"}}


def errors(account: Any) -> set[tuple[str, str]]:
    found = [(error["code"], error["requirement"]) for error in account["requirements"]["errors"]]
    assert len(found) == len(set(found))
    return {(code, path.removeprefix("individual.")) for code, path in found}


def later(talk: Talk, account: Any) -> Any:
    talk.advance("1m")
    return talk.got(f"/v1/accounts/{account['id']}")


KEYED: Final = "verification_failed_keyed_identity"
HOME: Final = "verification_failed_residential_address"


@pytest.mark.parametrize(
    ("given", "status", "found"),
    [
        (person(), "verified", set()),
        (person(id_number=None, ssn_last_4="0000"), "verified", set()),
        (person(verification=document("success"), id_number="111111111"), "verified", set()),
        (
            person(id_number="111111111"),
            "unverified",
            {(KEYED, "id_number"), (KEYED, "verification.document")},
        ),
        (
            person(dob=born(1980), id_number="123456789"),
            "unverified",
            {(KEYED, "verification.document")},
        ),
        (
            person(address=address("address_no_match")),
            "unverified",
            {(HOME, "verification.additional_document")},
        ),
        (
            person(address=address("address_line1_no_match")),
            "unverified",
            {(HOME, "address.line1")},
        ),
        (
            person(verification=document("failure")),
            "unverified",
            {("verification_document_failed_other", "verification.document")},
        ),
    ],
)
def test_a_persons_values_decide_in_a_few_seconds(
    talk: Talk, given: dict[str, Any], status: str, found: set[tuple[str, str]]
):
    account = opened(talk, **given)
    assert account["individual"]["verification"]["status"] == "pending"
    assert account["requirements"]["disabled_reason"] == "requirements.pending_verification"
    assert errors(account) == set()
    talk.advance("9s")
    assert (
        talk.got(f"/v1/accounts/{account['id']}")["individual"]["verification"]["status"]
        == "pending"
    )
    account = later(talk, account)
    assert account["individual"]["verification"]["status"] == status
    assert errors(account) == found
    assert account["charges_enabled"] == (not found)
    assert (account["requirements"]["disabled_reason"] is None) == (not found)


@pytest.mark.parametrize(
    ("name", "status"),
    [("success.png", "verified"), ("failed.png", "unverified"), ("mine.png", "verified")],
)
def test_uploaded_test_images_decide_by_their_names(talk: Talk, name: str, status: str):
    file = talk.client.post(
        "/v1/files",
        data={"purpose": "identity_document"},
        files={"file": (name, b"\x89PNG")},
        headers={"Authorization": f"Bearer {talk.key}"},
    ).json()["id"]
    papers = {"document": {"front": file}}
    number = "111111111" if name != "failed.png" else "000000000"
    account = later(talk, opened(talk, **person(verification=papers, id_number=number)))
    assert account["individual"]["verification"]["document"]["front"] == file
    assert account["individual"]["verification"]["status"] == status


@pytest.mark.parametrize("given", [person(dob=_AT_ONCE), person(id_number="222222222")])
def test_some_values_pass_in_the_same_answer(talk: Talk, given: dict[str, Any]):
    account = opened(talk, **given)
    assert account["individual"]["verification"]["status"] == "verified"
    assert account["charges_enabled"]


def test_a_listed_birthday_holds_the_account_for_review(talk: Talk):
    account = active(talk, **person(dob=born(1900)))
    assert account["requirements"]["disabled_reason"] == "under_review"
    assert not account["charges_enabled"]


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        (
            {"settings": {"payments": {"statement_descriptor": "abc"}}},
            "invalid_statement_descriptor_length",
            "settings.payments.statement_descriptor",
        ),
        (
            {"settings": {"payments": {"statement_descriptor": "mismatch"}}},
            "invalid_statement_descriptor_business_mismatch",
            "settings.payments.statement_descriptor",
        ),
        (
            {"settings": {"payments": {"statement_descriptor": "disallowed"}}},
            "invalid_statement_descriptor_denylisted",
            "settings.payments.statement_descriptor",
        ),
        (
            {"settings": {"card_payments": {"statement_descriptor_prefix": "mismatch"}}},
            "invalid_statement_descriptor_prefix_mismatch",
            "settings.card_payments.statement_descriptor_prefix",
        ),
        (
            {"settings": {"card_payments": {"statement_descriptor_prefix": "disallowed"}}},
            "invalid_statement_descriptor_prefix_denylisted",
            "settings.card_payments.statement_descriptor_prefix",
        ),
        (
            {"business_profile": {**PROFILE, "name": "disallowed_dba"}},
            "invalid_business_profile_name_denylisted",
            "business_profile.name",
        ),
        (
            {"business_profile": {**PROFILE, "name": "invalid_dba"}},
            "invalid_business_profile_name",
            "business_profile.name",
        ),
        (
            {"business_profile": {**PROFILE, "product_description": "require_url"}},
            "invalid_url_web_presence_detected",
            "business_profile.product_description",
        ),
        (
            {"business_profile": {**PROFILE, "product_description": "short"}},
            "invalid_product_description_length",
            "business_profile.product_description",
        ),
    ],
)
def test_what_an_account_says_of_itself_is_judged_at_once(
    talk: Talk, given: dict[str, Any], code: str, path: str
):
    assert (code, path) in errors(opened(talk, **given))


@pytest.mark.parametrize("url", _URLS)
def test_a_website_is_visited_a_little_later(talk: Talk, url: str):
    code = _VALUES["url"]["business_profile.url"][url]["error"]
    account = opened(talk, business_profile={"mcc": "5734", "url": url})
    assert errors(account) == set()
    assert errors(later(talk, account)) == {(code, "business_profile.url")}


def test_the_inactivity_website_pauses_capabilities(talk: Talk):
    url = "https://inactivity.stripe.com"
    account = active(talk, business_profile={"mcc": "5734", "url": url})
    assert set(account["capabilities"].values()) == {"inactive"}
    capability = talk.got(f"/v1/accounts/{account['id']}/capabilities/card_payments")
    assert capability["requirements"]["disabled_reason"] == "paused.inactivity"


def company(talk: Talk, **more: Any) -> Any:
    """A company with its owner known, after a minute."""
    given = {**COMPANY["company"], **more}
    account = talk.made("/v1/accounts", {**COMPANY, "company": given})
    talk.made(f"/v1/accounts/{account['id']}/persons", {**OWNER, "dob": _AT_ONCE})
    return later(talk, account)


@pytest.mark.parametrize(
    ("given", "codes", "charges", "payouts"),
    [
        ({"tax_id": "000000001"}, set(), True, True),
        ({"tax_id": "222222222"}, set(), True, True),
        ({"tax_id": "12345"}, {"invalid_tax_id_format"}, True, True),
        ({"tax_id": "111111111"}, {"verification_failed_tax_id_match"}, False, False),
        ({"tax_id": "111111112"}, {"verification_failed_tax_id_not_issued"}, False, False),
        (
            {"address": address("address_no_match")},
            {"verification_failed_address_match"},
            True,
            False,
        ),
        (
            {"address": address("address_line1_no_match")},
            {"verification_failed_address_match"},
            False,
            False,
        ),
        ({"name": "mismatch_business_name"}, {"verification_failed_name_match"}, False, False),
        ({"name": "disallowed_name"}, {"invalid_company_name_denylisted"}, False, False),
        ({"name": "match_name_relationships"}, set(), True, True),
        ({"name": "match_name_only"}, {"verification_failed_name_match"}, False, False),
    ],
)
def test_a_companys_values(
    talk: Talk, given: dict[str, Any], codes: set[str], charges: bool, payouts: bool
):
    account = company(talk, **given)
    assert {code for code, _ in errors(account)} == codes
    assert (account["charges_enabled"], account["payouts_enabled"]) == (charges, payouts)


@pytest.mark.parametrize("name", sorted(_VALUES["directors"]))
def test_a_directors_name(talk: Talk, name: str):
    account = talk.made("/v1/accounts", COMPANY)
    relationship = {**OWNER["relationship"], "director": True}
    director = {**OWNER, "first_name": name, "relationship": relationship}
    made = talk.made(f"/v1/accounts/{account['id']}/persons", director)
    assert made["requirements"]["errors"][0]["code"] == _VALUES["directors"][name]


@pytest.mark.parametrize(("last", "status"), [("1", "new"), ("2", "verification_failed")])
def test_who_owns_a_bank_account_is_checked_in_a_while(talk: Talk, last: str, status: str):
    number = f"00099999999{last}"
    account = opened(talk, external_account={**_BANK, "account_number": number})
    bank = account["external_accounts"]["data"][0]
    asked = ["documents.bank_account_ownership_verification.files"]
    assert (bank["status"], bank["requirements"]["pending_verification"]) == ("new", asked)
    path = f"/v1/accounts/{account['id']}/external_accounts/{bank['id']}"
    talk.advance("10s")
    bank = talk.got(path)
    assert bank["status"] == status
    assert bank["requirements"]["currently_due"] == (asked if last == "2" else [])
    shown = {"documents": {"bank_account_ownership_verification": {"files": ["file_1"]}}}
    talk.made(path, shown)
    talk.advance("10s")
    assert talk.got(path)["requirements"]["currently_due"] == []


# -- cards that bring an account to a limit -------------------------------------------------------


def limited(talk: Talk, token: str) -> Any:
    """An account that owes its whole number eventually, after a charge with that token."""
    account = active(talk, **person(id_number=None, ssn_last_4="0000"))
    assert account["requirements"]["eventually_due"] == ["individual.id_number"]
    price = {"amount": 1000, "currency": "usd", "source": token}
    talk.made("/v1/charges", price, stripe_account=account["id"])
    return talk.got(f"/v1/accounts/{account['id']}")


def test_the_next_requirements_come_with_a_deadline_that_the_clock_enforces(talk: Talk):
    account = limited(talk, "tok_visa_triggerNextRequirements")
    deadline = account["requirements"]["current_deadline"]
    assert account["requirements"]["currently_due"] == ["individual.id_number"]
    assert account["requirements"]["past_due"] == []
    now = talk.control("clock").json()["now"]
    talk.advance(f"{deadline - now - 1}s")
    assert talk.got(f"/v1/accounts/{account['id']}")["charges_enabled"]
    talk.advance("1s")
    account = talk.got(f"/v1/accounts/{account['id']}")
    assert account["requirements"]["past_due"] == ["individual.id_number"]
    assert (account["charges_enabled"], account["payouts_enabled"]) == (False, False)
    assert account["requirements"]["disabled_reason"] == "requirements.past_due"


@pytest.mark.parametrize(
    ("token", "charges", "payouts"),
    [("tok_visa_triggerChargeBlock", False, False), ("tok_visa_triggerPayoutBlock", True, False)],
)
def test_a_block_lasts_until_what_is_due_is_given(
    talk: Talk, token: str, charges: bool, payouts: bool
):
    account = limited(talk, token)
    assert (account["charges_enabled"], account["payouts_enabled"]) == (charges, payouts)
    assert account["requirements"]["past_due"] == ["individual.id_number"]
    talk.made(f"/v1/accounts/{account['id']}", {"individual": {"id_number": "000000000"}})
    account = later(talk, account)
    assert account["charges_enabled"]
    assert account["payouts_enabled"]
    assert account["requirements"]["disabled_reason"] is None


def test_a_limit_does_nothing_before_the_first_information_is_complete(talk: Talk):
    id_ = talk.account()
    price = {"amount": 1000, "currency": "usd", "source": "tok_visa_triggerChargeBlock"}
    talk.post("/v1/charges", price, stripe_account=id_)
    given = {name: INDIVIDUAL[name] for name in INDIVIDUAL if name not in {"type", "country"}}
    talk.made(f"/v1/accounts/{id_}", given)
    assert later(talk, {"id": id_})["charges_enabled"]
