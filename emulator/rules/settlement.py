"""When money becomes available. Facts in `schemas/rules/settlement.json`.

Instants are arguments, in seconds. Days start at 00:00 UTC (observed).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from emulator.kernel import files
from emulator.kernel.instants import DAY
from emulator.rules import calendars

Counts = Literal["business", "calendar"]
_TABLE = "rules/settlement.json"
_DEFAULT_COUNTRY = "GB"
# From a week on, delays are of calendar days also where shorter ones are of business days
# (observed on US accounts of seven days); TH alone says otherwise in its own row.
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Delay:
    """How long a payment settles. counts: whether weekends and holidays count."""

    days: int
    counts: Counts


def _row(country: str) -> Mapping[str, Any]:
    rows: Mapping[str, Mapping[str, Any]] = files.table(_TABLE)["countries"]
    return rows.get(country, rows[_DEFAULT_COUNTRY])


def calendar_of(country: str) -> str:
    """The calendar of bank holidays that a country's payments and payouts keep."""
    return str(_row(country)["calendar"])


def delay(country: str, *, established: bool = False) -> Delay:
    """The delay of a country's accounts: at first and for most connected ones, or later on."""
    row, kind = _row(country), "usual" if established else "first"
    return Delay(row[f"{kind}_days"], row[f"{kind}_counts"])


def minimum_delay(country: str) -> int:
    """The least `delay_days` a platform may set, which `minimum` stands for."""
    return delay(country).days


def counts_of(country: str, delay_days: int) -> Counts:
    """How a delay set by the platform counts."""
    row = _row(country)
    if delay_days == row["first_days"]:
        return _counts(row["first_counts"])
    if delay_days >= _WEEK:
        return "calendar"
    return _counts(row["usual_counts"])


def _counts(name: str) -> Counts:
    return "business" if name == "business" else "calendar"


def method_delay(method: str, now: int, *, testmode: bool = True) -> Delay | None:
    """The delay of a method that has one of its own at that instant; None where the account's
    counts.
    """
    row = files.table(_TABLE)["methods"].get(method)
    if row is None:
        return None
    row = next((older for older in row.get("before", ()) if now < older["until"]), row)
    if row["days"] is None:
        return None
    days = row.get("test_days", row["days"]) if testmode else row["days"]
    return Delay(days, row["counts"])


@lru_cache(maxsize=4096)
def available_on(
    country: str,
    created: int,
    delay_days: int | None = None,
    counts: Counts | None = None,
) -> int:
    """When a charge of this instant is available: 00:00 UTC, or at once without any delay.

    country: whose account settles it (the destination's, for a destination charge). Weekend
    payments count from Friday in the US, from Monday in Europe (both observed).
    """
    first = delay(country)
    days = first.days if delay_days is None else delay_days
    if days == 0:
        return created
    day = calendars.day_of(created)
    if counts is None:
        counts = first.counts if delay_days is None else counts_of(country, days)
    if counts == "calendar":
        return (day + days) * DAY
    calendar = calendar_of(country)
    if files.table(_TABLE)["calendars"][calendar]["weekend_payments"] == "as_monday":
        day = calendars.business_day_from(calendar, day)
    return calendars.add_business_days(calendar, day, days) * DAY


def currencies(account: Mapping[str, Any]) -> set[str]:
    """What an account keeps as it comes: its default currency and those it has a bank
    account for.
    """
    held = account.get("external_accounts") or {"data": []}
    return {account["default_currency"]} | {each["currency"] for each in held["data"]}


@cache
def alternative_currencies() -> frozenset[str]:
    """The currencies in which a platform can hold money beside its own without converting it."""
    return frozenset(files.table(_TABLE)["alternative_currencies"]["currencies"])


def status(available: int, now: int) -> Literal["pending", "available"]:
    return "available" if now >= available else "pending"
