"""What an account is filled in with: names, descriptors, settings, terms of service."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from emulator.kernel import files
from emulator.kernel.errors import Refusal, account_details, accounts
from emulator.rules import descriptors
from emulator.rules.accounts.types import Controller

# April 2024: since then display_name follows the business name (observed).
_NAMED_SINCE: Final = 1_711_929_600
_YEAR_2010: Final = 1_262_304_000
_EMAIL: Final = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_HOST: Final = re.compile(r"^([a-z0-9-]+\.)+[a-z]{2,}$")
_COLOR: Final = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_BARE_LABELS: Final = 2
_ADDRESSES: Final = ("address", "address_kana", "address_kanji")


def default_mcc() -> str:
    """The category when neither the account nor its platform names one."""
    code: str = _codes()["default"]
    return code


def is_mcc(code: Any) -> bool:
    """Whether there is such a category."""
    return isinstance(code, str) and code in _codes()["codes"]


def check_mcc(code: str) -> Refusal | None:
    """Refuse a merchant category code outside the list."""
    return None if is_mcc(code) else account_details.mcc_invalid(code)


def check_url(url: str) -> Refusal | None:
    """Refuse what is no public web address; the scheme may be left out."""
    host = _host(url)
    return None if host and _HOST.match(host) else account_details.url_invalid(url)


def check_color(color: str, param: str) -> Refusal | None:
    """Refuse what is no color as CSS writes it in hexadecimal digits (documented)."""
    return None if _COLOR.fullmatch(color) else account_details.color_invalid(color, param)


def check_return(url: str, param: str) -> Refusal | None:
    """Refuse what a browser cannot be sent back to; in test mode any host does, also localhost."""
    found = url.startswith(("http://", "https://")) and _host(url)
    return None if found else account_details.url_invalid(url, param)


def check_email(email: str, param: str = "email") -> Refusal | None:
    """Refuse what is no email address."""
    return None if _EMAIL.match(email) else account_details.email_invalid(email, param)


def business_name(profile: Mapping[str, Any], company: Mapping[str, Any] | None) -> str | None:
    """business_profile.name: as sent, else the company's name."""
    return profile.get("name") or (company or {}).get("name") or None


def display_name(profile: Mapping[str, Any], now: int) -> str | None:
    """settings.dashboard.display_name: the business name sent, else made of the web address.

    `vipul.example.com` gives `vipul.example`, `www.example.com` gives `Example`. Until April 2024
    the address went first (observed).
    """
    name, host = profile.get("name"), _host(profile.get("url") or "")
    if name and (now >= _NAMED_SINCE or not host):
        return str(name)
    if not host:
        return None
    labels = host.removeprefix("www.").split(".")
    stem = ".".join(labels[:-1])
    return stem.capitalize() if len(labels) == _BARE_LABELS else stem


def statement_descriptor(
    country: str, profile: Mapping[str, Any], legal_name: str | None, controller: Controller
) -> str | None:
    """settings.payments.statement_descriptor of a new account, in capitals, at most 22 characters.

    From the business name sent, else the web address without scheme, else the legal name. None for
    accounts that onboard with Stripe, empty in Japan and when nothing is known.
    """
    if controller.dashboard != "none":
        return "" if country == "JP" else None
    if country == "JP":
        return ""
    source = profile.get("name") or _host(profile.get("url") or "").removeprefix("www.")
    return str(source or legal_name or "").upper()[: descriptors.LIMIT].rstrip()


def descriptor_prefix(descriptor: str | None) -> str | None:
    """settings.card_payments.statement_descriptor_prefix that a descriptor brings along."""
    return descriptors.shortened(descriptor) if descriptor else None


def settings(
    country: str,
    controller: Controller,
    profile: Mapping[str, Any],
    legal_name: str | None,
    *,
    schedule: Mapping[str, Any],
    now: int,
) -> dict[str, Any]:
    """The settings hash of a new account. schedule: see `countries.default_schedule`."""
    descriptor = statement_descriptor(country, profile, legal_name, controller)
    return {
        "bacs_debit_payments": {"display_name": None, "service_user_number": None},
        "branding": dict.fromkeys(("icon", "logo", "primary_color", "secondary_color")),
        "card_issuing": {"tos_acceptance": {"date": None, "ip": None}},
        "card_payments": {
            "decline_on": {"avs_failure": False, "cvc_failure": False},
            "statement_descriptor_prefix": descriptor_prefix(descriptor),
            "statement_descriptor_prefix_kana": None,
            "statement_descriptor_prefix_kanji": None,
        },
        "dashboard": {"display_name": display_name(profile, now), "timezone": "Etc/UTC"},
        "invoices": {"default_account_tax_ids": None, "hosted_payment_method_save": "always"},
        "payments": {
            "statement_descriptor": descriptor,
            "statement_descriptor_kana": None,
            "statement_descriptor_kanji": None,
        },
        "payouts": {
            "debit_negative_balances": controller.collection == "stripe",
            "schedule": dict(schedule),
            "statement_descriptor": None,
        },
        "sepa_debit_payments": {},
    }


def company_of_individual(person: Mapping[str, Any]) -> dict[str, Any]:
    """The company hash of an individual: addresses and phone mirrored, everything declared."""
    empty = {"back": None, "details": None, "details_code": None, "front": None}
    return {
        **{name: person[name] for name in _ADDRESSES if name in person},
        "directors_provided": True,
        "executives_provided": True,
        "name": None,
        "owners_provided": True,
        "phone": person.get("phone"),
        "tax_id_provided": False,
        "verification": {"document": empty},
    }


def check_terms(terms: Mapping[str, Any], now: int) -> Refusal | None:
    """Refuse a date of acceptance before 2010 or to come, and an address that is none."""
    date = terms.get("date")
    if date not in (None, ""):
        try:
            instant = int(str(date))
        except ValueError:
            return accounts.tos_date()
        if not _YEAR_2010 <= instant <= now:
            return accounts.tos_date()
    ip = terms.get("ip")
    if ip in (None, ""):
        return None
    try:
        ipaddress.ip_address(str(ip))
    except ValueError:
        return accounts.tos_ip(str(ip))
    return None


def check_agreement(current: str, wanted: str | None, accepted_at: int | None) -> Refusal | None:
    """The service agreement may change only until it is accepted."""
    if wanted in (None, current) or accepted_at is None:
        return None
    return accounts.service_agreement_fixed()


def check_business_type(business_type: str, country: str) -> Refusal | None:
    """government_entity exists in the United States only."""
    where = _structures()["government_entity_countries"]
    if business_type == "government_entity" and country not in where:
        return account_details.business_type_country(business_type, country)
    return None


def check_structure(structure: str, business_type: str | None, country: str) -> Refusal | None:
    """Refuse a company.structure that the country's business type does not have."""
    known = _structures()["structures"].get(country)
    if known is None or business_type in (None, "individual"):
        return None
    possible = known.get(business_type, ())
    if structure in possible:
        return None
    return account_details.structure_not_possible(structure, str(business_type), country)


def terms_void(before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Whether a change of verified numbers asks for the terms again (documented)."""
    watched = ("id_number", "ssn_last_4", "company.tax_id")
    return any(name in before and before[name] != after.get(name) for name in watched)


def _host(url: str) -> str:
    if not url:
        return ""
    try:
        return (urlsplit(url if "//" in url else f"//{url}").hostname or "").lower()
    except ValueError:
        return ""


def _codes() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = files.table("accounts/mcc.json")
    return loaded


def _structures() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = files.table("accounts/structures.json")
    return loaded
