"""Instants as /v2 writes them: RFC 3339 in UTC with milliseconds. Everywhere else they are
seconds.
"""

from __future__ import annotations

from datetime import UTC, datetime


def rfc3339(instant: int) -> str:
    """1772366400 as 2026-03-01T12:00:00.000Z."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def seconds(text: str) -> int | None:
    """The instant that an RFC 3339 text names, or None when it names none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.tzinfo is None:
        return None
    try:
        return int(found.timestamp())
    except (OverflowError, ValueError):
        return None
