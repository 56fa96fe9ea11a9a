"""Instant Payouts: what they cost, and how much of a balance they may take."""

from __future__ import annotations

from datetime import datetime

import pytest

from emulator.rules import instant


def _at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    ("amount", "bps", "fee"),
    [(10_000, 300, 300), (10_000, 0, 0), (50, 100, 1), (49, 100, 0), (1, 10_000, 1)],
)
def test_the_fee_comes_on_top_and_halves_are_rounded_up(amount: int, bps: int, fee: int) -> None:
    assert instant.fee(amount, bps) == fee


@pytest.mark.parametrize("bps", [0, 100, 300, 10_000])
@pytest.mark.parametrize("held", [0, 1, 50, 999, 10_000, 123_457])
def test_a_balance_covers_its_net_and_the_fee_on_it(held: int, bps: int) -> None:
    net = instant.net(held, bps)
    assert net + instant.fee(net, bps) <= held
    assert net + 2 + instant.fee(net + 2, bps) > held


def test_a_net_as_observed() -> None:
    assert instant.net(500, 300) == 485


def test_a_world_sets_its_own_fee_and_limits() -> None:
    assert instant.fee_bps({}) == 300
    assert instant.fee_bps({"instant_payout_fee_bps": 0}) == 0
    assert instant.daily_limit({}, "usd") is None
    assert instant.daily_limit({"instant_payout_daily_limit": {"usd": 5}}, "usd") == 5
    assert instant.daily_limit({"instant_payout_daily_limit": {"usd": 5}}, "eur") is None


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2026-03-02T06:00:00+00:00", "2026-03-03T05:59:59+00:00", True),
        ("2026-03-02T05:59:59+00:00", "2026-03-02T06:00:00+00:00", False),
        ("2026-07-01T04:59:59+00:00", "2026-07-01T05:00:00+00:00", False),  # summer
    ],
)
def test_a_day_begins_at_midnight_in_us_central_time(first: str, second: str, same: bool) -> None:
    assert instant.is_same_day(_at(first), _at(second)) is same
