"""Disputes: who is debited, what it costs, and what comes back."""

from __future__ import annotations

import pytest

from emulator.web.app import build
from emulator.world import Profile, Worlds
from tests.resources.market import Doc, books_hold, canadian, events, lines, on, pay
from tests.resources.shops import Row, fees, observed_rates, row, rows, shop
from tests.talking import Talk

_CARD = "pm_card_createDispute"
_LAST_DAYS_OF_RETURNED_FEES = 1_698_681_600  # 30 October 2023, 16:00:00 UTC


def _disputed(talk: Talk, account: str | None = None, **more: object) -> Doc:
    params: Doc = {**more, **on(account)}
    charge = pay(talk, 1_000, _CARD, **params)
    talk.advance("10s")
    (dispute,) = talk.got("/v1/disputes", **on(account))["data"]
    assert dispute["charge"] == charge["id"]
    return dict(dispute)


def _answer(talk: Talk, dispute: Doc, text: str, account: str | None = None) -> None:
    path = f"/v1/disputes/{dispute['id']}"
    talk.made(path, {"evidence": {"uncategorized_text": text}}, **on(account))
    talk.advance("10s")


def test_the_account_pays_for_a_direct_charge(talk: Talk) -> None:
    account = shop(talk)
    _disputed(talk, account, application_fee_amount=70)

    assert rows(talk, account)[1:] == [Row("adjustment", "dispute", -1_000, 1_500, -2_500)]
    taken = row(talk, "adjustment", account)
    assert fees(taken) == {"stripe_fee": (1_500, "usd")}
    assert taken["fee_details"][0]["description"] == "Dispute fee"
    assert taken["description"].startswith("Chargeback withdrawal for ch_")
    assert taken["available_on"] == row(talk, "charge", account)["available_on"]
    assert [each.type for each in rows(talk)] == ["application_fee"]


def test_the_platform_pays_for_a_destination_charge(talk: Talk) -> None:
    account = shop(talk)
    data: Doc = {"transfer_data": {"destination": account}, "application_fee_amount": 100}
    _disputed(talk, **data)

    assert rows(talk)[3:] == [Row("adjustment", "dispute", -1_000, 1_500, -2_500)]
    assert [each.type for each in rows(talk, account)] == ["payment"]


def test_on_behalf_of_the_debit_is_in_the_currency_that_was_settled(talk: Talk) -> None:
    observed_rates(talk)
    account = canadian(talk)
    _disputed(talk, transfer_data={"destination": account}, on_behalf_of=account)

    assert rows(talk)[-1] == Row("adjustment", "dispute", -1_356, 1_500, -2_856, "cad")


@pytest.mark.parametrize(
    ("text", "status", "back"),
    [
        (
            "winning_evidence",
            "won",
            [
                Row("adjustment", "dispute_reversal", 1_000, 0, 1_000),
                Row("stripe_fee", "fee", 1_500, 0, 1_500),
            ],
        ),
        ("losing_evidence", "lost", []),
    ],
)
def test_a_verdict_brings_the_amount_and_the_price_of_the_answer_back_or_not(
    talk: Talk, text: str, status: str, back: list[Row]
) -> None:
    dispute = _disputed(talk)
    _answer(talk, dispute, text)

    assert talk.got(f"/v1/disputes/{dispute['id']}")["status"] == status
    assert rows(talk)[2:] == [Row("stripe_fee", "fee", -1_500, 0, -1_500), *back]
    (first, *_) = reversed(lines(talk, type="stripe_fee"))
    assert first["description"] == "Card Dispute Countered Fee (2026-03-01)"


def test_giving_up_costs_no_answer(talk: Talk) -> None:
    dispute = _disputed(talk)
    talk.made(f"/v1/disputes/{dispute['id']}/close")
    assert len(rows(talk)) == 2


