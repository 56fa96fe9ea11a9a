"""Stripe's fee on a payment, by the country of the account and of the card."""

from __future__ import annotations

import pytest

from emulator.rules import fees as rules
from tests.resources.market import canadian, pay
from tests.resources.shops import Row, fees, observed_rates, row, rows, shop
from tests.talking import Talk

_EURO = (
    *("AT", "BE", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR"),
    *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PT", "SI", "SK"),
)


@pytest.mark.parametrize(("amount", "fee"), [(100, 33), (1_000, 59), (15_500, 480), (30_000, 900)])
def test_american_cards_on_an_american_platform(talk: Talk, amount: int, fee: int) -> None:
    pay(talk, amount)
    assert rows(talk) == [Row("charge", "charge", amount, fee, amount - fee)]
    assert fees(row(talk, "charge")) == {"stripe_fee": (fee, "usd")}


def test_a_french_card_costs_more(talk: Talk) -> None:
    pay(talk, 100, "pm_card_fr")
    assert row(talk, "charge")["fee"] == 34


@pytest.mark.parametrize(
    ("country", "currency", "amount", "fee"),
    [
        ("CA", "cad", 1_356, 69),
        ("SG", "sgd", 130, 55),
        ("SG", "sgd", 259, 60),
        ("SG", "sgd", 777, 80),
        ("SG", "sgd", 1_297, 101),
        ("SG", "sgd", 1_318, 101),
        ("SG", "sgd", 1_583, 112),
        ("BR", "brl", 3_320, 171),
        ("BR", "brl", 16_638, 703),
    ],
)
def test_american_cards_on_accounts_abroad(
    talk: Talk, country: str, currency: str, amount: int, fee: int
) -> None:
    account = shop(talk, country)
    pay(talk, amount, currency=currency, stripe_account=account)
    assert rows(talk, account) == [Row("charge", "charge", amount, fee, amount - fee, currency)]


@pytest.mark.parametrize(
    ("country", "currency", "domestic", "abroad"),
    [
        ("US", "usd", 320, 470),
        ("CA", "cad", 320, 320),
        ("GB", "gbp", 170, 345),
        ("CH", "chf", 320, 355),
        ("SE", "sek", 330, 505),
        ("DK", "dkk", 330, 505),
        ("NO", "nok", 440, 525),
        ("PL", "pln", 250, 425),
        ("CZ", "czk", 800, 975),
        ("HU", "huf", 8_650, 8_825),
        ("RO", "ron", 250, 425),
        ("BG", "eur", 175, 350),
        ("AU", "aud", 200, 380),
        ("NZ", "nzd", 300, 400),
        ("SG", "sgd", 390, 440),
        ("HK", "hkd", 575, 625),
        ("JP", "jpy", 360, 360),
        ("MY", "myr", 400, 500),
        ("TH", "thb", 1_365, 1_475),
        ("MX", "mxn", 660, 710),
        ("BR", "brl", 438, 438),
        ("IN", "inr", 200, 300),
        ("AE", "aed", 390, 490),
        *((country, "eur", 175, 350) for country in _EURO),
    ],
)
def test_the_price_list(country: str, currency: str, domestic: int, abroad: int) -> None:
    """What 10,000 cost with a card of the country itself, and with one from far away."""
    far = "JP" if country in {"US", "CA"} else "US"
    assert rules.processing_fee(10_000, currency, country, country) == domestic
    assert rules.processing_fee(10_000, currency, country, far) == abroad


@pytest.mark.parametrize(
    ("method", "currency", "amount", "fee"),
    [
        ("us_bank_account", "usd", 10_000, 80),
        ("us_bank_account", "usd", 62_500, 500),
        ("us_bank_account", "usd", 62_700, 500),
        ("sepa_debit", "eur", 10_000, 35),
        ("bacs_debit", "gbp", 1_000, 20),
        ("ideal", "eur", 10_000, 29),
        ("bancontact", "eur", 10_000, 165),
        ("klarna", "usd", 10_000, 629),
        ("affirm", "usd", 10_000, 629),
        ("afterpay_clearpay", "usd", 10_000, 629),
        ("link", "usd", 10_000, 320),
        ("cashapp", "usd", 10_000, 320),
        ("wechat_pay", "usd", 10_000, 320),
        ("alipay", "usd", 10_000, 320),
    ],
)
def test_other_methods_have_prices_of_their_own(
    method: str, currency: str, amount: int, fee: int
) -> None:
    assert rules.processing_fee(amount, currency, "US", None, method) == fee


def test_stripe_keeps_its_fee_when_a_charge_is_refunded(talk: Talk) -> None:
    charge = pay(talk, 1_000)
    talk.made("/v1/refunds", {"charge": charge["id"]})
    assert rows(talk)[1:] == [Row("refund", "refund", -1_000, 0, -1_000)]


def test_what_the_platform_agreed_is_for_its_own_payments(talk: Talk) -> None:
    """Observed on a platform with prices of its own: 50 of its ten dollars, but list prices on
    behalf of a Canadian account, and on an American account that pays for itself.
    """
    observed_rates(talk)
    agreed = {"pricing": [{"bps": 200, "fixed": 30}, {"bps": 500, "fixed": 5}]}
    assert talk.control("settings", agreed).status_code == 200
    north, here = canadian(talk), shop(talk)

    pay(talk, 1_000)
    pay(talk, 1_000, on_behalf_of=north)
    pay(talk, 1_000, stripe_account=here)

    assert [(line.fee, line.currency) for line in rows(talk)] == [(50, "usd"), (69, "cad")]
    assert row(talk, "charge", here)["fee"] == 59
