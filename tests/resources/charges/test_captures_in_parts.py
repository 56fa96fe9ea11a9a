"""Several captures of one payment in each flow of funds: what the platform and the account get of
each, and how it goes back.
"""

from __future__ import annotations

from typing import Any

import pytest

from emulator.world import World
from tests.resources.market import Doc, books_hold, events, lines, on, pay
from tests.resources.shops import rows, shop
from tests.talking import Talk, error

_FLAGS = {"reverse_transfer": True, "refund_application_fee": True}


def _held(talk: Talk, account: str | None = None, **split: Any) -> Doc:
    options = {"card": {"request_multicapture": "if_available"}}
    more = {"capture_method": "manual", "payment_method_options": options, **split}
    return pay(talk, 1_000, **more, **({"stripe_account": account} if account else {}))


def _capture(talk: Talk, charge: Doc, account: str | None = None, **params: Any) -> Doc:
    path = f"/v1/payment_intents/{charge['payment_intent']}/capture"
    return dict(talk.made(path, params, **on(account)))


def _part(talk: Talk, charge: Doc, amount: int, account: str | None = None, **more: Any) -> Doc:
    return _capture(talk, charge, account, amount_to_capture=amount, final_capture=False, **more)


def _amounts(talk: Talk, account: str, type_: str) -> list[int]:
    return [row.amount for row in rows(talk, account) if row.type == type_]


def test_each_capture_of_a_destination_charge_goes_on(talk: Talk, world: World) -> None:
    account = shop(talk)
    charge = _held(talk, transfer_data={"destination": account})
    _part(talk, charge, 600, application_fee_amount=60)
    _part(talk, charge, 300, application_fee_amount=50)
    _capture(talk, charge, application_fee_amount=0)

    assert [(r.amount, r.fee) for r in rows(talk, account)] == [(600, 60), (300, 50), (100, 0)]
    made = talk.got("/v1/transfers", {"transfer_group": f"group_{charge['payment_intent']}"})
    assert [each["amount"] for each in made["data"]] == [100, 300, 600]
    fees = talk.got("/v1/application_fees")["data"]
    assert [each["amount"] for each in fees] == [50, 60]
    assert {each["originating_transaction"] for each in fees} == {charge["id"]}
    found = talk.got(f"/v1/charges/{charge['id']}")
    assert found["transfer"] == made["data"][-1]["id"]
    assert (found["application_fee"], found["application_fee_amount"]) == (fees[-1]["id"], 110)
    assert world.audit() == []


def test_what_the_payment_says_is_taken_once(talk: Talk) -> None:
    account = shop(talk)
    split: Doc = {"destination": account}
    charge = _held(talk, transfer_data=split, application_fee_amount=250)
    _part(talk, charge, 200)
    _part(talk, charge, 500)
    _capture(talk, charge)
    assert [(r.amount, r.fee) for r in rows(talk, account)] == [(200, 200), (500, 50), (300, 0)]

    charge = _held(talk, transfer_data={**split, "amount": 450})
    _part(talk, charge, 400)
    _part(talk, charge, 300)
    last = _capture(talk, charge)
    assert [r.amount for r in rows(talk, account)[3:]] == [400, 50]
    assert (last["amount_received"], last["status"]) == (1_000, "succeeded")
    assert talk.got(f"/v1/charges/{charge['id']}")["transfer_data"]["amount"] == 450
    assert books_hold(talk)


def test_direct_charges_pay_a_fee_with_each_capture(talk: Talk, world: World) -> None:
    account = shop(talk)
    charge = _held(talk, account, application_fee_amount=100)
    _part(talk, charge, 600, account, application_fee_amount=70)
    _capture(talk, charge, account, application_fee_amount=20)
    assert _amounts(talk, account, "charge") == [600, 400]
    assert [each["amount"] for each in talk.got("/v1/application_fees")["data"]] == [20, 70]

    params: Doc = {"charge": charge["id"], "amount": 900, "refund_application_fee": True}
    talk.made("/v1/refunds", params, **on(account))
    talk.made("/v1/refunds", {**params, "amount": 100}, **on(account))
    fees = talk.got("/v1/application_fees")["data"]
    assert [(fee["amount_refunded"], fee["refunded"]) for fee in fees] == [(20, True), (70, True)]
    assert world.audit() == []


