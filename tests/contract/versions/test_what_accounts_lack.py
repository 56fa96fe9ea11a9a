"""What accounts still have to tell, in the words of older versions; over HTTP."""

from __future__ import annotations

import json

import pytest

from emulator.contract.versions import Doc
from tests.contract.versions.support import before, from_, made, show
from tests.talking import Talk

_COMPANY = {
    "type": "custom",
    "country": "GB",
    "business_type": "company",
    "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
}
_ROLES = [
    "company.name",
    "company.owners_provided",
    "directors.dob.day",
    "executives.id_number",
    "owners.first_name",
    "owners.last_name",
    "person_1.first_name",
    "representative.phone",
]


@pytest.fixture
def talk(talk: Talk) -> Talk:
    talk.control("settings", {"availability": "current"})
    return talk


def test_people_to_be_named_were_relationships(talk: Talk) -> None:
    account = talk.made("/v1/accounts", _COMPANY)
    path = f"/v1/accounts/{account['id']}"
    old = talk.got(path, stripe_version=before("2020-08-27"))["requirements"]
    new = talk.got(path, stripe_version=from_("2020-08-27"))["requirements"]

    roles = {"relationship.representative", "relationship.owner", "relationship.director"}
    assert roles <= set(old["currently_due"])
    assert not [each for each in old["eventually_due"] if each.startswith(("owners.", "repres"))]
    assert old["currently_due"] == sorted(set(old["currently_due"]))
    assert {"owners.first_name", "representative.phone"} <= set(new["currently_due"])
    assert "external_account" in old["currently_due"]


def test_capabilities_and_country_specs_speak_likewise(talk: Talk) -> None:
    account = talk.made("/v1/accounts", _COMPANY)
    path = f"/v1/accounts/{account['id']}/capabilities/transfers"
    for version, known in ((before("2020-08-27"), True), (from_("2020-08-27"), False)):
        due = talk.got(path, stripe_version=version)["requirements"]["currently_due"]
        spec = talk.got("/v1/country_specs/GB", stripe_version=version)
        asked = spec["verification_fields"]["company"]["minimum"]
        assert ("relationship.owner" in due) is known
        assert ("relationship.owner" in asked) is known


def test_endpoints_of_older_versions_hear_of_relationships(talk: Talk) -> None:
    endpoint = {"url": "https://mailbox.test/old", "enabled_events": ["account.updated"]}
    endpoint |= {"connect": "true", "api_version": before("2020-08-27")}
    talk.made("/v1/webhook_endpoints", endpoint)
    account = talk.made("/v1/accounts", _COMPANY)
    talk.made(f"/v1/accounts/{account['id']}", {"business_profile": {"url": "https://x.example"}})
    letter = talk.control("webhooks/mailbox/old").json()["data"][0]
    event: Doc = json.loads(letter["body"])
    told = event["data"]["object"]["requirements"]["currently_due"]
    assert "relationship.representative" in told
    assert "representative.phone" not in told


def test_every_role_has_its_relationship() -> None:
    doc = made("account")
    doc["requirements"] |= {
        "currently_due": list(_ROLES),
        "errors": [{"code": "x", "reason": "y", "requirement": "owners.first_name"}],
    }
    old = show(doc, before("2020-08-27"))["requirements"]
    assert old["currently_due"] == [
        "company.name",
        "person_1.first_name",
        "relationship.director",
        "relationship.executive",
        "relationship.owner",
        "relationship.representative",
    ]
    assert [each["requirement"] for each in old["errors"]] == ["relationship.owner"]


@pytest.mark.parametrize(
    ("date", "code", "older"),
    [
        ("2023-10-16", "invalid_url_website_empty", "invalid_value_other"),
        ("2023-08-16", "verification_missing_directors", "verification_failed_other"),
        ("2020-08-27", "verification_failed_tax_id_match", "verification_failed_other"),
    ],
)
def test_errors_were_less_precise(date: str, code: str, older: str) -> None:
    for version, seen in ((before(date), older), (from_(date), code)):
        doc: Doc = made("account")
        doc["requirements"]["errors"] = [{"code": code, "reason": "x", "requirement": "y"}]
        assert show(doc, version)["requirements"]["errors"][0]["code"] == seen


def test_a_prevented_dispute_was_lost() -> None:
    doc = made("dispute", status="prevented")
    assert show(dict(doc), before("2025-09-30"))["status"] == "lost"
    assert show(dict(doc), from_("2025-09-30"))["status"] == "prevented"


def test_a_proof_of_registration_proves_presence(talk: Talk) -> None:
    files = {"files": ["file_identity_document_success"]}
    for sent, version, status in (
        ("proof_of_registration", before("2026-09-30"), 200),
        ("proof_of_registration", from_("2026-09-30"), 400),
        ("proof_of_business_presence", from_("2026-09-30"), 200),
        ("proof_of_business_presence", before("2026-09-30"), 400),
    ):
        params = {**_COMPANY, "documents": {sent: files}}
        assert talk.post("/v1/accounts", params, stripe_version=version).status_code == status


def test_attempts_of_other_methods_had_one_code_for_all(talk: Talk) -> None:
    intent = talk.made(
        "/v1/payment_intents",
        {
            "amount": 2_000,
            "currency": "eur",
            "confirm": True,
            "return_url": "https://x.example",
            "payment_method_types": ["revolut_pay"],
            "payment_method_data": {"type": "revolut_pay"},
        },
    )
    talk.control("authenticate", {"intent": intent["id"], "outcome": "failed"})
    path = f"/v1/payment_intents/{intent['id']}"
    new = talk.got(path, stripe_version=from_("2022-11-15"))["last_payment_error"]["code"]
    old = talk.got(path, stripe_version=before("2022-11-15"))["last_payment_error"]["code"]
    assert new == "payment_method_provider_decline"
    assert old == "payment_intent_payment_attempt_failed"
