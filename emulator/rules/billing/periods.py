"""When billing periods begin and end. Instants are seconds; days and months are those of UTC.

A month that is too short takes its last day, and the day of the anchor comes back with the next
month that has it. Evidence: documented.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from emulator.kernel.instants import DAY

_SECONDS: Final = {"day": DAY, "week": 7 * DAY}


def add(instant: int, interval: str, count: int) -> int:
    """`count` intervals later; months and years keep the day where they have it."""
    if interval in _SECONDS:
        return instant + _SECONDS[interval] * count
    months = count * (12 if interval == "year" else 1)
    moment = datetime.fromtimestamp(instant, UTC)
    at = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(at, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return int(moment.replace(year=year, month=month + 1, day=day).timestamp())


def boundary_after(anchor: int, interval: str, count: int, instant: int) -> int:
    """The first end of a period after an instant, counted from the anchor both ways."""
    at = _near(anchor, interval, count, instant)
    while add(anchor, interval, at * count) > instant:
        at -= 1
    while add(anchor, interval, at * count) <= instant:
        at += 1
    return add(anchor, interval, at * count)


def boundary_before(anchor: int, interval: str, count: int, instant: int) -> int:
    """The last beginning of a period at or before an instant."""
    at = _near(anchor, interval, count, instant)
    while add(anchor, interval, at * count) <= instant:
        at += 1
    while add(anchor, interval, at * count) > instant:
        at -= 1
    return add(anchor, interval, at * count)


def _near(anchor: int, interval: str, count: int, instant: int) -> int:
    """How many periods lie between, about."""
    days = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25}[interval] * count
    return int((instant - anchor) / DAY / days)


def configured_anchor(config: Mapping[str, int | None], start: int) -> int:
    """The first instant after `start` with the day (and month, hour …) of a
    billing_cycle_anchor_config.
    """
    begin = datetime.fromtimestamp(start, UTC)
    hour, minute, second = (
        default if (wanted := config.get(name)) is None else wanted
        for name, default in (
            ("hour", begin.hour),
            ("minute", begin.minute),
            ("second", begin.second),
        )
    )
    month, day = config.get("month"), config["day_of_month"] or 1
    candidate = begin.replace(day=1, hour=hour, minute=minute, second=second)
    while True:
        right_month = month is None or candidate.month == month
        last = monthrange(candidate.year, candidate.month)[1]
        found = candidate.replace(day=min(day, last))
        if right_month and found > begin:
            return int(found.timestamp())
        candidate = (candidate + timedelta(days=32)).replace(day=1)


def written(instant: int) -> str:
    """A day as lines of invoices write it: `01 Mar 2026`."""
    moment = datetime.fromtimestamp(instant, UTC)
    return f"{moment.day:02d} {moment:%b %Y}"