def test_what_the_first_capture_says_every_capture_says(talk: Talk) -> None:
    account = shop(talk)
    for first, name in (
        ({"application_fee_amount": 10}, "application_fee_amount"),
        ({"transfer_data": {"amount": 10}}, "transfer_data[amount]"),
    ):
        charge = _held(talk, transfer_data={"destination": account})
        _part(talk, charge, 200, **first)
        path = f"/v1/payment_intents/{charge['payment_intent']}/capture"
        refused = error(talk.post(path), 400)
        assert (refused["code"], refused["param"]) == ("parameter_missing", name)
        _capture(talk, charge, **first)


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"application_fee_amount": 5, "transfer_data": {"amount": 5}}, "transfer_data[amount]"),
        ({"transfer_data": {"amount": 101}}, "amount_to_capture"),
    ],
)
def test_a_part_is_split_in_one_way_and_no_further(talk: Talk, params: Doc, param: str) -> None:
    charge = _held(talk, transfer_data={"destination": shop(talk)})
    path = f"/v1/payment_intents/{charge['payment_intent']}/capture"
    part = {"amount_to_capture": 100, "final_capture": False, **params}
    assert error(talk.post(path, part), 400)["param"] == param


def test_a_fee_of_a_plain_charge_is_refused_at_capture(talk: Talk) -> None:
    charge = _held(talk)
    path = f"/v1/payment_intents/{charge['payment_intent']}/capture"
    refused = error(talk.post(path, {"application_fee_amount": 10}), 400)
    assert refused["param"] == "transfer_data[destination]"


def test_what_was_captured_so_far_can_be_refunded_by_itself(talk: Talk, world: World) -> None:
    account = shop(talk)
    charge = _held(talk, transfer_data={"destination": account}, application_fee_amount=100)
    _part(talk, charge, 600)
    for name in _FLAGS:
        params = {"charge": charge["id"], "amount": 50, name: True}
        assert error(talk.post("/v1/refunds", params), 400)["param"] == name
    assert error(talk.post("/v1/refunds", {"charge": charge["id"], "amount": 601}), 400)
    talk.made("/v1/refunds", {"charge": charge["id"], "amount": 200})
    whole = talk.made("/v1/refunds", {"charge": charge["id"]})
    assert whole["amount"] == 400
    assert talk.got(f"/v1/charges/{charge['id']}")["refunded"] is False

    _capture(talk, charge)
    found = talk.got(f"/v1/charges/{charge['id']}")
    assert (found["amount_captured"], found["amount_refunded"]) == (1_000, 600)
    assert talk.made("/v1/refunds", {"charge": charge["id"]})["amount"] == 400
    assert talk.got(f"/v1/charges/{charge['id']}")["refunded"] is True
    assert world.audit() == []


def test_a_whole_refund_takes_every_part_back(talk: Talk, world: World) -> None:
    account = shop(talk)
    charge = _held(talk, transfer_data={"destination": account}, application_fee_amount=100)
    _part(talk, charge, 333)
    _part(talk, charge, 333)
    _capture(talk, charge)
    first = talk.made("/v1/refunds", {"charge": charge["id"], "amount": 501, **_FLAGS})
    reversed_ = [each["amount_reversed"] for each in talk.got("/v1/transfers")["data"]]
    assert reversed_ == [0, 168, 333]
    assert first["transfer_reversal"].startswith("trr_")
    talk.made("/v1/refunds", {"charge": charge["id"], **_FLAGS})
    assert all(each["reversed"] for each in talk.got("/v1/transfers")["data"])
    assert all(each["refunded"] for each in talk.got("/v1/application_fees")["data"])
    assert sum(line["net"] for line in lines(talk, account)) == 0
    assert world.audit() == []


