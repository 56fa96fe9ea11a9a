"""Smallest and largest amounts."""

import pytest

from emulator.kernel.errors import Refusal
from emulator.rules import amounts


def refused(*args, **more):
    with pytest.raises(Refusal) as caught:
        amounts.check_charge(*args, **more)
    assert caught.value.status == 400
    return caught.value


@pytest.mark.parametrize(
    ("amount", "currency"),
    [(50, "usd"), (30, "gbp"), (50, "jpy"), (99_999_999, "usd"), (1, "kes"), (10, "kwd")],
)
def test_amounts_within_the_limits(amount, currency):
    amounts.check_charge(amount, currency)


@pytest.mark.parametrize(
    ("amount", "currency", "message"),
    [
        (49, "usd", "Amount must be at least $0.50 usd"),
        (29, "gbp", "Amount must be at least £0.30 gbp"),
        (49, "jpy", "Amount must be at least ¥50 jpy"),
        (999, "mxn", "Amount must be at least MX$10.00 mxn"),
    ],
)
def test_too_small(amount, currency, message):
    refusal = refused(amount, currency)
    assert (refusal.code, refusal.param) == ("amount_too_small", "amount")
    assert refusal.message == message


def test_too_large():
    refusal = refused(100_000_000, "usd")
    assert (refusal.code, refusal.param) == ("amount_too_large", None)
    assert refusal.message == "Amount must be no more than $999,999.99"


@pytest.mark.parametrize("amount", [0, -1])
def test_zero_is_no_charge(amount):
    refusal = refused(amount, "usd")
    assert (refusal.code, refusal.param) == ("parameter_invalid_integer", "amount")
    assert "  If you want to save a Payment Method" in refusal.message
    assert refusal.message.endswith("https://docs.stripe.com/payments/setup-intents")


@pytest.mark.parametrize(("amount", "currency"), [(1001, "kwd"), (150, "isk"), (199, "ugx")])
def test_between_two_coins(amount, currency):
    assert refused(amount, currency).code == "parameter_invalid_integer"


def test_what_an_amount_converts_to_must_be_enough_too():
    amounts.check_charge(70, "cad", settlement="usd")
    refusal = refused(69, "cad", settlement="usd")
    assert refusal.code == "amount_too_small"
    assert refusal.message == (
        "Amount must convert to at least 50 cents. CA$0.69 converts to approximately $0.49."
    )


def test_converted_minimum_names_the_coin_of_the_settlement_currency():
    refusal = refused(50, "usd", settlement="aed", account_country="AE")
    assert "at least 200 fils." in refusal.message


@pytest.mark.parametrize(("total", "fine"), [(0, True), (49, False), (50, True)])
def test_checkout_totals(total, fine):
    if fine:
        amounts.check_session(total, "usd", free=True)
        return
    with pytest.raises(Refusal) as caught:
        amounts.check_session(total, "usd", free=True)
    assert caught.value.param is None
    assert caught.value.message == (
        "The Checkout Session's total amount due must add up to at least $0.50 usd"
    )


def test_currencies_of_small_units_have_a_higher_maximum():
    assert amounts.maximum("idr") == 999_999_999_999
    assert amounts.maximum("usd") == 99_999_999


@pytest.mark.parametrize(
    ("currency", "least", "step"), [("usd", 1, 1), ("huf", 36_000, 100), ("twd", 1, 100)]
)
def test_payouts_have_a_least_amount_and_a_step(currency, least, step):
    assert amounts.payout_minimum(currency) == least
    assert amounts.payout_step(currency) == step


def test_instant_payouts_have_limits_in_some_currencies():
    assert amounts.instant_payout_limits("usd") == (50, 999_900)
    assert amounts.instant_payout_limits("krw") is None
