"""What the world decides of verification, what rejection does, and who is found by `expand`."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.resources.accounts.applicants import COMPANY, INDIVIDUAL, OWNER, PERSON, active, opened
from tests.talking import Talk, error

# A person of whom test mode knows nothing: it would ask for a document.
STRANGER: Final = {**PERSON, "dob": {"day": 4, "month": 7, "year": 1980}, "id_number": "123456789"}


def decide(talk: Talk, answer: str, **where: Any) -> None:
    """Have every question of verification answered so, from now on."""
    body = {"question": "account.verify", "answer": answer, "where": where, "times": None}
    assert talk.control("answers", body).status_code == 200


def decided(talk: Talk) -> list[dict[str, Any]]:
    """What was answered as told, newest first."""
    found: list[dict[str, Any]] = talk.control("answers").json()["used"]
    return found


def errors(account: Any) -> set[tuple[str, str]]:
    return {(error["code"], error["requirement"]) for error in account["requirements"]["errors"]}


# -- verification ---------------------------------------------------------------------------------


def test_the_world_may_verify_whom_test_mode_would_not(talk: Talk):
    decide(talk, "verified", kind="identity")
    account = active(talk, individual=STRANGER)
    assert account["charges_enabled"]
    (use,) = decided(talk)
    assert use["about"]["account"] == use["object"] == account["id"]
    assert use["about"]["person"] == account["individual"]["id"]


def test_the_world_may_refuse_with_a_reason_of_its_own(talk: Talk):
    decide(talk, "verification_document_expired", kind="identity")
    account = active(talk, individual=STRANGER)
    path = "individual.verification.document"
    assert errors(account) == {("verification_document_expired", path)}
    assert not account["charges_enabled"]


@pytest.mark.parametrize(
    ("kind", "code", "path"),
    [
        ("company_tax_id", "verification_failed_tax_id_match", "company.tax_id"),
        ("company_address", "verification_failed_address_match", "company.address.line1"),
        ("url", "invalid_url_website_other", "business_profile.url"),
    ],
)
def test_the_world_decides_on_companies_too(talk: Talk, kind: str, code: str, path: str):
    decide(talk, code, kind=kind)
    street = {**PERSON["address"], "line1": "1 Market Street"}
    company = {**COMPANY["company"], "tax_id": "123456789", "address": street}
    account = talk.made("/v1/accounts", {**COMPANY, "company": company})
    talk.made(f"/v1/accounts/{account['id']}/persons", OWNER)
    talk.advance("1m")
    assert errors(talk.got(f"/v1/accounts/{account['id']}")) == {(code, path)}


def test_values_of_test_mode_are_not_overruled(talk: Talk):
    decide(talk, "verification_failed_other", kind="identity")
    assert active(talk)["charges_enabled"]
    assert decided(talk) == []


def test_values_of_test_mode_are_overruled_for_a_person_that_is_named(talk: Talk):
    account = talk.made("/v1/accounts", INDIVIDUAL)
    person = talk.got(f"/v1/accounts/{account['id']}")["individual"]["id"]
    decide(talk, "verification_failed_other", person=person)
    talk.advance("1m")
    account = talk.got(f"/v1/accounts/{account['id']}")
    assert {code for code, _ in errors(account)} == {"verification_failed_other"}


def test_one_check_is_one_question_and_a_new_value_a_new_one(talk: Talk):
    decide(talk, "verification_failed_keyed_identity", kind="identity")
    id_ = active(talk, individual=STRANGER)["id"]
    for seconds in ("10s", "1d"):
        talk.made(f"/v1/accounts/{id_}", {"metadata": {"seconds": seconds}})
        talk.advance(seconds)
    assert len(decided(talk)) == 1
    talk.client.delete("/_emulator/answers", headers={"Authorization": f"Bearer {talk.key}"})
    decide(talk, "verified", kind="identity")
    talk.made(f"/v1/accounts/{id_}", {"individual": {"id_number": "987654321"}})
    talk.made(f"/v1/accounts/{id_}", {"tos_acceptance": INDIVIDUAL["tos_acceptance"]})
    talk.advance("1m")
    assert len(decided(talk)) == 2
    account = talk.got(f"/v1/accounts/{id_}")
    assert account["charges_enabled"]
    assert errors(account) == set()


# -- rejection ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("fraud", "rejected.fraud"),
        ("fraud_other", "rejected.fraud"),
        ("terms_of_service", "rejected.terms_of_service"),
        ("other", "rejected.other"),
        ("credit", "rejected.other"),
    ],
)
def test_rejection_stops_everything_until_it_is_taken_back(talk: Talk, reason: str, shown: str):
    id_ = active(talk)["id"]
    account = talk.made(f"/v1/accounts/{id_}/reject", {"reason": reason})
    assert account["requirements"]["disabled_reason"] == shown
    assert set(account["capabilities"].values()) == {"inactive"}
    assert (account["charges_enabled"], account["payouts_enabled"]) == (False, False)
    capability = talk.got(f"/v1/accounts/{id_}/capabilities/transfers")
    assert capability["requirements"]["disabled_reason"] == "rejected.other"
    give = {"amount": 100, "currency": "usd", "destination": id_}
    refused = error(talk.post("/v1/transfers", give), 400)
    assert refused["code"] == "insufficient_capabilities_for_transfer"
    account = talk.made(f"/v1/accounts/{id_}/unreject")
    assert account["charges_enabled"]
    assert account["payouts_enabled"]


def test_rejection_may_leave_payouts_on(talk: Talk):
    id_ = active(talk)["id"]
    params = {"reason": "other", "payouts_action": "none"}
    account = talk.made(f"/v1/accounts/{id_}/reject", params)
    assert (account["charges_enabled"], account["payouts_enabled"]) == (False, True)


# -- found by expand ------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["btok_us_verified", "tok_visa_debit_us_transferSuccess"])
def test_a_payouts_destination_can_be_expanded(talk: Talk, token: str):
    id_ = active(talk, external_account=token)["id"]
    share = {"amount": 5000, "transfer_data": {"destination": id_}}
    talk.made("/v1/charges", {"currency": "usd", "source": "tok_bypassPending", **share})
    payout = {"amount": 1000, "currency": "usd", "expand": ["destination"]}
    found = talk.made("/v1/payouts", payout, stripe_account=id_)["destination"]
    assert found["object"] == ("card" if token.startswith("tok_") else "bank_account")
    assert found["account"] == id_
    listed = talk.got("/v1/payouts", {"expand": ["data.destination"]}, stripe_account=id_)
    assert listed["data"][0]["destination"] == found


# -- who is not there -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["charges", "payment_intents", "setup_intents"])
def test_an_unknown_merchant_is_refused(talk: Talk, path: str):
    params = {"amount": 1000, "currency": "usd", "on_behalf_of": "acct_nope"}
    if path == "setup_intents":
        params = {"on_behalf_of": "acct_nope"}
    if path == "charges":
        params["source"] = "tok_visa"
    refused = error(talk.post(f"/v1/{path}", params), 400)
    assert (refused["code"], refused["param"]) == ("resource_missing", "on_behalf_of")


def test_a_bank_account_nobody_sent_is_missing(talk: Talk):
    id_ = opened(talk)["id"]
    refused = error(talk.post(f"/v1/accounts/{id_}/bank_accounts"), 400)
    assert refused["code"] == "parameter_missing"
