"""Country specs: what an account of a country may do and must tell, from the tables that
decide it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import orjson

from emulator.kernel import files
from emulator.kernel.errors import requests
from emulator.kit import Doc, Page, Params, Resource, Tx
from emulator.kit.listing import USUAL_LIMIT
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
    after, before = params.get("starting_after"), params.get("ending_before")
    limit = params.get("limit") or USUAL_LIMIT
    if after and before:
        raise requests.both_cursors()
    for name in ("starting_after", "ending_before"):
        if params.get(name) and params[name] not in codes:
            raise tx.missing(COUNTRY_SPECS, params[name], name)
    if after:
        codes = codes[codes.index(after) + 1 :]
    if before:
        codes = codes[: codes.index(before)]
    taken = codes[-limit:] if before else codes[:limit]
    return Page(_dumped(tx, taken), len(codes) > limit, COUNTRY_SPECS.name)


def _dumped(tx: Tx, codes: Iterable[str]) -> list[bytes]:
    return [orjson.dumps(_spec(tx, code)) for code in codes]


def _spec(tx: Tx, code: str) -> Doc:
    currencies = files.table("stripe/currencies.json")["currencies"]
    return specs.country_spec(code, set(currencies) - _NOT_PAID_IN, tx.now)
