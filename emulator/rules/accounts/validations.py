"""Values that are taken but held against the account: bad phones, impossible ages, thin
descriptions.

They do not refuse a request. They come back as requirements.errors, or first in
future_requirements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from emulator.rules.accounts import persons
from emulator.rules.accounts.checks import reason
from emulator.rules.accounts.countries import country
from emulator.rules.accounts.facts import Facts
from emulator.rules.accounts.needs import Holder, Row, holds, table

_WORDING_OF_2023: Final = 1_704_412_800
_LEAST_DESCRIPTION: Final = 10
_DESCRIPTOR: Final = ("settings.payments.statement_descriptor", re.compile(".{5,22}"))
_TAX_ID: Final = ("company.tax_id", re.compile(r"\d{2}-?\d{7}"))
_DOB: Final = ("dob.day", "dob.month", "dob.year")
_MAGIC_YEARS: Final = frozenset({"1900-1-1", "1901-1-1", "1902-1-1"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Fields with the same fault. since: when they were given. future: not held against it yet."""

    fields: tuple[str, ...]
    code: str
    reason: str
    since: int
    future: bool
    voids_identity: bool = False


def run(facts: Facts, holder: Holder, kinds: frozenset[str], program: Row | None) -> list[Finding]:
    """Every fault of one holder, now or (with a program) once that program takes effect."""
    wanted = {
        row["what"]: "program" in row
        for row in table()["validations"]
        if row.get("program") in (None, program and program["id"])
        and holds(row["when"], facts, kinds)
    }
    found: list[Finding] = []
    if "phone" in wanted:
        found.extend(_phones(facts, holder, future=wanted["phone"]))
    if "dob" in wanted and holder.person is not None:
        found.extend(_dob(facts, holder, future=wanted["dob"]))
    if "description" in wanted and program is None:
        found.extend(_description(facts, holder))
    if "descriptor" in wanted and program is None:
        found.extend(_malformed(facts, holder, _DESCRIPTOR, "invalid_statement_descriptor_length"))
    if "tax_id" in wanted and program is None:
        found.extend(_malformed(facts, holder, _TAX_ID, "invalid_tax_id_format"))
    return found


def _phones(facts: Facts, holder: Holder, *, future: bool) -> Iterator[Finding]:
    for name in ("phone", "company.phone"):
        number = holder.given.get(name, "")
        if number and len(set(number[-10:])) == 1:
            shown = number
            if name == "phone" and not number.startswith("+"):
                shown = country(facts.country).phone_prefix + number
            code = "invalid_phone_number"
            old = f"{code}_before_2024" if facts.created < _WORDING_OF_2023 else code
            at = holder.given_at.get(name, facts.created)
            yield Finding((name,), code, reason(old, shown), at, future)


def _dob(facts: Facts, holder: Holder, *, future: bool) -> Iterator[Finding]:
    parts = [holder.given.get(name, "") for name in _DOB]
    if not all(part.isdigit() for part in parts):
        return
    day, month, year = (int(part) for part in parts)
    if f"{year}-{month}-{day}" in _MAGIC_YEARS:
        return
    code = persons.age_fault(day, month, year, facts.now)
    if code is not None:
        at = holder.given_at.get("dob.year", facts.created)
        yield Finding(_DOB, code, reason(code), at, future, voids_identity=True)


def _malformed(
    facts: Facts, holder: Holder, form: tuple[str, re.Pattern[str]], code: str
) -> Iterator[Finding]:
    path, pattern = form
    value = holder.given.get(path)
    if value is not None and not pattern.fullmatch(value):
        at = holder.given_at.get(path, facts.created)
        yield Finding((path,), code, reason(code), at, future=False)


def _description(facts: Facts, holder: Holder) -> Iterator[Finding]:
    path = "business_profile.product_description"
    text = holder.given.get(path)
    if text is None:
        return
    at = holder.given_at.get(path, facts.created)
    if text == holder.given.get("business_profile.url"):
        code = "invalid_product_description_url_match"
        yield Finding((path,), code, reason(code), at, future=False)
    elif len(text) < _LEAST_DESCRIPTION:
        code = "invalid_product_description_length"
        yield Finding((path,), code, reason(code), at, future=False)
