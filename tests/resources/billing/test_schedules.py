"""Subscription schedules: phases on the clock, and how they end."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from emulator.contract import json_schema
from tests.resources.subscribers import amounts, customer, events, price, subscribe
from tests.talking import NOW, Talk, error

_DAY = 86_400
_PATH = "/v1/subscription_schedules"


def _schedule(talk: Talk, payer: str, **params: Any) -> Any:
    month = {"duration": {"interval": "month", "interval_count": 1}}
    phases = [
        {"items": [{"price": price(talk, 1_000)}], **month},
        {"items": [{"price": price(talk, 2_500), "quantity": 2}], **month},
    ]
    return talk.made(_PATH, {"customer": payer, "phases": phases, **params})


@pytest.mark.parametrize(
    ("behaviour", "status", "lives"),
    [("release", "released", "active"), ("cancel", "completed", "canceled")],
)
def test_phases_follow_each_other(talk: Talk, behaviour: str, status: str, lives: str):
    made = _schedule(talk, customer(talk), end_behavior=behaviour)
    jsonschema.Draft202012Validator(json_schema("subscription_schedule")).validate(made)
    assert (made["status"], made["current_phase"]["end_date"]) == ("active", NOW + 31 * _DAY)
    sub = made["subscription"]
    assert talk.got(f"/v1/subscriptions/{sub}")["schedule"] == made["id"]
    talk.advance("31d")
    invoices = talk.got("/v1/invoices", {"subscription": sub})["data"]
    assert [amounts(each) for each in invoices] == [[5_000], [1_000]]
    talk.advance("30d")
    ended = talk.got(f"{_PATH}/{made['id']}")
    assert (ended["status"], ended["current_phase"]) == (status, None)
    assert talk.got(f"/v1/subscriptions/{sub}")["status"] == lives
    assert f"subscription_schedule.{status}" in events(talk)


@pytest.mark.parametrize(
    ("card", "status", "lives"),
    [("pm_card_visa", "paid", "active"), ("pm_card_chargeCustomerFail", "open", "past_due")],
)
def test_the_first_invoice_is_a_draft_for_an_hour(talk: Talk, card: str, status: str, lives: str):
    made = _schedule(talk, customer(talk, card))
    sub = f"/v1/subscriptions/{made['subscription']}"
    begun = talk.got(sub, {"expand": ["latest_invoice"]})
    assert (begun["status"], begun["latest_invoice"]["status"]) == ("active", "draft")
    talk.advance("59m")
    assert talk.got(sub, {"expand": ["latest_invoice"]})["latest_invoice"]["status"] == "draft"
    talk.advance("1m")
    after = talk.got(sub, {"expand": ["latest_invoice"]})
    assert (after["status"], after["latest_invoice"]["status"]) == (lives, status)


def test_a_schedule_needs_nobody_who_pays(talk: Talk):
    made = _schedule(talk, talk.customer()["id"])
    sub = f"/v1/subscriptions/{made['subscription']}"
    assert talk.got(sub)["status"] == "active"
    talk.advance("1h")
    assert talk.got(sub)["status"] == "past_due"


def test_a_schedule_may_begin_later(talk: Talk):
    made = _schedule(talk, customer(talk), start_date=NOW + 5 * _DAY)
    assert (made["status"], made["subscription"]) == ("not_started", None)
    assert talk.got(_PATH, {"scheduled": "true"})["data"] == [made]
    talk.advance("5d")
    begun = talk.got(f"{_PATH}/{made['id']}")
    assert begun["status"] == "active"
    assert talk.got(f"/v1/subscriptions/{begun['subscription']}")["status"] == "active"


def test_a_schedule_is_made_from_a_subscription_and_released(talk: Talk):
    sub = subscribe(talk, price(talk), customer(talk))
    made = talk.made(_PATH, {"from_subscription": sub["id"]})
    assert (made["status"], made["subscription"]) == ("active", sub["id"])
    assert error(talk.post(_PATH, {"from_subscription": sub["id"]}), 400)["param"]
    released = talk.made(f"{_PATH}/{made['id']}/release")
    assert (released["status"], released["released_subscription"]) == ("released", sub["id"])
    assert talk.got(f"/v1/subscriptions/{sub['id']}")["schedule"] is None
    assert "released" in error(talk.post(f"{_PATH}/{made['id']}/release"), 400)["message"]


def test_a_schedule_is_canceled_with_its_subscription(talk: Talk):
    made = _schedule(talk, customer(talk))
    gone = talk.made(f"{_PATH}/{made['id']}/cancel")
    assert (gone["status"], gone["canceled_at"]) == ("canceled", NOW)
    assert talk.got(f"/v1/subscriptions/{made['subscription']}")["status"] == "canceled"


def test_new_phases_change_the_running_one(talk: Talk):
    payer = customer(talk)
    made = _schedule(talk, payer)
    other = price(talk, 3_000)
    phases = [
        {
            "items": [{"price": other}],
            "start_date": made["phases"][0]["start_date"],
            "end_date": made["phases"][0]["end_date"],
            "proration_behavior": "none",
        }
    ]
    changed = talk.made(f"{_PATH}/{made['id']}", {"phases": phases})
    assert [each["items"][0]["price"] for each in changed["phases"]] == [other]
    found = talk.got(f"/v1/subscriptions/{made['subscription']}")["items"]["data"]
    assert [each["price"]["id"] for each in found] == [other]


def test_a_schedule_needs_somebody_and_something(talk: Talk):
    assert error(talk.post(_PATH, {}), 400)["param"] == "customer"


def test_a_phase_brings_discounts_rates_and_extras(talk: Talk):
    coupon = talk.made("/v1/coupons", {"percent_off": 50, "duration": "forever"})["id"]
    rate = talk.made("/v1/tax_rates", {"display_name": "T", "inclusive": False, "percentage": 10})
    month = {"duration": {"interval": "month", "interval_count": 1}}
    item = {"items": [{"price": price(talk, 1_000)}]}
    special = {
        **item,
        **month,
        "add_invoice_items": [{"price": price(talk, 400, None)}],
        "default_tax_rates": [rate["id"]],
        "discounts": [{"coupon": coupon}],
    }
    made = talk.made(_PATH, {"customer": customer(talk), "phases": [special, {**item, **month}]})
    jsonschema.Draft202012Validator(json_schema("subscription_schedule")).validate(made)
    first = talk.got("/v1/invoices")["data"][0]
    assert sorted(amounts(first)) == [400, 1_000]
    assert (first["total_excluding_tax"], first["total"]) == (700, 770)

    talk.advance("31d")
    sub = talk.got(f"/v1/subscriptions/{made['subscription']}")
    assert sub["discounts"] == []
    assert talk.got("/v1/invoices")["data"][0]["subtotal"] == 1_000


def test_settings_of_a_schedule_hold_where_a_phase_says_nothing(talk: Talk):
    phase = {"items": [{"price": price(talk, 1_000)}]}
    settings = {
        "collection_method": "send_invoice",
        "description": "All",
        "invoice_settings": {"days_until_due": 5},
    }
    made = talk.made(
        _PATH,
        {
            "customer": customer(talk),
            "default_settings": settings,
            "phases": [phase, {**phase, "description": "Mine"}],
        },
    )
    sub = f"/v1/subscriptions/{made['subscription']}"
    assert talk.got(sub)["description"] == "All"
    assert talk.got(sub)["days_until_due"] == 5
    talk.advance("31d")
    assert talk.got(sub)["description"] == "Mine"


def test_what_a_schedule_manages_is_not_ended_by_hand(talk: Talk) -> None:
    made = subscribe(talk, price(talk), customer(talk))
    path = f"/v1/subscriptions/{made['id']}"
    schedule = talk.made("/v1/subscription_schedules", {"from_subscription": made["id"]})["id"]
    for sent in ({"cancel_at_period_end": True}, {"cancel_at": made["created"] + 86_400}):
        refused = error(talk.post(path, sent), 400)
        assert refused["message"] == (
            f"The subscription is managed by the subscription schedule `{schedule}`, and updating "
            "any cancelation behavior directly is not allowed. Please update the schedule instead."
        )
        assert "code" not in refused
    assert talk.made(path, {"metadata": {"note": "kept"}})["metadata"] == {"note": "kept"}
    talk.made(f"/v1/subscription_schedules/{schedule}/release")
    assert talk.made(path, {"cancel_at_period_end": True})["cancel_at_period_end"] is True


def test_a_schedule_ends_with_its_subscription(talk: Talk) -> None:
    made = subscribe(talk, price(talk), customer(talk))
    schedule = talk.made("/v1/subscription_schedules", {"from_subscription": made["id"]})["id"]
    assert talk.delete(f"/v1/subscriptions/{made['id']}").status_code == 200
    shown = talk.got(f"/v1/subscription_schedules/{schedule}")
    assert (shown["status"], shown["current_phase"]) == ("canceled", None)
    assert shown["canceled_at"] is not None
    assert events(talk)[-2:] == ["customer.subscription.deleted", "subscription_schedule.canceled"]
    talk.advance("60d")
    assert talk.got(f"/v1/subscription_schedules/{schedule}")["status"] == "canceled"


def test_a_subscription_shows_when_its_schedule_cancels_it(talk: Talk) -> None:
    schedule = _schedule(talk, customer(talk), end_behavior="cancel")
    path = f"/v1/subscriptions/{schedule['subscription']}"
    shown = talk.got(path)
    last = schedule["phases"][-1]["end_date"]
    assert (shown["cancel_at"], shown["canceled_at"]) == (last, NOW)
    assert shown["cancellation_details"]["reason"] == "cancellation_requested"
    assert shown["cancel_at_period_end"] is False

    talk.made(f"{_PATH}/{schedule['id']}", {"end_behavior": "release"})
    shown = talk.got(path)
    assert (shown["cancel_at"], shown["canceled_at"]) == (None, None)
    assert shown["cancellation_details"]["reason"] is None
    talk.made(f"{_PATH}/{schedule['id']}", {"end_behavior": "cancel"})
    talk.delete(path)
    assert talk.got(path)["cancel_at"] is None


def test_a_schedule_says_a_week_before_that_it_expires(talk: Talk) -> None:
    schedule = _schedule(talk, customer(talk))
    talk.made(f"{_PATH}/{schedule['id']}", {"metadata": {"a": "b"}})
    expiring = {"type": "subscription_schedule.expiring"}
    talk.advance("53d")
    assert talk.got("/v1/events", expiring)["data"] == []
    talk.advance("2d")
    [event] = talk.got("/v1/events", expiring)["data"]
    assert event["created"] == schedule["phases"][-1]["end_date"] - 7 * _DAY
    assert "invoice.upcoming" in events(talk)
