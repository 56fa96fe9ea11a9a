"""country_specs, drawn from the same tables as everything else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from emulator.rules.accounts import countries, requirements
from emulator.rules.accounts.facts import Facts

_FOR: Final = {"company": "company", "individual": "individual"}


def country_spec(code: str, currencies: Iterable[str], now: int) -> dict[str, Any]:
    """A country_spec object. currencies: those that charges may be presented in.

    `minimum` holds everything eventually due of an account that gave nothing; `additional` is
    empty, as in recent versions.
    """
    own = countries.country(code).default_currency
    return {
        "id": code,
        "object": "country_spec",
        "default_currency": own,
        "supported_bank_account_currencies": countries.bank_countries(code),
        "supported_payment_currencies": [
            own,
            *(name for name in sorted(currencies) if name != own),
        ],
        "supported_payment_methods": ["card", "stripe"],
        "supported_transfer_countries": transfer_countries(code),
        "verification_fields": {
            shown: {"additional": [], "minimum": minimum(code, business_type, now)}
            for shown, business_type in _FOR.items()
        },
    }


def minimum(code: str, business_type: str, now: int) -> list[str]:
    """Requirement paths of a business type in a country, under the agreement it can have."""
    own = countries.country(code)
    asks = frozenset({"card_payments", "transfers"} if own.full else {"transfers"})
    blank = Facts(code, now, now, agreement="full" if own.full else "recipient", requested=asks)
    standing = requirements.evaluate(replace(blank, business_type=business_type))
    return sorted({*standing.requirements["eventually_due"], "business_type"})


def transfer_countries(code: str) -> list[str]:
    """Where its platforms may send money across borders, itself included."""
    if code != "US":
        return [code]
    others = (c for c in countries.every() if countries.country(c).recipient)
    return sorted({code, *(c for c in others if c not in {"BR", "IN"})})
