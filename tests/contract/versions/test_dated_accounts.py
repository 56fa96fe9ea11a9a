"""Accounts in the shapes of older versions, and back."""

from __future__ import annotations

from typing import Any

from emulator.contract.versions import Doc, adapt_request, parse
from emulator.contract.versions.change import copied
from tests.contract.versions.support import before, from_, made, show


def _account(**fields: Any) -> Doc:
    person = made("person", first_name="Jane", id_number_provided=True)
    return made("account", country="US", business_type="individual", individual=person, **fields)


def test_an_account_was_a_legal_entity() -> None:
    old = show(_account(), before("2019-02-19"))
    new = show(_account(), from_("2019-02-19"))

    assert old["legal_entity"]["first_name"] == "Jane"
    assert old["legal_entity"]["personal_id_number_provided"]
    assert old["payout_schedule"] == {"delay_days": 2, "interval": "daily"}
    assert not {"individual", "company", "settings", "requirements"} & old.keys()
    assert "legal_entity" not in new
    assert new["individual"]["first_name"] == "Jane"


def test_what_was_needed_had_old_names() -> None:
    account = _account()
    account["requirements"]["currently_due"] = [
        "business_profile.url",
        "business_type",
        "company.tax_id",
        "external_account",
        "individual.dob.day",
        "individual.id_number",
        "individual.address.city",
    ]
    account["requirements"]["disabled_reason"] = "requirements.past_due"

    verification = show(account, "2018-05-21")["verification"]

    assert verification["disabled_reason"] == "fields_needed"
    assert verification["fields_needed"] == [
        "business_url",
        "external_account",
        "legal_entity.business_tax_id",
        "legal_entity.dob.day",
        "legal_entity.personal_address.city",
        "legal_entity.personal_id_number",
        "legal_entity.type",
    ]


def test_who_had_said_nothing_was_unverified_for_want_of_fields() -> None:
    account = made("account", country="US", business_type="individual")
    account["requirements"] |= {"currently_due": ["external_account"], "disabled_reason": None}
    old, new = show({**account}, before("2018-05-21")), show({**account}, "2018-05-21")

    assert old["verification"]["disabled_reason"] == "fields_needed"
    assert old["legal_entity"]["verification"]["status"] == "unverified"
    assert new["verification"]["disabled_reason"] is None
    assert new["legal_entity"]["verification"]["status"] == "pending"


def test_an_account_seen_from_outside_says_little() -> None:
    account = made("account")
    for key in ("business_profile", "external_accounts", "tos_acceptance", "requirements"):
        del account[key]

    old = show(account, "2018-05-21")

    assert "display_name" in old
    assert not {"legal_entity", "verification", "payout_schedule"} & old.keys()


def test_an_account_named_in_a_charge_is_left_alone() -> None:
    source = {"id": "acct_1", "object": "account", "application_name": "Shop"}

    assert show({**source}, "2018-05-21") == source


def test_keys_are_shown_where_they_are_given() -> None:
    keys = {"publishable": "pk", "secret": "sk"}

    assert show(_account(), "2018-05-21", account__keys=[keys])["keys"] == keys
    assert "keys" not in show(_account(), "2018-05-21")


def test_type_was_managed() -> None:
    assert show(_account(), before("2017-05-25"))["managed"] is True
    assert "type" not in show(_account(), before("2017-05-25"))
    assert show(_account(), from_("2017-05-25"))["type"] == "custom"


def test_payouts_were_transfers() -> None:
    old, new = show(_account(), before("2017-04-06")), show(_account(), from_("2017-04-06"))

    assert {"transfers_enabled", "transfer_schedule"} <= old.keys()
    assert {"payouts_enabled", "payout_schedule"} <= new.keys()


def test_an_account_under_review() -> None:
    account = _account()
    account["requirements"]["disabled_reason"] = "under_review"
    old = show({**account}, before("2017-06-05"))
    new = show({**account}, from_("2017-06-05"))

    assert old["verification"]["disabled_reason"] == "other"
    assert new["verification"]["disabled_reason"] == "under_review"


def test_platform_payments() -> None:
    def shown(version: str) -> Doc:
        found: Doc = show(_account(capabilities={"transfers": "active"}), version)["capabilities"]
        return found

    assert shown(before("2019-08-14")) == {"platform_payments": "active"}
    assert shown("2019-08-14") == {"transfers": "active"}


def test_risk_controls_come_with_their_beta() -> None:
    shown = show(_account(), "2023-10-16; risk_in_requirements_beta=v1")

    assert shown["risk_controls"]["charges"] == {"pause_requested": False}
    assert list(shown)[2:] == sorted(list(shown)[2:])
    assert "risk_controls" not in show(_account(), "2023-10-16")
    newest = show(_account(), "2026-10-28.endive; risk_in_requirements_beta=v1")
    assert "risk_controls" in newest


def test_old_words_for_an_account_are_said_anew() -> None:
    params = {
        "managed": "true",
        "legal_entity": {
            "type": "individual",
            "first_name": "Jane",
            "personal_id_number": "000000000",
            "address": {"city": "Springfield"},
            "verification": {"document": "file_1"},
        },
        "transfer_schedule": {"interval": "manual"},
        "support_phone": "1",
    }

    adapted = adapt_request("POST /v1/accounts", params, parse("2016-07-06"))

    assert adapted == {
        "type": "custom",
        "business_type": "individual",
        "individual": {
            "first_name": "Jane",
            "id_number": "000000000",
            "address": {"city": "Springfield"},
            "verification": {"document": {"front": "file_1"}},
        },
        "settings": {"payouts": {"schedule": {"interval": "manual"}}},
        "business_profile": {"support_phone": "1"},
    }
    assert "legal_entity" in params


def test_old_words_in_an_account_token() -> None:
    params = {"account": {"legal_entity": {"type": "company", "business_name": "Shop"}}}

    adapted = adapt_request("POST /v1/tokens", params, parse("2018-05-21"))

    assert adapted["account"] == {"business_type": "company", "company": {"name": "Shop"}}
    assert adapt_request("POST /v1/tokens", params, parse("2019-10-08")) is params


def test_who_represents_an_account_had_opened_it() -> None:
    person = made("person", relationship={"owner": False, "representative": True})

    new, old = show(person, from_("2019-10-08")), show(copied(person), before("2019-10-08"))

    assert old["relationship"] == {"account_opener": True, "owner": False, "representative": True}
    assert new["relationship"] == {"owner": False, "representative": True}
