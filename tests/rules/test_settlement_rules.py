"""When money arrives."""

import pytest

from emulator.kernel import files
from emulator.rules import settlement
from emulator.rules.settlement import Delay
from tests.rules.dates import at


@pytest.mark.parametrize(
    ("created", "available"),
    [
        ("2024-03-04T00:00:00", "2024-03-06"),  # Monday
        ("2024-03-04T23:59:59", "2024-03-06"),
        ("2024-03-05T12:00:00", "2024-03-07"),
        ("2024-03-06T12:00:00", "2024-03-08"),
        ("2024-03-07T12:00:00", "2024-03-11"),
        ("2024-03-15T15:50:00", "2024-03-19"),
        ("2024-07-13T21:58:00", "2024-07-16"),  # Saturday
        ("2024-04-14T17:41:00", "2024-04-16"),  # Sunday
        ("2023-12-24T21:31:00", "2023-12-27"),
        ("2023-12-29T12:17:00", "2024-01-03"),
        ("2024-06-18T12:00:00", "2024-06-21"),
        ("2024-07-03T23:19:00", "2024-07-08"),
        ("2025-02-13T14:48:00", "2025-02-18"),
    ],
)
def test_american_accounts_wait_two_business_days(created, available):
    assert settlement.available_on("US", at(created)) == at(available)


@pytest.mark.parametrize(
    ("created", "delay_days", "available"),
    [
        ("2023-10-30T16:54:00", 1, "2023-10-31"),
        ("2025-04-18T12:00:00", 7, "2025-04-25"),
        ("2025-04-18T12:00:00", 6, "2025-04-28"),
    ],
)
def test_american_delays_from_a_week_on_count_every_day(created, delay_days, available):
    assert settlement.available_on("US", at(created), delay_days) == at(available)


@pytest.mark.parametrize(
    ("country", "created", "available"),
    [
        ("CA", "2023-10-30T12:00:00", "2023-11-06"),
        ("SG", "2023-12-29T12:00:00", "2024-01-05"),
        ("GB", "2024-12-24T12:00:00", "2024-12-31"),
        ("BR", "2024-01-01T12:00:00", "2024-01-31"),
        ("ZZ", "2024-01-01T12:00:00", "2024-01-08"),
    ],
)
def test_elsewhere_new_accounts_wait_calendar_days(country, created, available):
    assert settlement.available_on(country, at(created)) == at(available)


@pytest.mark.parametrize(
    ("created", "available"),
    [
        ("2024-12-10T15:15:00", "2024-12-13"),
        ("2025-01-25T17:16:00", "2025-01-30"),  # Saturday
        ("2020-02-02T13:56:00", "2020-02-06"),  # Sunday
        ("2021-05-28T10:20:00", "2021-06-02"),
        ("2022-12-23T22:12:00", "2022-12-29"),
        ("2020-04-08T15:25:00", "2020-04-15"),  # over Easter
    ],
)
def test_established_european_accounts_wait_three_business_days(created, available):
    delay = settlement.delay("FR", established=True)
    assert delay == Delay(3, "business")
    assert settlement.available_on("FR", at(created), delay.days, delay.counts) == at(available)
    assert settlement.available_on("FR", at(created), 3) == at(available)


def test_no_delay_is_at_once():
    assert settlement.available_on("KR", at("2023-10-30T12:34:56"), 0) == at("2023-10-30T12:34:56")


def test_thai_accounts_count_seven_business_days():
    assert settlement.available_on("TH", at("2024-03-04T12:00:00")) == at("2024-03-13")


@pytest.mark.parametrize(("country", "days"), [("US", 2), ("CA", 7), ("JP", 7), ("BR", 30)])
def test_the_least_delay_of_a_country(country, days):
    assert settlement.minimum_delay(country) == days


@pytest.mark.parametrize(
    ("method", "testmode", "delay"),
    [
        ("us_bank_account", True, Delay(0, "business")),
        ("us_bank_account", False, Delay(4, "business")),
        ("sepa_debit", True, Delay(5, "business")),
        ("card", True, None),
    ],
)
def test_some_methods_have_a_delay_of_their_own(method, testmode, delay):
    now = at("2026-03-04T12:00:00")

    assert settlement.method_delay(method, now, testmode=testmode) == delay


@pytest.mark.parametrize(
    ("day", "delay"),
    [
        ("2022-12-23", None),
        ("2024-12-10", Delay(10, "calendar")),
        ("2026-01-20", Delay(5, "business")),
    ],
)
def test_sepa_debits_settled_otherwise_in_earlier_years(day, delay):
    """Observed: with the account's cards to 2022, ten days in 2024, five business days in 2026."""
    assert settlement.method_delay("sepa_debit", at(day)) == delay


def test_a_delay_says_itself_whether_it_counts_every_day():
    friday = at("2025-04-18T12:00:00")
    assert settlement.available_on("US", friday, 10, "calendar") == at("2025-04-28")
    assert settlement.available_on("US", friday, 10, "business") == at("2025-05-02")


def test_a_currency_with_a_bank_account_is_kept_as_it_comes():
    banks = {"data": [{"currency": "gbp"}, {"currency": "eur"}]}
    account = {"default_currency": "usd", "external_accounts": banks}
    assert settlement.currencies(account) == {"usd", "gbp", "eur"}
    assert settlement.currencies({"default_currency": "usd"}) == {"usd"}


@pytest.mark.parametrize(("now", "status"), [(99, "pending"), (100, "available")])
def test_a_transaction_is_available_from_its_instant_on(now, status):
    assert settlement.status(100, now) == status


def test_every_delay_carries_its_evidence():
    table = files.table("rules/settlement.json")
    sections = [rows for name, rows in table.items() if isinstance(rows, dict) and name != "zones"]
    assert len(sections) > 3
    for section in sections:
        rows = [section] if "evidence" in section else section.values()
        assert all(row["evidence"] for row in rows)
