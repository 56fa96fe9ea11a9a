"""Transfers between accounts: what each side sees, and what is refused."""

from __future__ import annotations

import pytest

from tests.resources.market import (
    abroad,
    books_hold,
    canadian,
    events,
    fund,
    held,
    lines,
    on,
    pay,
    seller,
)
from tests.talking import Talk, error


def test_both_sides_of_a_transfer_see_it_at_once(talk: Talk) -> None:
    account = seller(talk)
    fund(talk, 10_000)
    before = held(talk)

    transfer = talk.made(
        "/v1/transfers", {"amount": 2_500, "currency": "usd", "destination": account}
    )

    assert held(talk) == before - 2_500
    assert held(talk, account) == 2_500
    given, taken = lines(talk)[0], lines(talk, account)[0]
    assert (given["type"], given["amount"], given["source"]) == ("transfer", -2_500, transfer["id"])
    assert (taken["type"], taken["reporting_category"]) == ("payment", "charge")
    assert taken["source"] == transfer["destination_payment"]
    assert events(talk)[-1] == "transfer.created"
    assert events(talk, account)[-1] == "payment.created"
    assert books_hold(talk)


def test_the_payment_of_a_transfer_shows_who_gave_it(talk: Talk) -> None:
    account = seller(talk)
    fund(talk, 10_000)
    transfer = talk.made("/v1/transfers", {"amount": 1, "currency": "usd", "destination": account})

    payment = talk.got(f"/v1/charges/{transfer['destination_payment']}", **on(account))

    assert payment["source"]["object"] == "account"
    assert payment["source_transfer"] == transfer["id"]
    assert payment["payment_method_details"] == {"stripe_account": {}, "type": "stripe_account"}
    assert payment["outcome"] is None
    assert payment["receipt_url"].endswith(payment["id"])


def test_a_converted_transfer_leaves_in_one_currency_and_arrives_in_another(talk: Talk) -> None:
    account = canadian(talk)
    fund(talk, 10_000)
    before = held(talk)

    talk.made("/v1/transfers", {"amount": 2_500, "currency": "usd", "destination": account})

    given, taken = lines(talk)[0], lines(talk, account)[0]
    assert (given["type"], given["amount"], given["currency"]) == ("transfer", -2_500, "usd")
    assert (taken["type"], taken["amount"], taken["currency"]) == ("payment", 3_389, "cad")
    assert (given["exchange_rate"], taken["exchange_rate"]) == (None, 1.35576)
    assert held(talk) == before - 2_500
    assert held(talk, currency="cad") == 0
    assert books_hold(talk)


@pytest.mark.parametrize(("over", "status"), [(-1, 200), (0, 200), (1, 400)])
def test_a_transfer_takes_no_more_than_what_is_available(
    talk: Talk, over: int, status: int
) -> None:
    account = seller(talk)
    fund(talk, 10_000)
    params = {"amount": held(talk) + over, "currency": "usd", "destination": account}

    answer = talk.post("/v1/transfers", params)

    assert answer.status_code == status
    if status == 400:
        refusal = error(answer, 400)
        assert refusal["code"] == "balance_insufficient"
        assert "4000000000000077" in refusal["message"]


def test_pending_money_cannot_be_transferred_without_its_charge(talk: Talk) -> None:
    account = seller(talk)
    charge = pay(talk, 10_000)
    params = {"amount": 100, "currency": "usd", "destination": account}

    assert error(talk.post("/v1/transfers", params), 400)["code"] == "balance_insufficient"

    transfer = talk.made("/v1/transfers", {**params, "source_transaction": charge["id"]})
    assert transfer["id"][3:20] == charge["id"][3:20]
    assert held(talk, account) == 0
    assert held(talk, account, "pending") == 100
    talk.advance("7d")
    assert held(talk, account) == 100


def test_a_source_transaction_groups_its_transfers(talk: Talk) -> None:
    account = seller(talk)
    charge = pay(talk, 10_000)
    params = {"amount": 100, "currency": "usd", "destination": account}
    params["source_transaction"] = charge["id"]

    transfer = talk.made("/v1/transfers", params)

    assert transfer["transfer_group"] == f"group_{charge['payment_intent']}"
    assert talk.got(f"/v1/charges/{charge['id']}")["transfer_group"] == transfer["transfer_group"]
    found = talk.got("/v1/transfers", {"transfer_group": transfer["transfer_group"]})["data"]
    assert [each["id"] for each in found] == [transfer["id"]]
    other = talk.post("/v1/transfers", {**params, "transfer_group": "another"})
    assert error(other, 400)["param"] == "transfer_group"


def test_a_source_transaction_gives_all_of_itself_and_no_more(talk: Talk) -> None:
    account = seller(talk)
    charge = pay(talk, 1_000)
    params = {"currency": "usd", "destination": account, "source_transaction": charge["id"]}

    talk.made("/v1/transfers", {**params, "amount": 999})
    refusal = error(talk.post("/v1/transfers", {**params, "amount": 2}), 400)
    talk.made("/v1/transfers", {**params, "amount": 1})

    assert refusal["message"] == (
        "Transfers using this transaction as a source must not exceed the source amount of $10.00. "
        "(There is already a transfer using this source, amounting to $9.99.)"
    )


