"""Simulators of connected accounts."""

from __future__ import annotations

import pytest

from tests.control.simulating import refused, simulate, types
from tests.resources.accounts.applicants import INDIVIDUAL, active
from tests.talking import Talk

# -- accounts -------------------------------------------------------------------------------------


def test_verification_fails_and_passes(talk: Talk):
    account = active(talk)
    person = account["individual"]["id"]
    code = "verification_document_expired"
    found = simulate(talk, "verification_failed", account=account["id"], person=person, code=code)
    wants = found["object"]["requirements"]
    assert {each["code"] for each in wants["errors"]} == {code}
    assert {"account.updated", "person.updated", "capability.updated"} <= set(types(found))
    assert found["object"]["charges_enabled"]
    assert wants["currently_due"]
    assert wants["current_deadline"] > account["created"]
    late = simulate(talk, "requirement_deadline_passed", account=account["id"])["object"]
    assert late["requirements"]["disabled_reason"] == "requirements.past_due"
    assert not late["charges_enabled"]
    found = simulate(talk, "verification_passed", account=account["id"])
    assert found["object"]["charges_enabled"]
    assert found["object"]["requirements"]["errors"] == []
    bare = talk.account()
    assert "nothing to look at" in refused(talk, "verification_passed", account=bare)["message"]
    assert refused(talk, "verification_failed", account=account["id"], kind="company_tax_id")
    assert refused(talk, "verification_failed", account=account["id"], person="person_1")


def test_a_check_that_runs_ends_at_once(talk: Talk):
    account = talk.made("/v1/accounts", INDIVIDUAL)
    assert account["requirements"]["pending_verification"]
    found = simulate(talk, "verification_passed", account=account["id"])["object"]
    assert found["requirements"]["pending_verification"] == []
    assert found["charges_enabled"]
    talk.advance("1d")
    assert talk.got(f"/v1/accounts/{account['id']}")["charges_enabled"]


def test_a_requirement_is_added_and_its_deadline_passes(talk: Talk):
    id_ = active(talk)["id"]
    assert refused(talk, "requirement_deadline_passed", account=id_)
    path = "individual.verification.additional_document"
    found = simulate(talk, "requirement_added", account=id_, requirement=path, days=14)["object"]
    assert found["requirements"]["currently_due"] == [path]
    assert found["requirements"]["current_deadline"] == 1_772_366_400 + 14 * 86_400 + 60
    assert found["charges_enabled"]
    found = simulate(talk, "requirement_deadline_passed", account=id_)["object"]
    assert found["requirements"]["past_due"] == [path]
    assert not found["charges_enabled"]
    document = {
        "individual": {
            "verification": {"additional_document": {"front": "file_identity_document_success"}}
        }
    }
    talk.made(f"/v1/accounts/{id_}", document)
    talk.advance("1m")
    account = talk.got(f"/v1/accounts/{id_}")
    assert account["charges_enabled"]
    assert account["requirements"]["past_due"] == []


def test_a_demand_is_overdue_at_once_or_by_the_clock(talk: Talk):
    id_ = active(talk)["id"]
    path, code = "business_profile.url", "invalid_url_website_inaccessible"
    found = simulate(talk, "requirement_added", account=id_, requirement=path, code=code)["object"]
    assert found["requirements"]["errors"][0]["code"] == code
    assert not found["charges_enabled"]
    talk.made(f"/v1/accounts/{id_}", {"business_profile": {"url": "https://example.org/shop"}})
    talk.advance("1m")
    assert talk.got(f"/v1/accounts/{id_}")["charges_enabled"]
    simulate(talk, "requirement_added", account=id_, requirement=path, days=2)
    talk.advance("3d")
    assert not talk.got(f"/v1/accounts/{id_}")["charges_enabled"]
    for path in ("person_1.dob.day", "nonsense", "", "company.nothing"):
        assert refused(talk, "requirement_added", account=id_, requirement=path)


def test_a_demand_is_met_by_giving_the_same_once_more(talk: Talk):
    id_ = active(talk)["id"]
    document = "individual.verification.document"
    for path in (document, "external_account", "company.tax_id"):
        found = simulate(talk, "requirement_added", account=id_, requirement=path)["object"]
        assert path in found["requirements"]["past_due"]
    front = {"front": "file_identity_document_success"}
    talk.made(f"/v1/accounts/{id_}", {"individual": {"verification": {"document": front}}})
    talk.made(f"/v1/accounts/{id_}", {"company": {"tax_id": "000000000"}})
    bank = {"external_account": "btok_us_verified"}
    talk.made(f"/v1/accounts/{id_}/external_accounts", bank)
    talk.advance("1m")
    account = talk.got(f"/v1/accounts/{id_}")
    assert account["requirements"]["past_due"] == []
    assert account["charges_enabled"]


def test_a_capability_is_disabled_and_restored(talk: Talk):
    id_ = active(talk)["id"]
    both = {"account": id_, "capability": "transfers"}
    found = simulate(talk, "capability_disabled", **both)
    assert found["object"]["capabilities"]["transfers"] == "inactive"
    assert "capability.updated" in types(found)
    capability = talk.got(f"/v1/accounts/{id_}/capabilities/transfers")
    assert capability["requirements"]["disabled_reason"] == "other"
    assert refused(talk, "capability_disabled", **both)
    found = simulate(talk, "capability_restored", **both)
    assert found["object"]["capabilities"]["transfers"] == "active"
    assert refused(talk, "capability_restored", **both)
    message = refused(talk, "capability_disabled", account=id_, capability="nothing")["message"]
    assert "transfers" in message


@pytest.mark.parametrize("reason", ["under_review", "listed", "rejected.fraud", "other"])
def test_an_account_is_disabled_and_restored(talk: Talk, reason: str):
    id_ = active(talk)["id"]
    found = simulate(talk, "account_disabled", account=id_, disabled_reason=reason)["object"]
    assert found["requirements"]["disabled_reason"] == reason
    assert (found["charges_enabled"], found["payouts_enabled"]) == (False, False)
    assert refused(talk, "account_disabled", account=id_)
    found = simulate(talk, "account_restored", account=id_)["object"]
    assert found["charges_enabled"]
    assert found["requirements"]["disabled_reason"] is None
    assert refused(talk, "account_restored", account=id_)


def test_an_account_is_rejected_and_restored(talk: Talk):
    id_ = active(talk)["id"]
    found = simulate(talk, "account_rejected", account=id_, reason="fraud")["object"]
    assert found["requirements"]["disabled_reason"] == "rejected.fraud"
    assert simulate(talk, "account_restored", account=id_)["object"]["charges_enabled"]


def test_onboarding_is_completed(talk: Talk):
    account = talk.made("/v1/accounts", {"type": "express", "country": "US"})
    found = simulate(talk, "onboarding_completed", account=account["id"])["object"]
    assert found["details_submitted"]
    talk.advance("1d")
    assert talk.got(f"/v1/accounts/{account['id']}")["charges_enabled"]


def test_an_account_is_connected_and_leaves(talk: Talk):
    found = simulate(talk, "account_connected", country="US", email="a@example.com")
    account = found["object"]["id"]
    assert "account.application.authorized" in types(found)
    assert types(simulate(talk, "account_deauthorized", account=account)) == [
        "account.application.deauthorized"
    ]
    assert refused(talk, "account_deauthorized", 404, account=account)["code"] == "resource_missing"
    found = simulate(talk, "account_connected", account=account)
    assert found["object"]["id"] == account
    assert refused(talk, "account_deauthorized", account=active(talk)["id"])
