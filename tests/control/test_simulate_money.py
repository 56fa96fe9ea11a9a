"""Simulators of payouts, top-ups and balances."""

from __future__ import annotations

from emulator.world import World
from tests.control.simulating import payout, refused, simulate, types
from tests.resources.accounts.applicants import active
from tests.talking import Talk

# -- payouts, top-ups, external accounts -----------------------------------------------------------


def test_a_payout_arrives(talk: Talk):
    id_ = payout(talk)
    assert simulate(talk, "payout_in_transit", payout=id_)["object"]["status"] == "in_transit"
    assert refused(talk, "payout_in_transit", payout=id_)
    found = simulate(talk, "payout_paid", payout=id_)
    assert types(found) == ["payout.paid"]
    message = refused(talk, "payout_paid", payout=id_)["message"]
    assert message == (
        f"This payout ({id_}) is paid: it cannot be paid. It can when it is pending or in_transit."
    )
    talk.advance("30d")
    assert talk.got(f"/v1/payouts/{id_}")["status"] == "paid"


def test_a_payout_fails_even_after_it_was_paid(talk: Talk):
    early, late = payout(talk), payout(talk)
    found = simulate(talk, "payout_failed", payout=early, failure_code="account_closed")
    assert found["object"]["failure_code"] == "account_closed"
    assert [move["kind"] for move in found["entries"][0]["moves"]] == ["payout_failure"]
    assert refused(talk, "payout_failed", payout=early)
    simulate(talk, "payout_paid", payout=late)
    assert simulate(talk, "payout_failed", payout=late)["object"]["status"] == "failed"


def test_a_reversed_payout_cannot_fail(talk: Talk):
    id_ = payout(talk)
    simulate(talk, "payout_paid", payout=id_)
    talk.made(f"/v1/payouts/{id_}/reverse")
    assert "reversed" in refused(talk, "payout_failed", payout=id_)["message"]


def test_a_payout_is_canceled(talk: Talk):
    id_ = payout(talk)
    assert types(simulate(talk, "payout_canceled", payout=id_)) == ["payout.canceled"]
    assert refused(talk, "payout_canceled", payout=id_)


def test_an_account_is_paid_out_automatically_today(talk: Talk):
    account = active(talk)["id"]
    assert "nothing to pay out" in refused(talk, "automatic_payout", account=account)["message"]
    simulate(talk, "payment", account=account, amount=5000, available=True)
    found = simulate(talk, "automatic_payout", account=account)
    assert found["object"]["automatic"] is True
    found = simulate(talk, "payout_paid", payout=found["object"]["id"])
    assert "payout.reconciliation_completed" in types(found)


def test_an_external_account_is_errored(talk: Talk):
    bank = active(talk)["external_accounts"]["data"][0]["id"]
    found = simulate(talk, "external_account_errored", external_account=bank)
    assert found["object"]["status"] == "errored"
    assert "account.external_account.updated" in types(found)
    assert refused(talk, "external_account_errored", external_account=bank)
    restored = simulate(talk, "external_accounts_restored", account=found["object"]["account"])
    assert restored["object"]["external_accounts"]["data"][0]["status"] == "new"


def test_a_top_up_ends(talk: Talk):
    def topup() -> str:
        return str(talk.made("/v1/topups", {"amount": 700, "currency": "usd"})["id"])

    first = topup()
    assert types(simulate(talk, "topup_succeeded", topup=first)) == ["topup.succeeded"]
    assert types(simulate(talk, "topup_reversed", topup=first)) == ["topup.reversed"]
    found = simulate(talk, "topup_failed", topup=(second := topup()))
    assert found["object"]["failure_code"] == "insufficient_funds"
    for name in ("topup_succeeded", "topup_failed", "topup_reversed"):
        assert refused(talk, name, topup=second)


# -- money ----------------------------------------------------------------------------------------


def test_pending_money_becomes_available(talk: Talk, world: World):
    account = active(talk)["id"]
    simulate(talk, "payment", account=account, amount=4000)
    found = simulate(talk, "balance_available", account=account)
    assert found["object"]["pending"][0]["amount"] == 0
    assert found["object"]["available"][0]["amount"] > 3000
    assert "balance.available" in types(found)
    entries = talk.got("/v1/balance_transactions", None, stripe_account=account)["data"]
    assert {entry["status"] for entry in entries} == {"available"}
    assert refused(talk, "balance_available", account=account)
    talk.advance("20d")
    assert world.audit() == []


def test_a_balance_is_corrected_and_falls_below_zero(talk: Talk, world: World):
    account = active(talk)["id"]
    given = simulate(talk, "adjustment", account=account, amount=1500)
    assert (given["object"]["type"], given["object"]["net"]) == ("adjustment", 1500)
    taken = simulate(talk, "adjustment", account=account, amount=-200, description="Mistake")
    assert (taken["object"]["net"], taken["object"]["description"]) == (-200, "Mistake")
    found = simulate(talk, "negative_balance", account=account, amount=700)
    assert found["object"]["available"][0]["amount"] == -700
    assert refused(talk, "adjustment", account=account, amount=0)
    assert refused(talk, "adjustment", amount=5, currency="xyz")
    assert world.audit() == []


def test_fees_and_transfers(talk: Talk):
    account = active(talk)["id"]
    found = simulate(talk, "application_fee", account=account, amount=3000, fee=300)
    assert (found["object"]["object"], found["object"]["amount"]) == ("application_fee", 300)
    assert refused(talk, "application_fee", account=account, amount=300, fee=900)
    refusal = refused(talk, "transfer", destination=account, amount=10_000)
    assert refusal["code"] == "balance_insufficient"
    simulate(talk, "payment", amount=20_000, available=True)
    found = simulate(talk, "transfer", destination=account, amount=10_000)
    assert found["object"]["object"] == "transfer"
    assert "transfer.created" in types(found)
