"""Bank accounts as external accounts: their format, what comes back, how a payout to them ends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from emulator.kernel import files
from emulator.kernel.errors import Refusal, account_details
from emulator.rules.accounts import countries

_TOKEN = re.compile(r"^btok_(?P<country>[a-z]{2})(?:_(?P<rest>\w+))?$")


@dataclass(frozen=True, slots=True)
class Bank:
    """What a bank account hash comes to.

    routing_number, last4, bank_name: as the object shows them. number: the whole number, never
    shown. outcome: `paid`, or the failure_code of payouts to it. ownership: verified,
    asks_document or None. instant: whether instant payouts may go there.
    """

    country: str
    currency: str
    routing_number: str
    number: str
    last4: str
    bank_name: str
    account_type: str | None
    instant: bool
    outcome: str
    ownership: str | None

    @property
    def available_payout_methods(self) -> list[str]:
        """As the object lists them."""
        return ["standard", "instant"] if self.instant else ["standard"]


def read(
    hash_: Mapping[str, Any], account_country: str, param: str = "external_account"
) -> Bank | Refusal:
    """A bank account hash (country, currency, account_number, routing_number …), or why not.

    Order: what is missing, country, currency, routing number, account number. param: the name the
    hash came under (`bank_account` in older requests).
    """
    for name in ("country", "account_number"):
        if not hash_.get(name):
            return account_details.bank_param_missing(name, param)
    country = str(hash_["country"]).upper()
    if not countries.known(country):
        return account_details.bank_country_unsupported(country, param)
    own = countries.country(country)
    currency = str(hash_.get("currency") or own.default_currency).lower()
    number = _compact(str(hash_["account_number"]))
    routing = str(hash_.get("routing_number") or "").strip()
    fault = (
        _check_currency(currency, country, account_country, param)
        or _check_routing(routing, country, number, param)
        or _check_number(number, country, param)
    )
    if fault is not None:
        return fault
    account_type = hash_.get("account_type") or own.bank.account_type
    made = _bank(country, currency, routing, number)
    domestic = account_country == country
    return replace(made, account_type=account_type, instant=made.instant and domestic)


def token(name: str, param: str = "external_account") -> dict[str, Any] | Refusal:
    """The hash behind a ready token: btok_us, btok_us_verified_noAccount, btok_gb,
    btok_de_eur, …
    """
    found = _TOKEN.match(name)
    country = found["country"].upper() if found else ""
    if found is None or not countries.known(country):
        return account_details.bank_token_unknown(name, param)
    own = countries.country(country)
    rest = found["rest"] or ""
    made = {
        "object": "bank_account",
        "country": country,
        "currency": own.default_currency,
        **{key: value for key, value in own.bank.example.items() if value is not None},
    }
    if rest in _table()["token_variants"]:
        wanted = _table()["token_variants"][rest]
        numbers = _table()["outcomes"].get(country, {})
        made["account_number"] = next(
            (number for number, outcome in numbers.items() if outcome == wanted),
            made["account_number"],
        )
    elif len(rest) == 3:
        made["currency"] = rest
    elif rest:
        return account_details.bank_token_unknown(name, param)
    return made


def check_card(
    funding: str, currency: str | None, account_country: str, param: str = "external_account"
) -> Refusal | None:
    """Refuse a card that cannot receive payouts: it must be debit, in a currency of the account."""
    if funding != "debit":
        return account_details.card_not_debit(param)
    allowed = countries.bank_countries(account_country)
    if currency is not None and currency.lower() not in allowed:
        return account_details.card_currency(currency, param)
    return None


def check_delete(
    *, default_for_currency: bool, currency: str, default_currency: str, others: int
) -> Refusal | None:
    """Refuse deleting the default of the account's own currency, and of another while others stay.

    others: how many further external accounts hold the same currency.
    """
    if default_for_currency and (currency == default_currency or others > 0):
        return account_details.default_external_account()
    return None


def outcome(country: str, number: str) -> str:
    """How a payout to that number ends in test mode: `paid` or a failure_code."""
    told = _table()["outcomes"].get(country, {}).get(number) or _iban_outcome(country, number)
    if told is not None:
        return str(told)
    endings = _table()["outcome_suffixes"]
    return next((str(end) for suffix, end in endings.items() if number.endswith(suffix)), "paid")


def _iban_outcome(country: str, number: str) -> str | None:
    """What a test IBAN decides, whatever its check digits, also where IBANs are longer."""
    told: str | None = _table()["iban_outcomes"].get(number[4:]) if number[:2] == country else None
    return told


def _bank(country: str, currency: str, routing: str, number: str) -> Bank:
    shown = _shown_routing(countries.country(country).bank, routing)
    fast = _table()["instant"].get(country, {"routing": (), "not": ()})
    return Bank(
        country,
        currency,
        shown,
        number,
        number[-4:],
        _bank_name(shown, country),
        None,
        shown in fast["routing"] and number not in fast["not"],
        outcome(country, number),
        _table()["ownership"].get(number) if country == "US" else None,
    )


def _shown_routing(form: countries.BankFormat, routing: str) -> str:
    if form.routing is None or not routing:
        return form.placeholder_routing or routing
    known = _table()["returned_routing"].get(routing)
    if known is not None:
        return str(known)
    if form.grouped_routing:
        digits = routing.replace("-", "")
        first = form.grouped_routing[0]
        return f"{digits[:first]} {digits[first:]}"
    return _undashed(form, routing)


def _undashed(form: countries.BankFormat, routing: str) -> str:
    """Azerbaijan's codes come back without their dash, everyone else's as they were sent."""
    return routing.replace("-", "") if form.iban else routing


def _bank_name(routing: str, country: str) -> str:
    names = _table()["bank_names"].get(routing.replace("-", "")) or _table()["bank_names"].get(
        routing, {}
    )
    return str(names.get(country, _table()["test_bank_name"]))


def _check_currency(currency: str, bank: str, country: str, param: str) -> Refusal | None:
    if bank in countries.bank_countries(country).get(currency, ()):
        return None
    return account_details.bank_currency_unsupported(currency, bank, country, param)


def _check_routing(routing: str, country: str, number: str, param: str) -> Refusal | None:
    form = countries.country(country).bank
    if form.routing is None or (not routing and number.startswith(country)):
        return None
    if not routing:
        return account_details.routing_number_missing(param)
    if not re.match(form.routing, routing):
        return account_details.routing_number_invalid(country, param)
    return None


def _check_number(number: str, country: str, param: str) -> Refusal | None:
    if country in _table()["test_accounts_only"]:
        if number not in _table()["outcomes"][country]:
            return account_details.account_number_not_test(param)
        return None
    if _iban_outcome(country, number) is not None:
        return None
    if not re.match(countries.country(country).bank.account, number):
        return account_details.account_number_invalid(country, param)
    return None


def _compact(number: str) -> str:
    return number.replace(" ", "").upper()


def _table() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = files.table("accounts/banks.json")
    return loaded
