"""Payouts: on which days automatic ones are made, when they arrive, and what their failures mean.

Facts in `schemas/rules/settlement.json`. Days count from 1970 in UTC, instants are in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final, Literal

from emulator.kernel import files
from emulator.kernel.instants import DAY
from emulator.rules import calendars, settlement
from emulator.rules.calendars import WEEKDAYS

_TABLE: Final = "rules/settlement.json"
_EPOCH: Final = date(1970, 1, 1)
# A day that is no business day moves to the next one, which is never further away than this.
_LONGEST_CLOSURE: Final = 7
_LONGEST_MONTH: Final = 31


def next_day(schedule: Mapping[str, Any], country: str, day: int) -> int | None:
    """The first payout day from `day` on; None for accounts that are paid out by hand.

    schedule: interval, weekly_anchor or weekly_payout_days, monthly_anchor or monthly_payout_days.
    """
    interval = schedule.get("interval") or "manual"
    if interval == "manual":
        return None
    if interval == "daily":
        return payout_day(country, day)
    first = day - _LONGEST_CLOSURE
    named = [d for d in range(first, day + _LONGEST_MONTH + 1) if _is_named(schedule, interval, d)]
    made = (payout_day(country, each) for each in named)
    return next((each for each in made if each >= day), None)


def _is_named(schedule: Mapping[str, Any], interval: str, day: int) -> bool:
    """Whether the schedule names this day; days that a month does not have mean its last one."""
    on = _EPOCH + timedelta(days=day)
    if interval == "weekly":
        wanted = schedule.get("weekly_payout_days") or [schedule.get("weekly_anchor") or "monday"]
        return WEEKDAYS[on.weekday()] in wanted
    days = schedule.get("monthly_payout_days") or [schedule.get("monthly_anchor") or 1]
    last = (on + timedelta(days=1)).day == 1
    return on.day in days or (last and max(days) > on.day)


def payout_day(country: str, day: int) -> int:
    """The business day on which payouts scheduled for `day` are made."""
    return calendars.business_day_from(settlement.calendar_of(country), day)


def arrival_date(
    country: str,
    created: int,
    amount: int,
    method: Literal["standard", "instant"] = "standard",
    *,
    earlier: Iterable[int] = (),
) -> int:
    """When a payout arrives: instant ones at once, the others at 00:00 UTC of a business day.

    That is the day itself where the bank's hour has not passed and the amount is small enough for
    the same day: 17:00 in New York and a million dollars (observed on all sides of both). Ten a day
    are so fast (documented). earlier: the instants of the account's last payouts, ten at least.
    """
    if method == "instant":
        return created
    row, calendar = _row(country), settlement.calendar_of(country)
    today, hour = calendars.local(row["zone"], created)
    if (
        hour < row["before_hour"]
        and amount <= row.get("same_day_most", amount)
        and calendars.is_business_day(calendar, today)
        and _has_room(row, today, earlier)
    ):
        return today * DAY
    return calendars.add_business_days(calendar, today, row["later_days"]) * DAY


def _has_room(row: Mapping[str, Any], today: int, earlier: Iterable[int]) -> bool:
    """Whether one more payout may arrive on the local day on which it is made."""
    most = row.get("same_day_count")
    made = (calendars.local(row["zone"], each)[0] for each in earlier)
    return most is None or sum(day == today for day in made) < most


def _row(country: str) -> Mapping[str, Any]:
    rows: Mapping[str, Mapping[str, Any]] = files.table(_TABLE)["payouts"]
    if country in rows:
        return rows[country]
    return rows["eu" if settlement.calendar_of(country) == "target" else "other"]


def is_debited(country: str) -> bool:
    """Whether banks of this country are debited for balances below zero."""
    return country in files.table(_TABLE)["debited_countries"]["countries"]


def longest_hold(country: str) -> int:
    """For how many seconds an account that is paid out by hand may keep what it could be paid."""
    days = files.table(_TABLE)["longest_hold_days"]
    return int(days.get(country, days["other"])) * DAY


def reserve_until(country: str, debited: int) -> int:
    """Until when a reserve is held for a balance that its bank was debited for, in case the debit
    fails: three business days more (documented).
    """
    day = calendars.add_business_days(settlement.calendar_of(country), debited // DAY, 3)
    return day * DAY


FAILURES: Final[Mapping[str, str]] = {
    "account_closed": "The bank account has been closed.",
    "account_frozen": "The bank account has been frozen.",
    "bank_account_restricted": "The bank account restricts which or how many payouts it takes.",
    "bank_ownership_changed": "The branch that held the account belongs to another bank now.",
    "could_not_process": "The bank could not process this payout.",
    "debit_not_authorized": "The holder of the bank account has not approved debits of it.",
    "declined": "The bank declined this payout.",
    "insufficient_funds": "The Stripe account does not hold enough to cover the payout.",
    "exceeds_amount_limit": "The card takes no more money for now.",
    "exceeds_count_limit": "The card takes no more payouts for now.",
    "incorrect_account_holder_address": "The address of the account holder is not right.",
    "incorrect_account_holder_details": "The details of the account holder are not right.",
    "incorrect_account_holder_tax_id": "The tax id of the account holder is not right.",
    "incorrect_account_holder_name": "The name of the account holder is not right.",
    "incorrect_account_type": "The bank account is of a type that cannot be paid to.",
    "invalid_account_number": "The routing number is right, but the account number is not.",
    "invalid_account_number_length": "The account number has too many digits.",
    "invalid_currency": "The bank account cannot take payouts in this currency.",
    "no_account": "There is no bank account with these details.",
    "unsupported_card": "The bank no longer supports payouts to this card.",
}
