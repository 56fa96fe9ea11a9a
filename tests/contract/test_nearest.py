"""Which known name a mistyped one was meant to be."""

from __future__ import annotations

import pytest

from emulator.contract.nearest import edits, likeness, nearest


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("price", ["period", "price_data", "pricing", "quantity"], "pricing"),
        ("emial", ["email", "name"], "email"),
        ('"recurring', ["recurring", "product"], "recurring"),
        ("foo", ["email", "name"], None),
        ("", ["email"], None),
        ("x" * 101, ["x" * 100], None),
    ],
)
def test_the_name_that_was_meant(name, known, meant):
    assert nearest(name, known) == meant


def test_edits_are_counted():
    assert edits("kitten", "sitting") == 3
    assert edits("", "abc") == 3


def test_likeness_favours_a_common_beginning():
    assert likeness("martha", "marhta") == pytest.approx(0.9611, abs=0.0001)
    assert likeness("abc", "xyz") == 0
