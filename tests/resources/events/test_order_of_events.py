"""In which order the events of one request are told: a payment before what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.resources.market import fund, on, pay, seller
from tests.talking import Talk

Since = Callable[[], list[str]]

_FEE: Final[dict[str, Any]] = {"application_fee_amount": 500}


@pytest.fixture
def account(talk: Talk) -> str:
    return seller(talk)


@pytest.fixture
def told(talk: Talk, account: str) -> Since:
    """What was told since it was last asked; with `C:` in front on the seller's account."""
    last = [_all(talk)[-1]["id"]]

    def since() -> list[str]:
        found = _all(talk)
        ids = [each["id"] for each in found]
        new = found[ids.index(last[0]) + 1 :]
        last[0] = ids[-1]
        ours = [each for each in new if not each["type"].startswith("v2.")]
        return [("C:" if each["account"] == account else "") + each["type"] for each in ours]

    return since


def _all(talk: Talk) -> list[Any]:
    found: list[Any] = []
    while True:
        after = f"&after={found[-1]['id']}" if found else ""
        page = talk.control(f"events?limit=100{after}").json()["data"]
        found += page
        if len(page) < 100:
            return found


def test_a_destination_charge_is_told_before_its_transfer_and_its_fee(
    talk: Talk, account: str, told: Since
):
    split = {"transfer_data": {"destination": account}, **_FEE}
    charge = fund(talk, 10_000, **split)
    assert told() == [
        "payment_intent.created",
        "charge.succeeded",
        "transfer.created",
        "C:payment.created",
        "payment_intent.succeeded",
        "application_fee.created",
    ]
    back = {"reverse_transfer": True, "refund_application_fee": True}
    talk.made("/v1/refunds", {"charge": charge["id"], **back})
    assert told() == [
        "refund.created",
        "charge.refunded",
        "transfer.reversed",
        "application_fee.refunded",
        "C:refund.created",
        "C:charge.refunded",
    ]


def test_what_is_told_first_knows_what_is_told_later(talk: Talk, account: str):
    fund(talk, 10_000, transfer_data={"destination": account}, **_FEE)
    (event,) = talk.got("/v1/events", {"type": "charge.succeeded"})["data"]
    charge = event["data"]["object"]
    (transfer,) = talk.got("/v1/transfers")["data"]
    (fee,) = talk.got("/v1/application_fees")["data"]
    assert (charge["transfer"], charge["application_fee"]) == (transfer["id"], fee["id"])


def test_a_captured_charge_is_told_before_its_transfer(talk: Talk, account: str, told: Since):
    split = {"destination": account}
    charge = pay(talk, 10_000, capture_method="manual", transfer_data=split, **_FEE)
    intent = charge["payment_intent"]
    told()
    talk.made(f"/v1/payment_intents/{intent}/capture")
    assert told() == [
        "charge.captured",
        "transfer.created",
        "C:payment.created",
        "payment_intent.succeeded",
        "application_fee.created",
    ]


def test_the_fee_of_a_direct_charge_is_told_after_it(talk: Talk, account: str, told: Since):
    charge = fund(talk, 10_000, **on(account), **_FEE)
    assert told() == [
        "C:payment_intent.created",
        "C:charge.succeeded",
        "C:payment_intent.succeeded",
        "application_fee.created",
    ]
    sent = {"charge": charge["id"], "refund_application_fee": True}
    talk.made("/v1/refunds", sent, **on(account))
    assert told() == ["C:refund.created", "C:charge.refunded", "application_fee.refunded"]


def test_an_older_charge_is_told_before_what_comes_of_it(talk: Talk, account: str, told: Since):
    sent = {"amount": 10_000, "currency": "usd", "source": "tok_visa", "destination": account}
    talk.made("/v1/charges", {**sent, **_FEE})
    first, *rest = told()
    assert first == "charge.succeeded"
    assert rest == ["transfer.created", "C:payment.created", "application_fee.created"]


def test_a_transfer_is_told_before_what_its_receiver_sees(talk: Talk, account: str, told: Since):
    fund(talk, 10_000)
    told()
    sent = {"amount": 100, "currency": "usd", "destination": account}
    transfer = talk.made("/v1/transfers", sent)["id"]
    assert told() == ["transfer.created", "C:payment.created"]
    talk.made(f"/v1/transfers/{transfer}/reversals")
    assert told() == ["transfer.reversed", "C:refund.created", "C:charge.refunded"]


def test_the_fee_of_an_instant_payout_is_told_after_it(talk: Talk, account: str, told: Since):
    talk.control("settings", {"instant_payout_fee_bps": 100})
    fund(talk, 100_000, stripe_account=account)
    sent = {"external_account": "tok_visa_debit"}
    card = talk.made(f"/v1/accounts/{account}/external_accounts", sent)["id"]
    told()
    wanted = {"amount": 10_000, "currency": "usd", "method": "instant", "destination": card}
    payout = talk.made("/v1/payouts", wanted, **on(account))["id"]
    assert told() == ["C:payout.created", "application_fee.created"]
    failed = talk.control("simulate/payout_failed", {"payout": payout})
    assert failed.status_code == 200
    kinds = told()
    assert kinds.index("C:payout.failed") < kinds.index("application_fee.refunded")


def test_a_bank_debit_is_processing_before_its_charge_is_pending(talk: Talk, told: Since):
    sent = {"amount": 500, "currency": "usd", "confirm": True}
    sent |= {"payment_method": "pm_usBankAccount_success"}
    sent |= {"mandate_data": {"customer_acceptance": {"type": "offline"}}}
    talk.made("/v1/payment_intents", {**sent, "payment_method_types": ["us_bank_account"]})
    assert told() == ["payment_intent.created", "payment_intent.processing", "charge.pending"]
