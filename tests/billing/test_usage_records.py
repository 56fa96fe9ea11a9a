"""Usage told item by item, as before meters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.billing.shops import customer, subscribe
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
