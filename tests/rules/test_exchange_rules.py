"""Exchange rates."""

import pytest

from emulator.kernel import files
from emulator.rules import exchange


@pytest.mark.parametrize(
    ("target", "charged", "refunded"),
    [
        ("cad", 1.35576, 1.38343),
        ("sgd", 1.3389, 1.36622),
        ("krw", 13.2136, 13.4833),
    ],
)
def test_rates_as_observed_on_one_day(target, charged, refunded):
    assert exchange.rate("usd", target, "CA") == charged
    assert exchange.rate("usd", target, "CA", refund=True) == refunded


def test_american_accounts_lose_half_as_much():
    assert exchange.rate("eur", "usd", "US") == 1.0478
    assert exchange.rate("eur", "usd", "US", refund=True) == 1.05838
    assert exchange.rate("eur", "usd", "GB") == 1.03721


def test_the_same_currency_is_worth_itself():
    assert exchange.rate("usd", "usd", "CA") == 1.0


def test_minor_units_of_different_sizes():
    assert exchange.mid("usd", "jpy") == 1.496
    assert exchange.mid("jpy", "usd") == 0.668449
    assert exchange.mid("usd", "kwd") == 3.0935


@pytest.mark.parametrize(
    ("amount", "at", "converted"),
    [(1000, 1.35576, 1356), (300, 1.31774, 395), (1000, 1.38343, 1383), (5, 0.1, 1), (4, 0.1, 0)],
)
def test_conversion_rounds_halves_up(amount, at, converted):
    assert exchange.convert(amount, at) == converted


@pytest.mark.parametrize(("amount", "converted"), [(0, 0), (1, 1), (4, 1)])
def test_something_is_never_converted_to_nothing(amount, converted):
    assert exchange.convert_some(amount, 0.1) == converted


def test_a_world_may_bring_its_own_rates():
    own = {"cad": 2.0}
    assert exchange.rate("usd", "cad", "CA", rates=own) == 1.96
    assert exchange.rate("usd", "sgd", "SG", rates=own) == 1.3389


CURRENCIES = files.table("rules/currencies.json")["currencies"]


def test_every_currency_has_a_rate():
    assert all(exchange.known(currency) for currency in CURRENCIES)
    assert not exchange.known("xxx")
