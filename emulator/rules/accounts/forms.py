"""How the hashes of an account are shaped: which keys a person or a company has where, and how they
read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from emulator.rules.accounts import countries, persons

Hash = dict[str, Any]

_NAMES: Final = (
    "first_name_kana",
    "first_name_kanji",
    "gender",
    "last_name_kana",
    "last_name_kanji",
    "maiden_name",
    "nationality",
)
_NUMBER_FLAGS: Final = ("id_number_provided", "ssn_last_4_provided")
_UNKNOWN_IN_JAPAN: Final = frozenset({"maiden_name", "nationality"})
_NARROW: Final = frozenset({"IN", "MC", "MX", "SM"})
_WITH_NATIONALITY: Final = frozenset({"SG"})
_ADDRESSES: Final = frozenset(
    {
        "address",
        "address_kana",
        "address_kanji",
        "administrative_address",
        "physical_address",
        "principal_place_of_business",
        "registered_address",
        "support_address",
    }
)
JAPANESE: Final = ("address_kana", "address_kanji")
_WIDE: Final = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
_EMPTY_ADDRESS: Final = ("city", "country", "line1", "line2", "postal_code", "state")
_KEYED_IDENTITY: Final = "Provided identity information could not be verified"
_SECRETS: Final = frozenset({"registration_number", "tax_id", "vat_id"})
# What of a company is not shown when nothing is said of it.
_LEFT_OUT: Final = frozenset(
    {
        "export_license_id",
        "export_purpose_code",
        "ownership_exemption_reason",
        "registration_date",
        "structure",
        "tax_id_registrar",
    }
)
# April 2025: companies of recipient accounts show it since then (observed).
_DIRECTORS_DECLARE_SINCE: Final = 1_743_465_600


def is_wide(country: str, agreement: str) -> bool:
    """Whether persons and companies show names in every script: Japan, the Emirates, recipients
    outside Europe.

    Observed: 30 countries with them; IS, SM, IN and MX without. MC is assumed to be as SM.
    """
    if agreement != "recipient":
        return country in {"AE", "JP"}
    return country not in _NARROW and countries.country(country).region != "EUROPE"


def person_keys(country: str, agreement: str) -> tuple[list[str], list[str]]:
    """Keys that a person has beyond the usual ones, and usual ones that it lacks there.

    Whether a number was given is told from the start in the United States and of recipients outside
    Europe; elsewhere only once there is one (observed: AU, IN, IS, JP, SM without, eight with it).
    """
    wide = is_wide(country, agreement)
    more = list(_NAMES) if wide else []
    less: list[str] = []
    if country in _WITH_NATIONALITY:
        more.append("nationality")
    if country != "US" and not (wide and agreement == "recipient"):
        less += _NUMBER_FLAGS
    if country == "JP":
        more = [name for name in more if name not in _UNKNOWN_IN_JAPAN]
        more += JAPANESE
        less.append("address")
    return more, less


def company_keys(country: str, agreement: str, now: int) -> Hash:
    """Keys that a company has beyond the usual ones, with their first values."""
    if not is_wide(country, agreement):
        return {}
    more: Hash = {"name_kana": None, "name_kanji": None}
    if country == "JP":
        return more
    more |= {"ownership_declaration": None, "vat_id_provided": False}
    if agreement == "recipient" and now >= _DIRECTORS_DECLARE_SINCE:
        more["directorship_declaration"] = None
    return more


def merged(old: Any, new: Any) -> Any:
    """`new` laid over `old`: hashes are merged, None takes a key away, all else replaces."""
    if not isinstance(new, Mapping):
        return new
    out: Hash = dict(old) if isinstance(old, Mapping) else {}
    for name, value in new.items():
        if value is None:
            out.pop(name, None)
        else:
            out[name] = merged(out.get(name), value)
    return out


def laid_over(old: Any, new: Any) -> Any:
    """As `merged`, but an unset key stays and reads null; keys in alphabetical order."""
    if not isinstance(new, Mapping):
        return new
    out: Hash = dict(old) if isinstance(old, Mapping) else {}
    for name, value in new.items():
        out[name] = laid_over(out.get(name), value)
    return dict(sorted(out.items()))


def with_addresses(hash_: Mapping[str, Any], country: str) -> Hash:
    """The same hash, its addresses complete: every key there, the country its account's by
    default.
    """
    out = dict(hash_)
    for name in _ADDRESSES & out.keys():
        given = out[name]
        if given is None:
            continue
        empty = dict.fromkeys(_EMPTY_ADDRESS)
        address = {**empty, **given}
        if name in JAPANESE:
            address = {"town": None, **address, "postal_code": _japanese(name, address)}
        address["country"] = address["country"] or country
        out[name] = dict(sorted(address.items()))
    return out


def _japanese(name: str, address: Mapping[str, Any]) -> str | None:
    """A Japanese postal code as it is shown: digits alone, wide ones beside Kanji (observed)."""
    sent = address.get("postal_code")
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", str(sent or "")))
    if not digits:
        return sent
    return digits if name == "address_kana" else digits.translate(_WIDE)


def company_shown(old: Mapping[str, Any], sent: Mapping[str, Any], country: str) -> Hash:
    """A company hash after `sent`: numbers become flags; the phone stays as it was sent
    (observed).
    """
    plain = {name: value for name, value in sent.items() if name not in _SECRETS}
    out = with_addresses(laid_over(old, plain), country)
    if "tax_id" in sent or "registration_number" in sent:
        out["tax_id_provided"] = bool(sent.get("tax_id") or sent.get("registration_number"))
    if "vat_id" in sent:
        out["vat_id_provided"] = bool(sent["vat_id"])
    return {name: out[name] for name in sorted(out) if name not in _LEFT_OUT or out[name]}


def person_shown(old: Mapping[str, Any], sent: Mapping[str, Any], country: str) -> Hash:
    """A person after `sent`: numbers stay hidden, the phone gets its country's prefix."""
    plain = {name: value for name, value in sent.items() if name not in persons.HIDDEN}
    out = with_addresses(laid_over(old, plain), country)
    if sent.get("phone"):
        out["phone"] = persons.e164(sent["phone"], country)
    if "dob" in sent and sent["dob"] is None:
        out["dob"] = {"day": None, "month": None, "year": None}
    return out


def verification_details(errors: Iterable[Mapping[str, str]]) -> tuple[Hash, Hash]:
    """details and details_code of a person's verification and of its document, from its errors."""
    person: Hash = {"details": None, "details_code": None}
    document = dict(person)
    for error in errors:
        code = error["code"].removeprefix("verification_")
        if error["code"] == "verification_failed_keyed_identity":
            person = {"details": _KEYED_IDENTITY, "details_code": code}
        elif code.startswith("document_"):
            at = (
                person
                if code.endswith("_mismatch") and code != "document_photo_mismatch"
                else document
            )
            at.update(details=error["reason"], details_code=code)
    return person, document


def without(hash_: Mapping[str, Any], names: Iterable[str]) -> Hash:
    """The hash without some of its keys."""
    gone = set(names)
    return {name: value for name, value in hash_.items() if name not in gone}
