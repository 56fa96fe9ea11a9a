"""Automatic payouts: on which days, of what, and what each of them holds."""

from __future__ import annotations

from typing import Any

from tests.resources.market import BANK, Doc, books_hold, events, fund, held, lines, on, pay, seller
from tests.talking import Talk, error

_DAY = 86_400
_MONDAY = 20_514  # 2 March 2026, the day after the tests' own; counted from 1970


def _scheduled(talk: Talk, bank: Doc | None = None, **schedule: Any) -> str:
    """A seller on a schedule, with 5000 available."""
    account = seller(talk, bank, settings={"payouts": {"schedule": schedule}})
    fund(talk, 20_000)
    talk.made("/v1/transfers", {"amount": 5_000, "currency": "usd", "destination": account})
    return account


def _payouts(talk: Talk, account: str) -> list[Doc]:
    found: list[Doc] = talk.got("/v1/payouts", **on(account))["data"]
    return found


def test_a_daily_schedule_pays_out_the_next_business_day(talk: Talk) -> None:
    account = _scheduled(talk, interval="daily")

    talk.advance("11h")
    assert _payouts(talk, account) == []
    talk.advance("2h")

    [payout] = _payouts(talk, account)
    assert (payout["amount"], payout["automatic"]) == (5_000, True)
    assert payout["created"] == _MONDAY * _DAY
    assert payout["description"] == "STRIPE PAYOUT"
    assert (payout["status"], payout["reconciliation_status"]) == ("paid", "completed")
    assert held(talk, account) == 0
    assert events(talk, account)[-4:] == [
        "payout.created",
        "payout.updated",
        "payout.paid",
        "payout.reconciliation_completed",
    ]
    assert books_hold(talk)


def test_an_automatic_payout_holds_what_it_pays(talk: Talk) -> None:
    account = _scheduled(talk, interval="daily")
    talk.advance("1d")
    talk.made("/v1/transfers", {"amount": 700, "currency": "usd", "destination": account})
    talk.made("/v1/transfers", {"amount": 300, "currency": "usd", "destination": account})
    talk.advance("2d")

    late, early = _payouts(talk, account)

    assert late["amount"] == 1_000
    first = lines(talk, account, payout=early["id"])
    assert [(line["type"], line["net"]) for line in first] == [
        ("payout", -5_000),
        ("payment", 5_000),
    ]
    second = lines(talk, account, payout=late["id"])
    assert [line["net"] for line in second] == [-1_000, 300, 700]
    assert all("payout" not in line for line in second)


def test_a_manual_payout_holds_no_lines(talk: Talk) -> None:
    account = _scheduled(talk, interval="manual")
    payout = talk.made("/v1/payouts", {"amount": 100, "currency": "usd"}, **on(account))

    params = {"payout": payout["id"]}
    assert error(talk.get("/v1/balance_transactions", params, **on(account)), 400)
    missing = talk.get("/v1/balance_transactions", {"payout": "po_none"}, **on(account))
    assert error(missing, 400)["code"] == "resource_missing"


def test_pending_money_is_paid_out_when_it_is_available(talk: Talk) -> None:
    account = _scheduled(talk, interval="daily")
    pay(talk, 1_000, **on(account))
    talk.advance("1d")
    assert [payout["amount"] for payout in _payouts(talk, account)] == [5_000]

    talk.advance("10d")

    assert [payout["amount"] for payout in _payouts(talk, account)] == [1_000 - 59, 5_000]
    assert "balance.available" in events(talk, account)


def test_a_weekly_schedule_waits_for_its_day(talk: Talk) -> None:
    account = _scheduled(talk, interval="weekly", weekly_anchor="thursday")

    talk.advance("30d")

    assert [payout["created"] for payout in _payouts(talk, account)] == [(_MONDAY + 3) * _DAY]


def test_a_monthly_schedule_pays_on_the_last_day_of_short_months(talk: Talk) -> None:
    account = _scheduled(talk, interval="monthly", monthly_anchor=31)
    talk.advance("1d")  # February ended on a Saturday, so its payout comes on Monday
    for amount in (100, 200):
        talk.made("/v1/transfers", {"amount": amount, "currency": "usd", "destination": account})
        talk.advance("31d")

    made = [(payout["created"], payout["amount"]) for payout in reversed(_payouts(talk, account))]
    assert made == [
        (_MONDAY * _DAY, 5_000),
        ((_MONDAY + 29) * _DAY, 100),  # 31 March
        ((_MONDAY + 59) * _DAY, 200),  # 30 April
    ]


def test_failed_payouts_stop_until_the_bank_account_is_replaced(talk: Talk) -> None:
    account = _scheduled(talk, {**BANK, "account_number": "000111111113"}, interval="daily")
    talk.advance("10d")
    assert [payout["status"] for payout in _payouts(talk, account)] == ["failed"]
    assert held(talk, account) == 5_000
    found = talk.got(f"/v1/accounts/{account}")
    assert (found["payouts_enabled"], found["charges_enabled"]) == (False, True)
    assert found["requirements"]["past_due"] == ["external_account"]
    by_hand = talk.post("/v1/payouts", {"amount": 100, "currency": "usd"}, **on(account))
    assert by_hand.json()["error"]["code"] == "payouts_not_allowed"

    talk.made(f"/v1/accounts/{account}", {"external_account": BANK})
    assert talk.got(f"/v1/accounts/{account}")["payouts_enabled"]
    talk.advance("4d")

    assert [payout["status"] for payout in _payouts(talk, account)] == ["paid", "failed"]
    assert held(talk, account) == 0
    assert books_hold(talk)


def test_money_below_zero_is_fetched_from_the_bank(talk: Talk) -> None:
    settings = {"schedule": {"interval": "daily"}, "debit_negative_balances": True}
    account = seller(talk, settings={"payouts": settings})
    own = talk.got("/v1/account")["id"]
    talk.made(
        "/v1/transfers", {"amount": 800, "currency": "usd", "destination": own}, **on(account)
    )
    assert held(talk, None, "connect_reserved") == 800

    talk.advance("3d")

    [payout] = _payouts(talk, account)
    assert (payout["amount"], payout["status"]) == (-800, "paid")
    assert (held(talk, account), held(talk, None, "connect_reserved")) == (0, 800)
    assert lines(talk, account)[0]["amount"] == 800
    talk.advance("11h")
    assert held(talk, None, "connect_reserved") == 800
    talk.advance("1h")  # Thursday: three business days after the debit (documented)
    assert held(talk, None, "connect_reserved") == 0
    assert books_hold(talk)


def test_a_schedule_set_later_pays_what_was_there_before(talk: Talk) -> None:
    account = _scheduled(talk, interval="manual")
    talk.advance("10d")
    assert _payouts(talk, account) == []

    schedule = {"schedule": {"interval": "daily"}}
    talk.made(f"/v1/accounts/{account}", {"settings": {"payouts": schedule}})
    talk.advance("4d")

    assert [payout["amount"] for payout in _payouts(talk, account)] == [5_000]


def test_an_automatic_payout_cannot_be_canceled(talk: Talk) -> None:
    account = _scheduled(talk, interval="daily")
    talk.advance("12h")
    [payout] = _payouts(talk, account)

    assert error(talk.post(f"/v1/payouts/{payout['id']}/cancel", **on(account)), 400)
