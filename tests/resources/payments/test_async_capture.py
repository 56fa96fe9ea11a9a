"""Captures of `automatic_async` payments are told of two seconds later."""

from __future__ import annotations

import pytest

from tests.resources.market import Doc, books_hold, canadian, fund, pay, seller
from tests.talking import Talk, error


def _charge(talk: Talk, charge: Doc) -> Doc:
    found: Doc = talk.got(f"/v1/charges/{charge['id']}")
    return found


def test_the_balance_transaction_comes_two_seconds_later_with_an_event(talk: Talk) -> None:
    charge = pay(talk, 1_000, capture_method="automatic_async")
    assert charge["captured"]
    assert charge["balance_transaction"] is None
    talk.advance("1s")
    assert _charge(talk, charge)["balance_transaction"] is None
    talk.advance("1s")

    (entry,) = talk.got("/v1/balance_transactions", {"source": charge["id"]})["data"]
    assert _charge(talk, charge)["balance_transaction"] == entry["id"]
    told = talk.got("/v1/events", {"types": ["charge.succeeded", "charge.updated"]})["data"]
    assert [event["type"] for event in told] == ["charge.updated", "charge.succeeded"]
    assert told[0]["data"]["previous_attributes"] == {"balance_transaction": None}
    assert told[1]["data"]["object"]["balance_transaction"] is None


def test_the_money_is_there_at_once(talk: Talk) -> None:
    pay(talk, 1_000, capture_method="automatic_async")
    (entry,) = talk.got("/v1/balance")["pending"]
    assert entry["amount"] == 1_000 - 59


@pytest.mark.parametrize("method", ["automatic", "manual"])
def test_other_ways_to_capture_are_told_of_at_once(talk: Talk, method: str) -> None:
    charge = pay(talk, 1_000, capture_method=method)
    if method == "manual":
        assert talk.made(f"/v1/payment_intents/{charge['payment_intent']}/capture")
    assert _charge(talk, charge)["balance_transaction"] is not None


def test_older_versions_capture_at_once(talk: Talk) -> None:
    params = {"amount": 1_000, "currency": "usd", "confirm": True, "expand": ["latest_charge"]}
    params |= {"payment_method": "pm_card_visa", "payment_method_types": ["card"]}
    for version, shown in (("2023-10-16", True), ("2024-04-10", False)):
        intent = talk.made("/v1/payment_intents", params, stripe_version=version)
        assert (intent["latest_charge"]["balance_transaction"] is not None) is shown


def test_what_is_done_in_between_knows_the_money(talk: Talk) -> None:
    """Refunds, transfers out of the charge and fees of a destination, each before it is told."""
    account = canadian(talk)
    fund(talk, 10_000)
    source = pay(talk, 2_000, capture_method="automatic_async")
    given = {"amount": 500, "currency": "usd", "destination": account}
    talk.made("/v1/transfers", {**given, "source_transaction": source["id"]})
    wrong = {**given, "currency": "cad", "source_transaction": source["id"]}
    assert error(talk.post("/v1/transfers", wrong), 400)["param"] == "currency"
    passed = pay(
        talk,
        1_000,
        on_behalf_of=account,
        transfer_data={"destination": account},
        application_fee_amount=30,
        capture_method="automatic_async",
    )
    both = {"reverse_transfer": True, "refund_application_fee": True}
    refund = talk.made("/v1/refunds", {"charge": passed["id"], "amount": 500, **both})
    talk.advance("1m")

    entry = talk.got(f"/v1/balance_transactions/{refund['balance_transaction']}")
    assert entry["currency"] == "cad"
    assert _charge(talk, passed)["amount_refunded"] == 500
    assert _charge(talk, passed)["balance_transaction"] is not None
    assert books_hold(talk)


def test_a_dispute_before_it_is_told_takes_what_the_charge_brought(talk: Talk) -> None:
    charge = pay(talk, 1_000, "pm_card_createDispute", capture_method="automatic_async")
    talk.advance("1m")
    (dispute,) = talk.got("/v1/disputes")["data"]
    assert dispute["charge"] == charge["id"]
    assert dispute["balance_transactions"][0]["amount"] == -1_000


def test_a_transfer_and_a_fee_are_told_of_later_too(talk: Talk) -> None:
    account = seller(talk)
    destination: Doc = {"transfer_data": {"destination": account}, "application_fee_amount": 30}
    charge = pay(talk, 1_000, capture_method="automatic_async", **destination)
    assert "transfer" not in charge
    assert charge["application_fee"] is None
    assert charge["application_fee_amount"] == 30
    (transfer,) = talk.got("/v1/transfers")["data"]
    talk.advance("2s")
    told = _charge(talk, charge)
    assert told["transfer"] == transfer["id"]
    (fee,) = talk.got("/v1/application_fees")["data"]
    assert told["application_fee"] == fee["id"]
    (event,) = talk.got("/v1/events", {"type": "charge.updated"})["data"]
    assert {*event["data"]["previous_attributes"]} >= {"balance_transaction", "application_fee"}


def test_the_trace_knows_what_is_not_told_yet(talk: Talk) -> None:
    account = seller(talk)
    sent: Doc = {"application_fee_amount": 30, "capture_method": "automatic_async"}
    charge = pay(talk, 1_000, stripe_account=account, **sent)
    both = {"charge": charge["id"], "refund_application_fee": True}
    talk.made("/v1/refunds", both, stripe_account=account)
    entries = talk.control(f"trace/{charge['id']}").json()["entries"]
    assert "fee_refund" in {entry["object"] for entry in entries}


def test_a_world_may_want_it_told_at_once(talk: Talk) -> None:
    talk.control("settings", {"async_capture": False})
    charge = pay(talk, 1_000, capture_method="automatic_async")
    assert charge["balance_transaction"] is not None
    talk.control("settings", {"async_capture": None})
    charge = pay(talk, 1_000, capture_method="automatic_async")
    assert charge["balance_transaction"] is None
