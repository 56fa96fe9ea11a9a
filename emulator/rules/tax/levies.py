"""What is levied on a sale, and what a seller collects of it. Facts in `schemas/rules/tax.json`.

Evidence: that a tax is only collected where the seller is registered, the reasons and the reverse
charge within the EU are documented. Assumed: that every sale is taxed where the buyer is, at the
standard rate, except what is marked nontaxable; that only `state_sales_tax` collects in the US.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from emulator.kernel import files
from emulator.rules.tax.places import TABLE, Place, state_name

Registration = Mapping[str, Any]
_UNION_WIDE: Final = frozenset({"ioss", "oss_non_union", "oss_union"})
_BY_PROVINCE: Final = frozenset({"pst", "qst", "rst"})
_STANDARD: Final = "standard_rated"


@dataclass(frozen=True, slots=True)
class Seller:
    """home: the country of the head office. registrations: those in force, as {country,
    country_options}.
    """

    home: str | None
    registrations: tuple[Registration, ...] = ()


@dataclass(frozen=True, slots=True)
class Buyer:
    """exemption: `tax_exempt` of a customer. tax_ids: the types of the ids they have."""

    place: Place
    exemption: str = "none"
    tax_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Levy:
    """One tax of one jurisdiction on one sale.

    percentage: what is collected, 0 unless `reason` (a `taxability_reason`) is `standard_rated`.
    name: of the tax. jurisdiction: of who levies it. level: `country` or `state`.
    """

    country: str
    state: str | None
    level: str
    jurisdiction: str
    name: str
    type: str
    percentage: Decimal
    reason: str
    sourcing: str = "destination"

    @property
    def is_collected(self) -> bool:
        return self.reason == _STANDARD


def levies(seller: Seller, buyer: Buyer, code: str | None) -> tuple[Levy, ...]:
    """The taxes on a sale of something with a tax code; never none: where nothing is collected, one
    that says why.
    """
    if buyer.place.country in files.table(TABLE)["states"]:
        found = _of_state(seller, buyer, code)
    else:
        found = _of_country(seller, buyer, code)
    return tuple(found)


def usual_code() -> str:
    """The tax code of what names none (observed)."""
    return str(files.table(TABLE)["usual"])


def shipping_code() -> str:
    """The tax code of shipping that names none (documented)."""
    return str(files.table(TABLE)["shipping"])


def inferred_inclusive(currency: str) -> bool:
    """Whether prices in a currency are meant with their tax in them (documented)."""
    return currency not in files.table(TABLE)["exclusive"]


# -- what is levied where -------------------------------------------------------------------------


def _of_state(seller: Seller, buyer: Buyer, code: str | None) -> list[Levy]:
    place = buyer.place
    row = files.table(TABLE)["states"][place.country]["states"][place.state]
    name = state_name(place)
    if not row["taxes"]:
        return [_levy(place, "state", name, "sales_tax", "0", "not_subject_to_tax")]
    found = []
    for type_, percentage in row["taxes"]:
        national = place.country == "CA" and type_ not in _BY_PROVINCE
        of = _in_canada if place.country == "CA" else _in_the_states
        registered = any(of(each, place, type_) for each in seller.registrations)
        reason = _reason(seller, buyer, code, registered=registered)
        level, who = ("country", "Canada") if national else ("state", name)
        found.append(_levy(place, level, who, type_, percentage, reason))
    return found


def _of_country(seller: Seller, buyer: Buyer, code: str | None) -> list[Levy]:
    place, sourcing = buyer.place, "destination"
    row = files.table(TABLE)["countries"].get(place.country)
    if row is None:
        return [_levy(place, "country", place.country, "vat", "0", "not_supported")]
    registered = any(_in_country(each, place) for each in seller.registrations)
    if not registered and _sells_from_home(seller, place):
        place, sourcing, registered = Place(str(seller.home)), "origin", True
        row = files.table(TABLE)["countries"][place.country]
    reason = _reason(seller, buyer, code, registered=registered)
    return [_levy(place, "country", row["name"], row["type"], row["percentage"], reason, sourcing)]


def _levy(
    place: Place,
    level: str,
    who: str,
    type_: str,
    percentage: str,
    reason: str,
    sourcing: str = "destination",
) -> Levy:
    name = files.table(TABLE)["names"][type_]
    collected = Decimal(percentage) if reason == _STANDARD else Decimal(0)
    return Levy(place.country, place.state, level, who, name, type_, collected, reason, sourcing)


def _reason(seller: Seller, buyer: Buyer, code: str | None, *, registered: bool) -> str:
    if not registered:
        return "not_collecting"
    if code == files.table(TABLE)["nontaxable"]:
        return "product_exempt"
    if buyer.exemption == "exempt":
        return "customer_exempt"
    if buyer.exemption == "reverse" or _is_reversed(seller, buyer):
        return "reverse_charge"
    return _STANDARD


# -- who collects what ----------------------------------------------------------------------------


def _options(registration: Registration) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (registration.get("country_options") or {}).get(
        str(registration["country"]).lower()
    ) or {}
    return found


def _in_the_states(registration: Registration, place: Place, type_: str) -> bool:
    options = _options(registration)
    return (
        registration["country"] == place.country
        and options.get("state") == place.state
        and options.get("type") == f"state_{type_}"
    )


def _in_canada(registration: Registration, place: Place, type_: str) -> bool:
    if registration["country"] != place.country:
        return False
    options = _options(registration)
    if type_ in _BY_PROVINCE:
        return bool((options.get("province_standard") or {}).get("province") == place.state)
    return options.get("type") != "province_standard"


def _in_country(registration: Registration, place: Place) -> bool:
    union = files.table(TABLE)["union"]
    wide = registration["country"] in union and _options(registration).get("type") in _UNION_WIDE
    return bool(registration["country"] == place.country or (wide and place.country in union))


def _sells_from_home(seller: Seller, place: Place) -> bool:
    """Whether a small seller of the EU collects its own country's tax from the whole of it."""
    union = files.table(TABLE)["union"]
    if seller.home not in union or place.country not in union:
        return False
    return any(
        (_options(each).get("standard") or {}).get("place_of_supply_scheme") == "small_seller"
        for each in seller.registrations
        if each["country"] == seller.home
    )


def _is_reversed(seller: Seller, buyer: Buyer) -> bool:
    """Whether the buyer, a business in another country of the EU, owes the tax itself."""
    union, country = files.table(TABLE)["union"], buyer.place.country
    abroad = country in union and seller.home != country
    return abroad and "eu_vat" in buyer.tax_ids