def test_a_charge_captured_in_parts_is_no_source_of_transfers(talk: Talk) -> None:
    charge, account = _held(talk), shop(talk)
    _part(talk, charge, 600)
    params = {"amount": 100, "currency": "usd", "destination": account}
    refused = error(talk.post("/v1/transfers", params | {"source_transaction": charge["id"]}), 400)
    assert refused["param"] == "source_transaction"


def test_fifty_captures_and_no_more(talk: Talk) -> None:
    charge = _held(talk)
    for _ in range(49):
        _part(talk, charge, 1)
    _part(talk, charge, 1)
    path = f"/v1/payment_intents/{charge['payment_intent']}/capture"
    assert "at most 50 times" in error(talk.post(path), 400)["message"]


def test_more_than_was_authorised_goes_on_less_its_fee(talk: Talk, world: World) -> None:
    account = shop(talk)
    over: Doc = {"payment_method_options": {"card": {"request_overcapture": "if_available"}}}
    split: Doc = {"transfer_data": {"destination": account}, "application_fee_amount": 100}
    charge = pay(talk, 1_000, capture_method="manual", **over, **split)
    _capture(talk, charge, amount_to_capture=1_150, application_fee_amount=1_100)
    assert [(row.amount, row.fee) for row in rows(talk, account)] == [(1_150, 1_100)]
    talk.made("/v1/refunds", {"charge": charge["id"], **_FLAGS})
    assert [line["net"] for line in lines(talk, account)] == [-1_150, 1_100, 50]
    assert world.audit() == []


def test_a_raised_authorisation_is_split_as_it_says(talk: Talk, world: World) -> None:
    account = shop(talk)
    more: Doc = {
        "payment_method_options": {"card": {"request_incremental_authorization": "if_available"}}
    }
    split: Doc = {"transfer_data": {"destination": account}, "application_fee_amount": 100}
    charge = pay(talk, 1_000, capture_method="manual", **more, **split)
    path = f"/v1/payment_intents/{charge['payment_intent']}/increment_authorization"
    refused = error(talk.post(path, {"amount": 1_500, "application_fee_amount": 1_501}), 400)
    assert refused["param"] == "application_fee_amount"
    assert talk.got(f"/v1/charges/{charge['id']}")["amount"] == 1_000
    talk.made(path, {"amount": 1_500, "application_fee_amount": 1_400})
    _capture(talk, charge)
    assert [(row.amount, row.fee) for row in rows(talk, account)] == [(1_500, 1_400)]
    assert events(talk).count("payment_intent.amount_capturable_updated") == 2
    assert world.audit() == []


@pytest.mark.parametrize("amount", [900, 1_030])
def test_another_amount_can_be_confirmed(talk: Talk, amount: int) -> None:
    """As with a surcharge (documented); what the intent says afterwards is assumed."""
    params = {"amount": 1_000, "currency": "usd", "payment_method": "pm_card_visa"}
    made = talk.made("/v1/payment_intents", {**params, "payment_method_types": ["card"]})
    path = f"/v1/payment_intents/{made['id']}/confirm"
    public = talk.as_key(talk.key.replace("sk_", "pk_"))
    given = {"amount_to_confirm": amount, "client_secret": made["client_secret"]}
    assert error(public.post(path, given), 400)["param"] == "amount_to_confirm"
    assert error(talk.post(path, {"amount_to_confirm": 20}), 400)["code"] == "amount_too_small"
    paid = talk.made(path, {"amount_to_confirm": amount})
    assert (paid["status"], paid["amount"], paid["amount_received"]) == (
        "succeeded",
        amount,
        amount,
    )
    assert rows(talk)[0].amount == amount
