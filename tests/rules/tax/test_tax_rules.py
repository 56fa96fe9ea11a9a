"""Where an address is, what is levied there, and what of it a seller collects."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from emulator.kernel import files
from emulator.rules import tax
from emulator.rules.tax.places import TABLE

_CODE = tax.usual_code()


def _registered(country: str, **options: Any) -> dict[str, Any]:
    return {"country": country, "country_options": {country.lower(): options}}


def _levied(
    place: tax.Place, *registrations: Any, home: str = "US", code: str = _CODE, **buyer: Any
) -> list[tuple[str, Decimal, str]]:
    found = tax.levies(tax.Seller(home, registrations), tax.Buyer(place, **buyer), code)
    return [(levy.type, levy.percentage, levy.reason) for levy in found]


_TEXAS = tax.Place("US", "TX")
_IN_TEXAS = _registered("US", state="TX", type="state_sales_tax")
_OSS = _registered("IE", type="oss_union")


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ({"country": "us", "state": "Texas"}, tax.Place("US", "TX")),
        ({"country": "US", "postal_code": "94103"}, tax.Place("US", "CA")),
        ({"country": "US", "postal_code": "20500-0003"}, tax.Place("US", "DC")),
        ({"country": "CA", "postal_code": "h2y 1c6"}, tax.Place("CA", "QC")),
        ({"country": "DE", "state": "BE"}, tax.Place("DE")),
        ({"country": "US"}, None),
        ({"country": "US", "state": "ZZ", "postal_code": "abc"}, None),
        ({"country": "CA", "postal_code": ""}, None),
        ({"postal_code": "94103"}, None),
        (None, None),
    ],
)
def test_an_address_tells_where_somebody_is(address: Any, place: tax.Place | None) -> None:
    assert tax.place_of(address) == place


def test_every_zip_code_is_in_one_state_at_most() -> None:
    zones = [
        zone
        for spans in files.table(TABLE)["postal"]["US"].values()
        for span in spans
        for zone in range(int(span[:3]), int(span[4:]) + 1)
    ]
    assert len(zones) == len(set(zones)) > 850


def test_tax_is_collected_only_where_the_seller_is_registered() -> None:
    assert _levied(_TEXAS) == [("sales_tax", Decimal(0), "not_collecting")]
    assert _levied(_TEXAS, _IN_TEXAS) == [("sales_tax", Decimal("6.25"), "standard_rated")]
    assert _levied(tax.Place("US", "NY"), _IN_TEXAS)[0][2] == "not_collecting"


def test_only_sales_tax_collects_in_the_states() -> None:
    other = _registered("US", state="TX", type="state_communications_tax")
    assert _levied(_TEXAS, other)[0][2] == "not_collecting"


def test_states_without_a_sales_tax_levy_none() -> None:
    assert _levied(tax.Place("US", "OR")) == [("sales_tax", Decimal(0), "not_subject_to_tax")]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"code": "txcd_00000000"}, "product_exempt"),
        ({"exemption": "exempt"}, "customer_exempt"),
        ({"exemption": "reverse"}, "reverse_charge"),
    ],
)
def test_some_owe_nothing_where_tax_is_collected(more: Any, reason: str) -> None:
    assert _levied(_TEXAS, _IN_TEXAS, **more) == [("sales_tax", Decimal(0), reason)]


def test_canada_has_taxes_of_its_own_and_of_some_provinces() -> None:
    national = _registered("CA", type="standard")
    quebec = _registered("CA", type="province_standard", province_standard={"province": "QC"})
    place = tax.Place("CA", "QC")
    assert _levied(place, national) == [
        ("gst", Decimal(5), "standard_rated"),
        ("qst", Decimal(0), "not_collecting"),
    ]
    assert _levied(place, quebec)[1] == ("qst", Decimal("9.975"), "standard_rated")
    assert _levied(tax.Place("CA", "ON"), national) == [("hst", Decimal(13), "standard_rated")]


def test_one_registration_may_stand_for_the_whole_union() -> None:
    assert _levied(tax.Place("FR"), _OSS) == [("vat", Decimal(20), "standard_rated")]
    assert _levied(tax.Place("GB"), _OSS)[0][2] == "not_collecting"


def test_a_business_elsewhere_in_the_union_owes_the_tax_itself() -> None:
    ids: dict[str, Any] = {"tax_ids": frozenset({"eu_vat"})}
    assert _levied(tax.Place("FR"), _OSS, home="DE", **ids)[0][2] == "reverse_charge"
    at_home = _registered("DE", type="standard")
    assert _levied(tax.Place("DE"), at_home, home="DE", **ids)[0][1] == Decimal(19)


def test_a_small_seller_takes_its_own_countrys_tax_from_the_whole_union() -> None:
    small = _registered("DE", type="standard", standard={"place_of_supply_scheme": "small_seller"})
    seller = tax.Seller("DE", (small,))
    (levy,) = tax.levies(seller, tax.Buyer(tax.Place("FR")), _CODE)
    assert (levy.country, levy.percentage, levy.sourcing) == ("DE", Decimal(19), "origin")


def test_countries_that_nothing_is_known_of_are_not_supported() -> None:
    assert _levied(tax.Place("AQ"))[0][2] == "not_supported"


def test_prices_hold_their_tax_except_in_north_america() -> None:
    assert [tax.inferred_inclusive(each) for each in ("usd", "cad", "eur", "gbp")] == [
        False,
        False,
        True,
        True,
    ]
