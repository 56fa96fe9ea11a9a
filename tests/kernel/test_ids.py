from __future__ import annotations

import string

import pytest
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


@given(st.integers(0, 62**5 - 2))
def test_letters_of_time_grow_with_time(instant: int):
    assert ids.time_letters(instant) < ids.time_letters(instant + 1)


@pytest.mark.parametrize(("instant", "word"), [(0, "00000"), (61, "0000z"), (62, "00010")])
def test_letters_of_time_count_in_base_62(instant: int, word: str):
    assert ids.time_letters(instant) == word
