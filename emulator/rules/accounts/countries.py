"""What the country of a connected account brings with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from emulator.kernel import files
from emulator.kernel.errors import Refusal, account_details, accounts

_YEAR_2025: Final = 1_735_689_600
_LONGEST_MONTH: Final = 31


@dataclass(frozen=True, slots=True)
class BankFormat:
    """How bank accounts are written. routing, account: regular expressions; routing None: not
    asked.

    placeholder_routing: what stands in routing_number when none is asked. grouped_routing: where
    spaces fall in the returned one. example: a pair that passes.
    """

    routing: str | None
    account: str
    iban: bool
    placeholder_routing: str | None
    grouped_routing: tuple[int, ...]
    account_type: str | None
    example: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Country:
    """A country in which accounts may be. region: EUROPE (EEA, GB, CH, GI) or the country itself.

    full: businesses may sign up. recipient: reached by cross-border payouts.
    recipient_id_number: evidence that recipients must give one, or None.
    """

    code: str
    default_currency: str
    region: str
    phone_prefix: str
    full: bool
    recipient: bool
    recipient_id_number: str | None
    schedule: Mapping[str, Any]
    bank: BankFormat


def known(code: str) -> bool:
    """Whether any rule knows the country."""
    return code in _table()["countries"]


@cache
def country(code: str) -> Country:
    """The facts of a known country; KeyError for any other."""
    row = _table()["countries"][code]
    return Country(
        code,
        row["default_currency"],
        row["region"],
        row["phone_prefix"],
        row["full"],
        row["recipient"],
        row["recipient_id_number"],
        row["schedule"],
        _bank(row["bank"]),
    )


def every() -> tuple[str, ...]:
    """The codes of all known countries, in alphabetical order."""
    return tuple(_table()["countries"])


def full_countries() -> tuple[str, ...]:
    """Countries in which Stripe supports businesses."""
    return tuple(code for code in every() if country(code).full)


def check_code(code: str) -> Refusal | None:
    """Refuse what is no country code, and countries in which no account can be."""
    if len(code) != 2 or not code.isalpha() or not code.isupper():
        return accounts.country_code_invalid(code)
    if not known(code):
        return accounts.country_unsupported(code)
    return None


def default_schedule(code: str, agreement: str, interval: str | None, now: int) -> dict[str, Any]:
    """settings.payouts.schedule of a new account; `interval` is the one asked for, if any.

    Observed: US AU CA GB DE JP KR MX; documented or assumed elsewhere.
    """
    row = country(code).schedule
    manual = interval == "manual"
    if agreement == "recipient":
        days = row["recipient_manual_delay_days"] if manual else _recipient_days(code, now)
    else:
        days = row["manual_delay_days"] if manual else row["delay_days"]
    schedule = {"delay_days": days, "interval": interval or row["interval"]}
    if interval is None and "weekly_anchor" in row:
        schedule["weekly_anchor"] = row["weekly_anchor"]
    return schedule


def minimum_delay(code: str) -> int:
    """The least delay_days an account of this country may be given."""
    days: int = country(code).schedule["delay_days"]
    return days


def check_schedule(
    code: str,
    agreement: str,
    interval: str | None,
    delay_days: int | str | None,
    platform_days: int,
) -> Refusal | None:
    """Refuse an interval the country lacks, and a delay under its floor or the platform's own."""
    row = country(code).schedule
    if row.get("automatic_only") and agreement == "full" and interval not in (None, "daily"):
        return accounts.schedule_automatic_only(code)
    if code == "JP" and interval == "daily":
        return accounts.schedule_not_daily(code)
    if agreement == "recipient" or delay_days in (None, "minimum"):
        return None
    floor = max(minimum_delay(code), platform_days)
    return accounts.delay_too_low(floor) if int(delay_days or 0) < floor else None


def check_schedule_numbers(schedule: Mapping[str, Any]) -> Refusal | None:
    """Refuse a delay of more than 31 days, and days that no month has (documented)."""
    delay, anchor = schedule.get("delay_days"), schedule.get("monthly_anchor")
    if delay not in (None, "minimum") and int(delay) > _LONGEST_MONTH:
        return accounts.schedule_number("delay_days", 0, _LONGEST_MONTH)
    if anchor is not None and not 1 <= int(anchor) <= _LONGEST_MONTH:
        return accounts.schedule_number("monthly_anchor", 1, _LONGEST_MONTH)
    return None


def check_default_currency(currency: str, code: str) -> Refusal | None:
    """Refuse a currency in which no account of the country is paid."""
    known = bank_countries(code)
    return None if currency in known else account_details.default_currency(currency, code, known)


def bank_countries(code: str) -> dict[str, list[str]]:
    """supported_bank_account_currencies: currency -> countries whose banks may hold it."""
    own = country(code)
    shared = _table()["settlement"].get(own.region if own.region == "EUROPE" else code, {})
    found = {currency: list(where) for currency, where in shared.items()}
    if own.default_currency != "eur" or "eur" not in found:
        mine = found.setdefault(own.default_currency, [])
        if code not in mine:
            mine.append(code)
    return {currency: sorted(found[currency]) for currency in sorted(found)}


def _recipient_days(code: str, now: int) -> int:
    row = country(code)
    if not row.full and now < _YEAR_2025:
        return 0
    return 7


def _bank(row: Mapping[str, Any]) -> BankFormat:
    return BankFormat(
        row["routing"],
        row["account"],
        row["iban"],
        row["placeholder_routing"],
        tuple(row.get("grouped_routing", ())),
        row.get("account_type"),
        row["example"],
    )


def _table() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = files.table("accounts/countries.json")
    return loaded
