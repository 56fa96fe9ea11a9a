"""Country specs: what an account of a country may do and must tell, from the tables that
decide it.
"""

from __future__ import annotations

from typing import Final

from emulator.kernel import files
from emulator.kit import Doc, Page, Params, Resource, Tx, fixed_page
from emulator.rules.accounts import countries, specs

COUNTRY_SPECS: Final = Resource("country_spec", prefix="", kind="country spec", param="country")

# Currencies of the list that nobody can be charged in any more, or yet.
_NOT_PAID_IN: Final = frozenset(
    {"btn", "eek", "ghs", "ltl", "lvl", "mro", "sll", "svc", "usdc", "vef", "xcg", "hrk", "cuc"}
)


@COUNTRY_SPECS.on("GET /v1/country_specs/{country}")
def retrieve(tx: Tx, _params: Params, code: str) -> Doc:
    if code not in countries.full_countries():
        raise tx.missing(COUNTRY_SPECS, code)
    return _spec(tx, code)


@COUNTRY_SPECS.on("GET /v1/country_specs")
def list_(tx: Tx, params: Params) -> Page:
    """In the order of their codes; cursors are codes."""
    codes = list(countries.full_countries())
    return fixed_page(tx, COUNTRY_SPECS, params, codes, lambda code: _spec(tx, code))


def _spec(tx: Tx, code: str) -> Doc:
    currencies = files.table("stripe/currencies.json")["currencies"]
    return specs.country_spec(code, set(currencies) - _NOT_PAID_IN, tx.now)
