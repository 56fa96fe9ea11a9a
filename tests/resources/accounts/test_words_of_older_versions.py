"""What accounts say and take by the version of the request: reasons, types of account links."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.accounts.applicants import PROFILE, active
from tests.talking import Talk, error

_IDLE = {"mcc": "5734", "url": "https://inactivity.stripe.com"}
_REJECTED = (
    ("2026-08-26.dahlia", "fraud", "rejected.fraud"),
    ("2026-09-30.endive", "fraud", "rejected.platform_fraud"),
    ("2026-08-26.dahlia", "other", "rejected.other"),
    ("2026-09-30.endive", "other", "rejected.platform_other"),
)
_LINKS = ("custom_account_verification", "custom_account_update")


def why(talk: Talk, id_: str, version: str) -> Any:
    path = f"/v1/accounts/{id_}/capabilities/transfers"
    return talk.got(path, stripe_version=version)["requirements"]["disabled_reason"]


def test_inactivity_has_a_word_of_its_own_since_june_2024(talk: Talk):
    idle = active(talk, business_profile=_IDLE)["id"]
    assert why(talk, idle, "2024-04-10") == "rejected.other"
    assert why(talk, idle, "2024-06-20") == "paused.inactivity"
    busy = active(talk, business_profile=PROFILE)["id"]
    assert why(talk, busy, "2024-04-10") is None


@pytest.mark.parametrize(("version", "reason", "shown"), _REJECTED)
def test_the_platforms_rejections_are_told_apart_since_endive(
    talk: Talk, version: str, reason: str, shown: str
):
    id_ = active(talk)["id"]
    path = f"/v1/accounts/{id_}/reject"
    account = talk.made(path, {"reason": reason}, stripe_version=version)
    assert account["requirements"]["disabled_reason"] == shown


@pytest.mark.parametrize("type_", _LINKS)
def test_the_first_types_of_account_links_went_in_november_2022(talk: Talk, type_: str):
    asked = {"account": active(talk)["id"], "type": type_}
    made = talk.made("/v1/account_links", asked, stripe_version="2022-08-01")
    assert made["object"] == "account_link"
    for version in ("2022-11-15", "2026-10-28.endive"):
        refused = error(talk.post("/v1/account_links", asked, stripe_version=version), 400)
        assert refused["param"] == "type"


def test_an_update_is_for_accounts_whose_platform_collects(talk: Talk):
    asked = {"account": talk.made("/v1/accounts", {"type": "express"})["id"]}
    old = {**asked, "type": "custom_account_update"}
    refused = error(talk.post("/v1/account_links", old, stripe_version="2022-08-01"), 400)
    assert "account_update" in refused["message"]


def test_a_body_said_to_be_json_is_answered_in_stripes_shape(talk: Talk):
    for body in (b"", b"{}", b"{"):
        answer = talk.send("POST", "/v1/accounts", body, content_type="application/json")
        assert answer.status_code < 500
        if answer.status_code != 200:
            assert error(answer, answer.status_code)["type"] == "invalid_request_error"


@pytest.mark.parametrize("name", ["payout_schedule", "decline_charge_on"])
def test_older_hashes_are_hashes(talk: Talk, name: str):
    answer = talk.post("/v1/accounts", {name: "US"}, stripe_version="2017-12-14")
    assert error(answer, 400)["param"] == name
