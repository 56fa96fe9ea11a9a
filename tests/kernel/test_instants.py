"""Instants and durations as people and /v2 write them."""

from __future__ import annotations

import pytest

from emulator.kernel import instants
from emulator.kernel.instants import LAST
from tests.talking import NOW


def test_v2_writes_milliseconds():
    assert instants.rfc3339(NOW) == "2026-03-01T12:00:00.000Z"
    assert instants.seconds(instants.rfc3339(NOW)) == NOW


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-01T12:00:00Z", NOW),
        ("2026-03-01T14:00:00+02:00", NOW),
        ("2026-03-01T12:00:00", None),
        ("2026-03-01", None),
        ("noon", None),
    ],
)
def test_an_instant_of_v2_says_where_it_is_counted_from(text: str, instant: int | None):
    assert instants.seconds(text) == instant


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-01T12:00:00", NOW),
        ("2026-03-01T12:00:00Z", NOW),
        ("2026-03-01T14:00:00+02:00", NOW),
        ("1970-01-01", 0),
        ("1969-12-31T23:59:59", None),
        ("2100-01-01", LAST),
        ("2100-01-01T00:00:01", None),
        ("0001-01-01T00:00:00+23:00", None),
        ("noon", None),
    ],
)
def test_people_mean_utc_unless_they_say_otherwise(text: str, instant: int | None):
    assert instants.spoken(text) == instant


@pytest.mark.parametrize(
    ("text", "lasts"),
    [
        ("0s", 0),
        ("90s", 90),
        ("15m", 900),
        ("12h", 43_200),
        ("3d", 259_200),
        ("2w", 1_209_600),
        (f"{LAST // 604_800}w", LAST // 604_800 * 604_800),
        (f"{LAST // 604_800 + 1}w", None),
        ("3 d", None),
        ("-3d", None),
        ("3y", None),
        ("", None),
    ],
)
def test_durations(text: str, lasts: int | None):
    assert instants.duration(text) == lasts
