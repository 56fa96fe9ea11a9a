"""Names, kinds and countries of capabilities, and when one may be requested or given back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from emulator.kernel import files
from emulator.kernel.errors import Refusal, accounts
from emulator.rules.accounts import countries


def names() -> tuple[str, ...]:
    """Every capability name, in alphabetical order."""
    return tuple(_table()["capabilities"])


def canonical(name: str) -> str:
    """Today's name of a capability (`platform_payments` became `transfers`)."""
    today: str = _table()["aliases"].get(name, name)
    return today


def kind(name: str) -> str:
    """payments, transfers, legacy, reporting, issuing, treasury or distribution."""
    row = _table()["capabilities"].get(name, {})
    found: str = row.get("kind", "payments")
    return found


@cache
def in_country(name: str, country: str) -> bool:
    """Whether accounts of that country can have the capability, agreements aside."""
    where = _table()["capabilities"][name]["countries"]
    if where == ["all"]:
        return True
    if where == ["full"]:
        return countries.country(country).full
    return country in where


def listed(country: str, agreement: str) -> tuple[str, ...]:
    """What GET …/capabilities lists: everything the country has under that agreement."""
    if agreement == "recipient":
        return ("transfers",)
    return tuple(name for name in names() if in_country(name, country))


def automatic() -> tuple[str, ...]:
    """Requested by themselves for accounts with the full Dashboard."""
    return tuple(_table()["automatic"])


def requested_in(params: Mapping[str, Any]) -> dict[str, bool]:
    """Capabilities named by a create or update, in either form, and whether they are wanted.

    `capabilities[x][requested]` and the older `requested_capabilities[]`.
    """
    wanted = {canonical(name): True for name in params.get("requested_capabilities") or ()}
    for name, entry in (params.get("capabilities") or {}).items():
        if isinstance(entry, Mapping) and "requested" in entry:
            wanted[canonical(name)] = entry["requested"] in (True, "true", "True")
    return wanted


def granted_unasked(
    dashboard: str, requested: Iterable[str], country: str, version: str
) -> tuple[str, ...]:
    """What an account gets that asks for nothing: legacy_payments, where the version's date is
    before capabilities had to be named in the account's country (documented); else nothing.
    """
    if tuple(requested) or dashboard != "none":
        return ()
    return ("legacy_payments",) if version < _required_since(country) else ()


def _required_since(country: str) -> str:
    table: Mapping[str, Any] = _table()["required_since"]
    named = (date for date, countries in table.items() if country in countries)
    return str(next(named, table["everywhere"]))


def grants_legacy(now: int) -> bool:
    """Whether legacy_payments is active for whoever has it: until September 2020."""
    return bool(now < _table()["legacy_until"])


def given_only(dashboard: str, rule_set: str) -> bool:
    """Whether an account has the capabilities that Stripe requests for it and no others: with the
    full Dashboard, in April 2024. Today more may be requested (documented).
    """
    return dashboard == "full" and rule_set == "overview"


def check_request(requested: Iterable[str], country: str, agreement: str) -> Refusal | None:
    """Refuse unknown names, wrong countries, missing companions; `requested` is all that is held.

    Order: agreement, names and countries, dependencies.
    """
    asked = sorted(set(requested))
    for name in asked:
        if name not in _table()["capabilities"]:
            return accounts.capability_unknown(name)
        if agreement == "recipient" and name not in _table()["recipient"]:
            return accounts.capability_not_for_recipients(name)
        if not in_country(name, country):
            return accounts.capability_not_in_country(name, country)
    return _check_companions(asked, country, agreement)


def check_unrequest(name: str) -> Refusal | None:
    """Refuse giving back a permanent capability. Which are permanent: only legacy_payments
    is sure.
    """
    row = _table()["capabilities"].get(name)
    if row is None:
        return accounts.capability_unknown(name)
    if row["permanent"]:
        return accounts.capability_permanent(name)
    return None


def _check_companions(asked: list[str], country: str, agreement: str) -> Refusal | None:
    if agreement == "recipient":
        return None
    alone = _table()["transfers_alone"]["refused"]
    if "transfers" in asked and "card_payments" not in asked and country in alone:
        return accounts.transfers_need_card_payments(country)
    if "card_payments" in asked and "transfers" not in asked:
        return accounts.card_payments_need_transfers(country)
    return None


def _table() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = files.table("accounts/capabilities.json")
    return loaded
