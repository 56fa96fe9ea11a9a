"""On which days automatic payouts are made, by schedule."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from emulator.rules import payout_days


def _next(after: str, country: str = "US", **schedule: Any) -> str | None:
    """The payout day from a date on, both as YYYY-MM-DD."""
    epoch = date(1970, 1, 1).toordinal()
    day = date.fromisoformat(after).toordinal() - epoch
    found = payout_days.next_day(schedule, country, day)
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
def test_weekly(after: str, schedule: dict[str, Any], paid: str) -> None:
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
def test_monthly(after: str, schedule: dict[str, Any], paid: str) -> None:
    assert _next(after, interval="monthly", **schedule) == paid


def test_a_closure_of_four_days_is_waited_out() -> None:
    easter = {"interval": "monthly", "monthly_anchor": 3}
    assert _next("2026-04-03", "DE", **easter) == "2026-04-07"  # Good Friday to Easter Monday
    assert _next("2026-04-07", "DE", **easter) == "2026-04-07"
