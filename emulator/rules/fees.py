"""What Stripe takes for a payment and for a dispute. Facts in `schemas/rules/fees.json`.

Fees are in the settlement currency, rounded half up. Tables hold hundredths of a percent (bps).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from emulator.kernel import files
from emulator.rules import exchange

Pricing = Mapping[str, int]
_TABLE = "rules/fees.json"
_PARTS = frozenset({"bps", "fixed", "least", "most"})
_CARD_LIKE = frozenset({"card", "card_present", "link"})
_DEFAULT_COUNTRY = "US"


def _countries() -> Mapping[str, Mapping[str, Any]]:
    table: Mapping[str, Mapping[str, Any]] = files.table(_TABLE)["countries"]
    return table


def _within(zone: str | None, card_country: str | None) -> bool:
    return zone is not None and card_country in files.table(_TABLE)["zones"][zone]


def _card_bps(row: Mapping[str, Any], account_country: str, card_country: str | None) -> int:
    bps: int = row["international_bps"]
    if card_country in {account_country, None} or _within(row.get("domestic"), card_country):
        bps = row["domestic_bps"]
    elif _within(row.get("nearby"), card_country):
        bps = row["nearby_bps"]
    return bps


def _fixed(row: Mapping[str, Any], currency: str) -> int:
    own: str = row["currency"]
    fixed: int = row["fixed"]
    if currency == own or fixed == 0:
        return fixed
    elsewhere: int | None = files.table(_TABLE)["fixed_in"].get(currency)
    if elsewhere is not None:
        return elsewhere
    return exchange.convert(fixed, exchange.mid(own, currency))


@cache
def _turns() -> list[int]:
    """The instants at which a listed price changed."""
    rows = (*_countries().values(), *files.table(_TABLE)["methods"].values())
    return sorted({row["before"]["until"] for row in rows if "before" in row})


def _then(row: Mapping[str, Any], era: int) -> Mapping[str, Any]:
    """The row as it was so many turns after the first prices known."""
    before = row.get("before")
    if before is None or era > _turns().index(before["until"]):
        return row
    return {**row, **before}


@lru_cache(maxsize=4096)
def _price(
    currency: str, account_country: str, card_country: str | None, method: str, era: int
) -> Pricing:
    row = _then(_countries().get(account_country, _countries()[_DEFAULT_COUNTRY]), era)
    other = files.table(_TABLE)["methods"].get(method)
    if method in _CARD_LIKE or other is None:
        bps = _card_bps(row, account_country, card_country)
        return {"bps": bps, "fixed": _fixed(row, currency)}
    return {key: value for key, value in _then(other, era).items() if key in _PARTS}


def processing_fee(
    amount: int,
    currency: str,
    account_country: str,
    card_country: str | None,
    method: str = "card",
    *,
    when: int | None = None,
    pricing: Pricing | Sequence[Pricing] | None = None,
) -> int:
    """Stripe's fee on `amount` minor units settled in `currency`.

    card_country: the issuer's; None counts as domestic. method: the PaymentMethod's type. when: the
    instant of the payment, whose list prices count; None: today's. pricing: agreed prices, any of
    `bps`, `fixed`, `least`, `most`; what it names replaces the table. Of several the cheapest
    counts, as a platform had it for small amounts (observed).
    """
    era = len(_turns()) if when is None else bisect_right(_turns(), when)
    listed = _price(currency, account_country, card_country, method, era)
    agreed = [pricing] if isinstance(pricing, Mapping) else pricing
    return min(_fee(amount, {**listed, **price}) for price in agreed or [{}])


def _fee(amount: int, price: Pricing) -> int:
    whole = amount * price.get("bps", 0) + 10_000 * price.get("fixed", 0)
    fee = max((whole + 5_000) // 10_000, price.get("least", 0))
    return min(fee, price.get("most", fee))


def dispute_fee(currency: str) -> int:
    """What a dispute costs when it comes in, minor units of the settlement currency."""
    return _listed("received", currency)


def countered_fee(currency: str) -> int:
    """What answering a dispute costs, zero where there is no such fee; returned when won."""
    known = files.table(_TABLE)["dispute"]["countered"]
    fee: int = known.get(currency, 0)
    return fee


def dispute_fee_returned(opened: int, currency: str) -> bool:
    """Whether winning a dispute opened at this instant brings its fee back: it did everywhere to
    2024 (observed), and does in Mexico (documented).
    """
    row = files.table(_TABLE)["dispute"]
    return opened < row["received_returned_until"] or currency in row["received_returned_in"]


def answering_costs(opened: int) -> bool:
    """Whether answering a dispute opened at this instant costs the countered fee (documented)."""
    since: int = files.table(_TABLE)["dispute"]["countered_from"]
    return opened >= since


def _listed(name: str, currency: str) -> int:
    known = files.table(_TABLE)["dispute"][name]
    if currency in known:
        fee: int = known[currency]
        return fee
    return exchange.convert(known["eur"], exchange.mid("eur", currency))
