"""What quantities cost, and when periods end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from emulator.rules.billing import periods, pricing


def _tiered(mode: str) -> dict[str, Any]:
    return {"billing_scheme": "tiered", "tiers_mode": mode, "unit_amount_decimal": None}


def _tiers(*rows: tuple[int | str, str | None, str | None]) -> list[dict[str, Any]]:
    return pricing.tiers_of(
        [
            {"up_to": end, "unit_amount_decimal": unit, "flat_amount_decimal": flat}
            for end, unit, flat in rows
        ]
    )


@pytest.mark.parametrize(("quantity", "cost"), [(0, 0), (1, 700), (5, 3500), (6, 4150), (10, 6750)])
def test_graduated_tiers_add_up(quantity: int, cost: int):
    tiers = _tiers((5, "700", None), ("inf", "650", None))
    assert pricing.total(_tiered("graduated"), quantity, tiers) == cost


@pytest.mark.parametrize(("quantity", "cost"), [(5, 3500), (6, 3900), (10, 6500)])
def test_volume_tiers_take_the_tier_that_is_reached(quantity: int, cost: int):
    tiers = _tiers((5, "700", None), ("inf", "650", None))
    assert pricing.total(_tiered("volume"), quantity, tiers) == cost


@pytest.mark.parametrize(
    ("mode", "quantity", "cost"),
    [("graduated", 0, 1000), ("graduated", 5, 1000), ("graduated", 6, 1020), ("volume", 6, 120)],
)
def test_tiers_may_have_a_flat_fee(mode: str, quantity: int, cost: int):
    tiers = _tiers((5, None, "1000"), ("inf", "20", None))
    assert pricing.total(_tiered(mode), quantity, tiers) == cost


@pytest.mark.parametrize(("rounds", "cost"), [("up", 300), ("down", 200)])
def test_quantities_may_be_sold_in_packages(rounds: str, cost: int):
    transform = {"divide_by": 10, "round": rounds}
    price = {
        "billing_scheme": "per_unit",
        "unit_amount_decimal": "100",
        "transform_quantity": transform,
    }
    assert pricing.total(price, 21) == cost


@pytest.mark.parametrize(("quantity", "cost"), [(1, 1), (3, 2), (2, 1)])
def test_parts_of_cents_are_rounded_once(quantity: int, cost: int):
    price = {"billing_scheme": "per_unit", "unit_amount_decimal": "0.5"}
    assert pricing.total(price, quantity) == cost


def _at(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())  # type: ignore[misc,arg-type]


def test_a_month_that_is_too_short_takes_its_last_day_and_the_day_comes_back():
    anchor = _at(2024, 1, 31, 10)
    ends = [_at(2024, 2, 29, 10), _at(2024, 3, 31, 10), _at(2024, 4, 30, 10)]
    assert [periods.add(anchor, "month", at) for at in (1, 2, 3)] == ends
    assert periods.boundary_after(anchor, "month", 1, ends[0]) == ends[1]
    assert periods.boundary_after(anchor, "month", 1, ends[0] - 1) == ends[0]


@pytest.mark.parametrize("interval", ["day", "week", "month", "year"])
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("offset", [-400, -1, 0, 1, 31, 3000])
def test_an_instant_lies_within_its_period(interval: str, count: int, offset: int):
    anchor = _at(2026, 5, 31)
    instant = anchor + offset * 86_400
    begin = periods.boundary_before(anchor, interval, count, instant)
    assert begin <= instant < periods.boundary_after(anchor, interval, count, instant)


def test_an_anchor_may_be_configured():
    start = _at(2026, 2, 10, 9, 30, 5)
    assert periods.configured_anchor({"day_of_month": 31}, start) == _at(2026, 2, 28, 9, 30, 5)
    assert periods.configured_anchor({"day_of_month": 5}, start) == _at(2026, 3, 5, 9, 30, 5)
    full = {"day_of_month": 1, "month": 1, "hour": 0, "minute": 0, "second": 0}
    assert periods.configured_anchor(full, start) == _at(2027, 1, 1)
