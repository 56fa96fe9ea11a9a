"""Capabilities as objects: requested, looked at, given back; and country specs."""

from __future__ import annotations

import pytest

from tests.resources.accounts.applicants import active, opened, told
from tests.talking import NOW, Talk, error


def test_every_capability_of_the_country_is_listed(talk: Talk):
    account = opened(talk)["id"]
    listed = talk.got(f"/v1/accounts/{account}/capabilities")
    statuses = {found["id"]: found["status"] for found in listed["data"]}
    assert statuses["card_payments"] == "pending"
    assert statuses["klarna_payments"] == "unrequested"
    assert "au_becs_debit_payments" not in statuses
    assert not listed["has_more"]


def test_one_may_be_looked_at_before_it_is_requested(talk: Talk):
    account = active(talk)["id"]
    path = f"/v1/accounts/{account}/capabilities/klarna_payments"
    looked = talk.got(path)
    assert looked["requested"] is False
    assert looked["requested_at"] is None
    requested = talk.made(path, {"requested": True})
    assert requested["status"] == "active"
    assert requested["requested_at"] == NOW + 60
    assert talk.got(f"/v1/accounts/{account}")["capabilities"]["klarna_payments"] == "active"
    assert [event["type"] for event in told(talk, account)[-2:]] == [
        "capability.updated",
        "account.updated",
    ]


def test_giving_one_back_takes_it_off_the_account(talk: Talk):
    account = active(talk)["id"]
    path = f"/v1/accounts/{account}/capabilities/card_payments"
    assert talk.made(path, {"requested": False})["status"] == "unrequested"
    assert "card_payments" not in talk.got(f"/v1/accounts/{account}")["capabilities"]


@pytest.mark.parametrize("name", ["nonsense", "au_becs_debit_payments"])
def test_what_the_country_lacks_does_not_exist(talk: Talk, name):
    account = opened(talk)["id"]
    refused = error(talk.get(f"/v1/accounts/{account}/capabilities/{name}"), 404)
    assert refused["message"] == f"No such capability: '{name}'"


def test_an_inactive_one_says_what_it_needs(talk: Talk):
    account = opened(talk, individual={"first_name": "A"})["id"]
    shown = talk.got(f"/v1/accounts/{account}/capabilities/transfers")
    assert shown["status"] == "inactive"
    assert shown["requirements"]["disabled_reason"] == "requirements.fields_needed"
    assert "individual.last_name" in shown["requirements"]["past_due"]


def test_country_specs_come_from_the_same_tables(talk: Talk):
    spec = talk.got("/v1/country_specs/US")
    assert spec["supported_bank_account_currencies"] == {"usd": ["US"]}
    assert spec["supported_payment_currencies"][0] == "usd"
    assert "individual.first_name" in spec["verification_fields"]["individual"]["minimum"]
    first = talk.got("/v1/country_specs", {"limit": 2})
    after = talk.got("/v1/country_specs", {"limit": 1, "starting_after": first["data"][0]["id"]})
    assert after["data"][0] == first["data"][1]
    assert first["has_more"]
    assert error(talk.get("/v1/country_specs/XX"), 404)["code"] == "resource_missing"
