"""Accounts v1 and v2 are two views of one account: which field of the one is which of the other.

The pairs of names are data (schemas/accounts/two_views.json), read in both directions. Source: the
fields of both objects and their parameters in Stripe's contract; where the contract has no
counterpart, there is no pair.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from emulator.kernel import files
from emulator.kernel.instants import rfc3339, seconds

Hash = dict[str, Any]
Pair = tuple[tuple[str, ...], tuple[str, ...], str]

_ABSENT: Final = object()
_LAST_4: Final = frozenset({"us_ssn_last_4", "us_itin_last_4"})
_PLAIN_ADDRESS: Final = ("city", "country", "line1", "line2", "postal_code", "state", "town")


def account_in(sent: Mapping[str, Any]) -> Hash:
    """v2 parameters of an account as v1 takes them; what v1 has no word for is left out."""
    found = _inward(sent, _pairs("account"))
    details = (sent.get("identity") or {}).get("business_details") or {}
    if details.get("id_numbers"):
        found.setdefault("company", {}).update(_company_numbers(details["id_numbers"]))
    person = (sent.get("identity") or {}).get("individual")
    if person:
        found["individual"] = person_in(person)
    if found.get("business_type") == "individual":
        found.pop("company", None)
    return found


def person_in(sent: Mapping[str, Any]) -> Hash:
    """v2 parameters of a person as v1 takes them."""
    found = _inward(sent, _pairs("person"))
    for number in sent.get("id_numbers") or ():
        name = "ssn_last_4" if number["type"] in _LAST_4 else "id_number"
        found[name] = number["value"]
    if sent.get("nationalities"):
        found["nationality"] = sent["nationalities"][0].upper()
    aliases = []
    for name in sent.get("additional_names") or ():
        if name["purpose"] == "maiden":
            found["maiden_name"] = name.get("surname")
        else:
            aliases.append(name.get("full_name") or _joined(name))
    if aliases:
        found["full_name_aliases"] = aliases
    if sent.get("metadata") is not None:
        found["metadata"] = sent["metadata"]
    return found


def account_out(account: Mapping[str, Any]) -> Hash:
    """What a v1 account says, under v2's names, as nested hashes; nothing where v1 says nothing."""
    return _outward(account, _pairs("account"))


def person_out(person: Mapping[str, Any], country: str) -> Hash:
    """What a v1 person says, under v2's names."""
    found = _outward(person, _pairs("person"))
    if None in (found.get("date_of_birth") or {}).values():
        del found["date_of_birth"]  # only whole dates have a place here
    found["id_numbers"] = _numbers_given(person, country)
    if person.get("nationality"):
        found["nationalities"] = [person["nationality"].lower()]
    names: list[Hash] = []
    if person.get("maiden_name"):
        names.append({"purpose": "maiden", "surname": person["maiden_name"]})
    names += [{"full_name": n, "purpose": "alias"} for n in person.get("full_name_aliases") or ()]
    if names:
        found["additional_names"] = names
    if found.get("documents"):
        found["documents"] = with_kinds(found["documents"])
    return found


def with_kinds(documents: Mapping[str, Hash]) -> Hash:
    """Documents, each with its `type`: two sides of one thing, or files."""
    return {
        name: {**each, "type": "front_back" if "front_back" in each else "files"}
        for name, each in documents.items()
    }


def company_numbers_given(company: Mapping[str, Any], country: str) -> list[Hash]:
    """Which numbers a company gave, by type: numbers go in and never come out."""
    found = []
    if company.get("tax_id_provided"):
        kind = _table()["id_numbers"]["company"].get(country)
        if kind:
            found.append({"registrar": company.get("tax_id_registrar"), "type": kind})
    if company.get("vat_id_provided"):
        found.append({"registrar": None, "type": f"{country.lower()}_vat"})
    return found


def capability_in(configuration: str, path: str) -> str | None:
    """v1's name of a capability of a v2 configuration (`stripe_balance.stripe_transfers` of the
    recipient is `transfers`), None where v1 has none.
    """
    if configuration == "customer":
        return None
    if configuration == "recipient":
        return "transfers" if path == "stripe_balance.stripe_transfers" else None
    if path.startswith("stripe_balance."):
        return None
    named: str = _table()["capabilities"].get(path, path)
    return named


def capability_out(name: str) -> tuple[str, str] | None:
    """(configuration, path) of a v1 capability, None where v2 has none."""
    if name == "transfers":
        return "recipient", "stripe_balance.stripe_transfers"
    back = {v1: v2 for v2, v1 in _table()["capabilities"].items()}
    path = back.get(name, name)
    return ("merchant", path) if path.endswith("_payments") else None


def requirement_out(path: str) -> tuple[str, str | None]:
    """A v1 requirement under v2's name, and the id of the person whom it is asked of, if one is."""
    head, _, rest = path.partition(".")
    if head == "individual":
        return f"identity.individual.{_of_person(rest)}", None
    if head.startswith("person_"):
        return _of_person(rest), head
    if head in {"representative", "owners", "directors", "executives"}:
        return _of_person(rest) if rest else f"persons.{head}", None
    return _named_anew(path, "account"), None


