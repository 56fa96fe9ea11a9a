"""Stripe's test cards: what each is and how it answers. Facts in `schemas/rules/cards.json`.

Everything here is a pure function of its arguments. A card is found by number or by the name that
stands for it (`pm_card_visa`, `tok_visa`); what it answers is asked of the functions below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, Literal

from emulator.kernel import files, ids
from emulator.kernel.errors import cards as errors
from emulator.kernel.errors.refusal import Refusal

Check = Literal["pass", "fail", "unavailable"]
Authentication = Literal[
    "never", "frictionless", "always", "required", "on_session", "unless_set_up", "with_mandate"
]
Demand = Literal["none", "frictionless", "challenge", "refuse"]
_TABLE = "rules/cards.json"
_CODES = "rules/decline_codes.json"
_PREFIXES = ("pm_card_", "tok_")
_YEARS_AHEAD = 50
_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Decline:
    """How a card says no. `documented` is false where Stripe shows no `doc_url`, `charged` where no
    issuer is asked, so that no failed charge is left.
    """

    name: str
    code: str
    decline_code: str | None
    param: str | None = None
    network_decline_code: str | None = None
    advice_code: str | None = None
    network_advice_code: str | None = None
    documented: bool = True
    charged: bool = True

    @property
    def message(self) -> str:
        return errors.decline_message(self.code, self.decline_code)

    @property
    def reason(self) -> str:
        """As `outcome.reason` shows it."""
        return self.decline_code or self.code

    @property
    def network(self) -> dict[str, str | None]:
        return {
            "advice_code": self.advice_code,
            "network_advice_code": self.network_advice_code,
            "network_decline_code": self.network_decline_code,
        }


@dataclass(frozen=True, slots=True)
class DisputeAhead:
    """The dispute that a card's charge meets moments later.

    prevented_by: the programme that stops it where the account is enrolled.
    """

    reason: str
    case_type: Literal["chargeback", "inquiry", "compliance"]
    count: int = 1
    eligibility: tuple[str, ...] = ()
    prevented_by: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One test card. Field names are Stripe's where Stripe has the thing.

    three_d_secure: whether the card supports it. declines_when: `always` counts attaching too,
    `charge` lets it be attached, `off_session` declines only without the customer.
    authentication_then: the decline that follows a passed challenge; `lookup_fails` when the
    directory does not answer. refund, trigger, payout: what later happens to money from or to it.
    """

    number: str
    brand: str
    funding: str
    country: str | None
    networks: tuple[str, ...]
    three_d_secure: bool = True
    regulated_status: str = "unregulated"
    decline: Decline | None = None
    declines_when: Literal["always", "charge", "off_session"] = "always"
    authentication: Authentication = "never"
    authentication_then: str | None = None
    cvc_check: Check = "pass"
    postal_code_check: Check = "pass"
    line1_check: Check = "pass"
    dispute: DisputeAhead | None = None
    fraud_warning: str | None = None
    refund: Literal["succeeds", "pending_succeeds", "fails_later"] = "succeeds"
    bypass_pending: bool = False
    risk_level: Literal["normal", "elevated", "highest"] = "normal"
    blocked: bool = False
    payout: Literal["paid", "could_not_process", "instant_unsupported"] | None = None
    trigger: Literal["next_requirements", "charge_block", "payout_block"] | None = None
    names: tuple[str, ...] = ()

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def display_brand(self) -> str:
        brand: str = files.table(_TABLE)["display_brands"].get(self.brand, self.brand)
        return brand


@cache
def _declines() -> dict[str, Decline]:
    known = {field.name for field in fields(Decline)}
    return {
        name: Decline(name=name, **{key: row[key] for key in row if key in known})
        for name, row in files.table(_TABLE)["declines"].items()
    }


def _read(row: Mapping[str, Any]) -> Card:
    known = {field.name for field in fields(Card)} - {"names", "networks", "decline", "dispute"}
    dispute = row.get("dispute")
    return Card(
        networks=tuple(row.get("networks", [row["brand"]])),
        names=tuple(row["names"]),
        decline=_declines()[row["decline"]] if "decline" in row else None,
        dispute=_dispute(dispute) if dispute else None,
        **{key: row[key] for key in row if key in known},
    )


