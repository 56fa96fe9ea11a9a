"""The balance, its lines, its settings, and top-ups."""

from __future__ import annotations

import pytest

from tests.resources.market import books_hold, events, fund, held, lines, on, pay, seller
from tests.talking import Talk, error


def test_a_new_balance_is_empty_in_its_own_currency(talk: Talk) -> None:
    entry = {"amount": 0, "currency": "usd", "source_types": {"card": 0}}

    balance = talk.got("/v1/balance")

    assert balance == {
        "object": "balance",
        "available": [entry],
        "connect_reserved": [{"amount": 0, "currency": "usd"}],
        "instant_available": [entry],
        "livemode": False,
        "pending": [entry],
    }


def test_a_connected_account_sees_no_reserve(talk: Talk) -> None:
    account = seller(talk)

    assert "connect_reserved" not in talk.got("/v1/balance", **on(account))


def test_money_is_pending_before_it_is_available(talk: Talk) -> None:
    pay(talk, 1_000)
    assert (held(talk), held(talk, None, "pending")) == (0, 941)

    talk.advance("7d")

    assert (held(talk), held(talk, None, "pending")) == (941, 0)
    assert events(talk).count("balance.available") == 1


def test_what_arrives_of_an_instant_payout_is_told_on_request(talk: Talk) -> None:
    account = seller(talk)
    fund(talk, 10_000)
    talk.made("/v1/transfers", {"amount": 500, "currency": "usd", "destination": account})
    bank = talk.got(f"/v1/accounts/{account}")["external_accounts"]["data"][0]["id"]

    plain = talk.got("/v1/balance", **on(account))
    expand = {"expand": ["instant_available.net_available"]}
    asked = talk.got("/v1/balance", expand, **on(account))

    assert "net_available" not in plain["instant_available"][0]
    assert asked["instant_available"][0]["net_available"] == [
        {"amount": 485, "destination": bank, "source_types": {"card": 485}}
    ]
    assert talk.get("/v1/balance", expand).status_code == 400  # accounts alone have it


def test_lines_can_be_found(talk: Talk) -> None:
    account = seller(talk)
    charge = fund(talk, 10_000)
    talk.advance("1h")
    transfer = talk.made("/v1/transfers", {"amount": 1, "currency": "usd", "destination": account})

    assert [line["type"] for line in lines(talk)] == ["transfer", "charge"]
    assert lines(talk, source=charge["id"])[0]["amount"] == 10_000
    assert lines(talk, type="transfer")[0]["source"] == transfer["id"]
    assert lines(talk, currency="eur") == []
    assert len(lines(talk, created={"gte": transfer["created"]})) == 1
    assert talk.got("/v1/balance/history")["data"] == lines(talk)
    one = lines(talk)[0]
    assert talk.got(f"/v1/balance_transactions/{one['id']}") == one
    assert talk.got(f"/v1/balance/history/{one['id']}") == one
    missing = error(talk.get("/v1/balance_transactions/txn_none"), 404)
    assert missing["message"] == "No such balance transaction: 'txn_none'"


def test_a_top_up_arrives_when_its_bank_has_paid(talk: Talk) -> None:
    params = {"amount": 5_000, "currency": "usd", "description": "float"}

    topup = talk.made("/v1/topups", params)

    assert (topup["status"], topup["balance_transaction"]) == ("pending", None)
    assert held(talk) == 0
    talk.advance("14d")
    done = talk.got(f"/v1/topups/{topup['id']}")
    assert done["status"] == "succeeded"
    line = lines(talk)[0]
    assert (line["id"], line["type"], line["amount"]) == (
        done["balance_transaction"],
        "topup",
        5_000,
    )
    assert events(talk) == ["topup.created", "topup.succeeded"]
    assert books_hold(talk)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("btok_us_verified_noAccount", "no_account"),
        ("btok_us_verified_accountClosed", "account_closed"),
        ("btok_us_verified_insufficientFunds", "insufficient_funds"),
        ("btok_us_verified_debitNotAuthorized", "debit_not_authorized"),
        ("btok_us_verified_invalidCurrency", "invalid_currency"),
    ],
)
def test_a_top_up_fails_as_its_source_says(talk: Talk, source: str, code: str) -> None:
    topup = talk.made("/v1/topups", {"amount": 5_000, "currency": "usd", "source": source})

    talk.advance("14d")

    failed = talk.got(f"/v1/topups/{topup['id']}")
    assert (failed["status"], failed["failure_code"]) == ("failed", code)
    assert held(talk) == 0
    assert [each["id"] for each in talk.got("/v1/topups", {"status": "failed"})["data"]] == [
        topup["id"]
    ]


def test_only_pending_top_ups_can_be_canceled(talk: Talk) -> None:
    topup = talk.made("/v1/topups", {"amount": 5_000, "currency": "usd"})
    path = f"/v1/topups/{topup['id']}/cancel"

    assert talk.made(path)["status"] == "canceled"
    assert error(talk.post(path), 400)
    talk.advance("14d")
    assert held(talk) == 0
    amount = {"amount": {"gte": 5_000}}
    assert len(talk.got("/v1/topups", amount)["data"]) == 1
    assert talk.got("/v1/topups", {"amount": {"lt": 5_000}})["data"] == []


def test_balance_settings_are_the_accounts_payout_settings(talk: Talk) -> None:
    account = seller(talk)
    payouts = {"schedule": {"interval": "weekly", "weekly_payout_days": ["friday"]}}
    params = {"payments": {"debit_negative_balances": True, "payouts": payouts}}

    changed = talk.made("/v1/balance_settings", params, **on(account))

    assert changed["payments"]["debit_negative_balances"] is True
    assert changed["payments"]["payouts"]["schedule"] == payouts["schedule"]
    assert changed["payments"]["payouts"]["status"] == "enabled"
    assert talk.got("/v1/balance_settings", **on(account)) == changed
    shown = talk.got(f"/v1/accounts/{account}")["settings"]["payouts"]
    assert shown["schedule"]["weekly_anchor"] == "friday"
    assert "balance_settings.updated" in events(talk, account)


def test_payout_days_must_fit_their_interval(talk: Talk) -> None:
    account = seller(talk)
    schedule = {"interval": "daily", "weekly_payout_days": ["friday"]}
    params = {"payments": {"payouts": {"schedule": schedule}}}

    assert error(talk.post("/v1/balance_settings", params, **on(account)), 400)


def test_a_minimum_balance_stays_behind(talk: Talk) -> None:
    account = seller(talk)
    fund(talk, 10_000)
    talk.made("/v1/transfers", {"amount": 500, "currency": "usd", "destination": account})
    payouts = {"schedule": {"interval": "daily"}, "minimum_balance_by_currency": {"usd": 120}}
    talk.made("/v1/balance_settings", {"payments": {"payouts": payouts}}, **on(account))

    talk.advance("3d")

    [payout] = talk.got("/v1/payouts", **on(account))["data"]
    assert (payout["amount"], held(talk, account)) == (380, 120)
    assert sum(line["net"] for line in lines(talk, account, payout=payout["id"])) == 0
    assert books_hold(talk)
