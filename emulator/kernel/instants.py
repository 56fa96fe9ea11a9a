"""Instants and durations as people and /v2 write them. Everywhere else they are seconds, since the
epoch for instants.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

DAY: Final = 86_400  # seconds
LAST: Final = 4_102_444_800  # the year 2100: no world goes beyond
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": DAY, "w": 7 * DAY}
_DURATION: Final = re.compile(r"(\d{1,9})([smhdw])")


def rfc3339(instant: int) -> str:
    """1772366400 as 2026-03-01T12:00:00.000Z, as /v2 writes it."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def legible(instant: float) -> str:
    """1772366400 as 2026-03-01 12:00:00, in UTC, for people."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%d %H:%M:%S")


def seconds(text: str) -> int | None:
    """The instant that an RFC 3339 text names, or None when it names none."""
    found = _read(text)
    return None if found is None or found.tzinfo is None else _seconds(found)


def spoken(text: str) -> int | None:
    """The instant that an ISO 8601 text names, in UTC unless it says otherwise; None when it names
    none before `LAST`.
    """
    found = _read(text)
    if found is None:
        return None
    instant = _seconds(found if found.tzinfo else found.replace(tzinfo=UTC))
    return instant if instant is not None and 0 <= instant <= LAST else None


def duration(text: str) -> int | None:
    """Seconds in `90s`, `15m`, `12h`, `3d` or `2w`; None when it is no duration before `LAST`."""
    found = _DURATION.fullmatch(text)
    lasts = int(found[1]) * _UNITS[found[2]] if found else None
    return lasts if lasts is not None and lasts <= LAST else None


def _read(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _seconds(found: datetime) -> int | None:
    try:
        return int(found.timestamp())
    except (OverflowError, ValueError):
        return None
