"""Representatives under age: a legal guardian stands beside them, or they are too young."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.resources.accounts.applicants import COMPANY, OWNER, PERSON, SIGNED, active
from tests.talking import Talk

# It is 1 March 2026 in these tests.
_EIGHTEEN: Final = {"day": 1, "month": 3, "year": 2008}
_SEVENTEEN: Final = {"day": 2, "month": 3, "year": 2008}
_THIRTEEN: Final = {"day": 1, "month": 3, "year": 2013}
_TWELVE: Final = {"day": 2, "month": 3, "year": 2013}
_UNBORN: Final = {"day": 2, "month": 3, "year": 2026}
_AWAITED: Final = "legal_guardian."
_GUARDIAN: Final[dict[str, Any]] = {
    **PERSON,
    "relationship": {"legal_guardian": True},
    "additional_tos_acceptances": {"account": SIGNED},
}


def born(dob: dict[str, int]) -> dict[str, Any]:
    return {**PERSON, "dob": dob}


def awaited(account: Any) -> set[str]:
    due = account["requirements"]["currently_due"]
    return {path.removeprefix(_AWAITED) for path in due if path.startswith(_AWAITED)}


def later(talk: Talk, id_: str) -> Any:
    talk.advance("1m")
    return talk.got(f"/v1/accounts/{id_}")


@pytest.mark.parametrize(
    ("dob", "asked"), [(_EIGHTEEN, False), (_SEVENTEEN, True), (_THIRTEEN, True), (_TWELVE, False)]
)
def test_a_minor_needs_a_guardian(talk: Talk, dob: dict[str, int], asked: bool):
    account = active(talk, individual=born(dob))
    assert bool(awaited(account)) == asked
    if asked:
        assert {"first_name", "dob.day", "additional_tos_acceptances.account.date"} <= awaited(
            account
        )
        assert account["requirements"]["disabled_reason"] == "requirements.past_due"
        assert not account["charges_enabled"]


def test_a_guardian_who_signs_enables_the_minors_account(talk: Talk):
    id_ = active(talk, individual=born(_SEVENTEEN))["id"]
    unsigned = {k: v for k, v in _GUARDIAN.items() if k != "additional_tos_acceptances"}
    guardian = talk.made(f"/v1/accounts/{id_}/persons", unsigned)["id"]
    account = later(talk, id_)
    terms = "additional_tos_acceptances.account"
    due = [f"{guardian}.{terms}.date", f"{guardian}.{terms}.ip"]
    assert account["requirements"]["currently_due"] == due
    assert not account["charges_enabled"]
    path = f"/v1/accounts/{id_}/persons/{guardian}"
    talk.made(path, {"additional_tos_acceptances": _GUARDIAN["additional_tos_acceptances"]})
    account = later(talk, id_)
    assert account["requirements"]["currently_due"] == []
    assert account["charges_enabled"]


def test_a_guardian_must_be_of_age_and_verified(talk: Talk):
    id_ = active(talk, individual=born(_SEVENTEEN))["id"]
    failing = {**_GUARDIAN, "id_number": "111111111"}
    guardian = talk.made(f"/v1/accounts/{id_}/persons", failing)["id"]
    account = later(talk, id_)
    found = {error["requirement"] for error in account["requirements"]["errors"]}
    assert f"{guardian}.verification.document" in found
    assert not account["charges_enabled"]


@pytest.mark.parametrize(("dob", "asked"), [(_EIGHTEEN, False), (_SEVENTEEN, True)])
def test_a_companys_minor_representative_needs_one_too(
    talk: Talk, dob: dict[str, int], asked: bool
):
    id_ = talk.made("/v1/accounts", COMPANY)["id"]
    talk.made(f"/v1/accounts/{id_}/persons", {**OWNER, "dob": dob})
    account = later(talk, id_)
    assert bool(awaited(account)) == asked
    assert account["charges_enabled"] != asked
    talk.made(f"/v1/accounts/{id_}/persons", _GUARDIAN)
    assert later(talk, id_)["charges_enabled"]


@pytest.mark.parametrize(("dob", "young"), [(_THIRTEEN, False), (_TWELVE, True), (_UNBORN, True)])
def test_who_is_too_young_is_told_so_and_not_refused(talk: Talk, dob: dict[str, int], young: bool):
    account = active(talk, individual=born(dob))
    codes = {error["code"] for error in account["requirements"]["errors"]}
    assert ("invalid_dob_age_under_minimum" in codes) == young


@pytest.mark.parametrize(("text", "short"), [("nine char", True), ("ten chars.", False)])
def test_a_description_has_ten_characters(talk: Talk, text: str, short: bool):
    account = active(talk, business_profile={"mcc": "5734", "product_description": text})
    codes = {error["code"] for error in account["requirements"]["errors"]}
    assert ("invalid_product_description_length" in codes) == short


def test_the_onboarding_form_fills_a_guardian_in(talk: Talk):
    id_ = active(talk, individual=born(_SEVENTEEN))["id"]
    asked = {"account": id_, "type": "account_onboarding"}
    url = talk.made("/v1/account_links", asked)["url"]
    path = url[url.index("/_emulator") :]
    assert talk.client.get(path).status_code == 200
    answer = talk.client.post(path, data={"deed": "fill"})
    assert answer.status_code < 400, answer.text
    account = later(talk, id_)
    assert awaited(account) == set()
    assert account["charges_enabled"]
