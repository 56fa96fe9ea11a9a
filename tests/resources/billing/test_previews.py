"""Previews of what is not there yet: schedules, endings, what comes again and again."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.resources.billing.changes import billing, change, invoiced, item_of, pending, sold
from tests.resources.subscribers import amounts, customer, price
from tests.talking import NOW, Talk

_DAY: Final = 86_400
_APRIL: Final = NOW + 31 * _DAY


def _preview(talk: Talk, **params: Any) -> Any:
    return talk.made("/v1/invoices/create_preview", params)


def test_nothing_of_a_preview_is_kept(talk: Talk):
    made = sold(talk, (price(talk, 3_100), 1))
    talk.advance("10d")
    about = {"items": [item_of(made, quantity=2)], "proration_behavior": "always_invoice"}
    shown = _preview(talk, subscription=made["id"], subscription_details=about)
    assert (amounts(shown), shown["status"], shown["number"]) == ([-2_100, 4_200], "draft", None)
    assert pending(talk) == []
    assert len(talk.got("/v1/invoices")["data"]) == 1
    assert talk.got(f"/v1/subscriptions/{made['id']}")["quantity"] == 1


def test_a_preview_says_from_when_the_change_would_count(talk: Talk):
    made = sold(talk, (price(talk, 3_100), 1))
    talk.advance("10d")
    when = NOW + 5 * _DAY
    about = {"items": [item_of(made, quantity=2)], "proration_date": when}
    shown = _preview(talk, subscription=made["id"], subscription_details=about)
    assert amounts(shown) == [-2_600, 5_200, 6_200]
    about = shown["parent"]["subscription_details"]
    assert about["subscription_proration_date"] == when


def test_an_ending_is_previewed(talk: Talk):
    made = sold(talk, (price(talk, 3_100), 1))
    talk.advance("10d")
    about = {"cancel_now": "true"}
    shown = _preview(talk, subscription=made["id"], subscription_details=about)
    assert (amounts(shown), shown["total"]) == ([-2_100], -2_100)
    assert talk.got(f"/v1/subscriptions/{made['id']}")["status"] == "active"


def test_what_comes_again_and_again_alone(talk: Talk):
    made = sold(talk, (price(talk, 3_100), 1))
    talk.advance("10d")
    change(talk, made, item_of(made, quantity=3))
    again = _preview(talk, subscription=made["id"], preview_mode="recurring")
    assert amounts(again) == [9_300]
    assert amounts(_preview(talk, subscription=made["id"])) == [-2_100, 6_300, 9_300]


def test_a_subscription_that_is_not_there_is_previewed(talk: Talk):
    payer = customer(talk)
    about = {"items": [{"price": price(talk, 900), "quantity": 2}]}
    shown = _preview(talk, customer=payer, subscription_details=about)
    assert (amounts(shown), shown["status"]) == ([1_800], "draft")
    assert talk.got("/v1/subscriptions")["data"] == []


@pytest.mark.parametrize("start", ["now", NOW + 5 * _DAY])
def test_a_schedule_that_is_not_there_is_previewed(talk: Talk, start: Any):
    phases = [{"items": [{"price": price(talk, 900), "quantity": 2}], "start_date": start}]
    about = {"phases": phases}
    shown = _preview(talk, customer=customer(talk), schedule_details=about)
    assert amounts(shown) == [1_800]
    begin = NOW if start == "now" else start
    assert shown["lines"]["data"][0]["period"]["start"] == begin
    assert talk.got("/v1/subscription_schedules")["data"] == []


def test_the_next_phase_is_in_the_next_invoice(talk: Talk):
    cheap, dear = price(talk, 900), price(talk, 4_000)
    phases = [
        {"items": [{"price": cheap}], "end_date": _APRIL},
        {"items": [{"price": dear}]},
    ]
    sent = {"customer": customer(talk), "start_date": "now", "phases": phases}
    schedule = talk.made("/v1/subscription_schedules", sent)
    assert amounts(_preview(talk, schedule=schedule["id"])) == [4_000]
    assert amounts(_preview(talk, subscription=schedule["subscription"])) == [4_000]
    phases = [
        {"items": [{"price": cheap}], "start_date": NOW, "end_date": _APRIL},
        {"items": [{"price": cheap, "quantity": 7}]},
    ]
    changed = _preview(talk, schedule=schedule["id"], schedule_details={"phases": phases})
    assert amounts(changed) == [6_300]
    talk.advance("31d")
    assert amounts(talk.got("/v1/invoices")["data"][0]) == [4_000]


@pytest.mark.parametrize("prorate", ["true", "false"])
def test_nothing_to_invoice_makes_no_last_invoice(talk: Talk, prorate: str):
    made = sold(talk, (price(talk, 3_100), 1), billing_mode=billing("flexible"))
    path = f"/v1/subscriptions/{made['id']}?invoice_now=true&prorate={prorate}"
    talk.advance("10d")
    gone = talk.send("DELETE", path).json()
    assert (gone["latest_invoice"] == made["latest_invoice"]) == (prorate == "false")
    if prorate == "true":
        assert invoiced(talk, gone) == [(-2_100, "Unused time on Tea after 11 Mar 2026")]
