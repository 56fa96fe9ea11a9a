"""Bank account formats, what comes back, and how payouts to test numbers end."""

from __future__ import annotations

import pytest

from emulator.kernel.errors import Refusal
from emulator.rules.accounts import banks, countries
from emulator.rules.accounts.banks import Bank


def read(country, number, routing=None, currency=None, *, account=None) -> Bank | Refusal:
    hash_ = {"country": country, "account_number": number, "routing_number": routing}
    return banks.read(hash_ | {"currency": currency}, account or country)


@pytest.mark.parametrize("country", countries.every())
def test_every_country_takes_its_own_example(country) -> None:
    example = countries.country(country).bank.example
    bank = read(country, example["account_number"], example["routing_number"])
    assert isinstance(bank, Bank)
    assert bank.last4 == (example["account_number"] or "")[-4:]
    assert bank.routing_number
    assert bank.outcome == "paid"
    assert bank.currency == countries.country(country).default_currency


@pytest.mark.parametrize(
    ("country", "number", "routing", "shown", "name"),
    [
        ("AU", "000123456", "110000", "11 0000", "STRIPE TEST BANK"),
        ("AZ", "AZ77ADJE12345678901234567890", "123456-123456", "123456123456", None),
        ("NZ", "1100000000000010", None, "110000", None),
        ("PE", "99934500012345670024", None, "999", None),
        ("DE", "DE89370400440532013000", None, "110000000", "STRIPE TEST BANK"),
        ("MY", "000123456000", "HBMBMYKL", "TESTMYKLXXX", None),
        ("ZA", "000001234", "FIRNZAJJ", "FIRNZAJJXXX", "FIRSTRAND BANK LIMITED"),
        ("GB", "00012345", "23-14-70", "23-14-70", "WISE PAYMENTS LTD"),
        ("UY", "000123456789", "999", "999", "Otros Bancos"),
        ("CL", "000123456789", "999", "999", "STRIPE TEST BANK"),
    ],
)
def test_what_comes_back(country, number, routing, shown, name) -> None:
    bank = read(country, number, routing)
    assert isinstance(bank, Bank)
    assert bank.routing_number == shown
    assert bank.bank_name == (name or "STRIPE TEST BANK")


@pytest.mark.parametrize(
    ("number", "routing", "account", "methods"),
    [
        ("000123456789", "110000000", "US", ["standard", "instant"]),
        ("000123456789", "111000000", "US", ["standard"]),
        ("000123456789", "110000000", "CA", ["standard"]),
        ("000888888883", "110000000", "US", ["standard"]),
    ],
)
def test_instant_payouts_reach_one_test_bank(number, routing, account, methods) -> None:
    bank = read("US", number, routing, "usd", account=account)
    assert isinstance(bank, Bank)
    assert bank.available_payout_methods == methods


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        ("000111111116", "no_account"),
        ("000111111113", "account_closed"),
        ("000222222227", "insufficient_funds"),
        ("000333333335", "debit_not_authorized"),
        ("000444444440", "invalid_currency"),
        ("000999999991", "paid"),
    ],
)
def test_test_numbers_decide_the_payout(number, outcome) -> None:
    bank = read("US", number, "110000000")
    assert isinstance(bank, Bank)
    assert bank.outcome == outcome


@pytest.mark.parametrize(
    ("hash_", "account", "code", "param"),
    [
        ({"account_number": "1"}, "US", "parameter_missing", "bank_account[country]"),
        ({"country": "US"}, "US", "parameter_missing", "bank_account[account_number]"),
        (
            {"country": "US", "account_number": "000123456789"},
            "US",
            "parameter_missing",
            "bank_account[routing_number]",
        ),
        (
            {"country": "US", "account_number": "000123456789", "routing_number": "11000000"},
            "US",
            "routing_number_invalid",
            "bank_account[routing_number]",
        ),
        (
            {"country": "US", "account_number": "123123123", "routing_number": "110000000"},
            "US",
            "account_number_invalid",
            "bank_account[account_number]",
        ),
        (
            {"country": "DE", "account_number": "DE123"},
            "DE",
            "account_number_invalid",
            "bank_account[account_number]",
        ),
        ({"country": "TH", "account_number": "1"}, "US", None, "bank_account[currency]"),
        ({"country": "XX", "account_number": "1"}, "US", "country_unsupported", None),
    ],
)
def test_bank_details_that_cannot_be_are_refused(hash_, account, code, param) -> None:
    refusal = banks.read(hash_, account, "bank_account")
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    if param is not None:
        assert refusal.param == param


def test_live_numbers_are_refused_as_stripe_does() -> None:
    refusal = read("US", "123123123", "110000000")
    assert isinstance(refusal, Refusal)
    assert refusal.message == (
        "You must use a test bank account number in test mode. Try 000123456789 or see more "
        "options at https://stripe.com/docs/connect/testing#account-numbers."
    )


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("btok_us", "paid"),
        ("btok_us_verified", "paid"),
        ("btok_us_verified_noAccount", "no_account"),
        ("btok_us_verified_insufficientFunds", "insufficient_funds"),
        ("btok_de", "paid"),
        ("btok_gb_gbp", "paid"),
    ],
)
def test_ready_tokens(name, outcome) -> None:
    hash_ = banks.token(name)
    assert isinstance(hash_, dict)
    bank = banks.read(hash_, hash_["country"])
    assert isinstance(bank, Bank)
    assert bank.outcome == outcome


@pytest.mark.parametrize("name", ["btok_zz", "tok_visa", "btok_us_nonsense", "btok_"])
def test_unknown_tokens(name) -> None:
    assert isinstance(banks.token(name), Refusal)


def test_only_debit_cards_in_a_currency_of_the_account() -> None:
    assert banks.check_card("debit", "usd", "US") is None
    credit = banks.check_card("credit", "usd", "US")
    assert credit is not None
    assert credit.code == "invalid_card_type"
    assert banks.check_card("debit", "thb", "US") is not None


@pytest.mark.parametrize(
    ("default", "currency", "others", "refused"),
    [
        (True, "usd", 0, True),
        (False, "usd", 1, False),
        (True, "eur", 0, False),
        (True, "eur", 1, True),
    ],
)
def test_deleting_the_default(default, currency, others, refused) -> None:
    refusal = banks.check_delete(
        default_for_currency=default, currency=currency, default_currency="usd", others=others
    )
    assert (refusal is not None) is refused


def test_settlement_currencies() -> None:
    assert countries.bank_countries("US") == {"usd": ["US"]}
    assert countries.bank_countries("CA") == {"cad": ["CA"], "usd": ["US"]}
    assert "DE" in countries.bank_countries("NL")["eur"]
    assert countries.bank_countries("CH")["chf"] == ["CH", "LI"]
