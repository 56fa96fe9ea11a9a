"""On which days automatic payouts are made, and what their failures mean. Days count from 1970 in
UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from emulator.kernel import files
from emulator.rules import settlement
from emulator.rules.calendars import DAY

_EPOCH: Final = date(1970, 1, 1)
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
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
        return settlement.payout_day(country, day)
    first = day - _LONGEST_CLOSURE
    named = [d for d in range(first, day + _LONGEST_MONTH + 1) if _is_named(schedule, interval, d)]
    made = (settlement.payout_day(country, each) for each in named)
    return next((each for each in made if each >= day), None)


def _is_named(schedule: Mapping[str, Any], interval: str, day: int) -> bool:
    """Whether the schedule names this day; days that a month does not have mean its last one."""
    on = _EPOCH + timedelta(days=day)
    if interval == "weekly":
        wanted = schedule.get("weekly_payout_days") or [schedule.get("weekly_anchor") or "monday"]
        return _WEEKDAYS[on.weekday()] in wanted
    days = schedule.get("monthly_payout_days") or [schedule.get("monthly_anchor") or 1]
    last = (on + timedelta(days=1)).day == 1
    return on.day in days or (last and max(days) > on.day)


def is_debited(country: str) -> bool:
    """Whether banks of this country are debited for balances below zero."""
    return country in files.table("rules/settlement.json")["debited_countries"]["countries"]


def longest_hold(country: str) -> int:
    """For how many seconds an account that is paid out by hand may keep what it could be paid."""
    days = files.table("rules/settlement.json")["longest_hold_days"]
    return int(days.get(country, days["other"])) * DAY


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
