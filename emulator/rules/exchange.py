"""What one currency is worth in another. Default rates in `schemas/rules/exchange.json`.

A world may bring rates of its own: a mapping of currency to units per US dollar.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from emulator.kernel import currency, files

Rates = Mapping[str, float]
_TABLE = "rules/exchange.json"


def _per_usd(code: str, rates: Rates | None) -> float:
    if rates is not None and code in rates:
        return rates[code]
    known: dict[str, float] = files.table(_TABLE)["per_usd"]
    return known[code]


def known(code: str) -> bool:
    """Whether there is a default rate for this currency."""
    return code in files.table(_TABLE)["per_usd"]


def currencies() -> list[str]:
    """All that have a default rate, in the order of their codes."""
    return sorted(files.table(_TABLE)["per_usd"])


def units(source: str, target: str, rates: Rates | None = None) -> float:
    """Whole units of `target` for one of `source` between markets, six significant digits."""
    return _shown(_per_usd(target, rates) / _per_usd(source, rates))


def mid(source: str, target: str, rates: Rates | None = None) -> float:
    """Minor units of `target` for one of `source` between markets, six significant digits."""
    shift = 10.0 ** (currency.exponent(target) - currency.exponent(source))
    return _shown(_per_usd(target, rates) / _per_usd(source, rates) * shift)


def rate(
    source: str,
    target: str,
    account_country: str,
    *,
    refund: bool = False,
    rates: Rates | None = None,
) -> float:
    """`exchange_rate` as Stripe shows it, six significant digits.

    Money that comes in loses 2 %, on US accounts 1 %; what goes back out does not (observed:
    refund = charge / 0.98 in 2023, / 0.99 in 2024). account_country: where the money settles.
    """
    between = mid(source, target, rates)
    if refund or source == target:
        return between
    spread = files.table(_TABLE)["spread_bps"]
    return _shown(between * (1 - spread.get(account_country, spread["default"]) / 10_000))


def _shown(value: float) -> float:
    return float(f"{value:.6g}")


def convert(amount: int, at: float) -> int:
    """`amount` minor units at a rate, rounded half up."""
    return currency.rounded(Decimal(amount) * Decimal(str(at)))


def convert_some(amount: int, at: float) -> int:
    """The same of fees and refunds: something never becomes nothing (assumed)."""
    return max(convert(amount, at), min(amount, 1))
