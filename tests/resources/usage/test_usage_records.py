"""Usage told item by item, as before meters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.subscribers import customer, subscribe
from tests.talking import NOW, Talk, error

_OLD = {"stripe_version": "2024-06-20"}
_DAY = 86_400


@pytest.fixture
def item(talk: Talk) -> str:
    """An item of 10 cents a unit, billed each month for what was used."""
    every = {"interval": "month", "usage_type": "metered"}
    price = {"currency": "usd", "unit_amount": 10, "product_data": {"name": "Calls"}}
    id_ = talk.made("/v1/prices", {**price, "recurring": every}, **_OLD)["id"]
    found: str = subscribe(talk, id_, customer(talk))["items"]["data"][0]["id"]
    return found


def _use(talk: Talk, item: str, quantity: int, **more: Any) -> Any:
    path = f"/v1/subscription_items/{item}/usage_records"
    return talk.made(path, {"quantity": quantity, **more}, **_OLD)


def _summaries(talk: Talk, item: str) -> list[Any]:
    path = f"/v1/subscription_items/{item}/usage_record_summaries"
    found: list[Any] = talk.got(path, **_OLD)["data"]
    return found


def test_records_add_up_and_are_billed_when_the_period_ends(talk: Talk, item: str):
    record = _use(talk, item, 5, timestamp=NOW)
    assert (record["object"], record["quantity"], record["timestamp"]) == ("usage_record", 5, NOW)
    assert _use(talk, item, 3, timestamp=NOW, action="increment")["id"] == record["id"]
    assert _summaries(talk, item)[0]["total_usage"] == 8
    assert _use(talk, item, 20, timestamp=NOW, action="set")["quantity"] == 20
    talk.advance("1d")
    _use(talk, item, 4, timestamp="now")

    talk.advance("31d")
    invoice = talk.got("/v1/invoices")["data"][0]
    assert (invoice["total"], invoice["lines"]["data"][0]["quantity"]) == (240, 24)
    now, before = _summaries(talk, item)
    assert (now["total_usage"], now["invoice"]) == (0, None)
    assert (before["total_usage"], before["invoice"]) == (24, invoice["id"])
    assert before["period"] == {"start": NOW, "end": NOW + 31 * _DAY}


@pytest.mark.parametrize(
    ("how", "first", "second"),
    [("sum", 12, 0), ("max", 7, 0), ("last_during_period", 2, 0), ("last_ever", 2, 2)],
)
@pytest.mark.parametrize("kind", ["prices", "plans"])
def test_records_are_counted_as_the_price_says(
    talk: Talk, kind: str, how: str, first: int, second: int
):
    rhythm = {"interval": "month", "usage_type": "metered", "aggregate_usage": how}
    if kind == "prices":
        price = {"currency": "usd", "unit_amount": 10, "product_data": {"name": "Calls"}}
        made = talk.made("/v1/prices", {**price, "recurring": rhythm}, **_OLD)
        assert made["recurring"]["aggregate_usage"] == how
    else:
        price = {"currency": "usd", "amount": 10, "product": {"name": "Calls"}}
        made = talk.made("/v1/plans", {**price, **rhythm}, **_OLD)
        assert made["aggregate_usage"] == how
        assert talk.got(f"/v1/plans/{made['id']}", **_OLD) == made
    subscription = subscribe(talk, made["id"], customer(talk))
    id_ = subscription["items"]["data"][0]["id"]
    for day, used in enumerate((3, 7, 2)):
        _use(talk, id_, used, timestamp=NOW + day)
    assert _summaries(talk, id_)[0]["total_usage"] == first
    shown = talk.got(f"/v1/subscriptions/{subscription['id']}", **_OLD)["items"]["data"][0]
    assert shown["price"]["recurring"]["aggregate_usage"] == how
    assert shown["plan"]["aggregate_usage"] == how

    talk.advance("32d")
    talk.advance("31d")
    last, before = talk.got("/v1/invoices")["data"][:2]
    assert (before["total"], last["total"]) == (10 * first, 10 * second)


def test_records_belong_to_the_current_period(talk: Talk, item: str):
    path = f"/v1/subscription_items/{item}/usage_records"
    for timestamp in (NOW - 1, NOW + 301):
        sent = {"quantity": 1, "timestamp": timestamp}
        assert error(talk.post(path, sent, **_OLD), 400)["param"] == "timestamp"
    _use(talk, item, 1, timestamp=NOW + 300)


def test_only_what_is_metered_without_a_meter_has_records(talk: Talk):
    every = {"currency": "usd", "unit_amount": 10, "product_data": {"name": "Seat"}}
    price = talk.made("/v1/prices", {**every, "recurring": {"interval": "month"}})["id"]
    seat = subscribe(talk, price, customer(talk))["items"]["data"][0]["id"]
    path = "/v1/subscription_items/{}/usage_records"
    error(talk.post(path.format(seat), {"quantity": 1}, **_OLD), 400)
    error(talk.post(path.format("si_none"), {"quantity": 1}, **_OLD), 404)
    meter = {"display_name": "Calls", "event_name": "calls"}
    formula = {"default_aggregation": {"formula": "sum"}}
    meter_id = talk.made("/v1/billing/meters", {**meter, **formula})["id"]
    metered = {"interval": "month", "usage_type": "metered", "meter": meter_id}
    price = talk.made("/v1/prices", {**every, "recurring": metered})["id"]
    counted = subscribe(talk, price, customer(talk))["items"]["data"][0]["id"]
    error(talk.post(path.format(counted), {"quantity": 1}, **_OLD), 400)