def _dispute(row: Mapping[str, Any]) -> DisputeAhead:
    return DisputeAhead(**{**row, "eligibility": tuple(row.get("eligibility", ()))})


@cache
def _by_number() -> dict[str, Card]:
    rows = files.table(_TABLE)["cards"]
    named = {name for row in rows for name in row["names"]}
    found = {row["number"]: _read(row) for row in rows}
    return found | {card.number: card for card in _debit_series() if not named & {*card.names}}


def _debit_series() -> Iterator[Card]:
    """The cards that each country's payouts are tested with."""
    table = files.table(_TABLE)
    series, numbers = table["debit_series"], {v: k for k, v in table["country_numbers"].items()}
    for country in series["countries"]:
        for row in series["cards"]:
            begun = f"{row['begins']}{numbers[country]}{row['middle']}"
            name = f"{row['brand']}_debit_{country.lower()}_{row['name']}"
            yield Card(
                number=next(begun + digit for digit in _DIGITS if luhn(begun + digit)),
                brand=row["brand"],
                funding="debit",
                country=country,
                networks=(row["brand"],),
                names=(name,),
                payout=row["payout"],
            )


@cache
def _by_name() -> dict[str, Card]:
    named = {name: card for card in _by_number().values() for name in card.names}
    for row in files.table(_TABLE)["variants"]:
        decline, of = _declines()[row["decline"]], _by_number()[row["of"]]
        check = row.get("cvc_check", of.cvc_check)
        card = replace(of, decline=decline, names=tuple(row["names"]), cvc_check=check)
        named.update(dict.fromkeys(card.names, card))
    return named


def cards() -> tuple[Card, ...]:
    """Every card that has a number, in the order of the table."""
    return tuple(_by_number().values())


def digits(number: str) -> str:
    """A number as typed, without the spaces and dashes that Stripe accepts."""
    return number.replace(" ", "").replace("-", "")


def by_number(number: str) -> Card | None:
    return _by_number().get(digits(number))


@lru_cache(maxsize=256)
def by_name(name: str) -> Card | None:
    """The card behind `pm_card_visa`, `tok_visa` or plain `visa`; None for any other text."""
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return _by_name().get(name)


def decline(name: str) -> Decline:
    """A decline of the table by name; any other decline code as a plain `card_declined`, unless
    the code stands for itself.
    """
    found = _declines().get(name)
    if found is None:
        row = files.table(_CODES)["codes"].get(name, {})
        found = Decline(name, row.get("code", "card_declined"), name, row.get("param"))
    return found


def declines() -> tuple[str, ...]:
    """Every name that `decline` knows something about."""
    return (*dict.fromkeys([*_declines(), *files.table(_CODES)["codes"]]),)


def legacy_brand(brand: str) -> str:
    """The brand as card objects, sources and tokens write it: `Visa`, `American Express`."""
    name: str = files.table(_TABLE)["legacy_brands"].get(brand, "Unknown")
    return name


@lru_cache(maxsize=1024)
def fingerprint(seed: str, number: str) -> str:
    """Sixteen letters, the same for one number on a platform and all its accounts (observed)."""
    return ids.letters(seed, f"fingerprint/{digits(number)}", 16)


@lru_cache(maxsize=16)
def default_expiry(now: int) -> tuple[int, int]:
    """Month and year of the magic names: this month of next year (observed, 2019 to 2026)."""
    today = datetime.fromtimestamp(now, UTC)
    return today.month, today.year + 1


# What was typed


