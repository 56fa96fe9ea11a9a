"""Stripe's fees, against every figure that was observed."""

import pytest

from emulator.kernel import files
from emulator.rules import fees


@pytest.mark.parametrize(
    ("amount", "fee"),
    [
        (1, 30),
        (100, 33),
        (500, 45),
        (599, 47),
        (950, 58),
        (1000, 59),
        (1500, 74),
        (1900, 85),
        (2250, 95),
        (2500, 103),
        (2900, 114),
        (10000, 320),
        (15500, 480),
        (22500, 683),
        (25000, 755),
        (30000, 900),
    ],
)
def test_american_cards_on_american_accounts(amount, fee):
    assert fees.processing_fee(amount, "usd", "US", "US") == fee


@pytest.mark.parametrize(
    ("amount", "settled", "card", "fee"),
    [
        (100, ("usd", "US"), "FR", 34),
        (1356, ("cad", "CA"), "US", 69),
        (1342, ("cad", "CA"), "US", 69),
        (130, ("sgd", "SG"), "US", 55),
        (259, ("sgd", "SG"), "US", 60),
        (777, ("sgd", "SG"), "US", 80),
        (1297, ("sgd", "SG"), "US", 101),
        (1318, ("sgd", "SG"), "US", 101),
        (1583, ("sgd", "SG"), "US", 112),
        (3149, ("sgd", "SG"), "US", 173),
        (3320, ("brl", "BR"), "US", 171),
        (16638, ("brl", "BR"), "US", 703),
        (10000, ("eur", "FR"), "JP", 350),
        (2499, ("eur", "FR"), "US", 106),
        (3700, ("eur", "FR"), "US", 145),
        (1200, ("eur", "FR"), "US", 64),
        (10000, ("jpy", "FR"), "JP", 360),
    ],
)
def test_foreign_cards_as_observed(amount, settled, card, fee):
    currency, account = settled
    assert fees.processing_fee(amount, currency, account, card) == fee


@pytest.mark.parametrize(
    ("account", "card", "fee"),
    [("FR", "FR", 175), ("FR", "DE", 175), ("FR", "NO", 175), ("FR", "GB", 275), ("FR", "US", 350)],
)
def test_europe_has_three_zones(account, card, fee):
    assert fees.processing_fee(10000, "eur", account, card) == fee


@pytest.mark.parametrize(("card", "fee"), [("GB", 170), ("FR", 270), ("US", 345)])
def test_britain_has_three_zones(card, fee):
    assert fees.processing_fee(10000, "gbp", "GB", card) == fee


def test_a_card_of_no_country_is_domestic():
    assert fees.processing_fee(1000, "usd", "US", None) == 59


@pytest.mark.parametrize(
    ("method", "amount", "settled", "fee"),
    [
        ("sepa_debit", 10000, ("eur", "FR"), 35),
        ("us_bank_account", 1000, ("usd", "US"), 8),
        ("us_bank_account", 62499, ("usd", "US"), 500),
        ("us_bank_account", 62500, ("usd", "US"), 500),
        ("us_bank_account", 62501, ("usd", "US"), 500),
        ("us_bank_account", 62400, ("usd", "US"), 499),
        ("bacs_debit", 1000, ("gbp", "GB"), 20),
        ("bacs_debit", 2000, ("gbp", "GB"), 20),
        ("bacs_debit", 2050, ("gbp", "GB"), 21),
        ("bacs_debit", 90000, ("gbp", "GB"), 400),
        ("stripe_account", 10000, ("usd", "US"), 0),
        ("link", 1000, ("usd", "US"), 59),
        ("never_heard_of", 1000, ("usd", "US"), 59),
    ],
)
def test_other_methods(method, amount, settled, fee):
    currency, account = settled
    assert fees.processing_fee(amount, currency, account, None, method) == fee


@pytest.mark.parametrize(
    ("amount", "fee"),
    [(100, 10), (500, 30), (599, 35), (655, 38), (833, 47), (1000, 50), (2000, 70), (10000, 230)],
)
def test_of_several_agreed_prices_the_cheapest_counts(amount, fee):
    agreed = [{"bps": 500, "fixed": 5}, {"bps": 200, "fixed": 30}]
    assert fees.processing_fee(amount, "usd", "US", "US", pricing=agreed) == fee


@pytest.mark.parametrize(("amount", "fee"), [(10000, 315), (2499, 97), (2500, 98), (8034, 258)])
def test_an_agreed_price_replaces_only_what_it_names(amount, fee):
    assert fees.processing_fee(amount, "eur", "FR", "JP", pricing={"bps": 290}) == fee


def test_free_is_a_price():
    free = {"bps": 0, "fixed": 0}
    assert fees.processing_fee(10000, "usd", "US", "US", pricing=free) == 0


def test_a_fixed_part_without_a_figure_for_the_currency_is_converted():
    assert fees.processing_fee(0, "krw", "US", "US") == 404


def test_where_there_is_no_fixed_part_there_is_none_in_other_currencies_either():
    assert fees.processing_fee(10_000, "jpy", "JP", "JP") == 360
    assert fees.processing_fee(10_000, "usd", "JP", "JP") == 360


def test_a_share_alone_may_come_to_nothing():
    assert fees.processing_fee(13, "jpy", "JP", "JP") == 0
    assert fees.processing_fee(14, "jpy", "JP", "JP") == 1


@pytest.mark.parametrize(
    ("currency", "fee"), [("usd", 1500), ("cad", 1500), ("gbp", 2000), ("jpy", 1300)]
)
def test_dispute_fees(currency, fee):
    assert fees.dispute_fee(currency) == fee


def test_a_dispute_fee_without_a_figure_is_worth_the_european_one():
    assert fees.dispute_fee("krw") == 28541


@pytest.mark.parametrize(("currency", "fee"), [("usd", 1500), ("eur", 2000), ("mxn", 0)])
def test_answering_costs_where_there_is_such_a_fee(currency, fee):
    assert fees.countered_fee(currency) == fee


def test_when_dispute_fees_changed():
    assert fees.dispute_fee_returned(1_717_199_999, "usd")
    assert not fees.dispute_fee_returned(1_717_200_000, "usd")
    assert fees.dispute_fee_returned(1_717_200_000, "mxn")
    assert not fees.answering_costs(1_750_118_399)
    assert fees.answering_costs(1_750_118_400)


def test_every_price_carries_its_evidence():
    table = files.table("rules/fees.json")
    rows = [*table["countries"].values(), *table["methods"].values()]
    assert all(row["evidence"] in {"observed", "documented", "assumed"} for row in rows)


@pytest.mark.parametrize(
    ("day", "method", "card", "fee"),
    [
        (1586359535, "sepa_debit", None, 105),
        (1671833520, "sepa_debit", None, 35),
        (1671833520, "card", "JP", 315),
        (1733843700, "card", "JP", 350),
    ],
)
def test_list_prices_are_those_of_the_day(day, method, card, fee):
    """Observed on a French account: 100.00 eur by debit in 2020 and 2022, by card in 2022, 2024."""
    assert fees.processing_fee(10_000, "eur", "FR", card, method, when=day) == fee
