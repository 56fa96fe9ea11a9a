"""Whatever is sent in whatever order, an account's arrays, statuses and switches agree."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from emulator.web.app import build
from emulator.world import Profile, Worlds
from tests.resources.accounts.applicants import BOTH, COMPANY, PERSON, PROFILE, SIGNED
from tests.talking import NOW, Talk

COUNTRIES = ("US", "DE", "GB", "CA", "AU", "JP", "SG")
UPDATES: tuple[dict[str, Any], ...] = (
    {"business_profile": PROFILE},
    {"tos_acceptance": SIGNED},
    {"individual": PERSON, "business_type": "individual"},
    {"individual": {"dob": {"day": 1, "month": 1, "year": 1900}}, "business_type": "individual"},
    {"individual": {"id_number": "111111111"}, "business_type": "individual"},
    {"individual": {"verification": {"document": {"front": "file_identity_document_success"}}}},
    {"company": COMPANY["company"], "business_type": "company"},
    {"company": {"tax_id": "111111111"}},
    {"external_account": "btok_us"},
    {"capabilities": {"card_payments": {"requested": False}}},
    {"capabilities": BOTH},
    {"settings": {"payouts": {"schedule": {"interval": "manual"}}}},
    {"metadata": {"a": "b"}},
)


def check(account: Any) -> None:
    for name in ("requirements", "future_requirements"):
        due, eventually = set(account[name]["currently_due"]), set(account[name]["eventually_due"])
        assert set(account[name]["past_due"]) <= due <= eventually
        assert {error["requirement"] for error in account[name]["errors"]} <= due
    shown = account["requirements"]
    active = [name for name, status in account["capabilities"].items() if status == "active"]
    assert account["charges_enabled"] == bool(active)
    if account["payouts_enabled"]:
        assert account["external_accounts"]["total_count"] > 0
    both = account["charges_enabled"] and account["payouts_enabled"]
    assert (shown["disabled_reason"] is None) == both
    assert shown["current_deadline"] is None or due


@settings(max_examples=25)
@given(
    country=st.sampled_from(COUNTRIES),
    steps=st.lists(st.sampled_from(range(len(UPDATES))), max_size=8),
    waits=st.lists(st.integers(0, 40), min_size=8, max_size=8),
)
def test_arrays_statuses_and_switches_agree(country, steps, waits):
    app = build(Worlds(Profile(start=NOW, frozen=True)))
    with TestClient(app, raise_server_exceptions=False) as client:
        talk = Talk(client)
        start = {"type": "custom", "country": country, "capabilities": BOTH}
        account = talk.made("/v1/accounts", start)
        check(account)
        for step, wait in zip(steps, waits, strict=False):
            answer = talk.post(f"/v1/accounts/{account['id']}", UPDATES[step])
            assert answer.status_code in {200, 400}, answer.text
            talk.advance(f"{wait}s")
            check(talk.got(f"/v1/accounts/{account['id']}"))
