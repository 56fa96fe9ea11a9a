"""Accounts that are paid out by hand: how long they may hold money, and who covers a balance below
zero; what Instant Payouts may come to in a day.
"""

from __future__ import annotations

import pytest

from emulator.rules import payouts
from emulator.world import World
from tests.control.simulating import simulate
from tests.resources.market import BANK, Doc, fund, held, lines, on
from tests.resources.shops import shop
from tests.talking import Talk, error

_DAY = 86_400


def _by_hand(talk: Talk, country: str, **payouts: object) -> str:
    account = shop(talk, country)
    settings = {"settings": {"payouts": {"schedule": {"interval": "manual"}, **payouts}}}
    talk.made(f"/v1/accounts/{account}", settings)
    return account


def _payouts(talk: Talk, account: str) -> list[Doc]:
    return list(talk.got("/v1/payouts", **on(account))["data"])


@pytest.mark.parametrize(("country", "days"), [("TH", 10), ("US", 730), ("FR", 90), ("CA", 90)])
def test_the_documented_limits(country: str, days: int) -> None:
    assert payouts.longest_hold(country) == days * _DAY


def test_what_was_held_for_too_long_is_paid_out(talk: Talk, world: World) -> None:
    account = _by_hand(talk, "CA")
    simulate(talk, "adjustment", account=account, amount=5_000)
    talk.advance("60d")
    simulate(talk, "adjustment", account=account, amount=2_000)
    simulate(talk, "adjustment", account=account, amount=-700)
    talk.advance("29d")
    assert _payouts(talk, account) == []

    talk.advance("2d")
    (paid,) = _payouts(talk, account)
    assert (paid["amount"], paid["automatic"]) == (4_300, True)
    assert held(talk, account, currency="cad") == 2_000
    carried = lines(talk, account, payout=paid["id"])
    assert sorted(each["amount"] for each in carried) == [-4_300, -700, 5_000]

    talk.advance("58d")
    assert len(_payouts(talk, account)) == 1
    talk.advance("2d")
    assert _payouts(talk, account)[0]["amount"] == 2_000
    assert held(talk, account, currency="cad") == 0
    talk.advance("400d")
    assert len(_payouts(talk, account)) == 2
    assert world.audit() == []


def test_what_leaves_by_hand_in_time_is_not_paid_out_again(talk: Talk) -> None:
    account = _by_hand(talk, "CA")
    simulate(talk, "adjustment", account=account, amount=5_000)
    talk.advance("80d")
    talk.made("/v1/payouts", {"amount": 5_000, "currency": "cad"}, **on(account))
    simulate(talk, "adjustment", account=account, amount=100)
    talk.advance("20d")
    assert [each["automatic"] for each in _payouts(talk, account)] == [False]


def test_it_waits_for_an_account_that_can_be_paid(talk: Talk) -> None:
    account = _by_hand(talk, "CA")
    simulate(talk, "adjustment", account=account, amount=5_000)
    bank = talk.got(f"/v1/accounts/{account}")["external_accounts"]["data"][0]["id"]
    simulate(talk, "external_account_errored", external_account=bank)
    talk.advance("120d")
    assert _payouts(talk, account) == []
    simulate(talk, "external_accounts_restored", account=account)
    talk.advance("2d")
    assert [each["amount"] for each in _payouts(talk, account)] == [5_000]


def test_the_platform_may_hold_what_it_likes(talk: Talk) -> None:
    fund(talk, 5_000)
    talk.advance("800d")
    assert talk.got("/v1/payouts")["data"] == []


@pytest.mark.parametrize(
    ("country", "wanted", "debited"),
    [("US", True, True), ("US", False, False), ("FR", True, True), ("SG", True, False)],
)
def test_a_bank_is_debited_for_an_account_that_is_paid_out_by_hand(
    talk: Talk, country: str, wanted: bool, debited: bool
) -> None:
    account = _by_hand(talk, country, debit_negative_balances=wanted)
    simulate(talk, "adjustment", account=account, amount=-900)
    talk.advance("5d")
    assert [each["amount"] for each in _payouts(talk, account)] == ([-900] if debited else [])


def _instant(talk: Talk, account: str, amount: int) -> Doc:
    params = {"amount": amount, "currency": "usd", "method": "instant"}
    return dict(talk.made("/v1/payouts", params, **on(account)))


def test_instant_payouts_have_a_limit_for_each_day(talk: Talk) -> None:
    account = shop(talk, bank=BANK)
    fund(talk, 90_000, stripe_account=account)
    limit = {"instant_payout_daily_limit": {"usd": 10_000}}
    assert talk.control("settings", limit).status_code == 200
    _instant(talk, account, 4_000)
    canceled = _instant(talk, account, 6_000)
    params = {"amount": 100, "currency": "usd", "method": "instant"}
    refused = error(talk.post("/v1/payouts", params, **on(account)), 400)
    assert refused["code"] == "instant_payouts_limit_exceeded"
    talk.made(f"/v1/payouts/{canceled['id']}/cancel", **on(account))
    _instant(talk, account, 6_000)
    talk.made("/v1/payouts", {**params, "method": "standard"}, **on(account))

    # It is noon UTC: the day ends at 6:00, midnight in Chicago.
    talk.advance("17h")
    assert talk.post("/v1/payouts", params, **on(account)).status_code == 400
    talk.advance("1h")
    _instant(talk, account, 9_900)
    assert talk.control("settings", {"instant_payout_daily_limit": None}).status_code == 200
    _instant(talk, account, 9_900)


def test_a_limit_is_a_hash_of_sums(talk: Talk) -> None:
    for wrong in (5, {"usd": -1}, {"usd": "many"}, {"xyz": 5}):
        body = {"instant_payout_daily_limit": wrong}
        assert talk.control("settings", body).status_code == 400
