"""From lines to what an invoice comes to: discounts first, then taxes. Amounts are minor units.

Discounts apply one after the other, each to what the last one left; an amount is spread over the
lines it applies to by their share. Taxes are worked out and rounded line by line. Evidence:
documented; the order of roundings is assumed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from emulator.kernel.currency import rounded, share
from emulator.rules.billing.proration import Cost

_BY_HAND: Final = "not_available"
_STANDARD: Final = "standard_rated"


@dataclass(frozen=True, slots=True)
class Deduction:
    """One discount: so many percent or so much, perhaps only of some products."""

    id: str
    percent: Decimal | None = None
    amount: int = 0
    products: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """One tax rate, within the price or on top of it. reason: its `taxability_reason`."""

    id: str
    percentage: Decimal
    inclusive: bool
    reason: str = _BY_HAND

    @property
    def is_worked_out(self) -> bool:
        """Whether it is automatic tax's; else somebody chose it."""
        return self.reason != _BY_HAND

    @property
    def is_levied(self) -> bool:
        """Whether anything is taxed by it; else it is there to say why nothing is."""
        return self.reason in {_BY_HAND, _STANDARD}


@dataclass(slots=True)
class Position:
    """One line, and what becomes of it. own: discounts of this line alone. given: what discounts of
    the line alone and of all took off it elsewhere, as a proration brings it along. credit: what
    billing credits pay of it, before tax.
    """

    amount: int
    product: str | None = None
    discountable: bool = True
    own: Sequence[Deduction] = ()
    rates: Sequence[Rate] = ()
    given: Cost | None = None
    credit: int = 0
    discounts: dict[str, int] = field(default_factory=dict)
    taxes: list[tuple[Rate, int, int]] = field(default_factory=list)

    @property
    def left(self) -> int:
        """What remains after the discounts."""
        return self.amount - sum(self.discounts.values())

    @property
    def net(self) -> int:
        """What remains after the credits, too: what is taxed and paid."""
        return self.left - self.credit


@dataclass(frozen=True, slots=True)
class Totals:
    """What an invoice comes to. discounts: id -> amount. taxes: (rate, amount, taxable)."""

    subtotal: int
    subtotal_excluding_tax: int
    total: int
    total_excluding_tax: int
    discounts: dict[str, int]
    taxes: list[tuple[Rate, int, int]]


def compute(
    positions: Sequence[Position], discounts: Sequence[Deduction] = (), *, exempt: bool = False
) -> Totals:
    """The totals; what each line loses and owes is left on the positions.

    discounts: those of the whole invoice. exempt: whether the customer pays no tax.
    """
    for position in positions:
        _bring(position, position.given.own if position.given else {})
        for deduction in position.own:
            _deduct([position], deduction)
    subtotal = sum(position.left for position in positions)
    for position in positions:
        _bring(position, position.given.shared if position.given else {})
    for deduction in discounts:
        _deduct(positions, deduction)
    for position in positions:
        _tax(position, exempt=exempt)
    taxes = _summed(positions)
    inclusive = sum(amount for rate, amount, _ in taxes if rate.inclusive)
    exclusive = sum(amount for rate, amount, _ in taxes if not rate.inclusive)
    left = sum(position.net for position in positions)
    return Totals(
        subtotal,
        subtotal - _inclusive_part(positions),
        left + exclusive,
        left - inclusive,
        _per_discount(positions),
        taxes,
    )


def _deduct(positions: Sequence[Position], deduction: Deduction) -> None:
    open_ = [p for p in positions if p.discountable and p.left > 0 and _applies(deduction, p)]
    if deduction.percent is not None:
        for position in open_:
            _take(position, deduction.id, rounded(position.left * deduction.percent / 100))
        return
    whole = sum(position.left for position in open_)
    rest = min(deduction.amount, whole)
    for position in open_:
        taken = share(position.left, rest, whole) if whole else 0
        whole -= position.left
        _take(position, deduction.id, taken)
        rest -= taken


def _bring(position: Position, off: Mapping[str, int]) -> None:
    for id_, amount in off.items():
        _take(position, id_, amount)


def _applies(deduction: Deduction, position: Position) -> bool:
    return deduction.products is None or position.product in deduction.products


def _take(position: Position, id_: str, amount: int) -> None:
    position.discounts[id_] = position.discounts.get(id_, 0) + amount


def _tax(position: Position, *, exempt: bool) -> None:
    inclusive = sum((r.percentage for r in position.rates if r.inclusive), Decimal(0))
    net = Decimal(position.net) / (1 + inclusive / 100)
    for rate in position.rates:
        amount = 0 if exempt else rounded(net * rate.percentage / 100)
        position.taxes.append((rate, amount, rounded(net) if rate.is_levied else 0))


def _inclusive_part(positions: Sequence[Position]) -> int:
    return sum(amount for p in positions for rate, amount, _ in p.taxes if rate.inclusive)


def _per_discount(positions: Sequence[Position]) -> dict[str, int]:
    found: dict[str, int] = {}
    for position in positions:
        for id_, amount in position.discounts.items():
            found[id_] = found.get(id_, 0) + amount
    return found


def _summed(positions: Sequence[Position]) -> list[tuple[Rate, int, int]]:
    """The taxes of all lines, one for each rate."""
    found: dict[str, tuple[Rate, int, int]] = {}
    for position in positions:
        for rate, amount, taxable in position.taxes:
            _, before, under = found.get(rate.id, (rate, 0, 0))
            found[rate.id] = (rate, before + amount, under + taxable)
    return list(found.values())
