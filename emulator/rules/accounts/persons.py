"""Persons: which fields they have, what is never shown, how they relate to their account."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from emulator.kernel.errors import Refusal, account_details
from emulator.rules.accounts.countries import country

HIDDEN: Final = frozenset({"id_number", "id_number_secondary", "ssn_last_4", "person_token"})
_NOT_OF_AN_INDIVIDUAL: Final = ("representative", "authorizer", "legal_guardian")
_TEST_PHONE: Final = "0000000000"
_MINIMUM_AGE: Final = 13
_ADULT: Final = 18
_MAXIMUM_AGE: Final = 120
_SSN_LENGTH: Final = 9
_LEAST_DIGITS: Final = 6
_MOST_DIGITS: Final = 15


def flags(given: Mapping[str, str]) -> dict[str, bool]:
    """The `*_provided` flags; a number of nine digits brings the last four along, wherever it is
    from.
    """
    number = given.get("id_number", "")
    shown = {
        "id_number_provided": bool(number),
        "ssn_last_4_provided": bool(given.get("ssn_last_4")),
    }
    if len(number) == _SSN_LENGTH:
        shown["ssn_last_4_provided"] = True
    if "id_number_secondary" in given:
        shown["id_number_secondary_provided"] = True
    return shown


def e164(phone: str, country_code: str) -> str:
    """A phone number with its country's calling code; the test number 0000000000 is +10000000000
    in every country (observed in 50)."""
    if phone == _TEST_PHONE:
        return f"+1{phone}"
    if phone.startswith("+"):
        return "+" + "".join(letter for letter in phone if letter.isdigit())
    digits = "".join(letter for letter in phone if letter.isdigit())
    return country(country_code).phone_prefix + digits


def check_phone(phone: str, param: str) -> Refusal | None:
    """Refuse what has letters in it, or too few or too many digits."""
    digits = [letter for letter in phone if letter.isdigit()]
    odd = set(phone) - set("0123456789+-(). ")
    if odd or not _LEAST_DIGITS <= len(digits) <= _MOST_DIGITS:
        return account_details.phone_invalid(phone, param)
    return None


def ownership(value: Any) -> float | Refusal | None:
    """percent_ownership as a float (100 -> 100.0); `""` unsets it; a Refusal outside 0 to 100."""
    if value in (None, ""):
        return None
    try:
        percent = float(value)
    except (TypeError, ValueError):
        return account_details.percent_ownership(str(value))
    if not math.isfinite(percent) or not 0 <= percent <= 100:
        return account_details.percent_ownership(str(value))
    return percent


def check_relationship(
    relationship: Mapping[str, Any], others: Iterable[Mapping[str, Any]], *, individual: bool
) -> Refusal | None:
    """Refuse a second representative, more than 100 percent, and what an individual cannot be.

    others: the relationship hashes of the account's other persons.
    """
    if individual:
        for name in _NOT_OF_AN_INDIVIDUAL:
            if name in relationship:
                return account_details.relationship_not_here(name)
    percent = ownership(relationship.get("percent_ownership"))
    if isinstance(percent, Refusal):
        return percent
    rest = list(others)
    if relationship.get("representative") in (True, "true") and any(
        other.get("representative") for other in rest
    ):
        return account_details.representative_exists()
    if (percent or 0) + sum(other.get("percent_ownership") or 0 for other in rest) > 100:
        return account_details.percent_ownership_sum()
    return None


def check_dob(dob: Mapping[str, Any], prefix: str = "dob") -> Refusal | None:
    """Refuse a date of birth with a part missing, or that is no date."""
    for part in ("day", "month", "year"):
        if dob.get(part) in (None, ""):
            return account_details.dob_incomplete(part, prefix)
    try:
        date(int(dob["year"]), int(dob["month"]), int(dob["day"]))
    except (TypeError, ValueError, OverflowError):
        return account_details.dob_invalid(prefix)
    return None


def age(day: int, month: int, year: int, now: int) -> int:
    """Whole years since a date of birth, at the instant `now`."""
    today = datetime.fromtimestamp(now, UTC).date()
    return today.year - year - ((today.month, today.day) < (month, day))


def age_fault(day: int, month: int, year: int, now: int) -> str | None:
    """The code for requirements.errors of an age under 13 or over 120, else None."""
    years = age(day, month, year, now)
    if years < _MINIMUM_AGE:
        return "invalid_dob_age_under_minimum"
    return "invalid_dob_age_over_maximum" if years > _MAXIMUM_AGE else None


def needs_guardian(day: int, month: int, year: int, now: int) -> bool:
    """Whether a representative of that age needs a legal guardian beside them."""
    return age(day, month, year, now) < _ADULT


def is_minor(given: Mapping[str, str], now: int) -> bool:
    """Whether the date of birth among requirement paths is that of somebody from 13 to 17."""
    parts = [given.get(f"dob.{part}", "") for part in ("day", "month", "year")]
    if not all(part.isdigit() for part in parts):
        return False
    day, month, year = (int(part) for part in parts)
    return age_fault(day, month, year, now) is None and needs_guardian(day, month, year, now)


def check_delete(relationship: Mapping[str, Any], *, opener: bool) -> Refusal | None:
    """Refuse deleting the person who opened the account, who represents it."""
    if opener or relationship.get("representative"):
        return account_details.opener_not_deletable()
    return None
