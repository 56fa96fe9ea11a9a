"""Whatever happens to an account in whatever order, its arrays, statuses and switches agree."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from emulator.rules.accounts import countries
from emulator.web.app import build
from emulator.world import Profile, Worlds
from tests.resources.accounts.applicants import BOTH, COMPANY, OWNER, PERSON, PROFILE, SIGNED
from tests.talking import NOW, Talk

_COUNTRIES: Final = ("US", "DE", "GB", "CA", "AU", "JP", "SG", "AE", "HK", "NZ")
_ARRAYS: Final = ("currently_due", "eventually_due", "past_due", "pending_verification")
_MONEY: Final = {"card_payments", "transfers"}
_LINES: Final = ("address_full_match", "address_no_match", "address_line1_no_match")
_NUMBERS: Final = ("000000000", "111111111", "222222222", "123456789")
Deed = tuple[str, dict[str, Any]]


def _company(number: str, line: str) -> dict[str, Any]:
    address = {**PERSON["address"], "line1": line}
    return {**COMPANY["company"], "tax_id": number, "address": address}


def _person(number: str, line: str, year: int) -> dict[str, Any]:
    address = {**PERSON["address"], "line1": line}
    born = {"day": 1, "month": 1, "year": year}
    return {**PERSON, "id_number": number, "address": address, "dob": born}


NUMBERS: Final = st.sampled_from(_NUMBERS)
LINES: Final = st.sampled_from(_LINES)
PERSONS: Final = st.builds(_person, NUMBERS, LINES, st.sampled_from((1900, 1901, 1902, 1985, 2020)))
UPDATES: Final = st.one_of(
    st.sampled_from(
        (
            {"business_profile": PROFILE},
            {"business_profile": {"url": "https://inactivity.stripe.com"}},
            {"business_profile": {"url": "https://problem.stripe.com", "product_description": ""}},
            {"tos_acceptance": SIGNED},
            {"external_account": "OWN"},
            {"capabilities": {"card_payments": {"requested": False}}},
            {"capabilities": {"transfers": {"requested": False}}},
            {"capabilities": BOTH},
            {"settings": {"payouts": {"schedule": {"interval": "manual"}}}},
            {"settings": {"payments": {"statement_descriptor": "abc"}}},
            {"settings": {"payments": {"statement_descriptor": "ROCKET RIDES"}}},
            {"company": {"owners_provided": True}},
            {"business_type": "company"},
            {"business_type": "individual"},
            {
                "individual": {
                    "verification": {"document": {"front": "file_identity_document_failure"}}
                }
            },
            {
                "individual": {
                    "verification": {"document": {"front": "file_identity_document_success"}}
                }
            },
        )
    ),
    st.builds(lambda one: {"business_type": "individual", "individual": one}, PERSONS),
    st.builds(
        lambda n, line: {"business_type": "company", "company": _company(n, line)}, NUMBERS, LINES
    ),
)
DEEDS: Final = st.one_of(
    st.tuples(st.just("update"), UPDATES),
    st.tuples(st.just("update"), UPDATES),
    st.tuples(st.just("persons"), st.builds(lambda one: {**OWNER, **one}, PERSONS)),
    st.tuples(st.just("reject"), st.sampled_from(({"reason": "fraud"}, {"reason": "other"}))),
    st.tuples(st.just("unreject"), st.just({})),
    st.tuples(
        st.just("charge"),
        st.sampled_from(
            (
                {"source": "tok_visa_triggerNextRequirements"},
                {"source": "tok_visa_triggerChargeBlock"},
                {"source": "tok_visa_triggerPayoutBlock"},
            )
        ),
    ),
)


def perform(talk: Talk, id_: str, country: str, deed: Deed) -> int:
    name, params = deed
    path = f"/v1/accounts/{id_}"
    match name:
        case "update":
            if params.get("external_account") == "OWN":
                params = {"external_account": f"btok_{country.lower()}"}
            return talk.post(path, params).status_code
        case "charge":
            price = {"amount": 1000, "currency": countries.country(country).default_currency}
            return talk.post("/v1/charges", {**price, **params}, stripe_account=id_).status_code
    return talk.post(f"{path}/{name}", params).status_code


def check_arrays(shown: Any) -> None:
    arrays = {name: shown[name] for name in _ARRAYS}
    assert all(found == sorted(set(found)) for found in arrays.values())
    due, eventually = set(shown["currently_due"]), set(shown["eventually_due"])
    assert set(shown["past_due"]) <= due <= eventually
    errors = [(error["code"], error["requirement"]) for error in shown["errors"]]
    assert len(errors) == len(set(errors))
    assert {path for _, path in errors} <= due


def check(talk: Talk, id_: str) -> None:
    account = talk.got(f"/v1/accounts/{id_}")
    for name in ("requirements", "future_requirements"):
        check_arrays(account[name])
    shown = account["requirements"]
    active = {name for name, status in account["capabilities"].items() if status == "active"}
    assert account["charges_enabled"] == bool(active & _MONEY)
    assert not account["payouts_enabled"] or account["external_accounts"]["total_count"]
    both = account["charges_enabled"] and account["payouts_enabled"]
    assert (shown["disabled_reason"] is None) == both
    assert shown["disabled_reason"] != "requirements.past_due" or shown["past_due"]
    assert shown["current_deadline"] is None or shown["currently_due"]
    for item in talk.got(f"/v1/accounts/{id_}/capabilities")["data"]:
        check_arrays(item["requirements"])
        asked = item["id"] in account["capabilities"]
        assert item["requested"] == asked
        if asked:
            assert item["status"] == account["capabilities"][item["id"]]
        if item["status"] == "active":
            assert item["requirements"]["past_due"] == []
    for person in talk.got(f"/v1/accounts/{id_}/persons")["data"]:
        check_arrays(person["requirements"] | {"current_deadline": None})


@settings(max_examples=40, phases=[Phase.generate])
@given(
    country=st.sampled_from(_COUNTRIES),
    steps=st.lists(st.tuples(DEEDS, st.sampled_from(("0s", "5s", "40s", "20d"))), max_size=10),
)
def test_arrays_agree(country: str, steps: list[tuple[Deed, str]]):
    app = build(Worlds(Profile(start=NOW, frozen=True)))
    with TestClient(app, raise_server_exceptions=False, client=("127.0.0.1", 5000)) as client:
        talk = Talk(client)
        start = {"type": "custom", "country": country, "capabilities": BOTH}
        id_ = talk.made("/v1/accounts", start)["id"]
        check(talk, id_)
        for deed, wait in steps:
            assert perform(talk, id_, country, deed) in {200, 400, 402}
            check(talk, id_)
            if wait != "0s":
                talk.advance(wait)
                check(talk, id_)
