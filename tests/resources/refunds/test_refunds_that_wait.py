"""Refunds that wait: for the bank that has not paid yet, or for money to be paid with."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.world import World
from tests.control.simulating import simulate
from tests.resources.market import Doc, events, fund, held, on, pay
from tests.resources.shops import Row, rows, shop
from tests.talking import Talk

_DEBIT: Doc = {
    "payment_method": "pm_usBankAccount_success",
    "payment_method_types": ["us_bank_account"],
    "mandate_data": {"customer_acceptance": {"type": "offline"}},
}
_BOTH = {"reverse_transfer": True, "refund_application_fee": True}


def _careful(talk: Talk) -> None:
    assert talk.control("settings", {"refunds_wait_for_funds": True}).status_code == 200


def _debit(talk: Talk, **more: Any) -> Doc:
    return pay(talk, 5_000, **{**_DEBIT, **more})


def _refund(talk: Talk, charge: Doc, **more: Any) -> Doc:
    account = more.pop("account", None)
    return dict(talk.made("/v1/refunds", {"charge": charge["id"], **more}, **on(account)))


def _now(talk: Talk, refund: Doc, account: str | None = None) -> Doc:
    return dict(talk.got(f"/v1/refunds/{refund['id']}", **on(account)))


def test_a_debit_is_refunded_once_its_bank_has_paid(talk: Talk, world: World) -> None:
    refund = _refund(talk, _debit(talk), amount=2_000)
    assert (refund["status"], refund["pending_reason"]) == ("pending", "charge_pending")
    assert refund["balance_transaction"] is None
    talk.advance("1d")
    assert [(row.type, row.net) for row in rows(talk)] == [
        ("payment", 4_960),
        ("payment_refund", -2_000),
    ]
    after = _now(talk, refund)
    assert after["status"] == "succeeded"
    assert "pending_reason" not in after
    assert world.audit() == []


def test_the_refund_of_a_debit_that_fails_fails(talk: Talk) -> None:
    charge = _debit(talk, payment_method="pm_usBankAccount_insufficientFunds")
    refund = _refund(talk, charge)
    talk.advance("1d")
    after = _now(talk, refund)
    assert (after["status"], after["failure_reason"]) == ("failed", "unknown")
    assert rows(talk) == []
    found = talk.got(f"/v1/charges/{charge['id']}")
    assert (found["status"], found["amount_refunded"], found["refunded"]) == ("failed", 0, False)


def test_refunds_go_below_zero_unless_they_are_to_wait(talk: Talk) -> None:
    refund = _refund(talk, fund(talk, 1_000))
    assert (refund["status"], held(talk)) == ("succeeded", -59)


@pytest.mark.parametrize(("more", "status"), [(58, "pending"), (59, "succeeded")])
def test_a_refund_waits_for_what_the_balance_lacks(talk: Talk, more: int, status: str) -> None:
    _careful(talk)
    charge = fund(talk, 1_000)
    simulate(talk, "adjustment", amount=more)
    refund = _refund(talk, charge)
    assert refund["status"] == status
    assert refund.get("pending_reason") == (None if status == "succeeded" else "insufficient_funds")
    assert held(talk) == (0 if status == "succeeded" else 999)
    found = talk.got(f"/v1/charges/{charge['id']}")
    assert (found["amount_refunded"], found["refunded"]) == (1_000, True)


def test_waiting_refunds_are_made_as_money_comes_the_oldest_first(talk: Talk, world: World) -> None:
    _careful(talk)
    charge = fund(talk, 10_000)
    talk.made("/v1/payouts", {"amount": held(talk), "currency": "usd"})
    waiting = [_refund(talk, charge, amount=each) for each in (4_000, 3_000, 100)]
    told = len(events(talk))

    def statuses() -> list[str]:
        return [_now(talk, each)["status"] for each in waiting]

    assert statuses() == ["pending"] * 3
    simulate(talk, "adjustment", amount=4_100)
    talk.advance("1s")
    assert (statuses(), held(talk)) == (["succeeded", "pending", "succeeded"], 0)
    assert events(talk)[told:].count("refund.updated") == 2
    fund(talk, 5_000)
    talk.advance("1s")
    assert statuses() == ["succeeded"] * 3
    assert world.audit() == []


def test_refunds_of_what_is_pending_wait_with_it(talk: Talk) -> None:
    """The charge and its refund come on the same day, and only the fee is missing."""
    _careful(talk)
    simulate(talk, "adjustment", amount=59)
    refund = _refund(talk, pay(talk, 1_000))
    assert (refund["status"], held(talk, part="pending")) == ("succeeded", -59)


def test_any_other_refund_fails_for_want_of_money(talk: Talk, world: World) -> None:
    _careful(talk)
    charge = _debit(talk)
    talk.advance("20d")
    talk.made("/v1/payouts", {"amount": 4_000, "currency": "usd"})
    refund = _refund(talk, charge)
    after = _now(talk, refund)
    assert (after["status"], after["failure_reason"]) == ("failed", "insufficient_funds")
    assert "refund.failed" in events(talk)
    assert talk.got(f"/v1/charges/{charge['id']}")["amount_refunded"] == 0
    assert world.audit() == []


def test_what_a_destination_gives_back_counts(talk: Talk, world: World) -> None:
    _careful(talk)
    account = shop(talk)
    split = {"transfer_data": {"destination": account}, "application_fee_amount": 100}
    charge = fund(talk, 1_000, **split)
    simulate(talk, "adjustment", amount=58)
    refund = _refund(talk, charge, **_BOTH)
    assert refund["status"] == "pending"
    assert rows(talk, account)[-1] == Row("payment_refund", "refund", -1_000, 0, -1_000)
    simulate(talk, "adjustment", amount=1)
    talk.advance("1s")
    assert (_now(talk, refund)["status"], held(talk)) == ("succeeded", 0)
    assert world.audit() == []


def test_a_direct_charge_waits_for_money_of_its_account(talk: Talk, world: World) -> None:
    _careful(talk)
    account = shop(talk)
    fund(talk, 50_000)
    charge = fund(talk, 1_000, stripe_account=account)
    refund = _refund(talk, charge, account=account)
    assert refund["status"] == "pending"
    params = {"amount": 100, "currency": "usd", "destination": account}
    talk.made("/v1/transfers", params)
    talk.advance("1s")
    assert (_now(talk, refund, account)["status"], held(talk, account)) == ("succeeded", 41)
    assert world.audit() == []


@pytest.mark.parametrize(
    ("card", "between", "last"),
    [
        ("pm_card_pendingRefund", "pending", "succeeded"),
        ("pm_card_refundFail", "succeeded", "failed"),
    ],
)
def test_a_refund_that_waited_ends_as_its_card_says(
    talk: Talk, world: World, card: str, between: str, last: str
) -> None:
    _careful(talk)
    charge = pay(talk, 1_000, card)
    refund = _refund(talk, charge)
    assert refund["pending_reason"] == "insufficient_funds"
    talk.advance("20d")
    simulate(talk, "adjustment", amount=59)
    talk.advance("1s")
    after = _now(talk, refund)
    assert after["status"] == between
    assert after.get("pending_reason") == ("processing" if between == "pending" else None)
    talk.advance("1m")
    assert _now(talk, refund)["status"] == last
    assert world.audit() == []


def test_a_simulator_lets_a_refund_go_or_ends_it(talk: Talk, world: World) -> None:
    _careful(talk)
    charge = fund(talk, 1_000)
    first = _refund(talk, charge, amount=950)
    done = simulate(talk, "refund_succeeded", refund=first["id"])["object"]
    assert (done["status"], held(talk)) == ("succeeded", -9)
    second = _refund(talk, charge)
    assert (second["amount"], second["status"]) == (50, "pending")
    gone = simulate(talk, "refund_failed", refund=second["id"])["object"]
    assert (gone["status"], held(talk)) == ("failed", -9)
    simulate(talk, "adjustment", amount=5_000)
    talk.advance("1s")
    assert (_now(talk, second)["status"], held(talk)) == ("failed", 4_991)
    assert world.audit() == []


def test_a_debit_that_is_called_back_gives_nothing_back(talk: Talk) -> None:
    charge = _debit(talk)
    refund = _refund(talk, charge, amount=500)
    talk.made(f"/v1/payment_intents/{charge['payment_intent']}/cancel")
    assert _now(talk, refund)["status"] == "failed"
    talk.advance("9d")
    assert rows(talk) == []


@pytest.mark.parametrize("careful", [False, True])
def test_a_dispute_overtakes_a_refund_on_its_way(
    talk: Talk, world: World, *, careful: bool
) -> None:
    """Documented; the bank takes the whole charge."""
    if careful:
        _careful(talk)
    charge = fund(talk, 1_000) if careful else pay(talk, 1_000, "pm_card_pendingRefund")
    refund = _refund(talk, charge)
    assert refund["status"] == "pending"
    dispute = simulate(talk, "dispute", charge=charge["id"])["object"]

    after = _now(talk, refund)
    assert (after["status"], after["failure_reason"]) == (
        "failed",
        "charge_for_pending_refund_disputed",
    )
    assert (dispute["amount"], dispute["status"]) == (1_000, "needs_response")
    found = talk.got(f"/v1/charges/{charge['id']}")
    assert (found["amount_refunded"], found["refunded"], found["disputed"]) == (0, False, True)
    talk.advance("1m")
    assert _now(talk, refund)["status"] == "failed"
    assert world.audit() == []


def test_an_inquiry_lets_a_refund_pass(talk: Talk) -> None:
    refund = _refund(talk, charge := pay(talk, 1_000, "pm_card_pendingRefund"), amount=400)
    simulate(talk, "inquiry", charge=charge["id"])
    talk.advance("1m")
    assert _now(talk, refund)["status"] == "succeeded"
