"""Instant Payouts: the platform's fee, and how much of a balance they may take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from emulator.kernel.currency import share
from emulator.rules import calendars

_WHOLE: Final = 10_000
# What the one platform whose Instant Payouts were observed takes; a world may set another.
_USUAL_FEE_BPS: Final = 300
# Minor units; a platform with more than this showed exactly this (observed).
MOST_AVAILABLE: Final = 1_000_000


def fee_bps(settings: Mapping[str, Any]) -> int:
    """The platform's fee on Instant Payouts of its accounts, in hundredths of a percent."""
    return int(settings.get("instant_payout_fee_bps", _USUAL_FEE_BPS))


def daily_limit(settings: Mapping[str, Any], currency: str) -> int | None:
    """How much an account may pay out instantly in a day, in minor units; None for no limit."""
    limits = settings.get("instant_payout_daily_limit") or {}
    found: int | None = limits.get(currency)
    return found


def is_same_day(instant: int, other: int) -> bool:
    """Whether two instants lie in one day of the limit, which begins at midnight in US Central
    time (documented).
    """
    return calendars.local("us_central", instant)[0] == calendars.local("us_central", other)[0]


def fee(amount: int, bps: int) -> int:
    """The fee on a payout of `amount` minor units, rounded half up; it comes on top."""
    return share(amount, bps, _WHOLE)


def net(held: int, bps: int) -> int:
    """The largest payout that `held` minor units allow, its fee paid (observed: 500 -> 485); a unit
    less where the fee on it is rounded down.
    """
    return held * _WHOLE // (_WHOLE + bps)
