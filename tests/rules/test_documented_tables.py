"""The tables of numbers that Stripe's documents give, whole: delays, limits, fees, categories."""

from __future__ import annotations

import pytest

from emulator.kernel.errors import Refusal
from emulator.rules import amounts, cards, exchange, fees, payouts, settlement
from emulator.rules.accounts import banks
from emulator.rules.settlement import Delay

_EU: str = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"


@pytest.mark.parametrize(
    ("countries", "first", "usual"),
    [
        ("US AU IN", Delay(2, "business"), Delay(2, "business")),
        ("NZ", Delay(4, "business"), Delay(4, "business")),
        ("JP", Delay(7, "calendar"), Delay(4, "business")),
        ("MY HK SG", Delay(7, "calendar"), Delay(7, "calendar")),
        ("TH", Delay(7, "business"), Delay(7, "business")),
        ("AE", Delay(5, "business"), Delay(5, "business")),
        ("BR", Delay(30, "calendar"), Delay(30, "calendar")),
        ("CA GB CH NO MX LI GI", Delay(7, "calendar"), Delay(3, "business")),
        (_EU, Delay(7, "calendar"), Delay(3, "business")),
    ],
)
def test_how_long_payments_settle_by_country(countries: str, first: Delay, usual: Delay) -> None:
    for country in countries.split():
        assert settlement.delay(country) == first, country
        assert settlement.delay(country, established=True) == usual, country
        assert settlement.minimum_delay(country) == first.days


@pytest.mark.parametrize(
    ("method", "days"),
    [
        ("us_bank_account", 4),
        ("bacs_debit", 4),
        ("au_becs_debit", 2),
        ("nz_bank_account", 2),
        ("acss_debit", 5),
        # Documented as six; five were observed in 2026.
        ("sepa_debit", 5),
    ],
)
def test_how_long_debits_settle(method: str, days: int) -> None:
    now = 1_772_366_400
    assert settlement.method_delay(method, now, testmode=False) == Delay(days, "business")


@pytest.mark.parametrize(
    ("currencies", "least"),
    [
        ("usd cad aud brl hkd nzd thb idr pen ttd uyu dop crc", 1),
        ("eur gbp sgd inr gtq", 100),
        ("jpy xof", 1),
        ("czk", 3_000),
        ("dkk nok sek", 2_000),
        ("huf", 36_000),
        ("pln ron chf myr", 500),
        ("mxn", 1_000),
        ("aed php", 200),
        ("vnd", 81_125),
    ],
)
def test_the_smallest_payout_by_currency(currencies: str, least: int) -> None:
    for currency in currencies.split():
        assert amounts.payout_minimum(currency) == least, currency


@pytest.mark.parametrize(
    ("currency", "least"), [("usd", 50), ("cad", 60), ("sgd", 50), ("gbp", 40), ("aud", 50)]
)
def test_the_limits_of_instant_payouts(currency: str, least: int) -> None:
    assert amounts.instant_payout_limits(currency) == (least, 999_900)


@pytest.mark.parametrize(
    ("currency", "received", "countered"),
    [
        ("usd", 1_500, 1_500),
        ("cad", 1_500, 1_500),
        ("gbp", 2_000, 2_000),
        ("eur", 2_000, 2_000),
        ("aud", 2_500, 2_500),
        ("sgd", 1_500, 1_500),
        ("hkd", 8_500, 0),
        ("nzd", 2_500, 0),
        ("chf", 2_000, 0),
        ("jpy", 1_300, 0),
        ("mxn", 30_000, 0),
    ],
)
def test_what_disputes_cost(currency: str, received: int, countered: int) -> None:
    """What it costs to get one, and to answer it. mxn assumed."""
    assert fees.dispute_fee(currency) == received
    assert fees.countered_fee(currency) == countered


@pytest.mark.parametrize(
    ("country", "charged"), [("US", 0.99), ("AE", 0.99), ("CA", 0.98), ("SG", 0.98), ("DE", 0.98)]
)
def test_what_a_conversion_costs_by_country(country: str, charged: float) -> None:
    between = exchange.mid("jpy", "aed")
    assert exchange.rate("jpy", "aed", country) == pytest.approx(between * charged, rel=1e-5)
    assert exchange.rate("jpy", "aed", country, refund=True) == between


