"""Business days, holidays and summer time."""

from datetime import UTC, date, datetime

import pytest

from emulator.rules import calendars


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (2000, "2000-04-23"),
        (2008, "2008-03-23"),
        (2011, "2011-04-24"),
        (2024, "2024-03-31"),
        (2025, "2025-04-20"),
        (2026, "2026-04-05"),
        (2038, "2038-04-25"),
    ],
)
def test_easter_is_the_sunday_of_the_computus(year, sunday):
    assert calendars.easter(year) == date.fromisoformat(sunday)


@pytest.mark.parametrize(
    ("calendar", "text", "open_"),
    [
        ("us", "2024-01-01", False),
        ("us", "2024-01-15", False),
        ("us", "2024-02-19", False),
        ("us", "2024-03-29", True),
        ("us", "2024-05-27", False),
        ("us", "2024-06-19", False),
        ("us", "2024-09-02", False),
        ("us", "2024-10-14", False),
        ("us", "2024-11-11", False),
        ("us", "2024-11-28", False),
        ("us", "2024-11-29", True),
        ("us", "2023-01-02", False),  # New Year fell on a Sunday
        ("us", "2026-07-03", True),  # the fourth falls on a Saturday
        ("target", "2024-03-29", False),
        ("target", "2024-04-01", False),
        ("target", "2024-05-01", False),
        ("target", "2024-12-26", False),
        ("target", "2024-07-04", True),
        ("gb", "2024-05-06", False),
        ("gb", "2024-08-26", False),
        ("plain", "2024-12-25", False),
        ("plain", "2024-12-26", True),
        ("plain", "2024-03-02", False),
    ],
)
def test_business_days(calendar, text, open_):
    assert calendars.is_business_day(calendar, day(text)) is open_


def test_the_first_days_of_1970():
    assert calendars.weekday(0) == 3
    assert calendars.weekday(day("2024-03-04")) == 0


def test_no_business_days_leave_the_day_as_it_is():
    saturday = day("2024-03-02")
    assert calendars.add_business_days("us", saturday, 0) == saturday
    assert calendars.add_business_days("us", saturday, 1) == day("2024-03-04")


@pytest.mark.parametrize(
    ("zone", "moment", "hour"),
    [
        ("us_eastern", "2024-03-10T06:59:59", 1),
        ("us_eastern", "2024-03-10T07:00:00", 3),
        ("us_eastern", "2024-11-03T05:59:59", 1),
        ("us_eastern", "2024-11-03T06:00:00", 1),
        ("us_eastern", "2024-11-03T07:00:00", 2),
        ("london", "2024-03-31T00:59:59", 0),
        ("london", "2024-03-31T01:00:00", 2),
        ("copenhagen", "2024-10-27T00:59:59", 2),
        ("copenhagen", "2024-10-27T01:00:00", 2),
        ("copenhagen", "2024-10-27T02:00:00", 3),
        ("utc", "2024-07-01T05:00:00", 5),
    ],
)
def test_clocks_change_when_they_should(zone, moment, hour):
    instant = int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp())
    assert calendars.local(zone, instant)[1] == hour


def test_the_local_day_can_be_yesterday():
    instant = int(datetime(2024, 11, 27, 3, tzinfo=UTC).timestamp())
    assert calendars.local("us_eastern", instant) == (day("2024-11-26"), 22)
