"""How small and how large amounts may be. Facts in `schemas/rules/currencies.json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.kernel import files
from emulator.kernel.currency import display
from emulator.kernel.errors import cards as errors
from emulator.rules import exchange

_TABLE = "rules/currencies.json"


def _row(currency: str) -> Mapping[str, Any]:
    row: Mapping[str, Any] = files.table(_TABLE)["currencies"].get(currency, {})
    return row


def minimum(currency: str) -> int | None:
    """The least charge in minor units; None where only the converted amount counts."""
    return _row(currency).get("minimum")


def maximum(currency: str) -> int:
    """The largest charge in minor units."""
    most: int = _row(currency).get("maximum", files.table(_TABLE)["maximum"])
    return most


def step(currency: str) -> int:
    """Charges must be multiples of this many minor units."""
    units: int = _row(currency).get("step", 1)
    return units


def in_words(amount: int, currency: str) -> str:
    """`50 cents`, `30 pence`, `200 fils`; money with its symbol where no word is known."""
    word = _row(currency).get("subunits")
    return f"{amount} {word}" if word else display(amount, currency)


def check_charge(
    amount: int,
    currency: str,
    *,
    settlement: str | None = None,
    account_country: str = "US",
    rates: exchange.Rates | None = None,
) -> None:
    """Refuse an amount below the minimum, above the maximum or between two coins.

    settlement: the currency the charge is converted to; its minimum counts as well.
    """
    least = minimum(currency)
    if amount < 1:
        raise errors.amount_not_positive()
    if least is not None and amount < least:
        raise errors.amount_too_small(least, currency)
    if amount > maximum(currency):
        raise errors.amount_too_large(maximum(currency), currency)
    if amount % step(currency):
        raise errors.amount_not_multiple(step(currency), currency)
    if settlement is not None and settlement != currency:
        _check_converted(amount, currency, settlement, account_country, rates)


def _check_converted(
    amount: int,
    currency: str,
    settlement: str,
    account_country: str,
    rates: exchange.Rates | None,
) -> None:
    least = minimum(settlement)
    at = exchange.rate(currency, settlement, account_country, rates=rates)
    settled = exchange.convert(amount, at)
    if least is not None and settled < least:
        words = in_words(least, settlement)
        raise errors.amount_converts_too_small(words, (amount, currency), (settled, settlement))


def check_session(total: int, currency: str, *, free: bool) -> None:
    """Refuse the total of a Checkout Session that no charge could carry. free: whether it may come
    to nothing.
    """
    least = minimum(currency)
    if least is not None and total < least and not (free and total == 0):
        raise errors.session_amount_too_small(least, currency)


def payout_minimum(currency: str) -> int:
    """The least payout in minor units (documented)."""
    least: int = _row(currency).get("payout_minimum", 1)
    return least


def payout_step(currency: str) -> int:
    """Payouts in huf and twd are of whole units."""
    units: int = _row(currency).get("payout_step", 1)
    return units


def instant_payout_limits(currency: str) -> tuple[int, int] | None:
    """Least and most of an instant payout in minor units; None where there are none."""
    limits = _row(currency).get("instant_payout")
    return (limits[0], limits[1]) if limits else None
