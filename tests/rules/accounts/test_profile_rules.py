"""What is filled in, persons' fields, schedules, capabilities by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.kernel.errors import Refusal
from emulator.rules.accounts import (
    capabilities,
    checks,
    countries,
    persons,
    profiles,
    specs,
)
from emulator.rules.accounts.facts import Facts
from emulator.rules.accounts.types import Controller

NOW = 1_785_000_000
CUSTOM = Controller.of_type("custom")


@pytest.mark.parametrize(
    ("profile", "legal", "descriptor", "prefix"),
    [
        ({"name": "Jenny Rosenthal"}, None, "JENNY ROSENTHAL", "JENNY ROSE"),
        ({"name": "Rug Mart, LLC"}, None, "RUG MART, LLC", "RUG MART,"),
        ({"url": "https://vip.example.com/"}, "A B", "VIP.EXAMPLE.COM", "VIP.EXAMPL"),
        ({"url": "www.example.com"}, None, "EXAMPLE.COM", "EXAMPLE.CO"),
        ({}, "Jenny Rosenthal", "JENNY ROSENTHAL", "JENNY ROSE"),
        ({"name": "x" * 30}, None, "X" * 22, "X" * 10),
        ({}, None, "", None),
    ],
)
def test_descriptors_are_filled_in(profile, legal, descriptor, prefix) -> None:
    made = profiles.settings("US", CUSTOM, profile, legal, schedule={}, now=NOW)
    assert made["payments"]["statement_descriptor"] == descriptor
    assert made["card_payments"]["statement_descriptor_prefix"] == prefix


def test_descriptors_of_others_wait() -> None:
    express = Controller.of_type("express")
    assert profiles.statement_descriptor("US", {"name": "A"}, None, express) is None
    assert profiles.statement_descriptor("JP", {"name": "A"}, None, express) == ""
    assert profiles.statement_descriptor("JP", {"name": "A"}, None, CUSTOM) == ""


@pytest.mark.parametrize(
    ("profile", "now", "name"),
    [
        ({"name": "A", "url": "https://vip.example.com"}, NOW, "A"),
        ({"name": "A", "url": "https://vip.example.com"}, 1_700_000_000, "vip.example"),
        ({"url": "https://vip.example.com/"}, NOW, "vip.example"),
        ({"url": "www.example.com"}, NOW, "Example"),
        ({}, NOW, None),
    ],
)
def test_display_names(profile, now, name) -> None:
    assert profiles.display_name(profile, now) == name


@pytest.mark.parametrize(
    ("country", "agreement", "interval", "now", "schedule"),
    [
        ("US", "full", None, NOW, {"delay_days": 2, "interval": "daily"}),
        ("US", "full", "manual", NOW, {"delay_days": 1, "interval": "manual"}),
        ("CA", "full", None, NOW, {"delay_days": 7, "interval": "daily"}),
        (
            "JP",
            "full",
            None,
            NOW,
            {"delay_days": 4, "interval": "weekly", "weekly_anchor": "friday"},
        ),
        ("KR", "recipient", None, 1_700_000_000, {"delay_days": 0, "interval": "daily"}),
        ("KR", "recipient", None, NOW, {"delay_days": 7, "interval": "daily"}),
        ("CI", "recipient", "manual", NOW, {"delay_days": 1, "interval": "manual"}),
        ("NG", "recipient", "manual", NOW, {"delay_days": 0, "interval": "manual"}),
    ],
)
def test_schedules_by_country(country, agreement, interval, now, schedule) -> None:
    assert countries.default_schedule(country, agreement, interval, now) == schedule


@pytest.mark.parametrize(
    ("country", "interval", "days", "platform", "refused"),
    [
        ("CA", "daily", 7, 2, False),
        ("CA", "daily", 6, 2, True),
        ("US", "daily", 2, 2, False),
        ("US", "daily", 2, 3, True),
        ("US", "daily", "minimum", 9, False),
        ("BR", "manual", None, 2, True),
        ("JP", "daily", None, 2, True),
        ("JP", "monthly", None, 2, False),
    ],
)
def test_floors_of_schedules(country, interval, days, platform, refused) -> None:
    refusal = countries.check_schedule(country, "full", interval, days, platform)
    assert (refusal is not None) is refused


def test_the_floor_is_named() -> None:
    refusal = countries.check_schedule("CA", "full", "daily", 1, 2)
    assert refusal is not None
    assert refusal.message == "You cannot lower this merchant's delay below 7"


@pytest.mark.parametrize(
    ("terms", "refused"),
    [
        ({"date": NOW, "ip": "127.0.0.1"}, False),
        ({"date": NOW + 1}, True),
        ({"date": 1_262_304_000}, False),
        ({"date": 1_262_303_999}, True),
        ({"date": "soon"}, True),
        ({"ip": "1.2.3"}, True),
        ({"ip": "0.0.0.0"}, False),
        ({"ip": "2001:db8::1"}, False),
    ],
)
def test_acceptance_of_terms(terms, refused) -> None:
    assert (profiles.check_terms(terms, NOW) is not None) is refused


def test_the_agreement_is_fixed_once_accepted() -> None:
    assert profiles.check_agreement("full", "recipient", None) is None
    assert profiles.check_agreement("full", "full", 1) is None
    assert profiles.check_agreement("full", "recipient", 1) is not None


def test_categories_urls_emails_structures() -> None:
    assert profiles.check_mcc("5734") is None
    assert profiles.check_mcc("9999") is not None
    assert profiles.check_url("https://shop.example.com/a") is None
    assert profiles.check_url("www.example.com") is None
    for bad in ("http://localhost:3000", "shop", "https://"):
        refusal = profiles.check_url(bad)
        assert refusal is not None
        assert refusal.code == "url_invalid"
    assert profiles.check_email("a@example.com") is None
    assert profiles.check_email("a@b") is not None
    assert profiles.check_structure("llc", "company", "AE") is None
    assert profiles.check_structure("llc", "company", "DE") is None
    assert profiles.check_structure("registered_charity", "company", "US") is not None
    assert profiles.check_business_type("government_entity", "US") is None
    assert profiles.check_business_type("government_entity", "DE") is not None


def test_the_company_of_an_individual_mirrors_it() -> None:
    company = profiles.company_of_individual({"address": {"city": "Bonn"}, "phone": "+491"})
    assert company["address"] == {"city": "Bonn"}
    assert company["phone"] == "+491"
    assert company["owners_provided"]
    assert company["name"] is None


def test_changed_numbers_void_the_terms() -> None:
    assert profiles.terms_void({"id_number": "1"}, {"id_number": "2"})
    assert not profiles.terms_void({}, {"id_number": "2"})


# --- persons


@pytest.mark.parametrize(
    ("phone", "country", "shown"),
    [
        ("0000000000", "US", "+10000000000"),
        ("0000000000", "BO", "+10000000000"),
        ("71234567", "BO", "+59171234567"),
        ("+81987654321", "JP", "+81987654321"),
        ("(650) 555-0123", "US", "+16505550123"),
    ],
)
def test_phones_are_normalised(phone, country, shown) -> None:
    assert persons.check_phone(phone, "phone") is None
    assert persons.e164(phone, country) == shown


@pytest.mark.parametrize("phone", ["call me", "12345", "1234567890123456"])
def test_bad_phones(phone) -> None:
    assert persons.check_phone(phone, "phone") is not None


def test_a_whole_us_number_brings_the_last_four() -> None:
    both = {"id_number_provided": True, "ssn_last_4_provided": True}
    assert persons.flags({"id_number": "000000000"}) == both
    assert persons.flags({"id_number": "00000000"})["ssn_last_4_provided"] is False
    assert persons.flags({"ssn_last_4": "0000"})["id_number_provided"] is False


@pytest.mark.parametrize(
    ("value", "percent"), [("100", 100.0), (0, 0.0), ("", None), ("12.5", 12.5), (None, None)]
)
def test_ownership_is_a_float(value, percent) -> None:
    assert persons.ownership(value) == percent


@pytest.mark.parametrize("value", ["100.01", "-1", "all", "nan"])
def test_ownership_beyond_the_whole(value) -> None:
    assert isinstance(persons.ownership(value), Refusal)


def test_one_representative_and_one_whole() -> None:
    boss = {"representative": True, "percent_ownership": 60.0}
    other = persons.check_relationship({"representative": True}, [boss], individual=False)
    assert other is not None
    forty = {"owner": True, "percent_ownership": "40"}
    assert persons.check_relationship(forty, [boss], individual=False) is None
    more = {"percent_ownership": "40.1"}
    assert persons.check_relationship(more, [boss], individual=False) is not None
    mine = persons.check_relationship({"representative": True}, [], individual=True)
    assert mine is not None
    assert mine.code == "parameter_unknown"
    assert persons.check_delete(boss, opener=False) is not None
    assert persons.check_delete({"owner": True}, opener=False) is None


@pytest.mark.parametrize(
    ("dob", "refused"),
    [
        ({"day": 1, "month": 1, "year": 1901}, False),
        ({"day": 30, "month": 2, "year": 1990}, True),
        ({"day": 29, "month": 2, "year": 2000}, False),
        ({"day": 1, "month": 1}, True),
        ({"day": "x", "month": 1, "year": 1990}, True),
        ({"day": -(10**12), "month": 10**12, "year": 7022}, True),
    ],
)
def test_dates_of_birth(dob, refused) -> None:
    assert (persons.check_dob(dob) is not None) is refused


def test_ages_at_the_edge() -> None:
    noon = 1_700_000_000  # 14 November 2023
    assert persons.age_fault(14, 11, 2010, noon) is None
    assert persons.age_fault(15, 11, 2010, noon) == "invalid_dob_age_under_minimum"
    assert persons.age_fault(15, 11, 1902, noon) is None
    assert persons.age_fault(14, 11, 1902, noon) == "invalid_dob_age_over_maximum"
    assert persons.needs_guardian(15, 11, 2005, noon)
    assert not persons.needs_guardian(14, 11, 2005, noon)


@given(st.text(max_size=30))
def test_whatever_is_sent_as_a_url_or_phone_gets_an_answer(text) -> None:
    assert profiles.check_url(text) is None or text is not None
    persons.check_phone(text, "phone")
    profiles.display_name({"url": text}, NOW)


# --- capabilities by name


def test_both_request_forms() -> None:
    old = capabilities.requested_in({"requested_capabilities": ["platform_payments"]})
    assert old == {"transfers": True}
    new = {"capabilities": {"transfers": {"requested": "false"}}}
    assert capabilities.requested_in(new) == {"transfers": False}


@pytest.mark.parametrize(
    ("names", "country", "agreement", "rule"),
    [
        (["card_payments", "transfers"], "US", "full", None),
        (["transfers"], "US", "full", "transfers_need_card_payments"),
        (["transfers"], "DE", "full", None),
        (["card_payments"], "DE", "full", "card_payments_need_transfers"),
        (["card_payments", "transfers"], "JM", "full", "capability_not_in_country"),
        (
            ["card_payments", "transfers"],
            "MX",
            "recipient",
            "capability_not_for_recipients",
        ),
        (["transfers"], "MX", "recipient", None),
        (["jcb_payments", "card_payments", "transfers"], "JP", "full", None),
        (["jcb_payments"], "US", "full", "capability_not_in_country"),
    ],
)
def test_what_may_be_requested(names, country, agreement, rule) -> None:
    refusal = capabilities.check_request(names, country, agreement)
    assert (refusal.rule if refusal else None) == rule


def test_giving_back() -> None:
    assert capabilities.check_unrequest("card_payments") is None
    assert capabilities.check_unrequest("legacy_payments") is not None
    unknown = capabilities.check_unrequest("nothing")
    assert unknown is not None
    assert unknown.status == 404


def test_listing_by_country() -> None:
    assert capabilities.listed("NG", "recipient") == ("transfers",)
    assert "us_bank_account_ach_payments" in capabilities.listed("US", "full")
    assert "us_bank_account_ach_payments" not in capabilities.listed("DE", "full")


def test_the_url_of_inactivity_makes_an_account_inactive() -> None:
    idle = {"business_profile.url": "https://inactivity.stripe.com/"}
    assert checks.inactivity(Facts("US", NOW, NOW, given=idle)) == "paused.inactivity"
    assert checks.inactivity(Facts("US", NOW, NOW)) is None


@pytest.mark.parametrize("country", countries.every())
def test_every_country_has_a_spec(country) -> None:
    spec = specs.country_spec(country, ["usd", "eur"], NOW)
    assert spec["supported_payment_currencies"][0] == spec["default_currency"]
    assert spec["default_currency"] in spec["supported_bank_account_currencies"]
    for fields in spec["verification_fields"].values():
        assert "external_account" in fields["minimum"]
        assert "tos_acceptance.date" in fields["minimum"]
    assert country in spec["supported_transfer_countries"]


def test_only_us_platforms_reach_across_borders() -> None:
    assert len(specs.transfer_countries("US")) > 100
    assert "BR" not in specs.transfer_countries("US")
    assert specs.transfer_countries("DE") == ["DE"]
