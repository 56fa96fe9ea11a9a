"""Transfer reversals: all of it, parts of it, what was paid out already, and currencies."""

from __future__ import annotations

import pytest

from tests.resources.market import (
    Doc,
    abroad,
    at_stripes_risk,
    books_hold,
    events,
    fund,
    held,
    lines,
    on,
    pay,
    seller,
)
from tests.talking import Talk, error


def _given(talk: Talk, account: str, amount: int = 1_000) -> Doc:
    fund(talk, 100_000)
    params = {"amount": amount, "currency": "usd", "destination": account}
    made: Doc = talk.made("/v1/transfers", params)
    return made


def test_a_reversal_without_an_amount_takes_all_back(talk: Talk) -> None:
    account = seller(talk)
    transfer = _given(talk, account)
    before = held(talk)

    reversal = talk.made(f"/v1/transfers/{transfer['id']}/reversals")

    assert reversal["amount"] == 1_000
    assert (held(talk), held(talk, account)) == (before + 1_000, 0)
    after = talk.got(f"/v1/transfers/{transfer['id']}")
    assert after["reversed"]
    assert after["reversals"]["total_count"] == 1
    assert after["reversals"]["data"][0] == reversal
    back, out = lines(talk)[0], lines(talk, account)[0]
    assert (back["type"], back["reporting_category"]) == ("transfer_refund", "transfer_reversal")
    assert back["description"] == "REFUND FOR TRANSFER"
    assert (out["type"], out["description"]) == ("payment_refund", "REFUND FOR PAYMENT")
    assert out["source"] == reversal["destination_payment_refund"]
    assert events(talk)[-1] == "transfer.reversed"
    assert events(talk, account)[-2:] == ["refund.created", "charge.refunded"]


def test_the_payment_of_a_reversed_transfer_is_refunded(talk: Talk) -> None:
    account = seller(talk)
    transfer = _given(talk, account)

    reversal = talk.made(f"/v1/transfers/{transfer['id']}/reversals", {"amount": 400})

    payment = talk.got(f"/v1/charges/{transfer['destination_payment']}", **on(account))
    assert (payment["amount_refunded"], payment["refunded"]) == (400, False)
    refund = talk.got(f"/v1/refunds/{reversal['destination_payment_refund']}", **on(account))
    assert refund["id"].startswith("pyr_")
    assert refund["source_transfer_reversal"] == refund["transfer_reversal"] == reversal["id"]
    assert "destination_details" not in refund


@pytest.mark.parametrize(("amount", "status"), [(599, 200), (600, 200), (601, 400)])
def test_no_more_than_the_rest_can_be_taken_back(talk: Talk, amount: int, status: int) -> None:
    transfer = _given(talk, seller(talk))
    path = f"/v1/transfers/{transfer['id']}/reversals"
    talk.made(path, {"amount": 400})

    answer = talk.post(path, {"amount": amount})

    assert answer.status_code == status
    if status == 400:
        refusal = error(answer, 400)
        assert refusal["param"] == "amount"
        assert "unreversed amount on transfer ($6.00)" in refusal["message"]


def test_what_is_reversed_cannot_be_reversed_again(talk: Talk) -> None:
    transfer = _given(talk, seller(talk))
    path = f"/v1/transfers/{transfer['id']}/reversals"
    talk.made(path)

    refusal = error(talk.post(path), 400)

    assert refusal["message"] == f"The transfer {transfer['id']} is already fully reversed."
    assert "code" not in refusal


def test_reversals_of_a_transfer_can_be_read_and_labelled(talk: Talk) -> None:
    transfer = _given(talk, seller(talk))
    path = f"/v1/transfers/{transfer['id']}/reversals"
    first, second = (talk.made(path, {"amount": amount}) for amount in (1, 2))

    assert [each["id"] for each in talk.got(path)["data"]] == [second["id"], first["id"]]
    assert talk.got(f"{path}/{first['id']}") == first
    changed = talk.made(f"{path}/{first['id']}", {"metadata": {"why": "rent"}})
    assert changed["metadata"] == {"why": "rent"}
    assert talk.get(f"{path}/trr_none").status_code == 404


def test_a_reversal_abroad_costs_more_than_the_transfer_brought(talk: Talk) -> None:
    account = abroad(talk, "KR")
    transfer = _given(talk, account, 200)

    talk.made(f"/v1/transfers/{transfer['id']}/reversals")

    out, came = lines(talk, account)
    assert (came["amount"], out["amount"]) == (2_643, -2_697)
    assert books_hold(talk)


def test_what_was_paid_out_can_be_taken_back_at_the_platforms_risk(talk: Talk) -> None:
    account = seller(talk)
    transfer = _given(talk, account)
    talk.made("/v1/payouts", {"amount": 1_000, "currency": "usd"}, **on(account))
    before = held(talk)

    talk.made(f"/v1/transfers/{transfer['id']}/reversals")

    assert held(talk, account) == -1_000
    assert held(talk) == before
    assert held(talk, None, "connect_reserved") == 1_000
    reserve = lines(talk, type="reserve_transaction")[0]
    assert (reserve["amount"], reserve["reporting_category"]) == (-1_000, "connect_reserved_funds")

    params = {"amount": 1_500, "currency": "usd", "destination": account}
    talk.made("/v1/transfers", params)
    assert held(talk, None, "connect_reserved") == 0
    assert held(talk, account) == 500
    assert books_hold(talk)


def test_what_stripe_answers_for_is_only_taken_back_while_it_is_there(talk: Talk) -> None:
    account = at_stripes_risk(talk)
    charge = pay(talk, 1_000)["id"]
    params = {"amount": 900, "currency": "usd", "destination": account}
    pending = talk.made("/v1/transfers", {**params, "source_transaction": charge})
    talk.made(f"/v1/transfers/{pending['id']}/reversals", {"amount": 400})
    fund(talk, 10_000)
    there = talk.made("/v1/transfers", params)
    talk.made("/v1/payouts", {"amount": 500, "currency": "usd"}, **on(account))
    refused = error(talk.post(f"/v1/transfers/{there['id']}/reversals", {"amount": 401}), 400)
    assert "insufficient funds to reverse this transfer" in refused["message"]
    talk.made(f"/v1/transfers/{there['id']}/reversals", {"amount": 400})


def test_the_refund_of_an_account_debit_carries_what_is_said_of_it(talk: Talk) -> None:
    account = seller(talk)
    fund(talk, 10_000)
    talk.made("/v1/transfers", {"amount": 900, "currency": "usd", "destination": account})
    debit = talk.made("/v1/charges", {"amount": 500, "currency": "usd", "source": account})
    said = {"metadata": {"why": "wrong"}, "reason": "duplicate"}
    refund = talk.made("/v1/refunds", {"charge": debit["id"], **said})
    assert {name: refund[name] for name in said} == said
    assert held(talk, account) == 900
