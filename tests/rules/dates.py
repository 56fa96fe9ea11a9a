"""Instants as tests of rules write them."""

from __future__ import annotations

from datetime import UTC, datetime


def at(text: str) -> int:
    """Seconds since the epoch of a date or a time in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
