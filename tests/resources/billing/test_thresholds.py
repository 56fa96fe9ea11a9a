"""Billing thresholds: usage that is billed before its period is over."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.resources.billing.changes import discount, sold
from tests.resources.subscribers import amounts, price
from tests.talking import NOW, Talk, error

_DAY: Final = 86_400
_APRIL: Final = NOW + 31 * _DAY


def _metered(talk: Talk, amount: int = 30, **params: Any) -> str:
    how = {"default_aggregation": {"formula": "sum"}}
    meter = talk.made("/v1/billing/meters", {"display_name": "Cups", "event_name": "cup", **how})
    recurring = {"interval": "month", "usage_type": "metered", "meter": meter["id"]}
    return price(talk, amount, recurring=recurring, **params)


def _limited(talk: Talk, *more: tuple[str, int], **params: Any) -> Any:
    """A subscription to cups, with a threshold for what they cost."""
    limits = {"billing_thresholds": {"amount_gte": params.pop("amount_gte", 300), **params}}
    return sold(talk, (_metered(talk), 1), *more, **limits)


def _use(talk: Talk, made: Any, value: int, **params: Any) -> None:
    payload = {"stripe_customer_id": made["customer"], "value": str(value)}
    talk.made("/v1/billing/meter_events", {"event_name": "cup", "payload": payload, **params})


def _invoices(talk: Talk) -> list[Any]:
    found: list[Any] = talk.got("/v1/invoices")["data"]
    return found


def _now(talk: Talk, made: Any) -> Any:
    return talk.got(f"/v1/subscriptions/{made['id']}")


@pytest.mark.parametrize(("used", "billed"), [(9, False), (10, True), (11, True)])
def test_usage_that_reaches_the_amount_is_billed(talk: Talk, used: int, billed: bool):
    made = _limited(talk)
    assert made["billing_thresholds"] == {"amount_gte": 300, "reset_billing_cycle_anchor": False}
    _use(talk, made, 4)
    talk.advance("1h")
    _use(talk, made, used - 4)
    assert len(_invoices(talk)) == billed
    if billed:
        (invoice,) = _invoices(talk)
        assert (invoice["billing_reason"], invoice["status"]) == ("subscription_threshold", "draft")
        assert (amounts(invoice), invoice["total"]) == ([used * 30], used * 30)
        assert invoice["threshold_reason"] == {"amount_gte": 300, "item_reasons": []}
        assert _now(talk, made)["latest_invoice"] == invoice["id"]
        talk.advance("1h")
        assert _invoices(talk)[0]["status"] == "paid"


def test_the_period_goes_on_and_what_is_billed_is_billed_once(talk: Talk):
    made = _limited(talk)
    for value in (10, 9, 1, 3):
        _use(talk, made, value)
        talk.advance("1h")
    assert [amounts(each) for each in _invoices(talk)] == [[300], [300]]
    assert _now(talk, made)["items"]["data"][0]["current_period_end"] == _APRIL
    talk.advance("31d")
    assert amounts(_invoices(talk)[0]) == [90]
    assert sum(each["total"] for each in _invoices(talk)) == 23 * 30


def test_the_period_may_begin_anew(talk: Talk):
    made = _limited(talk, (price(talk, 200), 1), reset_billing_cycle_anchor="true", amount_gte=400)
    talk.advance("5d")
    _use(talk, made, 10)
    (invoice, _) = _invoices(talk)
    assert amounts(invoice) == [300, 200]  # what was used, and the month that begins
    changed = _now(talk, made)
    begins = [each["current_period_start"] for each in changed["items"]["data"]]
    assert (changed["billing_cycle_anchor"], begins) == (NOW + 5 * _DAY, [NOW + 5 * _DAY] * 2)
    _use(talk, made, 2)
    talk.advance("31d")
    assert amounts(_invoices(talk)[0]) == [60, 200]


def test_tiers_count_on(talk: Talk):
    tiers = [{"up_to": 15, "unit_amount": 30}, {"up_to": "inf", "unit_amount": 10}]
    cost = _metered(talk, tiers=tiers, tiers_mode="graduated", billing_scheme="tiered")
    made = sold(talk, (cost, 1), billing_thresholds={"amount_gte": 300})
    _use(talk, made, 10)
    talk.advance("1h")
    _use(talk, made, 25)
    assert [amounts(each) for each in _invoices(talk)] == [[150, 200], [300]]


def test_usage_of_one_item_may_have_a_threshold(talk: Talk):
    item = {"price": _metered(talk), "billing_thresholds": {"usage_gte": 5}}
    payer = talk.customer()["id"]
    made = talk.made("/v1/subscriptions", {"customer": payer, "items": [item]})
    _use(talk, made, 4)
    assert _invoices(talk) == []
    _use(talk, made, 2)
    (invoice,) = _invoices(talk)
    line = invoice["lines"]["data"][0]
    assert (line["amount"], line["quantity"]) == (180, 6)
    assert invoice["threshold_reason"] == {
        "amount_gte": None,
        "item_reasons": [{"line_item_ids": [line["id"]], "usage_gte": 5}],
    }


def test_records_of_usage_count_as_meters_do(talk: Talk):
    old = {"stripe_version": "2024-06-20"}
    recurring = {"interval": "month", "usage_type": "metered"}
    cost = talk.made(
        "/v1/prices",
        {
            "currency": "usd",
            "unit_amount": 30,
            "recurring": recurring,
            "product_data": {"name": "Tea"},
        },
        **old,
    )["id"]
    made = sold(talk, (cost, 1), billing_thresholds={"amount_gte": 300})
    path = f"/v1/subscription_items/{made['items']['data'][0]['id']}/usage_records"
    talk.made(path, {"quantity": 10, "timestamp": NOW + 200}, **old)
    assert _invoices(talk) == []
    talk.advance("200s")
    assert amounts(_invoices(talk)[0]) == [300]


def test_not_in_a_trial_nor_on_the_last_day(talk: Talk):
    tried = sold(
        talk, (_metered(talk), 1), trial_period_days=3, billing_thresholds={"amount_gte": 300}
    )
    _use(talk, tried, 50)
    assert _invoices(talk) == []
    talk.advance("3d")
    talk.advance("30d")
    before = len(_invoices(talk))
    talk.advance("1h")
    _use(talk, tried, 50)
    assert len(_invoices(talk)) == before


def test_discounts_count(talk: Talk):
    params = {"discounts": discount(talk, percent_off=50)}
    made = sold(talk, (_metered(talk), 1), billing_thresholds={"amount_gte": 300}, **params)
    _use(talk, made, 19)
    assert _invoices(talk) == []
    _use(talk, made, 1)
    assert _invoices(talk)[0]["total"] == 300


def test_one_that_is_set_when_it_is_passed_bills_at_once(talk: Talk):
    made = sold(talk, (_metered(talk), 1))
    _use(talk, made, 20)
    talk.advance("1h")
    limits = {"billing_thresholds": {"amount_gte": 500}}
    changed = talk.made(f"/v1/subscriptions/{made['id']}", limits)
    assert changed["latest_invoice"] == _invoices(talk)[0]["id"]


@pytest.mark.parametrize("least", [49, 500])
def test_it_is_more_than_what_is_paid_anyway(talk: Talk, least: int):
    made = sold(talk, (_metered(talk), 1), (price(talk, 0 if least == 49 else 500), 1))
    path = f"/v1/subscriptions/{made['id']}"
    refused = error(talk.post(path, {"billing_thresholds": {"amount_gte": least}}), 400)
    assert refused["param"] == "billing_thresholds[amount_gte]"
    talk.made(path, {"billing_thresholds": {"amount_gte": least + 1}})
