"""What a quantity of a price costs: per unit, in packages, in tiers. Amounts are minor units.

Evidence: documented; the refusals' wording is marked where they are made.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Any, Final

from emulator.kernel.currency import rounded
from emulator.kernel.errors import catalogue as refusals
from emulator.kernel.errors.requests import parameters_exclusive

Doc = dict[str, Any]

_MOST_COUNT: Final = {"day": 1095, "week": 156, "month": 36, "year": 3}


def check(params: Doc) -> None:
    """Refuse what cannot be a price."""
    whole, part = params.get("unit_amount"), params.get("unit_amount_decimal")
    if whole is not None and part is not None:
        raise parameters_exclusive("unit_amount", "unit_amount_decimal")
    if whole is not None and whole < 0:
        raise refusals.negative_amount("unit_amount")
    if params.get("billing_scheme") == "tiered":
        _check_tiers(params)
    elif whole is None and part is None and not params.get("custom_unit_amount"):
        raise refusals.price_without_amount()
    if params.get("custom_unit_amount") and params.get("recurring"):
        raise refusals.custom_amount_recurring()
    _check_rhythm(params.get("recurring") or {})


def _check_tiers(params: Doc) -> None:
    tiers = params.get("tiers")
    if not tiers:
        raise refusals.tiers_missing("tiers")
    if not params.get("tiers_mode"):
        raise refusals.tiers_missing("tiers_mode")
    ends = [tier["up_to"] for tier in tiers]
    bounds = [end for end in ends[:-1] if isinstance(end, int)]
    rising = all(low < high for low, high in pairwise(bounds))
    if ends[-1] != "inf" or len(bounds) != len(ends) - 1 or not rising:
        raise refusals.tiers_unbounded()


def _check_rhythm(recurring: Doc) -> None:
    count = recurring.get("interval_count") or 1
    if count < 1 or count > _MOST_COUNT.get(recurring.get("interval", "day"), count):
        raise refusals.too_long_an_interval("recurring[interval_count]")
    if recurring.get("meter") and recurring.get("usage_type") != "metered":
        raise refusals.meter_for_licensed()


def amounts(given: Doc) -> Doc:
    """unit_amount and unit_amount_decimal, each made of the other; unit_amount is None when the
    decimal is no whole number.
    """
    whole, part = given.get("unit_amount"), given.get("unit_amount_decimal")
    if whole is not None:
        return {"unit_amount": whole, "unit_amount_decimal": str(whole)}
    if part is None:
        return {"unit_amount": None, "unit_amount_decimal": None}
    value = Decimal(str(part))
    exact = value == value.to_integral_value()
    return {
        "unit_amount": int(value) if exact else None,
        "unit_amount_decimal": str(int(value)) if exact else f"{value.normalize():f}",
    }


def tiers_of(given: Sequence[Doc]) -> list[Doc]:
    """Tiers as they are shown, from the parameters; the last one is open (`up_to` null)."""
    found = []
    for tier in given:
        flat = amounts(
            {
                "unit_amount": tier.get("flat_amount"),
                "unit_amount_decimal": tier.get("flat_amount_decimal"),
            }
        )
        found.append(
            {
                "flat_amount": flat["unit_amount"],
                "flat_amount_decimal": flat["unit_amount_decimal"],
                **amounts(tier),
                "up_to": tier["up_to"] if isinstance(tier["up_to"], int) else None,
            }
        )
    return found


def total(price: Doc, quantity: int, tiers: Sequence[Doc] = ()) -> int:
    """What `quantity` cost, rounded half up once at the end."""
    if price["billing_scheme"] == "tiered":
        parts = pieces(price, quantity, tiers)
        return sum(part.amount for part in parts)
    return rounded(unit(price) * packages(price, quantity))


def packages(price: Doc, quantity: int) -> int:
    """How many units are paid for: quantities may be divided into packages."""
    transform = price.get("transform_quantity")
    if not transform:
        return quantity
    rounding = ROUND_CEILING if transform["round"] == "up" else ROUND_FLOOR
    whole = Decimal(quantity) / transform["divide_by"]
    return int(whole.to_integral_value(rounding=rounding))


def unit(price: Doc) -> Decimal:
    """The price of one, exactly."""
    return Decimal(str(price["unit_amount_decimal"] or 0))


class Piece:
    """A part of a quantity that is charged alike: a tier's units, or its flat fee.

    flat: whether it is the fee. tier: which, from 0. quantity, unit: how many at how much.
    """

    __slots__ = ("amount", "flat", "quantity", "tier", "unit")

    def __init__(self, tier: int, quantity: int, unit: Decimal, *, flat: bool) -> None:
        self.tier, self.quantity, self.unit, self.flat = tier, quantity, unit, flat
        self.amount = rounded(unit * quantity)


def pieces(price: Doc, quantity: int, tiers: Sequence[Doc]) -> list[Piece]:
    """How a tiered price splits a quantity: a line of an invoice for each."""
    quantity = packages(price, quantity)
    if price["tiers_mode"] == "volume":
        at = next(i for i, tier in enumerate(tiers) if _reaches(tier, quantity))
        return _of_tier(tiers[at], at, quantity)
    found, begin = [], 0
    for at, tier in enumerate(tiers):
        end = quantity if _reaches(tier, quantity) else tier["up_to"]
        if end > begin or at == 0:
            found += _of_tier(tier, at, end - begin)
        if _reaches(tier, quantity):
            break
        begin = end
    return found


def further(price: Doc, before: int, quantity: int, tiers: Sequence[Doc]) -> list[Piece]:
    """What a quantity adds to the part of it that was charged before. In volume pricing that part
    may have been too dear: it is taken back.
    """
    known = {(piece.tier, piece.flat): piece for piece in pieces(price, before, tiers)}
    whole = {(piece.tier, piece.flat): piece for piece in pieces(price, quantity, tiers)}
    found = []
    for key in sorted({*known, *whole}):
        then, now = known.get(key), whole.get(key)
        more = (now.quantity if now else 0) - (then.quantity if then else 0)
        piece = now or then
        if more and piece:
            found.append(Piece(piece.tier, more, piece.unit, flat=piece.flat))
    return found


def _reaches(tier: Doc, quantity: int) -> bool:
    return tier["up_to"] is None or quantity <= tier["up_to"]


def _of_tier(tier: Doc, at: int, quantity: int) -> list[Piece]:
    each = tier["unit_amount_decimal"]
    found = [Piece(at, quantity, Decimal(each or 0), flat=False)]
    if tier["flat_amount_decimal"] is not None:
        found.append(Piece(at, 1, Decimal(tier["flat_amount_decimal"]), flat=True))
    return found
