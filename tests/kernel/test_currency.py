"""Minor units of currencies with two, three and no decimals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.kernel import currency


@pytest.mark.parametrize(("code", "digits"), [("usd", 2), ("jpy", 0), ("kwd", 3), ("isk", 2)])
def test_a_currency_has_its_digits(code: str, digits: int):
    assert currency.exponent(code) == digits


@pytest.mark.parametrize(
    ("value", "whole"),
    [("0.4", 0), ("0.5", 1), ("1.5", 2), ("2.5", 3), ("-0.5", -1), ("-0.4", 0), (2.675, 3)],
)
def test_halves_are_rounded_away_from_zero(value: str | float, whole: int):
    assert currency.rounded(Decimal(value) if isinstance(value, str) else value) == whole


@given(st.integers(0, 10**12), st.integers(0, 10**6))
def test_two_shares_make_the_whole_give_or_take_one(whole: int, part: int):
    one = currency.share(whole, part, 10**6)
    two = currency.share(whole, 10**6 - part, 10**6)
    assert 0 <= one + two - whole <= 1


def test_a_share_loses_nothing_to_floats():
    assert currency.share(10**17 + 1, 1, 1) == 10**17 + 1


@pytest.mark.parametrize(
    ("amount", "code", "text"),
    [
        (-550, "usd", "-$5.50"),
        (-1, "xaf", "-XAF 1"),
        (1000, "usd", "$10.00"),
        (50, "usd", "$0.50"),
        (123_456_789, "usd", "$1,234,567.89"),
        (550, "eur", "€5.50"),
        (100, "jpy", "¥100"),
        (1500, "kwd", "KWD 1.500"),
        (1500, "chf", "CHF 15.00"),
    ],
)
def test_money_is_written_as_stripe_writes_it(amount: int, code: str, text: str):
    assert currency.display(amount, code) == text
