"""Business days, bank holidays and summer time as rules, so that no year runs out.

A day is the number of days since 1 January 1970, UTC. Facts in `schemas/rules/settlement.json`.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from emulator.kernel import files
from emulator.kernel.instants import DAY

_HOUR: Final = 3_600
_EPOCH: Final = date(1970, 1, 1)
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SUNDAY: Final = 6
_TABLE: Final = "rules/settlement.json"


def day_of(instant: int) -> int:
    return instant // DAY


def weekday(day: int) -> int:
    """0 is Monday."""
    return (day + 3) % 7


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    weeks = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weeks) // 451
    month, day = divmod(moon + weeks - 7 * late + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, name: str, which: int) -> date:
    """The `which`th such weekday of a month; -1 is the last."""
    wanted = WEEKDAYS.index(name)
    first = date(year, month, 1)
    found = first + timedelta((wanted - first.weekday()) % 7)
    if which > 0:
        return found + timedelta(7 * (which - 1))
    while (found + timedelta(7)).month == month:
        found += timedelta(7)
    return found


@cache
def holidays(calendar: str, year: int) -> frozenset[int]:
    """The bank holidays of a year, as days."""
    rules: dict[str, Any] = files.table(_TABLE)["calendars"][calendar]
    found = [date.fromisoformat(f"{year}-{day}") for day in rules["fixed"]]
    if rules["sunday_moves"]:
        found = [day + timedelta(day.weekday() == _SUNDAY) for day in found]
    found += [nth_weekday(year, *rule) for rule in rules["nth"]]
    found += [easter(year) + timedelta(days) for days in rules["easter"]]
    return frozenset((day - _EPOCH).days for day in found)


def _year(day: int) -> int:
    return (_EPOCH + timedelta(day)).year


def is_business_day(calendar: str, day: int) -> bool:
    return weekday(day) < 5 and day not in holidays(calendar, _year(day))


def business_day_from(calendar: str, day: int) -> int:
    """The day itself, or the next business day."""
    while not is_business_day(calendar, day):
        day += 1
    return day


def add_business_days(calendar: str, day: int, days: int) -> int:
    """`days` business days later; none at all leaves the day as it is."""
    for _ in range(days):
        day = business_day_from(calendar, day + 1)
    return day


def _last_sunday(year: int, month: int) -> int:
    return (nth_weekday(year, month, "sunday", -1) - _EPOCH).days


def _summer(kind: str | None, instant: int, standard: int) -> bool:
    """Summer time: America changes at 2:00 on its own clocks, Europe at 1:00 UTC."""
    year = _year(day_of(instant))
    if kind == "eu":
        start, end = (_last_sunday(year, month) * DAY + _HOUR for month in (3, 10))
        return start <= instant < end
    if kind == "us":
        first = (nth_weekday(year, 3, "sunday", 2) - _EPOCH).days
        last = (nth_weekday(year, 11, "sunday", 1) - _EPOCH).days
        start, end = first * DAY + (2 - standard) * _HOUR, last * DAY + (1 - standard) * _HOUR
        return start <= instant < end
    return False


def local(zone: str, instant: int) -> tuple[int, int]:
    """The day and the hour that clocks in `zone` show."""
    rules = files.table(_TABLE)["zones"][zone]
    hours = rules["hours"] + _summer(rules["summer"], instant, rules["hours"])
    day, seconds = divmod(instant + hours * _HOUR, DAY)
    return day, seconds // _HOUR
