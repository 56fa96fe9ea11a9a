"""Application fees: taken from payments, given back whole or in part, each in its currency."""

from __future__ import annotations

import pytest

from tests.resources.market import (
    Doc,
    books_hold,
    canadian,
    events,
    held,
    lines,
    on,
    pay,
    seller,
)
from tests.talking import Talk, error

_FEE = 123


def _taken(talk: Talk, account: str) -> Doc:
    """The fee of a destination charge of 1000."""
    split = {"transfer_data": {"destination": account}, "application_fee_amount": _FEE}
    pay(talk, 1_000, "pm_card_bypassPending", **split)
    fee: Doc = talk.got("/v1/application_fees")["data"][0]
    return fee


def test_a_destination_charge_gives_its_fee_back_to_the_platform(talk: Talk) -> None:
    account = seller(talk)
    fee = _taken(talk, account)

    assert (fee["amount"], fee["account"], fee["currency"]) == (_FEE, account, "usd")
    assert fee["charge"].startswith("py_")
    assert fee["originating_transaction"].startswith("ch_")
    assert held(talk, account) == 1_000 - _FEE
    payment = lines(talk, account)[0]
    assert (payment["amount"], payment["fee"], payment["net"]) == (1_000, _FEE, 1_000 - _FEE)
    assert payment["fee_details"][0]["type"] == "application_fee"
    earned = lines(talk, type="application_fee")[0]
    assert (earned["amount"], earned["fee"]) == (_FEE, 0)
    assert earned["reporting_category"] == "platform_earning"
    assert sum(line["net"] for line in lines(talk)) == -59 + _FEE
    assert books_hold(talk)


def test_a_direct_charge_pays_its_fee_out_of_the_account(talk: Talk) -> None:
    account = seller(talk)

    charge = pay(talk, 1_000, application_fee_amount=70, **on(account))

    line = lines(talk, account)[0]
    kinds = sorted((each["type"], each["amount"]) for each in line["fee_details"])
    assert kinds == [("application_fee", 70), ("stripe_fee", 59)]
    fee = talk.got(f"/v1/application_fees/{charge['application_fee']}")
    assert (fee["charge"], fee["originating_transaction"]) == (charge["id"], None)
    assert lines(talk)[0]["available_on"] == line["available_on"]


def test_a_whole_refund_of_a_fee_is_the_accounts_again(talk: Talk) -> None:
    account = seller(talk)
    fee = _taken(talk, account)
    before = held(talk)

    refund = talk.made(f"/v1/application_fees/{fee['id']}/refunds", {"metadata": {"why": "kind"}})

    assert (refund["amount"], refund["metadata"]) == (_FEE, {"why": "kind"})
    assert (held(talk), held(talk, account)) == (before - _FEE, 1_000)
    given, taken = lines(talk)[0], lines(talk, account)[0]
    assert given["description"] == "REFUND FOR APPLICATION FEE"
    assert given["source"] == fee["id"]
    assert (taken["type"], taken["reporting_category"]) == ("adjustment", "fee")
    after = talk.got(f"/v1/application_fees/{fee['id']}")
    assert (after["refunded"], after["amount_refunded"]) == (True, _FEE)
    assert after["refunds"]["data"] == [refund]
    assert events(talk)[-1] == "application_fee.refunded"
    assert books_hold(talk)


@pytest.mark.parametrize(("amount", "status"), [(22, 200), (23, 200), (24, 400)])
def test_a_fee_gives_back_no_more_than_it_took(talk: Talk, amount: int, status: int) -> None:
    fee = _taken(talk, seller(talk))
    path = f"/v1/application_fees/{fee['id']}/refunds"
    talk.made(path, {"amount": 100})

    assert talk.post(path, {"amount": amount}).status_code == status


def test_a_fee_that_was_given_back_is_refused(talk: Talk) -> None:
    fee = _taken(talk, seller(talk))
    answered = talk.made(f"/v1/application_fees/{fee['id']}/refund")

    assert (answered["object"], answered["refunded"]) == ("application_fee", True)
    refusal = error(talk.post(f"/v1/application_fees/{fee['id']}/refunds"), 400)
    assert "has already been refunded" in refusal["message"]


def test_refunds_of_a_fee_can_be_read_and_labelled(talk: Talk) -> None:
    fee = _taken(talk, seller(talk))
    path = f"/v1/application_fees/{fee['id']}/refunds"
    refund = talk.made(path, {"amount": 1})

    assert talk.got(path)["data"] == [refund]
    changed = talk.made(f"{path}/{refund['id']}", {"metadata": {"a": "b"}})
    assert talk.got(f"{path}/{refund['id']}") == changed
    assert events(talk)[-1] == "application_fee.refund.updated"
    assert talk.got("/v1/application_fees", {"charge": fee["charge"]})["data"][0]["id"] == fee["id"]
    missing = error(talk.get("/v1/application_fees/fee_none"), 404)
    assert missing["message"] == "No such application fee: 'fee_none'"


def test_a_fee_abroad_comes_back_in_the_currency_it_was_taken_in(talk: Talk) -> None:
    account = canadian(talk)
    split = {"transfer_data": {"destination": account}, "application_fee_amount": 100}
    pay(talk, 1_000, "pm_card_visa", on_behalf_of=account, **split)
    fee = talk.got("/v1/application_fees")["data"][0]

    refund = talk.made(f"/v1/application_fees/{fee['id']}/refunds")

    payment = talk.got(f"/v1/charges/{fee['charge']}", **on(account))
    assert (fee["amount"], fee["currency"]) == (100, "usd")
    assert (payment["amount"], payment["application_fee_amount"]) == (1_356, 136)
    assert (refund["amount"], refund["currency"]) == (136, "cad")
    assert lines(talk)[0]["amount"] == -100
    assert books_hold(talk)


def test_a_fee_of_an_account_that_is_gone_is_given_back_all_the_same(talk: Talk) -> None:
    """Assumed: what stays of the account is its balance. In its own currency, so converted."""
    account = canadian(talk)
    fee = _taken(talk, account)
    assert talk.delete(f"/v1/accounts/{account}").status_code == 200

    given = talk.made(f"/v1/application_fees/{fee['id']}/refunds", {"amount": 100})

    assert given["fee"] == fee["id"]
    assert books_hold(talk)