# -- inside ---------------------------------------------------------------------------------------


@cache
def _table() -> Hash:
    found: Hash = files.table("accounts/two_views.json")
    return found


@cache
def _pairs(of: str) -> tuple[Pair, ...]:
    rows = _table()[of]
    return tuple(
        (tuple(row[0].split(".")), tuple(row[1].split(".")), row[2] if len(row) > 2 else "")
        for row in rows
    )


def _inward(sent: Mapping[str, Any], pairs: tuple[Pair, ...]) -> Hash:
    found: Hash = {}
    for v2, v1, kind in pairs:
        value = _dig(sent, v2)
        if value is _ABSENT:
            continue
        if value is not None and kind:
            value = _IN[kind](value)
        _put(found, v1, value)
    return found


def _outward(doc: Mapping[str, Any], pairs: tuple[Pair, ...]) -> Hash:
    found: Hash = {}
    for v2, v1, kind in pairs:
        value = _dig(doc, v1)
        if value is _ABSENT or value is None:
            continue
        if kind:
            value = _OUT[kind](value)
        if value is not None:
            _put(found, v2, value)
    return found


def _dig(doc: Any, path: tuple[str, ...]) -> Any:
    """What stands at a path; None below a hash that was sent as null."""
    for name in path:
        if doc is None:
            return None
        if not isinstance(doc, Mapping) or name not in doc:
            return _ABSENT
        doc = doc[name]
    return doc


def _put(doc: Hash, path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        doc = doc.setdefault(name, {})
    doc[path[-1]] = value


def _of_person(path: str) -> str:
    return _named_anew(path, "person")


def _named_anew(path: str, of: str) -> str:
    """The v2 name of a v1 path: by the pair it is or lies below, else by the table of its own."""
    own = _table()["requirements"].get(path if of == "account" else f"person.{path}")
    if own:
        return str(own)
    for v2, v1, _ in _pairs(of):
        whole = ".".join(v1)
        if path == whole:
            return ".".join(v2)
        if path.startswith(f"{whole}."):
            return f"{'.'.join(v2)}.{path[len(whole) + 1 :]}"
    return path


def _numbers_given(person: Mapping[str, Any], country: str) -> list[Hash]:
    kind = _table()["id_numbers"]["person"].get(country)
    if person.get("id_number_provided") and kind:
        return [{"type": kind}]
    return [{"type": "us_ssn_last_4"}] if person.get("ssn_last_4_provided") else []


def _company_numbers(numbers: list[Hash]) -> Hash:
    found: Hash = {}
    for number in numbers:
        if number["type"].endswith("_vat"):
            found["vat_id"] = number["value"]
        else:
            found["tax_id"] = number["value"]
            if number.get("registrar"):
                found["tax_id_registrar"] = number["registrar"]
    return found


def _joined(name: Mapping[str, Any]) -> str:
    return " ".join(part for part in (name.get("given_name"), name.get("surname")) if part)


def _address_in(value: Hash) -> Hash:
    found = dict(value)
    if found.get("country"):
        found["country"] = found["country"].upper()
    return found


def _address_out(value: Hash) -> Hash | None:
    if not any(value.get(name) for name in _PLAIN_ADDRESS):
        return None
    found = {name: value.get(name) for name in _PLAIN_ADDRESS}
    if found["country"]:
        found["country"] = found["country"].lower()
    return found


def _declaration_in(value: Hash) -> Hash:
    found: Hash = {name: value[name] for name in ("ip", "user_agent") if name in value}
    if value.get("date"):
        found["date"] = seconds(value["date"])
    return found


def _declaration_out(value: Hash) -> Hash | None:
    if not value.get("date"):
        return None
    found: Hash = {"date": rfc3339(value["date"])}
    return found | {name: value.get(name) for name in ("ip", "user_agent")}


def _revenue_in(value: Hash) -> Hash:
    amount = value.get("amount") or {}
    found = {"amount": amount.get("value"), "currency": amount.get("currency")}
    if "fiscal_year_end" in value:
        found["fiscal_year_end"] = value["fiscal_year_end"]
    return found


def _revenue_out(value: Hash) -> Hash:
    found: Hash = {"amount": {"currency": value.get("currency"), "value": value.get("amount")}}
    if "fiscal_year_end" in value:
        found["fiscal_year_end"] = value["fiscal_year_end"]
    return found


def _sides_out(value: Hash) -> Hash | None:
    if not value.get("front"):
        return None
    return {"back": value.get("back"), "front": value["front"]}


def _same(value: Any) -> Any:
    return value


_IN: Final[dict[str, Callable[[Any], Any]]] = {
    "address": _address_in,
    "decimal": _same,
    "declaration": _declaration_in,
    "revenue": _revenue_in,
    "sides": _same,
}
_OUT: Final[dict[str, Callable[[Any], Any]]] = {
    "address": _address_out,
    "decimal": str,
    "declaration": _declaration_out,
    "revenue": _revenue_out,
    "sides": _sides_out,
}
