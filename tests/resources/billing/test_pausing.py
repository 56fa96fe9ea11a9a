"""Subscriptions that are paused, and resumed."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.resources.billing.changes import NEWEST_VERSION, change, invoiced, item_of, pending, sold
from tests.resources.subscribers import events, price
from tests.talking import NOW, Talk, error

_DAY: Final = 86_400
_RESUMED: Final = "customer.subscription.resumed"


def _paused(talk: Talk, **params: Any) -> Any:
    """A subscription that was paused after ten days of March."""
    made = sold(talk, (price(talk, 3_100), 1))
    talk.advance("10d")
    path = f"/v1/subscriptions/{made['id']}/pause"
    return talk.made(path, {"type": "subscription", **params}, **NEWEST_VERSION)


def _resume(talk: Talk, made: Any, **params: Any) -> Any:
    return talk.made(f"/v1/subscriptions/{made['id']}/resume", params)


def _decline(talk: Talk, made: Any) -> None:
    card = "pm_card_chargeCustomerFail"
    payer = {"customer": made["customer"]}
    bad = talk.made(f"/v1/payment_methods/{card}/attach", payer)["id"]
    talk.made(f"/v1/subscriptions/{made['id']}", {"default_payment_method": bad})


@pytest.mark.parametrize(
    ("since", "told"), [("now", [-2_100]), ("item_current_period_start", [-3_100]), ("none", [])]
)
def test_what_is_unused_may_be_given_back(talk: Talk, since: str, told: list[int]):
    paused = _paused(talk, bill_for={"unused_time_from": {"type": since}})
    assert paused["status"] == "paused"
    assert [amount for amount, _ in pending(talk)] == told


def test_it_runs_again_once_its_resumption_is_paid(talk: Talk):
    paused = _paused(talk)
    talk.advance("40d")
    assert len(talk.got("/v1/invoices")["data"]) == 1
    resumed = _resume(talk, paused)
    assert (resumed["status"], resumed["billing_cycle_anchor"]) == ("active", NOW + 50 * _DAY)
    assert invoiced(talk, resumed) == [(3_100, "1 × Tea (at $31.00 / month)")]
    assert events(talk).count(_RESUMED) == 1


@pytest.mark.parametrize("deed", ["pay", "mark_uncollectible", "void"])
def test_it_stays_paused_until_then(talk: Talk, deed: str):
    paused = _paused(talk)
    _decline(talk, paused)
    resumed = _resume(talk, paused)
    assert (resumed["status"], _RESUMED in events(talk)) == ("paused", False)
    methods = talk.got("/v1/payment_methods", {"customer": paused["customer"]})["data"]
    how = {"payment_method": methods[-1]["id"]} if deed == "pay" else {}
    talk.made(f"/v1/invoices/{resumed['latest_invoice']}/{deed}", how)
    after = talk.got(f"/v1/subscriptions/{paused['id']}")["status"]
    assert after == ("paused" if deed == "void" else "active")


def test_a_resumption_that_nobody_pays_is_void(talk: Talk):
    paused = _paused(talk)
    _decline(talk, paused)
    resumed = _resume(talk, paused)
    talk.advance("23h")
    assert talk.got(f"/v1/invoices/{resumed['latest_invoice']}")["status"] == "void"
    assert talk.got(f"/v1/subscriptions/{paused['id']}")["status"] == "paused"


@pytest.mark.parametrize(("days", "told"), [("1d", []), ("36d", [1_550])])
def test_the_rest_of_the_period_is_charged_if_it_is_not_paid(
    talk: Talk, days: str, told: list[int]
):
    paused = _paused(talk)
    talk.advance(days)
    resumed = _resume(talk, paused, billing_cycle_anchor="unchanged")
    assert (resumed["status"], resumed["billing_cycle_anchor"]) == ("active", NOW)
    assert [amount for amount, _ in pending(talk)] == told


def test_a_paused_one_changes_without_a_charge(talk: Talk):
    paused = _paused(talk)
    changed = change(talk, paused, item_of(paused, quantity=3))
    assert (changed["quantity"], changed["status"], pending(talk)) == (3, "paused", [])


def test_one_that_sends_invoices_is_not_resumed(talk: Talk):
    paused = _paused(talk)
    path = f"/v1/subscriptions/{paused['id']}"
    talk.made(path, {"collection_method": "send_invoice", "days_until_due": 5})
    assert "charge_automatically" in error(talk.post(f"{path}/resume"), 400)["message"]
