"""Exchange rates: what a currency is worth in the others, from the world's table.

The rates are those between markets, in whole units of both currencies; what Stripe keeps of a
conversion is not in them (assumed).
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Doc, Page, Params, Resource, Tx, fixed_page
from emulator.rules import exchange

EXCHANGE_RATES: Final = Resource("exchange_rate", prefix="", kind="exchange rate", param="rate_id")


@EXCHANGE_RATES.on("GET /v1/exchange_rates/{rate_id}")
def retrieve(tx: Tx, _params: Params, code: str) -> Doc:
    if not exchange.known(code):
        raise tx.missing(EXCHANGE_RATES, code)
    return _of(tx, code)


@EXCHANGE_RATES.on("GET /v1/exchange_rates")
def list_(tx: Tx, params: Params) -> Page:
    """In the order of their codes; cursors are codes."""
    codes = exchange.currencies()
    return fixed_page(tx, EXCHANGE_RATES, params, codes, lambda code: _of(tx, code))


def _of(tx: Tx, code: str) -> Doc:
    own = tx.setup.settings.get("rates")
    rates = {each: exchange.units(code, each, own) for each in exchange.currencies()}
    return {"id": code, "object": EXCHANGE_RATES.name, "rates": rates}
