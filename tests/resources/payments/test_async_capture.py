"""`async_capture`: captures whose balance transaction is told of two seconds later."""

from __future__ import annotations

import pytest

from tests.resources.market import Doc, books_hold, canadian, fund, pay
from tests.talking import Talk, error


@pytest.fixture
def slow(talk: Talk) -> Talk:
    """A world in which captures are told of later."""
    assert talk.control("settings", {"async_capture": True}).status_code == 200
    return talk


def _charge(talk: Talk, charge: Doc) -> Doc:
    found: Doc = talk.got(f"/v1/charges/{charge['id']}")
    return found


def test_the_balance_transaction_comes_two_seconds_later_with_an_event(slow: Talk) -> None:
    charge = pay(slow, 1_000)
    assert charge["captured"]
    assert charge["balance_transaction"] is None
    slow.advance("1s")
    assert _charge(slow, charge)["balance_transaction"] is None
    slow.advance("1s")

    (entry,) = slow.got("/v1/balance_transactions", {"source": charge["id"]})["data"]
    assert _charge(slow, charge)["balance_transaction"] == entry["id"]
    told = slow.got("/v1/events", {"types": ["charge.succeeded", "charge.updated"]})["data"]
    assert [event["type"] for event in told] == ["charge.updated", "charge.succeeded"]
    assert told[0]["data"]["previous_attributes"] == {"balance_transaction": None}
    assert told[1]["data"]["object"]["balance_transaction"] is None


def test_the_money_is_there_at_once(slow: Talk) -> None:
    pay(slow, 1_000)
    (entry,) = slow.got("/v1/balance")["pending"]
    assert entry["amount"] == 1_000 - 59


@pytest.mark.parametrize("method", ["automatic", "manual"])
def test_other_ways_to_capture_are_told_of_at_once(slow: Talk, method: str) -> None:
    charge = pay(slow, 1_000, capture_method=method)
    if method == "manual":
        assert slow.made(f"/v1/payment_intents/{charge['payment_intent']}/capture")
    assert _charge(slow, charge)["balance_transaction"] is not None


def test_older_versions_capture_at_once(slow: Talk) -> None:
    params = {"amount": 1_000, "currency": "usd", "confirm": True, "expand": ["latest_charge"]}
    params |= {"payment_method": "pm_card_visa", "payment_method_types": ["card"]}
    for version, shown in (("2023-10-16", True), ("2024-04-10", False)):
        intent = slow.made("/v1/payment_intents", params, stripe_version=version)
        assert (intent["latest_charge"]["balance_transaction"] is not None) is shown


def test_what_is_done_in_between_knows_the_money(slow: Talk) -> None:
    """Refunds, transfers out of the charge and fees of a destination, each before it is told."""
    account = canadian(slow)
    fund(slow, 10_000)
    source = pay(slow, 2_000)
    given = {"amount": 500, "currency": "usd", "destination": account}
    slow.made("/v1/transfers", {**given, "source_transaction": source["id"]})
    wrong = {**given, "currency": "cad", "source_transaction": source["id"]}
    assert error(slow.post("/v1/transfers", wrong), 400)["param"] == "currency"
    passed = pay(
        slow,
        1_000,
        on_behalf_of=account,
        transfer_data={"destination": account},
        application_fee_amount=30,
    )
    both = {"reverse_transfer": True, "refund_application_fee": True}
    refund = slow.made("/v1/refunds", {"charge": passed["id"], "amount": 500, **both})
    slow.advance("1m")

    entry = slow.got(f"/v1/balance_transactions/{refund['balance_transaction']}")
    assert entry["currency"] == "cad"
    assert _charge(slow, passed)["amount_refunded"] == 500
    assert _charge(slow, passed)["balance_transaction"] is not None
    assert books_hold(slow)


def test_a_dispute_before_it_is_told_takes_what_the_charge_brought(slow: Talk) -> None:
    charge = pay(slow, 1_000, "pm_card_createDispute")
    slow.advance("1m")
    (dispute,) = slow.got("/v1/disputes")["data"]
    assert dispute["charge"] == charge["id"]
    assert dispute["balance_transactions"][0]["amount"] == -1_000


def test_usually_it_is_told_at_once(talk: Talk) -> None:
    assert pay(talk, 1_000)["balance_transaction"] is not None
