"""What an account's holder may answer to each requirement in test mode, so that verification
passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from emulator.kernel import files
from emulator.rules.accounts import countries

DOCUMENT: Final = "file_identity_document_success"
AWAITED: Final = ("owners", "directors", "executives")
_NUMBER: Final = "2025550123"


def answers(due: Iterable[str], country: str, business_type: str | None) -> dict[str, str]:
    """Requirement path -> a value that passes, for every path that anybody can answer.

    Persons of whom nothing is known but that they are awaited are said not to exist, which needs no
    more than a declaration; the representative alone is made up.
    """
    found: dict[str, str] = {}
    for path in due:
        head = path.partition(".")[0]
        if head in AWAITED:
            found[f"company.{head}_provided"] = "true"
        elif path == "external_account":
            found |= {f"external_account.{name}": v for name, v in bank(country).items()}
        elif (value := sample(path, country, business_type)) is not None:
            found[path] = value
    return found


def sample(path: str, country: str, business_type: str | None) -> str | None:
    """A value for one path, with or without the name of its holder before it; None: nobody
    knows.
    """
    if path == "company.structure":
        return _structure(country, business_type)
    if "documents." in path or "verification." in path:
        return DOCUMENT
    table = _table()
    own: Mapping[str, str] = table["countries"].get(country, {})
    for name in _tails(path):
        value = own.get(name, table["fields"].get(name))
        if value is not None:
            phone = countries.country(country).phone_prefix + _NUMBER
            return str(value).format(phone=phone, country=country)
    return None


def bank(country: str) -> dict[str, str]:
    """The test bank account of a country whose payouts arrive: its numbers, as far as it has
    them.
    """
    example = countries.country(country).bank.example
    return {name: value for name, value in example.items() if value}


def _tails(path: str) -> list[str]:
    """`individual.address.city`, `address.city`, `city`: the longest first."""
    steps = path.split(".")
    return [".".join(steps[at:]) for at in range(len(steps))]


def _structure(country: str, business_type: str | None) -> str | None:
    rows = _table()["structures"]
    own: dict[str, str] = {**rows["otherwise"], **rows.get(country, {})}
    return own.get(business_type or "")


def _table() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = files.table("accounts/samples.json")
    return loaded
