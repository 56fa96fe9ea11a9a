"""Disputes, inquiries and warnings that somebody opens on a charge of any flow and any method."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.kernel.errors import Refusal
from emulator.resources.charges.charges import CHARGES
from emulator.resources.disputes import disputes
from emulator.world import World
from tests.resources.market import BANK, Doc, books_hold, events, lines, on, pay, seller
from tests.resources.shops import Row, row, rows, shop
from tests.talking import Talk

_TERMS: Doc = {"customer_acceptance": {"type": "offline"}}


def _open(world: World, charge: str, account: str | None = None, **how: Any) -> Doc:
    with world.transaction(world.caller(account)) as tx:
        return dict(disputes.open_dispute(tx, tx.get(CHARGES, charge), **how))


def _debit(talk: Talk, name: str, type_: str = "us_bank_account", currency: str = "usd") -> Doc:
    params: Doc = {
        "amount": 5_000,
        "currency": currency,
        "confirm": True,
        "payment_method": name,
        "payment_method_types": [type_],
        "mandate_data": _TERMS,
        "expand": ["latest_charge"],
    }
    charge = dict(talk.made("/v1/payment_intents", params)["latest_charge"])
    talk.advance("10m")
    return charge


def test_a_part_of_a_charge_is_disputed(talk: Talk, world: World) -> None:
    charge = pay(talk, 1_000)
    opened = _open(world, charge["id"], reason="duplicate", amount=300)

    assert opened["amount"] == 300
    assert opened["payment_method_details"]["card"]["network_reason_code"] == "12.6.1"
    assert rows(talk)[1:] == [Row("adjustment", "dispute", -300, 1_500, -1_800)]
    assert talk.got(f"/v1/charges/{charge['id']}")["dispute"] == opened["id"]


def test_what_is_noted_of_a_dispute_is_told(talk: Talk, world: World) -> None:
    opened = _open(world, pay(talk, 1_000)["id"], reason="duplicate", amount=300)
    talk.made(f"/v1/disputes/{opened['id']}", {"metadata": {"a": "1"}})
    (event,) = talk.got("/v1/events", {"type": "charge.dispute.updated"})["data"]
    assert event["data"]["previous_attributes"] == {"metadata": {"a": None}}


@pytest.mark.parametrize("amount", [1_001, 0])
def test_no_more_than_the_charge_is_disputed(talk: Talk, world: World, amount: int) -> None:
    charge = pay(talk, 1_000)
    talk.made("/v1/refunds", {"charge": charge["id"], "amount": 1})
    with pytest.raises(Refusal):
        _open(world, charge["id"], amount=amount or 1_000)
    assert _open(world, charge["id"])["amount"] == 999


def test_what_was_not_captured_or_came_from_the_platform_is_not_disputed(
    talk: Talk, world: World
) -> None:
    account = shop(talk)
    held = pay(talk, 1_000, capture_method="manual")
    pay(talk, 1_000, transfer_data={"destination": account})
    (passed_on,) = talk.got("/v1/charges", **on(account))["data"]
    with pytest.raises(Refusal, match="cannot be disputed"):
        _open(world, held["id"])
    with pytest.raises(Refusal, match="cannot be disputed"):
        _open(world, passed_on["id"], account)


def test_the_platform_pays_the_fee_where_it_pays_stripes_fees(talk: Talk, world: World) -> None:
    """The account loses the amount, and nothing more."""
    controller: Doc = {
        "fees": {"payer": "application"},
        "losses": {"payments": "application"},
        "requirement_collection": "application",
        "stripe_dashboard": {"type": "none"},
    }
    account = seller(talk, BANK, type=None, controller=controller)
    charge = pay(talk, 1_000, stripe_account=account)
    opened = _open(world, charge["id"], account)
    path = f"/v1/disputes/{opened['id']}"
    talk.made(path, {"evidence": {"uncategorized_text": "winning_evidence"}}, **on(account))
    talk.advance("10s")

    assert rows(talk, account)[1:] == [
        Row("adjustment", "dispute", -1_000, 0, -1_000),
        Row("adjustment", "dispute_reversal", 1_000, 0, 1_000),
    ]
    fees = [line["amount"] for line in lines(talk, type="stripe_fee") if line["amount"] != -59]
    assert fees == [1_500, -1_500, -1_500]
    assert books_hold(talk)


def test_a_disputed_bank_debit_is_lost_from_the_start(talk: Talk) -> None:
    charge = _debit(talk, "pm_usBankAccount_dispute")
    (dispute,) = talk.got("/v1/disputes")["data"]

    assert (dispute["status"], dispute["reason"]) == ("lost", "debit_not_authorized")
    assert dispute["evidence_details"]["due_by"] is None
    assert "payment_method_details" not in dispute
    assert row(talk, "adjustment")["net"] == -6_500
    told = [event for event in events(talk) if event.startswith("charge.dispute.")]
    assert told[-3:] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.closed",
    ]
    details = talk.got(f"/v1/charges/{charge['id']}")["payment_method_details"]
    mandate = talk.got(f"/v1/mandates/{details['us_bank_account']['mandate']}")
    assert mandate["status"] == "inactive"
    answer = talk.post(f"/v1/disputes/{dispute['id']}/close")
    assert answer.status_code == 400


def test_sepa_accounts_of_the_table_are_disputed(talk: Talk) -> None:
    _debit(talk, "pm_sepaDebit_disputed_de", "sepa_debit", "eur")
    (dispute,) = talk.got("/v1/disputes")["data"]
    assert (dispute["status"], dispute["currency"]) == ("lost", "eur")


def test_evidence_names_files_that_exist(talk: Talk, world: World) -> None:
    opened = _open(world, pay(talk, 1_000)["id"])
    path = f"/v1/disputes/{opened['id']}"
    answer = talk.post(path, {"evidence": {"receipt": "file_unknown"}})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "evidence[receipt]"


def test_an_inquiry_runs_out_quietly(talk: Talk, world: World) -> None:
    charge = pay(talk, 1_000)
    with world.transaction(world.caller()) as tx:
        opened = disputes.open_inquiry(tx, tx.get(CHARGES, charge["id"]), "unrecognized")
    talk.advance("11d")

    found = talk.got(f"/v1/disputes/{opened['id']}")
    assert (found["status"], found["evidence_details"]["past_due"]) == ("warning_closed", True)
    assert [each.type for each in rows(talk)] == ["charge"]


def test_a_deadline_that_passes_loses_the_dispute(talk: Talk, world: World) -> None:
    opened = _open(world, pay(talk, 1_000)["id"])
    due = opened["evidence_details"]["due_by"]
    talk.control("clock", {"now": due - 1})
    assert talk.got(f"/v1/disputes/{opened['id']}")["status"] == "needs_response"
    talk.control("clock", {"now": due})
    assert talk.got(f"/v1/disputes/{opened['id']}")["status"] == "lost"


def test_several_disputes_share_a_charge(talk: Talk, world: World) -> None:
    pay(talk, 1_001, "pm_card_createMultipleDisputes")
    talk.advance("10s")
    disputes_ = talk.got("/v1/disputes")["data"]
    assert sorted(each["amount"] for each in disputes_) == [500, 501]
    with pytest.raises(Refusal):
        _open(world, disputes_[0]["charge"], amount=1)


def test_nothing_is_left_for_an_inquiry_after_a_dispute(talk: Talk, world: World) -> None:
    charge = pay(talk, 1_000)
    with world.transaction(world.caller()) as tx:
        inquiry = disputes.open_inquiry(tx, tx.get(CHARGES, charge["id"]))
    _open(world, charge["id"])
    path = f"/v1/disputes/{inquiry['id']}"
    talk.made(path, {"evidence": {"uncategorized_text": "escalate_inquiry_evidence"}})
    talk.advance("10s")
    assert talk.got(path)["status"] == "warning_closed"
    assert [each.amount for each in rows(talk)] == [1_000, -1_000]
