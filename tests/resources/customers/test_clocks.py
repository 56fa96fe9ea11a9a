"""Test clocks: customers who live in a time of their own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.subscribers import customer, events, price, subscribe
from tests.talking import NOW, Talk, error

_DAY = 86_400
_PAST = NOW - 500 * _DAY
_PATH = "/v1/test_helpers/test_clocks"


def _clock(talk: Talk, at: int = _PAST) -> str:
    return str(talk.made(_PATH, {"frozen_time": at, "name": "Months"})["id"])


def _advance(talk: Talk, clock: str, to: int) -> Any:
    moving = talk.made(f"{_PATH}/{clock}/advance", {"frozen_time": to})
    assert moving["status"] == "advancing"
    assert moving["status_details"] == {"advancing": {"target_frozen_time": to}}
    return talk.got(f"{_PATH}/{clock}")


def test_a_clock_moves_what_is_bound_to_it_and_nothing_else(talk: Talk):
    clock = _clock(talk)
    bound = subscribe(talk, price(talk), customer(talk, test_clock=clock))
    free = subscribe(talk, price(talk), customer(talk))
    assert (bound["created"], bound["test_clock"]) == (_PAST, clock)
    assert bound["latest_invoice"]["created"] == _PAST
    begin = bound["items"]["data"][0]["current_period_end"]
    moved = _advance(talk, clock, begin + 2 * 3_600)
    assert (moved["status"], moved["frozen_time"]) == ("ready", begin + 2 * 3_600)
    invoices = talk.got("/v1/invoices", {"subscription": bound["id"]})["data"]
    assert [(each["created"], each["status"]) for each in invoices] == [
        (begin, "paid"),
        (_PAST, "paid"),
    ]
    assert invoices[0]["status_transitions"]["paid_at"] == begin + 3_600
    assert len(talk.got("/v1/invoices", {"subscription": free["id"]})["data"]) == 1
    assert talk.control("clock").json()["now"] == NOW
    charges = talk.got("/v1/charges")["data"]
    assert {each["created"] for each in charges} == {NOW}
    assert talk.control("audit").json()["holds"] is True


def test_a_clock_tells_where_it_is(talk: Talk):
    clock = _clock(talk)
    _advance(talk, clock, _PAST + _DAY)
    talk.delete(f"{_PATH}/{clock}")
    assert events(talk) == [
        "test_helpers.test_clock.created",
        "test_helpers.test_clock.advancing",
        "test_helpers.test_clock.ready",
        "test_helpers.test_clock.deleted",
    ]
    assert error(talk.get(f"{_PATH}/{clock}"), 404)["code"] == "resource_missing"


def test_a_year_goes_by_month_after_month(talk: Talk):
    clock = _clock(talk)
    made = subscribe(talk, price(talk), customer(talk, test_clock=clock), trial_period_days=7)
    now = _PAST
    for _ in range(6):
        now += 56 * _DAY
        _advance(talk, clock, now)
    found = talk.got("/v1/invoices", {"subscription": made["id"], "limit": 100})["data"]
    assert [each["amount_paid"] for each in found] == [2_000] * 11 + [0]
    assert events(talk).count("customer.subscription.trial_will_end") == 1
    assert talk.control("audit").json()["holds"] is True


def test_a_clock_goes_forward_only_and_not_too_far(talk: Talk):
    clock = _clock(talk)
    path = f"{_PATH}/{clock}/advance"
    assert error(talk.post(path, {"frozen_time": _PAST}), 400)["param"] == "frozen_time"
    far = error(talk.post(path, {"frozen_time": _PAST + 731 * _DAY}), 400)
    assert far["message"].startswith(f"The frozen time of this clock is {_PAST} (")
    subscribe(talk, price(talk), customer(talk, test_clock=clock))
    talk.made(path, {"frozen_time": _PAST + 59 * _DAY})
    assert error(talk.post(path, {"frozen_time": _PAST + 190 * _DAY}), 400)["param"]


def test_lists_leave_out_what_lives_on_a_clock(talk: Talk):
    clock = _clock(talk)
    bound, free = customer(talk, test_clock=clock), customer(talk)
    subscribe(talk, price(talk), bound)
    assert [each["id"] for each in talk.got("/v1/customers")["data"]] == [free]
    listed = talk.got("/v1/customers", {"test_clock": clock})["data"]
    assert [each["id"] for each in listed] == [bound]
    assert talk.got("/v1/subscriptions")["data"] == []
    assert len(talk.got("/v1/subscriptions", {"test_clock": clock})["data"]) == 1
    assert len(talk.got("/v1/subscriptions", {"customer": bound})["data"]) == 1


def test_a_clock_that_goes_takes_its_customers_along(talk: Talk):
    clock = _clock(talk)
    payer = customer(talk, test_clock=clock)
    made = subscribe(talk, price(talk), payer)
    assert talk.delete(f"{_PATH}/{clock}").json()["deleted"] is True
    assert talk.got(f"/v1/customers/{payer}")["deleted"] is True
    assert talk.got(f"/v1/subscriptions/{made['id']}")["status"] == "canceled"


def test_an_unknown_clock_is_refused(talk: Talk):
    found = error(talk.post("/v1/customers", {"test_clock": "clock_none"}), 400)
    assert (found["param"], found["code"]) == ("test_clock", "resource_missing")


@pytest.mark.parametrize("by", ["pm_card_chargeCustomerFail"])
def test_dunning_follows_the_clock(talk: Talk, by: str):
    clock = _clock(talk)
    payer = customer(talk, test_clock=clock)
    made = subscribe(talk, price(talk), payer)
    bad = talk.made(f"/v1/payment_methods/{by}/attach", {"customer": payer})["id"]
    talk.made(f"/v1/subscriptions/{made['id']}", {"default_payment_method": bad})
    end = made["items"]["data"][0]["current_period_end"]
    _advance(talk, clock, end + 3_600)
    assert talk.got(f"/v1/subscriptions/{made['id']}")["status"] == "past_due"
    _advance(talk, clock, end + 16 * _DAY)
    ended = talk.got(f"/v1/subscriptions/{made['id']}")
    assert (ended["status"], ended["ended_at"]) == ("canceled", end + 3_600 + 15 * _DAY)


def test_a_clock_has_room_for_three_customers_of_three_subscriptions(talk: Talk):
    clock = talk.made("/v1/test_helpers/test_clocks", {"frozen_time": NOW})["id"]
    held = [customer(talk, test_clock=clock) for _ in range(3)]
    assert "3 customers" in error(talk.post("/v1/customers", {"test_clock": clock}), 400)["message"]
    order = {"customer": held[0], "items": [{"price": price(talk)}]}
    for _ in range(3):
        talk.made("/v1/subscriptions", order)
    refused = error(talk.post("/v1/subscriptions", order), 400)
    assert "3 subscriptions per customer" in refused["message"]
