"""Destination charges: charge and transfer on the platform, payment and fee on the destination."""

from __future__ import annotations

from typing import Any

from tests.resources.market import Doc, canadian, pay
from tests.resources.shops import Row, fees, observed_rates, row, rows, shop
from tests.talking import Talk, error


def _paid(talk: Talk, account: str, **more: Any) -> tuple[Doc, Doc, Doc]:
    """A payment of 10 dollars: its charge, its transfer, and the payment at the destination."""
    data = {"destination": account, **more.pop("transfer_data", {})}
    charge = pay(talk, 1_000, transfer_data=data, **more)
    transfer = talk.got(f"/v1/transfers/{charge['transfer']}")
    path = f"/v1/charges/{transfer['destination_payment']}"
    return charge, transfer, talk.got(path, stripe_account=account)


def test_a_fee_comes_out_of_what_arrives(talk: Talk) -> None:
    account = shop(talk)
    charge, transfer, payment = _paid(talk, account, application_fee_amount=123)

    assert rows(talk) == [
        Row("charge", "charge", 1_000, 59, 941),
        Row("transfer", "transfer", -1_000, 0, -1_000),
        Row("application_fee", "platform_earning", 123, 0, 123),
    ]
    assert sum(each.net for each in rows(talk)) == 64
    assert rows(talk, account) == [Row("payment", "charge", 1_000, 123, 877)]
    assert fees(row(talk, "payment", account)) == {"application_fee": (123, "usd")}
    assert charge["destination"] == account
    assert charge["transfer_data"] == {"amount": None, "destination": account}
    assert transfer["transfer_group"] == f"group_{charge['payment_intent']}"
    assert (transfer["amount"], transfer["source_transaction"]) == (1_000, charge["id"])
    assert payment["source_transfer"] == transfer["id"]
    assert payment["application_fee_amount"] == 123
    (fee,) = talk.got("/v1/application_fees")["data"]
    assert fee["charge"] == payment["id"]
    assert fee["originating_transaction"] == charge["id"]


def test_a_part_goes_on_without_any_fee_object(talk: Talk) -> None:
    account = shop(talk)
    _paid(talk, account, transfer_data={"amount": 877})

    assert rows(talk) == [
        Row("charge", "charge", 1_000, 59, 941),
        Row("transfer", "transfer", -877, 0, -877),
    ]
    assert rows(talk, account) == [Row("payment", "charge", 877, 0, 877)]
    assert talk.got("/v1/application_fees")["data"] == []


def test_on_behalf_of_settles_as_the_destination_does(talk: Talk) -> None:
    observed_rates(talk)
    account = canadian(talk)
    _, transfer, payment = _paid(talk, account, application_fee_amount=100, on_behalf_of=account)

    assert rows(talk) == [
        Row("charge", "charge", 1_356, 69, 1_287, "cad"),
        Row("transfer", "transfer", -1_356, 0, -1_356, "cad"),
        Row("application_fee", "platform_earning", 100, 0, 100),
    ]
    assert row(talk, "charge")["exchange_rate"] == 1.35576
    assert (transfer["amount"], transfer["currency"]) == (1_356, "cad")
    assert rows(talk, account) == [Row("payment", "charge", 1_356, 136, 1_220, "cad")]
    assert (payment["amount"], payment["application_fee_amount"]) == (1_356, 136)
    (fee,) = talk.got("/v1/application_fees")["data"]
    assert (fee["amount"], fee["currency"]) == (100, "usd")


def test_without_it_the_money_is_converted_where_it_arrives(talk: Talk) -> None:
    observed_rates(talk)
    account = canadian(talk)
    _, transfer, payment = _paid(talk, account, transfer_data={"amount": 900})

    assert (transfer["amount"], transfer["currency"]) == (900, "usd")
    assert (payment["amount"], payment["currency"]) == (900, "usd")
    assert rows(talk, account) == [Row("payment", "charge", 1_220, 0, 1_220, "cad")]
    assert row(talk, "payment", account)["exchange_rate"] == 1.35576


def test_all_of_it_waits_as_long_as_the_destination_does(talk: Talk) -> None:
    """A Canadian account that is paid out daily waits seven days, an American one two."""
    account = canadian(talk, settings=None)
    _paid(talk, account, application_fee_amount=100)

    days = {
        (line["available_on"] - talk.got("/v1/charges")["data"][0]["created"]) // 86_400
        for line in (
            row(talk, "charge"),
            row(talk, "transfer"),
            row(talk, "application_fee"),
            row(talk, "payment", account),
        )
    }
    assert days == {6}  # to midnight of the seventh day


def test_the_part_that_goes_on_may_change_while_the_intent_is_open(talk: Talk) -> None:
    """Documented: transfer_data[amount] is updatable, and its destination stays."""
    account = shop(talk)
    data = {"destination": account, "amount": 800}
    params = {"amount": 1000, "currency": "usd", "payment_method_types": ["card"]}
    intent = talk.made("/v1/payment_intents", {**params, "transfer_data": data})["id"]

    changed = talk.made(f"/v1/payment_intents/{intent}", {"transfer_data": {"amount": 700}})
    too_much = talk.post(f"/v1/payment_intents/{intent}", {"transfer_data": {"amount": 1001}})

    assert changed["transfer_data"] == {"amount": 700, "destination": account}
    assert error(too_much, 400)["param"] == "transfer_data[amount]"


def test_a_part_without_a_destination_is_refused(talk: Talk) -> None:
    """Assumed: an intent that goes nowhere cannot be told to send a part of it."""
    params = {"amount": 1000, "currency": "usd", "payment_method_types": ["card"]}
    intent = talk.made("/v1/payment_intents", params)["id"]

    answer = talk.post(f"/v1/payment_intents/{intent}", {"transfer_data": {"amount": 700}})

    assert error(answer, 400)["param"] == "transfer_data[destination]"


def test_what_is_only_held_has_its_transfer_group_already(talk: Talk) -> None:
    account = shop(talk)
    sent = {"amount": 1_000, "currency": "usd", "confirm": True, "capture_method": "manual"}
    sent |= {"payment_method": "pm_card_visa", "payment_method_types": ["card"]}
    held = talk.made("/v1/payment_intents", {**sent, "transfer_data": {"destination": account}})

    group = f"group_{held['id']}"
    assert held["transfer_group"] == group
    assert talk.got(f"/v1/charges/{held['latest_charge']}")["transfer_group"] == group
    taken = talk.made(f"/v1/payment_intents/{held['id']}/capture")
    assert taken["transfer_group"] == group