def test_conversions_as_observed() -> None:
    """Ten dollars and three, at the rates of the days on which they were observed."""
    for amount, rate, converted in (
        (1_000, 1.35576, 1_356),
        (100, 1.35576, 136),
        (1_000, 1.31774, 1_318),
        (300, 1.31774, 395),
        (25, 1.29726, 32),
        (1_000, 0.92594, 926),
        (200, 13.2136, 2_643),
    ):
        assert exchange.convert(amount, rate) == converted


def test_every_way_a_payout_fails_has_words() -> None:
    assert payouts.FAILURES.keys() == {
        *("account_closed", "account_frozen", "bank_account_restricted", "bank_ownership_changed"),
        *("could_not_process", "debit_not_authorized", "declined", "exceeds_amount_limit"),
        *("exceeds_count_limit", "incorrect_account_holder_address"),
        *("incorrect_account_holder_details", "incorrect_account_holder_name"),
        *("incorrect_account_holder_tax_id", "incorrect_account_type", "insufficient_funds"),
        *("invalid_account_number", "invalid_account_number_length", "invalid_currency"),
        *("no_account", "unsupported_card"),
    }
    assert len(set(payouts.FAILURES.values())) == 20


_CODES = (
    *("no_account", "account_closed", "insufficient_funds"),
    *("debit_not_authorized", "invalid_currency"),
)


@pytest.mark.parametrize(
    ("country", "routing", "success", "failures"),
    [
        ("AU", "110000", "000123456", "111111116 111111113 222222227 333333335 444444440"),
        (
            "CA",
            "11000-000",
            "000123456789",
            "000111111116 000111111113 000222222227 000333333335 000444444440",
        ),
        ("BR", "110-0000", "0001234", "1111116 1111113 2222227 3333335 4444440"),
        ("AT", None, "AT611904300234573201", "AT861904300235473202 . AT981904300002222227 . ."),
        ("BE", None, "BE62510007547061", "BE68539007547034 . BE90510002222227 . ."),
        (
            "CH",
            None,
            "CH9300762011623852957",
            "CH5362200119938136497 . CH1800762000002222227 . .",
        ),
        ("AE", None, "AE070331234567890123456", "AE62370400440532013001 . . . ."),
        *(
            (
                country,
                None,
                success,
                " ".join(f"{country}89370400440532013{n:03}" for n in range(1, 6)),
            )
            for country, success in (
                ("BG", "BG80BNBG96611020345678"),
                ("DE", "DE89370400440532013000"),
                ("ES", "ES0700120345030000067890"),
                ("FR", "FR1420041010050500013M02606"),
                ("GB", "GB82WEST12345698765432"),
                ("IE", "IE29AIBK93115212345678"),
                ("IT", "IT40S0542811101000000123456"),
                ("NL", "NL39RABO0300065264"),
                ("PT", "PT50000201231234567890154"),
            )
        ),
    ],
)
def test_numbers_of_test_banks_decide_payouts(
    country: str, routing: str | None, success: str, failures: str
) -> None:
    """Documented; a dot stands for a number that is not known."""

    def outcome(number: str) -> str:
        hash_ = {"country": country, "account_number": number, "routing_number": routing}
        bank = banks.read(hash_, country)
        assert not isinstance(bank, Refusal), (number, bank.message)
        return bank.outcome

    assert outcome(success) == "paid"
    for number, code in zip(failures.split(), _CODES, strict=True):
        assert number == "." or outcome(number) == code, number


_SERIES = (
    *("us", "ca", "au", "sg", "gb", "at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es", "fi"),
    *("fr", "gr", "hr", "hu", "ie", "it", "lt", "lu", "lv", "mt", "my", "nl", "no", "nz", "pl"),
    *("pt", "ro", "se", "si", "sk"),
)


@pytest.mark.parametrize(
    ("name", "payout"),
    [
        ("visa_debit_{}_transferSuccess", "paid"),
        ("visa_debit_{}_transferFail", "could_not_process"),
        ("visa_debit_{}_instantPayoutUnsupported", "instant_unsupported"),
        ("mastercard_debit_{}_transferSuccess", "paid"),
    ],
)
def test_each_country_has_debit_cards_to_be_paid_out_to(name: str, payout: str) -> None:
    """The names are documented; the numbers of most countries are not known."""
    numbers = set()
    for country in _SERIES:
        card = cards.by_name(f"tok_{name.format(country)}")
        assert card is not None, country
        assert (card.payout, card.funding, card.country) == (payout, "debit", country.upper())
        assert cards.by_number(card.number) is card
        numbers.add(card.number)
    assert len(numbers) == len(_SERIES)
