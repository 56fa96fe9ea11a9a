"""When money arrives."""

from datetime import UTC, datetime

import pytest

from emulator.kernel import files
from emulator.rules import settlement
from emulator.rules.settlement import Delay


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


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


@pytest.mark.parametrize(
    ("debited", "until"), [("2025-02-11", "2025-02-14"), ("2025-02-13", "2025-02-19")]
)
def test_a_reserve_outlives_the_debit_by_three_business_days(debited, until):
    assert settlement.reserve_until("US", at(debited)) == at(until)


@pytest.mark.parametrize(("now", "status"), [(99, "pending"), (100, "available")])
def test_a_transaction_is_available_from_its_instant_on(now, status):
    assert settlement.status(100, now) == status


MILLION = 100_000_000


@pytest.mark.parametrize(
    ("created", "amount", "arrival"),
    [
        ("2023-10-30T09:26:58", 99_959_940, "2023-10-30"),
        ("2023-10-30T09:27:08", 308_583_406, "2023-10-31"),
        ("2023-10-30T09:27:08", MILLION, "2023-10-30"),
        ("2023-10-30T09:27:08", MILLION + 1, "2023-10-31"),
        ("2024-09-23T20:59:59", 12_280, "2024-09-23"),  # 16:59:59 in New York, summer
        ("2024-09-23T21:00:00", 12_280, "2024-09-24"),
        ("2024-09-23T23:35:50", 12_280, "2024-09-24"),
        ("2024-11-22T05:03:50", 2_000, "2024-11-22"),
        ("2024-11-27T03:01:29", 60_000, "2024-11-27"),  # still Tuesday in New York
        ("2024-12-02T21:59:59", 60_000, "2024-12-02"),  # winter
        ("2024-12-02T22:00:00", 60_000, "2024-12-03"),
        ("2024-11-23T12:00:00", 60_000, "2024-11-25"),  # Saturday
        ("2024-07-04T12:00:00", 60_000, "2024-07-05"),
    ],
)
def test_american_payouts_arrive_the_same_day_before_five(created, amount, arrival):
    assert settlement.arrival_date("US", at(created), amount) == at(arrival)


@pytest.mark.parametrize(
    ("country", "created", "arrival"),
    [
        ("GB", "2024-03-05T16:59:59", "2024-03-05"),
        ("GB", "2024-03-05T17:00:00", "2024-03-07"),
        ("GB", "2024-06-04T16:00:00", "2024-06-06"),  # summer
        ("DE", "2024-03-05T14:59:59", "2024-03-05"),
        ("DE", "2024-03-05T15:00:00", "2024-03-06"),
        ("CA", "2024-03-05T00:00:00", "2024-03-06"),
    ],
)
def test_payouts_elsewhere(country, created, arrival):
    assert settlement.arrival_date(country, at(created), 1000) == at(arrival)


def test_instant_payouts_arrive_when_they_are_made():
    created = at("2024-11-23T12:34:56")
    assert settlement.arrival_date("US", created, 1000, "instant") == created


@pytest.mark.parametrize(
    ("day", "made"), [("2024-03-15", "2024-03-15"), ("2024-03-16", "2024-03-18")]
)
def test_payouts_are_made_on_business_days(day, made):
    assert settlement.payout_day("US", at(day) // 86_400) == at(made) // 86_400


@pytest.mark.parametrize(
    "created", ["2023-10-30T00:00:00", "2023-10-30T16:39:15", "2023-10-30T23:59:59"]
)
def test_disputes_are_due_at_the_end_of_the_ninth_day(created):
    assert settlement.due_by(at(created)) == at("2023-11-08T23:59:59")


def test_every_delay_carries_its_evidence():
    table = files.table("rules/settlement.json")
    sections = [rows for name, rows in table.items() if isinstance(rows, dict) and name != "zones"]
    assert len(sections) > 3
    for section in sections:
        rows = [section] if "evidence" in section else section.values()
        assert all(row["evidence"] for row in rows)
