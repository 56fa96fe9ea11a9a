"""On which days automatic payouts are made, by schedule, and when they arrive."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from emulator.rules import payouts
from tests.rules.dates import at


def _next(after: str, country: str = "US", **schedule: Any) -> str | None:
    """The payout day from a date on, both as YYYY-MM-DD."""
    epoch = date(1970, 1, 1).toordinal()
    day = date.fromisoformat(after).toordinal() - epoch
    found = payouts.next_day(schedule, country, day)
    return None if found is None else date.fromordinal(found + epoch).isoformat()


def test_by_hand_there_is_no_day() -> None:
    assert _next("2026-03-02", interval="manual") is None
    assert _next("2026-03-02") is None


@pytest.mark.parametrize(
    ("after", "paid"),
    [
        ("2026-03-02", "2026-03-02"),  # a Monday
        ("2026-03-07", "2026-03-09"),  # the Saturday after
        ("2026-12-25", "2026-12-28"),  # Christmas, a Friday
    ],
)
def test_daily_means_every_business_day(after: str, paid: str) -> None:
    assert _next(after, interval="daily") == paid


@pytest.mark.parametrize(
    ("after", "schedule", "paid"),
    [
        ("2026-03-02", {}, "2026-03-02"),  # Monday, where nothing else is said
        ("2026-03-03", {}, "2026-03-09"),
        ("2026-03-02", {"weekly_anchor": "friday"}, "2026-03-06"),
        ("2026-03-06", {"weekly_anchor": "friday"}, "2026-03-06"),
        ("2026-03-07", {"weekly_anchor": "friday"}, "2026-03-13"),
        ("2026-03-04", {"weekly_payout_days": ["tuesday", "thursday"]}, "2026-03-05"),
        ("2026-03-06", {"weekly_payout_days": ["tuesday", "thursday"]}, "2026-03-10"),
        ("2026-05-25", {"weekly_anchor": "monday"}, "2026-05-26"),  # Memorial Day
        ("2026-05-26", {"weekly_anchor": "monday"}, "2026-05-26"),  # still for the day before
    ],
)
def test_weekly_means_the_weekdays_that_are_named(
    after: str, schedule: dict[str, Any], paid: str
) -> None:
    assert _next(after, interval="weekly", **schedule) == paid


@pytest.mark.parametrize(
    ("after", "schedule", "paid"),
    [
        ("2026-03-03", {}, "2026-04-01"),  # the first, where nothing else is said
        ("2026-01-01", {"monthly_anchor": 1}, "2026-01-02"),  # New Year
        ("2026-03-02", {"monthly_anchor": 15}, "2026-03-16"),  # a Sunday
        ("2026-04-01", {"monthly_anchor": 31}, "2026-04-30"),
        ("2026-02-10", {"monthly_anchor": 31}, "2026-03-02"),  # the 28th, a Saturday
        ("2026-03-01", {"monthly_anchor": 31}, "2026-03-02"),
        ("2026-03-03", {"monthly_anchor": 31}, "2026-03-31"),
        ("2026-03-03", {"monthly_payout_days": [1, 16]}, "2026-03-16"),
        ("2026-03-17", {"monthly_payout_days": [1, 16]}, "2026-04-01"),
        ("2026-04-15", {"monthly_payout_days": [10, 31]}, "2026-04-30"),
    ],
)
def test_monthly_means_the_days_that_are_named_or_the_last(
    after: str, schedule: dict[str, Any], paid: str
) -> None:
    assert _next(after, interval="monthly", **schedule) == paid


def test_a_closure_of_four_days_is_waited_out() -> None:
    easter = {"interval": "monthly", "monthly_anchor": 3}
    assert _next("2026-04-03", "DE", **easter) == "2026-04-07"  # Good Friday to Easter Monday
    assert _next("2026-04-07", "DE", **easter) == "2026-04-07"


_MILLION = 100_000_000


@pytest.mark.parametrize(
    ("created", "amount", "arrival"),
    [
        ("2023-10-30T09:26:58", 99_959_940, "2023-10-30"),
        ("2023-10-30T09:27:08", 308_583_406, "2023-10-31"),
        ("2023-10-30T09:27:08", _MILLION, "2023-10-30"),
        ("2023-10-30T09:27:08", _MILLION + 1, "2023-10-31"),
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
    assert payouts.arrival_date("US", at(created), amount) == at(arrival)


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
    assert payouts.arrival_date(country, at(created), 1000) == at(arrival)


def test_instant_payouts_arrive_when_they_are_made():
    created = at("2024-11-23T12:34:56")
    assert payouts.arrival_date("US", created, 1000, "instant") == created


@pytest.mark.parametrize(
    ("day", "made"), [("2024-03-15", "2024-03-15"), ("2024-03-16", "2024-03-18")]
)
def test_payouts_are_made_on_business_days(day, made):
    assert payouts.payout_day("US", at(day) // 86_400) == at(made) // 86_400


@pytest.mark.parametrize(
    ("debited", "until"), [("2025-02-11", "2025-02-14"), ("2025-02-13", "2025-02-19")]
)
def test_a_reserve_outlives_the_debit_by_three_business_days(debited, until):
    assert payouts.reserve_until("US", at(debited)) == at(until)
