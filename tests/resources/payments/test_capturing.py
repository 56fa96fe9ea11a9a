"""Captures: in part, several, more than was authorised, after raising it, and too late."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.world import World
from tests.resources.market import Doc, books_hold, events, lines, on, pay
from tests.resources.shops import rows, shop
from tests.talking import Talk, error


def _held(talk: Talk, amount: int = 1_000, *features: str, **more: Any) -> Doc:
    """A payment that waits to be captured, with the features it asked for."""
    options = {f"request_{feature}": "if_available" for feature in features}
    if options:
        more["payment_method_options"] = {"card": options}
    charge = pay(talk, amount, capture_method="manual", **more)
    assert charge["captured"] is False
    return charge


def _path(charge: Doc, deed: str = "capture") -> str:
    return f"/v1/payment_intents/{charge['payment_intent']}/{deed}"


def test_several_captures_take_it_all(talk: Talk) -> None:
    charge = _held(talk, 1_000, "multicapture")
    first = talk.made(_path(charge), {"amount_to_capture": 700, "final_capture": False})
    assert (first["status"], first["amount_capturable"], first["amount_received"]) == (
        "requires_capture",
        300,
        700,
    )
    assert talk.got(f"/v1/charges/{charge['id']}")["amount_captured"] == 700
    assert events(talk)[-2:] == ["charge.updated", "payment_intent.amount_capturable_updated"]
    last = talk.made(_path(charge))
    assert (last["status"], last["amount_received"]) == ("succeeded", 1_000)
    assert [row.amount for row in rows(talk)] == [700, 300]

    whole = talk.made("/v1/refunds", {"charge": charge["id"]})
    assert whole["amount"] == 1_000
    assert books_hold(talk)


def test_the_rest_of_several_captures_goes_back(talk: Talk) -> None:
    charge = _held(talk, 1_000, "multicapture")
    talk.made(_path(charge), {"amount_to_capture": 300, "final_capture": False})
    talk.made(_path(charge), {"amount_to_capture": 200})
    found = talk.got(f"/v1/charges/{charge['id']}")
    assert (found["amount_captured"], found["amount_refunded"]) == (500, 500)
    assert talk.made("/v1/refunds", {"charge": charge["id"]})["amount"] == 500


def test_what_was_captured_stays_when_the_rest_is_canceled(talk: Talk) -> None:
    charge = _held(talk, 1_000, "multicapture")
    talk.made(_path(charge), {"amount_to_capture": 300, "final_capture": False})
    talk.made(_path(charge, "cancel"))
    found = talk.got(f"/v1/charges/{charge['id']}")
    assert (found["amount_captured"], found["captured"], found["refunded"]) == (300, True, False)
    assert talk.made("/v1/refunds", {"charge": charge["id"]})["amount"] == 300


def test_a_part_needs_the_feature_and_a_rest(talk: Talk) -> None:
    part = {"amount_to_capture": 300, "final_capture": False}
    plain = _held(talk)
    assert error(talk.post(_path(plain), part), 400)["param"] == "final_capture"
    charge = _held(talk, 300, "multicapture")
    refused = error(talk.post(_path(charge), part), 400)
    assert refused["message"].startswith("can't set final_capture as false")


@pytest.mark.parametrize(("amount", "status"), [(1_200, 200), (1_201, 400)])
def test_more_than_was_authorised(talk: Talk, amount: int, status: int) -> None:
    charge = _held(talk, 1_000, "overcapture")
    answer = talk.post(_path(charge), {"amount_to_capture": amount})
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["amount_received"] == 1_200
        assert talk.made("/v1/refunds", {"charge": charge["id"]})["amount"] == 1_200
        assert talk.got(f"/v1/charges/{charge['id']}")["refunded"]
        assert books_hold(talk)


@pytest.mark.parametrize(("amount", "status"), [(1_000, 200), (1_001, 400)])
def test_no_more_without_the_feature(talk: Talk, amount: int, status: int) -> None:
    charge = _held(talk)
    assert talk.post(_path(charge), {"amount_to_capture": amount}).status_code == status


def test_an_authorisation_is_raised(talk: Talk, world: World) -> None:
    charge = _held(talk, 1_000, "incremental_authorization")
    deed = "increment_authorization"
    raised = talk.made(_path(charge, deed), {"amount": 1_500})
    assert (raised["amount"], raised["amount_capturable"]) == (1_500, 1_500)
    assert error(talk.post(_path(charge, deed), {"amount": 1_500}), 400)["param"] == "amount"

    where = {"payment_intent": charge["payment_intent"]}
    said = {"question": "card.charge", "answer": "insufficient_funds", "where": where}
    assert talk.control("answers", said).status_code == 200
    refused = error(talk.post(_path(charge, deed), {"amount": 2_000}), 402)
    assert refused["decline_code"] == "insufficient_funds"
    assert talk.made(_path(charge))["amount_received"] == 1_500


def test_raising_has_its_limits(talk: Talk) -> None:
    deed = "increment_authorization"
    error(talk.post(_path(_held(talk), deed), {"amount": 2_000}), 400)
    charge = _held(talk, 1_000, "incremental_authorization")
    for step in range(10):
        talk.made(_path(charge, deed), {"amount": 1_001 + step})
    error(talk.post(_path(charge, deed), {"amount": 2_000}), 400)


@pytest.mark.parametrize(
    ("card", "more", "seconds"),
    [
        ("pm_card_visa", {}, 7 * 86_400),
        ("pm_card_visa", {"off_session": True}, 410_400),
        ("pm_card_mastercard", {"off_session": True}, 7 * 86_400),
    ],
)
def test_an_authorisation_lapses(talk: Talk, card: str, more: Doc, seconds: int) -> None:
    charge = pay(talk, 1_000, card, capture_method="manual", **more)
    until = charge["payment_method_details"]["card"]["capture_before"]
    assert until == charge["created"] + seconds
    talk.control("clock", {"now": until - 1})
    assert talk.got(f"/v1/payment_intents/{charge['payment_intent']}")["status"] == (
        "requires_capture"
    )
    talk.control("clock", {"now": until})
    intent = talk.got(f"/v1/payment_intents/{charge['payment_intent']}")
    assert (intent["status"], intent["cancellation_reason"]) == ("canceled", "automatic")
    assert talk.got(f"/v1/charges/{charge['id']}")["refunded"]
    assert lines(talk) == []
    assert "charge.expired" in events(talk)


def test_a_longer_authorisation_is_asked_for(talk: Talk) -> None:
    charge = _held(talk, 1_000, "extended_authorization")
    card = charge["payment_method_details"]["card"]
    assert card["extended_authorization"]["status"] == "enabled"
    assert card["capture_before"] == charge["created"] + 30 * 86_400


def test_a_capture_sets_the_fee_and_the_part(talk: Talk) -> None:
    account = shop(talk)
    charge = _held(talk, 1_000, application_fee_amount=100, transfer_data={"destination": account})
    talk.made(_path(charge), {"amount_to_capture": 600, "application_fee_amount": 700})
    assert [(row.amount, row.fee) for row in rows(talk, account)] == [(600, 600)]

    other = _held(talk, 1_000, transfer_data={"destination": account, "amount": 800})
    error(talk.post(_path(other), {"amount_to_capture": 600}), 400)
    part = {"amount_to_capture": 600, "transfer_data": {"amount": 500}}
    talk.made(_path(other), part)
    assert rows(talk, account)[-1].amount == 500
    assert books_hold(talk)


def test_statements_and_receipts(talk: Talk) -> None:
    params: Doc = {"amount": 1_000, "currency": "usd", "payment_method_types": ["card"]}
    for name, value in (
        ("statement_descriptor_suffix", "a<b"),
        ("statement_descriptor", "123456"),
        ("receipt_email", "nobody"),
    ):
        refused = error(talk.post("/v1/payment_intents", {**params, name: value}), 400)
        assert refused["param"] == name
    charge = _held(talk, 1_000, statement_descriptor_suffix="first")
    talk.made(_path(charge), {"statement_descriptor_suffix": "second"})
    found = talk.got(f"/v1/charges/{charge['id']}")
    assert found["statement_descriptor_suffix"] == "second"


def test_direct_charges_are_captured_on_their_account(talk: Talk) -> None:
    account = shop(talk)
    charge = _held(talk, 1_000, "multicapture", stripe_account=account)
    part = {"amount_to_capture": 400, "final_capture": False}
    talk.made(_path(charge), part, **on(account))
    talk.made(_path(charge), **on(account))
    assert [row.amount for row in rows(talk, account)] == [400, 600]
