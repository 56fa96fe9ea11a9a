"""What is asked, what follows from what was given, and that the arrays always agree."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from emulator.rules.accounts import requirements
from emulator.rules.accounts.facts import Facts, Person, changed, flatten, roles
from emulator.rules.accounts.needs import table
from tests.rules.accounts.examples import (
    BOSS,
    BOTH,
    DECEMBER_2024,
    NOW,
    OCTOBER_2023,
    PERSON,
    SIGNED,
    US_PERSON,
    company,
    individual,
    person,
)

_MARCH_2024: Final = 1_710_000_000
_DOCUMENT: Final = ("verification.document",)


def test_a_complete_us_individual_is_pending_first_and_active_after_the_checks() -> None:
    facts = individual("US", US_PERSON)
    at_first = requirements.evaluate(facts)
    assert at_first.capabilities == {"card_payments": "pending", "transfers": "pending"}
    assert at_first.requirements["disabled_reason"] == "requirements.pending_verification"
    assert not at_first.charges_enabled
    assert at_first.details_submitted
    assert at_first.next_at is not None

    just_before = requirements.evaluate(replace(facts, now=NOW + 21))
    assert just_before.capabilities["transfers"] == "pending"
    after = requirements.evaluate(replace(facts, now=NOW + 22))
    assert after.capabilities == {"card_payments": "active", "transfers": "active"}
    assert after.charges_enabled
    assert after.payouts_enabled
    assert after.requirements["disabled_reason"] is None
    assert after.persons["person_1"]["status"] == "pending"
    assert after.next_at == NOW + 35
    told = requirements.evaluate(replace(facts, now=NOW + 35))
    assert told.persons["person_1"]["status"] == "verified"
    assert told.next_at is None


def _pending(facts: Facts, seconds: int) -> tuple[set[str], set[str]]:
    """What is verified so long after the beginning, as of now and in what is to come."""
    standing = requirements.evaluate(replace(facts, now=facts.now + seconds))
    views = (standing.requirements, standing.future_requirements)
    now, ahead = (set(view["pending_verification"]) for view in views)
    return now, ahead


def test_what_is_to_come_lets_go_of_documents_first() -> None:
    facts, document = individual("US", US_PERSON, OCTOBER_2023), "individual.verification.document"
    for seconds, now, ahead in ((1, True, True), (2, True, False), (9, True, False)):
        found = _pending(facts, seconds)
        assert (document in found[0], document in found[1]) == (now, ahead)
    assert _pending(facts, 10) == (set(), set())

    along = {**US_PERSON, "verification.document": "file_identity_document_success"}
    found = _pending(individual("US", along, OCTOBER_2023), 1)
    assert (document in found[0], document in found[1]) == (True, False)


@pytest.mark.parametrize(("afterwards", "status"), [((), "pending"), (_DOCUMENT, "verified")])
def test_a_document_by_itself_was_accepted_on_the_spot(afterwards, status) -> None:
    """Also within the second in which the rest was given."""
    given = {**US_PERSON, "verification.document": "file_identity_document_success"}
    facts = individual("US", given, OCTOBER_2023)
    facts = replace(facts, persons=(replace(facts.persons[0], afterwards=frozenset(afterwards)),))
    assert requirements.evaluate(facts).persons["person_1"]["status"] == status


def test_addresses_were_looked_up_faster_in_early_2024() -> None:
    line = "individual.address.line1"
    for start, seconds in ((OCTOBER_2023, 10), (_MARCH_2024, 3), (NOW, 22)):
        facts = individual("US", US_PERSON, start)
        assert line in _pending(facts, seconds - 1)[0]
        assert line not in _pending(facts, seconds)[0]


@pytest.mark.parametrize("country", ["DE", "FR", "GB", "NO", "SE", "PL", "RO", "LI", "GI", "CH"])
def test_complete_europeans_are_active_at_once_while_the_person_is_pending(country) -> None:
    standing = requirements.evaluate(individual(country, PERSON))
    assert set(standing.capabilities.values()) == {"active"}
    assert standing.payouts_enabled
    assert standing.requirements["pending_verification"] == []
    assert standing.persons["person_1"]["status"] == "pending"


def test_a_missing_bank_account_stops_payouts_alone() -> None:
    facts = individual("CA", PERSON, OCTOBER_2023, external_account=False)
    standing = requirements.evaluate(facts)
    assert standing.charges_enabled
    assert not standing.payouts_enabled
    assert not standing.details_submitted
    assert standing.requirements["past_due"] == ["external_account"]
    assert standing.requirements["disabled_reason"] == "requirements.past_due"


@pytest.mark.parametrize(
    ("now", "title_due"), [(1_724_259_599, False), (1_724_259_600, True), (DECEMBER_2024, True)]
)
def test_canada_asks_for_a_title_from_21_august_2024(now, title_due) -> None:
    due = requirements.evaluate(individual("CA", PERSON, now)).requirements["currently_due"]
    assert ("individual.relationship.title" in due) is title_due


def test_canada_announced_it_before_with_its_deadline() -> None:
    future = requirements.evaluate(individual("CA", PERSON, 1_710_146_000)).future_requirements
    assert future["current_deadline"] == 1_724_259_600
    assert future["currently_due"] == ["individual.relationship.title"]
    assert future["past_due"] == []


def test_a_us_company_waits_for_its_people_by_role() -> None:
    standing = requirements.evaluate(company("US", OCTOBER_2023))
    due = standing.requirements["currently_due"]
    assert "company.owners_provided" in due
    assert "owners.email" in due
    assert "representative.ssn_last_4" in due
    later = set(standing.requirements["eventually_due"]) - set(due)
    assert "owners.ssn_last_4" in later
    assert standing.details_submitted
    assert standing.requirements["alternatives"] == [
        {
            "alternative_fields_due": ["owners.verification.document"],
            "original_fields_due": ["owners.ssn_last_4"],
        },
        {
            "alternative_fields_due": ["representative.verification.document"],
            "original_fields_due": ["representative.ssn_last_4"],
        },
    ]


@pytest.mark.parametrize(("percent", "due"), [(75.0, True), (76.0, False), (100.0, False)])
def test_owners_are_known_when_no_other_could_own_a_quarter(percent, due) -> None:
    boss = Person("person_1", US_PERSON | {"relationship.title": "CEO"}, {}, BOSS, percent)
    standing = requirements.evaluate(company("US", persons=(boss,)))
    assert ("company.owners_provided" in standing.requirements["currently_due"]) is due
    assert not any(name.startswith("owners.") for name in standing.requirements["eventually_due"])


def test_a_person_is_named_by_id_once_there() -> None:
    half = {name: value for name, value in US_PERSON.items() if name != "dob.day"}
    boss = Person("person_1", half, {}, BOSS, 100.0)
    standing = requirements.evaluate(company("US", persons=(boss,)))
    assert "person_1.dob.day" in standing.requirements["currently_due"]
    assert "dob.day" in standing.persons["person_1"]["requirements"]["currently_due"]
    assert not any("representative." in name for name in standing.requirements["eventually_due"])


def test_sole_proprietorships_have_no_owners() -> None:
    facts = company("US", structure="sole_proprietorship")
    due = requirements.evaluate(facts).requirements["eventually_due"]
    assert not any("owners" in name for name in due)


def test_japan_asks_for_a_document_that_stops_payouts_only() -> None:
    names = table()["bundles"]["kana_kanji_name"] + table()["bundles"]["kana_kanji_address"]
    facts = individual("JP", {**PERSON, **dict.fromkeys(names, "x")})
    facts = replace(facts, given={**SIGNED, "business_profile.product_description": "Long enough"})
    standing = requirements.evaluate(facts)
    assert set(standing.capabilities.values()) == {"active"}
    assert standing.charges_enabled
    assert not standing.payouts_enabled
    assert standing.details_submitted
    assert standing.requirements["past_due"] == ["individual.verification.document"]


def test_a_field_of_the_next_stage_comes_due_when_the_first_ones_are_given() -> None:
    sent = {**PERSON, "id_number": "000000000", "nationality": "SG"}
    before = requirements.evaluate(individual("SG", sent)).requirements
    assert before["currently_due"] == ["individual.full_name_aliases"]
    assert "individual.verification.proof_of_liveness" in before["eventually_due"]
    after = requirements.evaluate(individual("SG", {**sent, "full_name_aliases": ""})).requirements
    assert after["past_due"] == ["individual.verification.proof_of_liveness"]


@pytest.mark.parametrize(
    ("country", "needed"), [("PY", True), ("GT", True), ("NG", False), ("KR", False)]
)
def test_recipients_give_an_id_number_in_some_countries(country, needed) -> None:
    facts = individual(country, PERSON, agreement="recipient", requested=frozenset({"transfers"}))
    standing = requirements.evaluate(facts)
    if needed:
        assert standing.requirements["eventually_due"] == ["individual.id_number"]
        assert standing.capabilities == {"transfers": "inactive"}
    else:
        assert standing.requirements["eventually_due"] == ["individual.verification.document"]
        assert standing.requirements["currently_due"] == []
        assert standing.charges_enabled
        assert standing.payouts_enabled
    assert standing.persons["person_1"]["status"] == "unverified"


def test_an_account_that_asked_for_nothing_says_so() -> None:
    standing = requirements.evaluate(individual("US", US_PERSON, requested=frozenset()))
    assert standing.requirements["disabled_reason"] == "action_required.requested_capabilities"
    assert standing.requirements["eventually_due"] == []


@pytest.mark.parametrize(
    ("country", "expected"),
    [("US", "settings.payments.statement_descriptor"), ("AU", "representative.address.state")],
)
def test_a_fresh_express_account_asks_for_everything(country, expected) -> None:
    facts = Facts(country, NOW, NOW, dashboard="express", requested=BOTH)
    standing = requirements.evaluate(facts)
    due = standing.requirements["currently_due"]
    assert {expected, "business_type", "external_account", "tos_acceptance.ip"} <= set(due)
    assert standing.requirements["past_due"] == due
    assert not standing.details_submitted


def test_a_standard_account_in_early_2024_had_only_the_signing_past_due() -> None:
    facts = Facts("AU", 1_710_000_000, 1_710_000_000, dashboard="full")
    shown = requirements.evaluate(facts).requirements
    assert shown["past_due"] == ["external_account", "tos_acceptance.date", "tos_acceptance.ip"]
    assert len(shown["currently_due"]) == 6
    assert shown["disabled_reason"] == "requirements.past_due"


# --- capabilities, rejection, thresholds


def test_an_unrequested_capability_previews_its_requirements() -> None:
    facts = individual("US", {}, requested=frozenset())
    seen = requirements.of_capability(facts, "transfers")
    assert seen["status"] == "unrequested"
    assert "individual.first_name" in seen["requirements"]["currently_due"]


def test_tax_reporting_is_active_at_once_and_legacy_payments_never() -> None:
    names = BOTH | {"tax_reporting_us_1099_k", "legacy_payments"}
    facts = individual("US", US_PERSON, requested=names)
    tax = requirements.of_capability(facts, "tax_reporting_us_1099_k")
    assert tax["status"] == "active"
    assert tax["requirements"]["pending_verification"] == ["individual.id_number"]
    legacy = requirements.of_capability(facts, "legacy_payments")
    assert legacy["status"] == "inactive"
    assert legacy["requirements"]["disabled_reason"] == "requirements.fields_needed"
    assert legacy["requirements"]["currently_due"] == []


def test_rejection_disables_everything() -> None:
    standing = requirements.evaluate(individual("DE", PERSON, rejected="fraud"))
    assert not standing.charges_enabled
    assert not standing.payouts_enabled
    assert set(standing.capabilities.values()) == {"inactive"}
    assert standing.requirements["disabled_reason"] == "rejected.platform_fraud"


@pytest.mark.parametrize(("days", "past"), [(0, False), (13, False), (14, True)])
def test_a_threshold_makes_eventual_fields_due_with_a_deadline(days, past) -> None:
    facts = individual("MX", PERSON, agreement="recipient", requested=frozenset({"transfers"}))
    facts = replace(
        facts,
        persons=(person({**PERSON, "id_number": "0"}),),
        advanced_at=NOW,
        now=NOW + days * 86_400,
    )
    shown = requirements.evaluate(facts).requirements
    assert shown["currently_due"] == ["individual.verification.document"]
    assert bool(shown["past_due"]) is past
    assert (shown["current_deadline"] is None) is past


def test_parameters_flatten_to_requirement_paths() -> None:
    params = {
        "company": {"name": "A", "directors_provided": False, "owners_provided": True},
        "individual": {"full_name_aliases": [], "email": ""},
        "verification": {"document": {"front": "file_1", "back": "file_2"}},
        "documents": {"passport": {"files": ["file_3"]}},
    }
    assert flatten(params) == {
        "company.name": "A",
        "company.owners_provided": "true",
        "individual.full_name_aliases": "",
        "verification.document": "file_2",
        "documents.passport.files": "file_3",
    }
    assert changed({"a": "1", "b": "1"}, {"a": 5, "b": 5}, {"a": "1", "b": "2"}, 9) == {
        "a": 5,
        "b": 9,
    }
    assert roles({"owner": "true", "director": "false", "title": "CEO"}) == {"owner"}


def test_singapore_may_be_paid_before_proof_of_liveness_but_not_pay_out() -> None:
    """Observed in October 2023: transfers arrived while it was past due on the person."""
    sent = {**PERSON, "id_number": "000000000", "nationality": "SG", "full_name_aliases": "x"}
    standing = requirements.evaluate(individual("SG", sent))
    assert standing.requirements["past_due"] == ["individual.verification.proof_of_liveness"]
    assert standing.capabilities["transfers"] == "active"
    assert not standing.payouts_enabled


def test_a_document_sent_later_is_read_in_ten_seconds() -> None:
    """Observed in November 2024: active eleven seconds after it, 22 after the person was there."""
    facts = individual("US", US_PERSON)
    person = facts.persons[0]
    sent = dict.fromkeys(person.given, NOW) | {"verification.document": NOW + 11}
    with_document = replace(
        person, given={**person.given, "verification.document": "file_1"}, given_at=sent
    )
    later = replace(facts, persons=(with_document,))
    at_21, at_22 = (
        requirements.evaluate(replace(later, now=NOW + seconds)) for seconds in (21, 22)
    )
    assert at_21.capabilities["transfers"] == "pending"
    assert at_22.capabilities["transfers"] == "active"
