"""Where somebody is, as far as taxes go: a country, and a state where states levy their own.

Facts in `schemas/rules/tax.json`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from emulator.kernel import files

TABLE: Final = "rules/tax.json"
_PREFIX: Final = 3


@dataclass(frozen=True, slots=True)
class Place:
    """country: two letters. state: its code, where the country has taxes by state."""

    country: str
    state: str | None = None


def place_of(address: Mapping[str, Any] | None) -> Place | None:
    """Where an address is; None where it does not tell (documented: a US address needs its postal
    code or its state, a Canadian one its province or postal code, others their country).
    """
    country = str((address or {}).get("country") or "").upper()
    if address is None or not country:
        return None
    if country not in files.table(TABLE)["states"]:
        return Place(country)

    state = _state_named(country, address.get("state")) or _state_posted(
        country, address.get("postal_code")
    )
    return Place(country, state) if state else None


def state_name(place: Place) -> str:
    """What a state is called in full."""
    name: str = files.table(TABLE)["states"][place.country]["states"][place.state]["name"]
    return name


def _state_named(country: str, given: str | None) -> str | None:
    """The code of a state that is named by its code or in full."""
    wanted = (given or "").strip().lower()
    for code, state in files.table(TABLE)["states"][country]["states"].items():
        if wanted in {code.lower(), state["name"].lower()}:
            return str(code)
    return None


def _state_posted(country: str, postal_code: str | None) -> str | None:
    code = (postal_code or "").strip().upper()
    if country == "US":
        return _zones().get(code[:_PREFIX]) if code[:_PREFIX].isdigit() else None
    letters: Mapping[str, str] = files.table(TABLE)["postal"][country]
    return next((state for state, first in letters.items() if code and code[0] in first), None)


@cache
def _zones() -> dict[str, str]:
    """The first three digits of a ZIP code -> the state."""
    ranges: Mapping[str, list[str]] = files.table(TABLE)["postal"]["US"]
    return {zone: state for state, spans in ranges.items() for zone in _within(spans)}


def _within(spans: list[str]) -> Iterator[str]:
    for span in spans:
        first, last = (int(end) for end in span.split("-"))
        yield from (f"{zone:0{_PREFIX}}" for zone in range(first, last + 1))