def test_a_transfer_of_a_charge_without_an_amount_is_the_whole_of_it(talk: Talk) -> None:
    account = seller(talk)
    charge = pay(talk, 1_000)
    params = {"currency": "usd", "destination": account}

    whole = talk.made("/v1/transfers", {**params, "source_transaction": charge["id"]})

    assert whole["amount"] == 1_000
    assert error(talk.post("/v1/transfers", params), 400)["code"] == "parameter_missing"


def test_a_source_transaction_is_given_in_the_currency_it_settled_in(talk: Talk) -> None:
    account = seller(talk)
    charge = pay(talk, 100_000, currency="krw")
    params = {"amount": 1, "destination": account, "source_transaction": charge["id"]}

    refusal = error(talk.post("/v1/transfers", {**params, "currency": "krw"}), 400)

    assert "(usd) must be the same as the transfer currency (krw)" in refusal["message"]
    assert talk.made("/v1/transfers", {**params, "currency": "usd"})["currency"] == "usd"


def test_destinations_that_cannot_be_paid_are_refused(talk: Talk) -> None:
    idle = talk.account()
    own = talk.got("/v1/account")["id"]
    fund(talk, 10_000)
    params = {"amount": 1, "currency": "usd"}

    unknown = talk.post("/v1/transfers", {**params, "destination": "acct_invalid"})
    assert error(unknown, 400) | {"request_log_url": ""} == {
        "code": "resource_missing",
        "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
        "message": "No such destination: 'acct_invalid'",
        "param": "destination",
        "request_log_url": "",
        "type": "invalid_request_error",
    }
    refusal = error(talk.post("/v1/transfers", {**params, "destination": own}), 400)
    assert refusal["message"] == "The 'destination' param cannot be set to your own account."
    refusal = error(talk.post("/v1/transfers", {**params, "destination": idle}), 400)
    assert refusal["code"] == "insufficient_capabilities_for_transfer"
    assert "doc_url" not in refusal


def test_money_is_converted_where_it_arrives(talk: Talk) -> None:
    account = abroad(talk, "KR")
    fund(talk, 10_000)

    talk.made("/v1/transfers", {"amount": 200, "currency": "usd", "destination": account})

    taken = lines(talk, account)[0]
    assert (taken["amount"], taken["currency"], taken["exchange_rate"]) == (2_643, "krw", 13.2136)
    assert lines(talk)[0]["exchange_rate"] is None
    payment = talk.got(f"/v1/charges/{taken['source']}", **on(account))
    assert (payment["amount"], payment["currency"]) == (200, "usd")
    assert books_hold(talk)


def test_a_platform_may_debit_an_account_it_answers_for(talk: Talk) -> None:
    account = seller(talk)
    own = talk.got("/v1/account")["id"]
    params = {"amount": 33, "currency": "usd", "destination": own}

    transfer = talk.made("/v1/transfers", params, **on(account))

    assert transfer["destination"] == own
    assert transfer["destination_payment"].startswith("py_")
    assert held(talk, account) == -33
    assert books_hold(talk)


def test_accounts_of_a_platform_give_nothing_to_each_other(talk: Talk) -> None:
    giver, other = seller(talk), seller(talk)
    fund(talk, 10_000, stripe_account=giver)
    params = {"amount": 100, "currency": "usd", "destination": other}
    refused = error(talk.post("/v1/transfers", params, **on(giver)), 400)
    assert refused["message"] == f"No such destination: '{other}'"
    assert held(talk, other) == 0


def test_a_charge_that_failed_or_was_refunded_gives_nothing(talk: Talk) -> None:
    params = {"amount": 100, "currency": "usd", "destination": seller(talk)}
    refunded = fund(talk, 10_000)["id"]
    talk.made("/v1/refunds", {"charge": refunded})
    declined = {"amount": 1_000, "currency": "usd", "source": "tok_chargeDeclined"}
    failed = error(talk.post("/v1/charges", declined), 402)["charge"]
    for charge in (failed, refunded):
        error(talk.post("/v1/transfers", {**params, "source_transaction": charge}), 400)


def test_a_transfer_carries_its_texts(talk: Talk) -> None:
    fund(talk, 10_000)
    texts = {"description": "May", "metadata": {"order": "7"}, "transfer_group": "orders"}
    params = {"amount": 100, "currency": "usd", "destination": seller(talk), **texts}
    made = talk.made("/v1/transfers", params)
    assert {name: made[name] for name in texts} == texts


def test_only_texts_of_a_transfer_can_be_changed(talk: Talk) -> None:
    account = seller(talk)
    fund(talk, 10_000)
    made = talk.made("/v1/transfers", {"amount": 1, "currency": "usd", "destination": account})
    path = f"/v1/transfers/{made['id']}"

    changed = talk.made(path, {"description": "rent", "metadata": {"a": "1"}})

    assert (changed["description"], changed["metadata"]) == ("rent", {"a": "1"})
    assert events(talk)[-1] == "transfer.updated"
    assert error(talk.post(path, {"amount": 2}), 400)["code"] == "parameter_unknown"
    assert error(talk.get("/v1/transfers/tr_none"), 404)["message"] == "No such transfer: 'tr_none'"
