"""Fields that came or went on a day, in whatever version."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest

from emulator.contract.versions import NEWEST, parse, renderer
from emulator.contract.versions.change import day
from emulator.contract.versions.fields import Field, fields, turns
from emulator.kernel import files
from tests.contract.versions.support import before, made, show

_FIRST = "2011-01-01"
_ENTRIES = files.table("versions/fields.json")["fields"]


def _keys(field: Field) -> str:
    return f"{field.object}.{'.'.join(field.path)}"


def test_every_entry_says_where_when_and_how_it_is_known() -> None:
    for entry in _ENTRIES:
        known = {"object", "path", "since", "version", "if", "evidence", "until", "value", "was"}
        assert entry.keys() <= known
        assert ("until" in entry) == ("value" in entry)
        assert entry["since"] < entry.get("until", "2100")
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", entry["since"])
        assert entry["since"] <= NEWEST.date
        assert entry["evidence"]
    places = [(e["object"], e["path"], str(e.get("if")), "was" in e) for e in _ENTRIES]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("field", [each for each in fields() if not each.until], ids=_keys)
def test_a_field_is_there_from_its_day_on_or_in_a_version_as_young(field: Field) -> None:
    instant = day(field.since)

    assert not field.shown(_FIRST, instant - 1)
    assert field.shown(_FIRST, instant)
    assert field.shown(field.version, instant - 1)
    assert not field.shown(before(field.version), instant - 1)


@pytest.mark.parametrize("field", [each for each in fields() if each.until], ids=_keys)
def test_a_field_that_went_is_there_between_its_days_in_every_version(field: Field) -> None:
    came, went = day(field.since), day(field.until)
    for version in (_FIRST, "2023-10-16", "2026-08-26"):
        seen = [field.shown(version, at) for at in (came - 1, came, went - 1, went)]
        assert seen == [False, True, True, False]


def test_a_field_that_went_is_put_where_it_stood() -> None:
    there, gone = day("2025-12-10"), day("2026-04-12")
    version = "2025-08-27.basil"
    account = made("account", settings={"payouts": {}, "branding": {}})

    assert list(show(dict(account), version, there)["settings"]) == [
        "branding",
        "payouts",
        "paypay_payments",
    ]
    assert "paypay_payments" not in show(made("account"), version, gone)["settings"]
    assert "settings" not in show({"id": "acct_1", "object": "account"}, version, there)


def test_a_young_field_is_absent_then_present_in_an_old_version() -> None:
    instant = day("2024-04-16")
    old = "2019-08-14"

    assert "allow_redisplay" not in show(made("payment_method"), old, instant - 86400)
    assert "allow_redisplay" in show(made("payment_method"), old, instant + 86400)


def test_fields_deep_inside_and_in_lists_are_taken_out() -> None:
    doc = made(
        "charge", payment_method_details={"card": {"regulated_status": "x", "brand": "visa"}}
    )
    field = Field(
        "balance", ("instant_available[]", "net_available"), "2024-06-20", "2024-06-20", ()
    )
    balance: dict[str, Any] = {"instant_available": [{"net_available": [], "amount": 1}]}

    shown = show(doc, "2022-11-15", day("2024-12-01"))
    field.remove(balance)

    assert shown["payment_method_details"] == {"card": {"brand": "visa"}}
    assert balance == {"instant_available": [{"amount": 1}]}


def test_a_condition_narrows_an_entry() -> None:
    instant = day("2024-01-01")

    standard = show(made("account", type="standard"), "2023-10-16", instant)
    custom = show(made("account", type="custom"), "2023-10-16", instant)

    assert "controller" in standard
    assert "controller" not in custom


def test_latest_charge_came_with_its_version_and_later_to_all() -> None:
    intent = made("payment_intent")

    assert "latest_charge" in show(dict(intent), "2022-11-15", day("2022-11-16"))
    assert "latest_charge" not in show(dict(intent), "2020-08-27", day("2022-11-16"))
    assert "latest_charge" in show(dict(intent), "2020-08-27", day("2023-06-01"))


def test_the_newest_version_is_never_rendered() -> None:
    assert renderer(NEWEST, 0) is None
    assert renderer(NEWEST, day(NEWEST.date)) is None
    assert turns(NEWEST.date, 0) == {}


def test_the_last_version_before_the_newest_has_only_what_came_since() -> None:
    render = renderer(parse("2026-08-26.dahlia"), day("2026-11-01"))
    stored = made("charge")
    copy = orjson.loads(orjson.dumps(stored))

    assert render is None or render(copy, lambda *_: ()) == stored


def test_an_era_is_compiled_once() -> None:
    version = parse("2019-08-14")

    assert renderer(version, day("2026-11-01")) is renderer(version, day("2026-11-02"))
    assert renderer(version, day("2026-11-01")) is not renderer(version, day("2019-11-02"))


def test_thresholds_were_gone_for_two_months_in_the_versions_without_them() -> None:
    def shown(version: str, on: str) -> bool:
        return "billing_thresholds" in show(made("subscription"), version, day(on))

    assert shown("2025-02-24.acacia", "2025-04-17")
    assert not shown("2025-03-31.basil", "2025-04-17")
    assert not shown("2025-04-30.basil", "2025-05-27")
    assert shown("2025-03-31.basil", "2025-05-28")


def test_a_version_that_a_world_has_yet_to_see_shows_what_it_showed_while_it_was_the_newest() -> (
    None
):
    def shown(path: str, on: str) -> bool:
        charge = made("charge", payment_method_details={"card": {path: None}}, type="card")
        return path in show(charge, "2023-10-16", day(on))["payment_method_details"]["card"]

    assert shown("amount_authorized", "2015-01-01")
    assert not shown("regulated_status", "2015-01-01")
    assert "radar_options" in show(made("charge"), "2023-10-16", day("2020-04-01"))
    assert "radar_options" not in show(made("charge"), "2023-10-16", day("2023-10-16"))


def test_a_field_may_have_been_there_and_empty() -> None:
    def shown(on: str) -> Any:
        session = made("checkout.session", adaptive_pricing={"enabled": False})
        return show(session, "2022-08-01", day(on)).get("adaptive_pricing", "absent")

    assert [shown(on) for on in ("2023-10-01", "2025-02-22", "2025-11-22")] == [
        "absent",
        None,
        {"enabled": False},
    ]
