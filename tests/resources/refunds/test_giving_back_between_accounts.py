"""What one account of the platform paid another, given back by whoever received it."""

from __future__ import annotations

from tests.resources.market import books_hold, fund, held, on
from tests.resources.shops import rows, shop
from tests.talking import Talk


def test_a_debit_that_is_refunded_goes_back_to_the_account(talk: Talk) -> None:
    account = shop(talk)
    fund(talk, 10_000, stripe_account=account)
    debit = talk.made("/v1/charges", {"amount": 3_000, "currency": "usd", "source": account})
    refund = talk.made(
        "/v1/refunds", {"charge": debit["id"], "amount": 1_000, "reason": "duplicate"}
    )

    assert (refund["status"], refund["reason"]) == ("succeeded", "duplicate")
    assert refund["id"].startswith("pyr_")
    assert [(row.type, row.amount) for row in rows(talk, account)][1:] == [
        ("transfer", -3_000),
        ("transfer_refund", 1_000),
    ]
    assert held(talk) == 2_000
    assert talk.got(f"/v1/charges/{debit['id']}")["amount_refunded"] == 1_000
    assert books_hold(talk)


def test_an_account_gives_a_transfer_back_to_the_platform(talk: Talk) -> None:
    account = shop(talk)
    fund(talk, 10_000)
    transfer = talk.made(
        "/v1/transfers", {"amount": 4_000, "currency": "usd", "destination": account}
    )
    before = held(talk)
    payment = transfer["destination_payment"]
    refund = talk.made("/v1/refunds", {"charge": payment}, **on(account))

    assert held(talk) == before + 4_000
    found = talk.got(f"/v1/transfers/{transfer['id']}")
    assert (found["reversed"], found["amount_reversed"]) == (True, 4_000)
    assert refund["source_transfer_reversal"] == found["reversals"]["data"][0]["id"]
    assert books_hold(talk)
