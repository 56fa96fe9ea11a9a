"""Arithmetic of minor units. Amounts are always whole numbers of the currency's smallest unit."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

ZERO_DECIMAL: Final = frozenset(
    "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split()  # noqa: SIM905
)
THREE_DECIMAL: Final = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
_SYMBOLS: Final = {
    "usd": "$", "aud": "A$", "cad": "CA$", "eur": "€", "gbp": "£", "jpy": "¥", "nzd": "NZ$",
    "hkd": "HK$", "mxn": "MX$", "brl": "R$", "inr": "₹", "krw": "₩", "cny": "CN¥", "ils": "₪",
    "vnd": "₫", "twd": "NT$",
}  # fmt: skip


def exponent(currency: str) -> int:
    """Digits behind the point: 0, 2 or 3."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def rounded(value: Decimal | float) -> int:
    """To the nearest whole minor unit, halves upwards, as Stripe rounds fees and conversions."""
    return int(Decimal(str(value)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def share(whole: int, part: int, of: int) -> int:
    """`whole` × `part` / `of`, rounded half up, without a float on the way."""
    return rounded(Decimal(whole) * part / of)


def display(amount: int, currency: str) -> str:
    """As Stripe writes money in messages: `$10.00`, `€5.50`, `¥100`, `-$1.00`."""
    digits = exponent(currency)
    text = f"{Decimal(abs(amount)).scaleb(-digits):,.{digits}f}"
    symbol = _SYMBOLS.get(currency) or f"{currency.upper()} "
    return f"{'-' if amount < 0 else ''}{symbol}{text}"