def test_the_fee_came_back_with_the_amount_until_2024() -> None:
    from starlette.testclient import TestClient

    profile = Profile(seed="test", start=_LAST_DAYS_OF_RETURNED_FEES, frozen=True)
    with TestClient(build(Worlds(profile))) as client:
        talk = Talk(client)
        _answer(talk, _disputed(talk), "winning_evidence")

        assert rows(talk)[1:] == [
            Row("adjustment", "dispute", -1_000, 1_500, -2_500),
            Row("adjustment", "dispute_reversal", 1_000, -1_500, 2_500),
        ]
        (returned,) = talk.got("/v1/balance_transactions")["data"][0]["fee_details"]
        assert (returned["amount"], returned["type"]) == (-1_500, "stripe_fee")
        assert returned["description"] == "Dispute fee refund"
        assert books_hold(talk)


def test_an_inquiry_takes_nothing(talk: Talk) -> None:
    pay(talk, 1_000, "pm_card_createDisputeInquiry")
    talk.advance("10s")
    (dispute,) = talk.got("/v1/disputes")["data"]

    assert (dispute["status"], dispute["balance_transactions"]) == ("warning_needs_response", [])
    assert [each.type for each in rows(talk)] == ["charge"]
    _answer(talk, dispute, "escalate_inquiry_evidence")
    assert rows(talk)[1:] == [Row("adjustment", "dispute", -1_000, 1_500, -2_500)]


def _inquired(talk: Talk, **refund: object) -> tuple[Doc, Doc]:
    """A charge with an inquiry, after a refund."""
    charge = pay(talk, 1_000, "pm_card_createDisputeInquiry")
    talk.advance("10s")
    talk.made("/v1/refunds", {"charge": charge["id"], **refund})
    (dispute,) = talk.got("/v1/disputes")["data"]
    return charge, dispute


def test_what_was_refunded_during_an_inquiry_is_not_withdrawn(talk: Talk) -> None:
    _, dispute = _inquired(talk, amount=400)
    _answer(talk, dispute, "escalate_inquiry_evidence")

    assert row(talk, "adjustment")["amount"] == -600
    assert talk.got(f"/v1/disputes/{dispute['id']}")["amount"] == 600


def test_a_whole_refund_ends_an_inquiry(talk: Talk) -> None:
    _, dispute = _inquired(talk)

    assert dispute["status"] == "warning_closed"
    assert [each.type for each in rows(talk)] == ["charge", "refund"]


@pytest.mark.parametrize(
    ("text", "status"), [("winning_evidence", 200), ("losing_evidence", 400), ("x", 400)]
)
def test_only_a_dispute_that_was_won_lets_a_charge_be_refunded(
    talk: Talk, text: str, status: int
) -> None:
    dispute = _disputed(talk)
    _answer(talk, dispute, text)

    answer = talk.post("/v1/refunds", {"charge": dispute["charge"]})
    assert answer.status_code == status
    assert status == 200 or answer.json()["error"]["code"] == "charge_disputed"


def test_a_warning_of_fraud_needs_no_action_after_a_refund(talk: Talk) -> None:
    charge = pay(talk, 1_000, "pm_card_createIssuerFraudRecord")
    talk.advance("10s")
    (warning,) = talk.got("/v1/radar/early_fraud_warnings")["data"]
    assert warning["actionable"]

    talk.made("/v1/refunds", {"charge": charge["id"]})
    assert not talk.got(f"/v1/radar/early_fraud_warnings/{warning['id']}")["actionable"]
    assert "radar.early_fraud_warning.updated" in events(talk)


def test_a_warning_that_comes_after_the_dispute_needs_no_action(talk: Talk) -> None:
    charge = pay(talk, 1_000)
    for what in ("dispute", "early_fraud_warning"):
        assert talk.control(f"simulate/{what}", {"charge": charge["id"]}).status_code == 200

    (warning,) = talk.got("/v1/radar/early_fraud_warnings")["data"]
    assert not warning["actionable"]


def test_a_charge_is_disputed_once_it_is_captured(talk: Talk) -> None:
    charge = pay(talk, 1_000, _CARD, capture_method="manual")
    talk.advance("10s")
    assert talk.got("/v1/disputes")["data"] == []

    path = f"/v1/payment_intents/{charge['payment_intent']}/capture"
    talk.made(path, {"amount_to_capture": 700})
    talk.advance("10s")
    (dispute,) = talk.got("/v1/disputes")["data"]
    assert dispute["amount"] == 700
    assert row(talk, "adjustment")["amount"] == -700