def luhn(number: str) -> bool:
    """Whether the last digit is the check digit of the others."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def check_number(number: str) -> Card:
    """The test card of this number, or the refusal that Stripe gives for it."""
    number = digits(number)
    if not (number.isascii() and number.isdigit() and 12 <= len(number) <= 19):
        raise errors.invalid_number()
    if not luhn(number):
        raise errors.incorrect_number()
    card = by_number(number)
    if card is None:
        raise errors.testmode_decline()

    return card


def full_year(year: int) -> int:
    """Two digits mean this century."""
    return year + 2000 if 0 <= year < 100 else year


def check_expiry(month: int, year: int, now: int) -> None:
    """Refuse a month that is none, a year gone by or too far off, a month of this year gone by."""
    today = datetime.fromtimestamp(now, UTC)
    year = full_year(year)
    if not 1 <= month <= 12:
        raise errors.invalid_expiry_month()
    if not today.year <= year <= today.year + _YEARS_AHEAD:
        raise errors.invalid_expiry_year()
    if year == today.year and month < today.month:
        raise errors.invalid_expiry_month()


def check_cvc(cvc: str, brand: str) -> None:
    """Three digits; four on the front of American Express, where three pass too (assumed)."""
    lengths = {3, 4} if brand == "amex" else {3}
    if not (cvc.isascii() and cvc.isdigit() and len(cvc) in lengths):
        raise errors.invalid_cvc()


# What the issuer answers


def checks(
    card: Card, *, cvc: bool, postal_code: bool, line1: bool, used: bool = True
) -> dict[str, str | None]:
    """`card.checks`: null for what was not given, `unchecked` until the card is used (observed)."""

    def shown(given: bool, result: Check) -> str | None:  # noqa: FBT001 - two columns of one table
        if not given:
            return None
        return result if used else "unchecked"

    return {
        "address_line1_check": shown(line1, card.line1_check),
        "address_postal_code_check": shown(postal_code, card.postal_code_check),
        "cvc_check": shown(cvc, card.cvc_check),
    }


def failed_check(card: Card, *, cvc: bool, postal_code: bool) -> Decline | None:
    """The decline by Radar's default rules, which act only on what was given (observed)."""
    if cvc and card.cvc_check == "fail":
        return decline("incorrect_cvc")
    if postal_code and card.postal_code_check == "fail":
        return decline("incorrect_zip")
    return None


def answer(
    card: Card,
    doing: Literal["attach", "charge"],
    *,
    cvc: bool = False,
    postal_code: bool = False,
    off_session: bool = False,
) -> Decline | None:
    """What the card says to being attached or charged; None is yes.

    cvc, postal_code: whether they were given and are checked in this use.
    """
    moments = {"always"} if doing == "attach" else {"always", "charge"}
    if doing == "charge" and off_session:
        moments.add("off_session")
    if card.decline is not None and card.declines_when in moments:
        return card.decline
    return failed_check(card, cvc=cvc, postal_code=postal_code)


def demand(card: Card, *, off_session: bool, set_up: bool = False, mandate: bool = False) -> Demand:
    """What stands before the charge: nothing, a challenge, or a refusal as nobody is there.

    set_up: the card went through a challenge for later use. mandate: Indian mandate options came.
    """
    if card.authentication == "never":
        return "none"
    if card.authentication == "frictionless":
        return "none" if off_session else "frictionless"
    if card.authentication == "with_mandate":
        return "challenge" if mandate and not off_session else "none"
    if not off_session:
        return "challenge"
    if card.authentication == "on_session" or (card.authentication == "unless_set_up" and set_up):
        return "none"
    return "refuse"


def unasked(card: Card) -> Decline:
    """The decline when a challenge was due and nobody was there (both kinds observed)."""
    required = card.authentication == "required"
    return decline("unauthenticated" if required else "authentication_required")


def after_challenge(card: Card) -> Decline | None:
    """What the issuer says once the customer passed; None is yes."""
    if card.authentication_then in {None, "lookup_fails"}:
        return None
    return decline(str(card.authentication_then))


def unauthenticated(card: Card, demand: str) -> Decline | None:
    """The decline where authentication is due (see `demand`) and does not come about: nobody is
    there, or 3-D Secure cannot even be asked (documented).
    """
    if demand == "refuse":
        return unasked(card)
    fails = demand != "none" and card.authentication_then == "lookup_fails"
    return decline("generic_decline") if fails else None


def refusal(no: Decline, *, attaching: bool = False) -> Refusal:
    """The 402 for a decline. Attaching leaves no trace, and shows an empty param (observed)."""
    param = "" if attaching and no.param is None and no.code == "card_declined" else no.param
    return errors.card_declined(
        no.decline_code,
        no.code,
        param=param,
        network=no.network,
        documented=no.documented,
        keep=not attaching,
    )
