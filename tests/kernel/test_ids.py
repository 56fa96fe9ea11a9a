"""Ids look like Stripe's and depend on nothing but seed and name."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from emulator.kernel import ids

BASE_62 = set(string.ascii_letters + string.digits)


@given(st.text(), st.text(), st.integers(1, 64))
def test_letters_are_a_pure_function_of_seed_and_name(seed: str, name: str, length: int):
    found = ids.letters(seed, name, length)
    assert found == ids.letters(seed, name, length)
    assert len(found) == length
    assert set(found) <= BASE_62


def test_letters_differ_with_seed_and_name():
    found = {ids.letters(seed, f"tr/{n}", 14) for seed in "ab" for n in range(2_000)}
    assert len(found) == 4_000


def test_letters_stay_what_they_are():
    """A change here changes every id of every recorded test run: think twice."""
    assert ids.letters("0", "cus/1", 14) == "g97hAzWHdy4pim"


@given(st.text(), st.text(), st.integers(1, 20))
def test_digits_are_digits(seed: str, name: str, length: int):
    found = ids.digits(seed, name, length)
    assert len(found) == length
    assert found.isdecimal()


@given(st.text(), st.text())
def test_a_fraction_lies_below_one(seed: str, name: str):
    assert 0 <= ids.fraction(seed, name) < 1
