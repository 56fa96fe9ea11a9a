"""The values of test mode: what each decides, and when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from emulator.rules.accounts import requirements
from emulator.rules.accounts.facts import Person
from tests.rules.accounts.examples import (
    BOSS,
    COMPANY,
    DECEMBER_2024,
    NOW,
    OCTOBER_2023,
    PERSON,
    US_PERSON,
    company,
    individual,
)


@pytest.mark.parametrize(
    ("changes", "status", "relisted"),
    [
        ({}, "verified", []),
        ({"dob.year": "1980"}, "verified", []),  # the number outweighs the date
        ({"id_number": "111111111"}, "unverified", ["id_number", "verification.document"]),
        (
            {"id_number": "123456789", "dob.year": "1980"},
            "unverified",
            ["verification.document"],
        ),
        (
            {"id_number": "111111111", "verification.document": "file_identity_document_success"},
            "verified",
            [],
        ),
        (
            {"verification.document": "file_identity_document_failure"},
            "unverified",
            ["verification.document"],
        ),
    ],
)
def test_magic_values_decide_the_identity_of_an_american(changes, status, relisted) -> None:
    facts = individual("US", {**US_PERSON, **changes})
    asked = requirements.evaluate(facts)
    assert asked.requirements["currently_due"] == []
    standing = requirements.evaluate(replace(facts, now=NOW + 60))
    assert standing.persons["person_1"]["status"] == status
    assert standing.persons["person_1"]["requirements"]["currently_due"] == relisted
    assert standing.charges_enabled is (status == "verified")
    errors = {error["requirement"] for error in standing.requirements["errors"]}
    assert errors == {f"individual.{name}" for name in relisted}


def test_immediate_values_need_no_wait() -> None:
    facts = individual("US", {**US_PERSON, "id_number": "222222222"})
    standing = requirements.evaluate(facts)
    assert standing.charges_enabled
    assert standing.persons["person_1"]["status"] == "verified"


def test_a_refused_document_is_asked_again_until_a_new_one_comes() -> None:
    bad = {**US_PERSON, "verification.document": "file_identity_document_failure"}
    failed = individual("US", bad, now=NOW + 60, created=NOW)
    assert not requirements.evaluate(failed).charges_enabled
    good = {**bad, "verification.document": "file_identity_document_success"}
    again = Person(
        "person_1", good, {"verification.document": NOW + 60}, frozenset({"representative"})
    )
    mended = replace(failed, persons=(again,))
    assert requirements.evaluate(mended).requirements["currently_due"] == []
    assert requirements.evaluate(replace(mended, now=NOW + 120)).charges_enabled


def test_elsewhere_a_failed_identity_leaves_time_until_a_deadline() -> None:
    facts = individual("DE", {**PERSON, "dob.year": "1980"})
    soon = requirements.evaluate(replace(facts, now=NOW + 10))
    assert soon.charges_enabled
    assert soon.requirements["currently_due"] == ["individual.verification.document"]
    deadline = soon.requirements["current_deadline"]
    assert deadline == NOW + 3 + 14 * 86_400
    assert soon.requirements["past_due"] == []
    late = requirements.evaluate(replace(facts, now=deadline))
    assert late.requirements["past_due"] == ["individual.verification.document"]
    assert late.requirements["current_deadline"] is None
    assert not late.payouts_enabled


@pytest.mark.parametrize(
    ("line", "charges", "payouts"),
    [
        ("address_full_match", True, True),
        ("address_no_match", True, False),
        ("address_line1_no_match", False, False),
    ],
)
def test_the_address_of_a_company_decides_what_is_enabled(line, charges, payouts) -> None:
    boss = Person("person_1", US_PERSON | {"relationship.title": "CEO"}, {}, BOSS, 100.0)
    facts = company("US", persons=(boss,), given={**COMPANY, "company.address.line1": line})
    standing = requirements.evaluate(replace(facts, now=NOW + 60))
    assert (standing.charges_enabled, standing.payouts_enabled) == (charges, payouts)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("company.name", "disallowed_name", "invalid_company_name_denylisted"),
        ("business_profile.name", "invalid_dba", "invalid_business_profile_name"),
        ("business_profile.product_description", "too short", "invalid_product_description_length"),
        ("company.tax_id", "111111112", "verification_failed_tax_id_not_issued"),
        ("business_profile.url", "https://missing.stripe.com", "invalid_url_website_incomplete"),
    ],
)
def test_values_held_against_a_company_come_back_as_errors(path, value, code) -> None:
    facts = company("US", given={**COMPANY, path: value})
    standing = requirements.evaluate(replace(facts, now=NOW + 60))
    assert code in {error["code"] for error in standing.requirements["errors"]}
    assert path in standing.requirements["currently_due"]


def test_a_phone_of_zeroes_was_a_future_error_until_august_2024() -> None:
    before = requirements.evaluate(individual("US", US_PERSON, OCTOBER_2023)).future_requirements
    assert before["errors"] == [
        {
            "code": "invalid_phone_number",
            "reason": "This phone number has too many repeating or sequential numbers. "
            "+10000000000 is not a valid phone number.",
            "requirement": "individual.phone",
        }
    ]
    after = requirements.evaluate(individual("US", US_PERSON, DECEMBER_2024)).future_requirements
    assert after["errors"] == []
