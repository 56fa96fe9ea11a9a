"""Subscriptions: how they change and end, and what their discounts, tiers and usage cost."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from emulator.contract import json_schema
from emulator.contract.versions import NEWEST
from tests.resources.subscribers import amounts, customer, events, price, subscribe
from tests.talking import NOW, Talk, error

_DAY = 86_400
_APRIL = NOW + 31 * _DAY


def _invoices(talk: Talk, subscription: str) -> Any:
    return talk.got("/v1/invoices", {"subscription": subscription})["data"]


def _of(talk: Talk, id_: str) -> Any:
    return talk.got(f"/v1/subscriptions/{id_}")


# -- changing -------------------------------------------------------------------------------------


def _half(talk: Talk) -> None:
    """To the middle of the month of 31 days."""
    talk.advance(f"{31 * _DAY // 2}s")


def test_another_price_is_prorated_by_the_second(talk: Talk):
    made = subscribe(talk, price(talk, 2_000), customer(talk))
    _half(talk)
    item = {"id": made["items"]["data"][0]["id"], "price": price(talk, 5_001)}
    talk.made(f"/v1/subscriptions/{made['id']}", {"items": [item]})
    waiting = talk.got("/v1/invoiceitems", {"pending": "true"})["data"]
    assert [(each["amount"], each["description"]) for each in waiting] == [
        (2_501, "Remaining time on Tea after 17 Mar 2026"),
        (-1_000, "Unused time on Tea after 17 Mar 2026"),
    ]
    assert len(_invoices(talk, made["id"])) == 1
    _half(talk)
    assert amounts(_invoices(talk, made["id"])[0]) == [-1_000, 2_501, 5_001]
    assert talk.got("/v1/invoiceitems", {"pending": "true"})["data"] == []


@pytest.mark.parametrize(
    ("behaviour", "lines", "total"),
    [("always_invoice", [-1_000, 3_000], 2_000), ("none", None, None)],
)
def test_more_of_the_same_is_billed_as_asked(talk: Talk, behaviour: str, lines: Any, total: Any):
    made = subscribe(talk, price(talk, 2_000), customer(talk))
    _half(talk)
    item = {"id": made["items"]["data"][0]["id"], "quantity": 3}
    sent = {"items": [item], "proration_behavior": behaviour}
    talk.made(f"/v1/subscriptions/{made['id']}", sent)
    assert talk.got("/v1/invoiceitems", {"pending": "true"})["data"] == []
    if lines is None:
        assert len(_invoices(talk, made["id"])) == 1
        return
    invoice = _invoices(talk, made["id"])[0]
    assert (amounts(invoice), invoice["amount_paid"]) == (lines, total)
    assert invoice["billing_reason"] == "subscription_update"


def test_less_of_it_is_credited_to_the_balance(talk: Talk):
    payer = customer(talk)
    made = subscribe(talk, price(talk, 2_000), payer, quantity=2)
    _half(talk)
    item = {"id": made["items"]["data"][0]["id"], "quantity": 1}
    sent = {"items": [item], "proration_behavior": "always_invoice"}
    talk.made(f"/v1/subscriptions/{made['id']}", sent)
    invoice = _invoices(talk, made["id"])[0]
    assert (invoice["total"], invoice["amount_due"], invoice["ending_balance"]) == (
        -1_000,
        0,
        -1_000,
    )
    assert talk.got(f"/v1/customers/{payer}")["balance"] == -1_000
    _half(talk)
    talk.advance("1h")
    renewal = _invoices(talk, made["id"])[0]
    assert (renewal["total"], renewal["starting_balance"], renewal["amount_paid"]) == (
        2_000,
        -1_000,
        1_000,
    )
    (first, second) = talk.got(f"/v1/customers/{payer}/balance_transactions")["data"]
    assert (first["amount"], second["amount"], first["ending_balance"]) == (1_000, -1_000, 0)


def test_another_rhythm_begins_a_new_cycle_in_classic_billing_alone(talk: Talk):
    for mode, anchor, lines in (
        ("classic", NOW + 31 * _DAY // 2, [-1_000, 20_000]),
        ("flexible", NOW, [-1_000, 19_151]),
    ):
        other = talk.as_key(f"sk_test_{mode}")
        other.control("clock", {"now": NOW, "mode": "frozen"})
        yearly = price(other, 20_000, "year")
        made = subscribe(other, price(other), customer(other), billing_mode={"type": mode})
        _half(other)
        item = {"id": made["items"]["data"][0]["id"], "price": yearly}
        sent = {"items": [item], "proration_behavior": "always_invoice"}
        changed = other.made(f"/v1/subscriptions/{made['id']}", sent)
        assert changed["billing_cycle_anchor"] == anchor, mode
        assert amounts(_invoices(other, made["id"])[0]) == lines, mode


def test_a_change_may_wait_for_its_payment(talk: Talk):
    payer = customer(talk)
    made = subscribe(talk, price(talk, 2_000), payer)
    bad = talk.made("/v1/payment_methods/pm_card_chargeCustomerFail/attach", {"customer": payer})
    path, item = f"/v1/subscriptions/{made['id']}", made["items"]["data"][0]["id"]
    talk.made(path, {"default_payment_method": bad["id"]})
    sent = {
        "items": [{"id": item, "quantity": 2}],
        "payment_behavior": "pending_if_incomplete",
        "proration_behavior": "always_invoice",
    }
    waiting = talk.made(path, sent)
    assert (waiting["quantity"], waiting["status"]) == (1, "active")
    assert waiting["pending_update"]["subscription_items"][0]["quantity"] == 2
    good = talk.got("/v1/payment_methods", {"customer": payer})["data"][-1]["id"]
    talk.made(f"/v1/invoices/{waiting['latest_invoice']}/pay", {"payment_method": good})
    applied = _of(talk, made["id"])
    assert (applied["quantity"], applied["pending_update"]) == (2, None)


def test_items_come_and_go(talk: Talk):
    made = subscribe(talk, price(talk), customer(talk))
    added = talk.made(
        "/v1/subscription_items", {"subscription": made["id"], "price": price(talk, 700)}
    )
    assert added["current_period_end"] == _APRIL
    shown = _of(talk, made["id"])
    assert (len(shown["items"]["data"]), shown["plan"], shown["quantity"]) == (2, None, None)
    talk.made(f"/v1/subscription_items/{added['id']}", {"quantity": 4})
    listed = talk.got("/v1/subscription_items", {"subscription": made["id"]})["data"]
    assert [each["quantity"] for each in listed] == [4, 1]
    assert talk.delete(f"/v1/subscription_items/{added['id']}").json()["deleted"] is True
    last = talk.delete(f"/v1/subscription_items/{made['items']['data'][0]['id']}")
    assert "at least one active plan" in error(last, 400)["message"]


# -- ending ---------------------------------------------------------------------------------------


def test_it_ends_at_once(talk: Talk):
    made = subscribe(talk, price(talk), customer(talk))
    gone = talk.delete(f"/v1/subscriptions/{made['id']}").json()
    assert (gone["status"], gone["ended_at"], gone["canceled_at"]) == ("canceled", NOW, NOW)
    assert events(talk)[-1] == "customer.subscription.deleted"
    assert talk.got("/v1/subscriptions")["data"] == []
    assert len(talk.got("/v1/subscriptions", {"status": "all"})["data"]) == 1
    refused = error(talk.post(f"/v1/subscriptions/{made['id']}", {"quantity": 2}), 400)
    assert refused["message"].startswith("A canceled subscription can only update")
    again = error(talk.delete(f"/v1/subscriptions/{made['id']}"), 404)
    assert again["message"] == f"No such subscription: '{made['id']}'"


def test_it_ends_with_its_period_unless_that_is_taken_back(talk: Talk):
    made = subscribe(talk, price(talk), customer(talk))
    path = f"/v1/subscriptions/{made['id']}"
    ending = talk.made(path, {"cancel_at_period_end": "true"})
    assert (ending["cancel_at"], ending["canceled_at"], ending["status"]) == (_APRIL, NOW, "active")
    back = talk.made(path, {"cancel_at_period_end": "false"})
    assert (back["cancel_at"], back["canceled_at"]) == (None, None)
    talk.made(path, {"cancel_at_period_end": "true"})
    talk.advance("31d")
    ended = _of(talk, made["id"])
    assert (ended["status"], ended["ended_at"]) == ("canceled", _APRIL)
    assert len(_invoices(talk, made["id"])) == 1


def test_what_is_unused_may_be_given_back_at_the_end(talk: Talk):
    payer = customer(talk)
    made = subscribe(talk, price(talk), payer)
    _half(talk)
    talk.send(
        "DELETE", f"/v1/subscriptions/{made['id']}?prorate=true&invoice_now=true", b""
    ).raise_for_status()
    assert _invoices(talk, made["id"])[0]["total"] == -1_000
    assert talk.got(f"/v1/customers/{payer}")["balance"] == -1_000


def test_a_customer_who_goes_takes_their_subscriptions_along(talk: Talk):
    payer = customer(talk)
    made = subscribe(talk, price(talk), payer)
    talk.delete(f"/v1/customers/{payer}")
    assert _of(talk, made["id"])["status"] == "canceled"
    assert events(talk)[-2:] == ["customer.subscription.deleted", "customer.deleted"]


@pytest.mark.parametrize(
    ("behaviour", "status"), [("void", "void"), ("mark_uncollectible", "uncollectible")]
)
def test_collection_may_pause(talk: Talk, behaviour: str, status: str):
    made = subscribe(talk, price(talk), customer(talk))
    pause = {"behavior": behaviour, "resumes_at": _APRIL + _DAY}
    talk.made(f"/v1/subscriptions/{made['id']}", {"pause_collection": pause})
    talk.advance("31d")
    assert _invoices(talk, made["id"])[0]["status"] == status
    talk.advance("1d")
    assert _of(talk, made["id"])["pause_collection"] is None


# -- discounts, tiers, usage ----------------------------------------------------------------------


def test_a_coupon_takes_off_as_long_as_it_lasts(talk: Talk):
    coupon = talk.made(
        "/v1/coupons", {"percent_off": 25, "duration": "repeating", "duration_in_months": 2}
    )
    discount = [{"coupon": coupon["id"]}]
    made = subscribe(talk, price(talk, 1_999), customer(talk), discounts=discount)
    assert made["latest_invoice"]["amount_paid"] == 1_499
    for days in ("31d", "30d", "31d"):
        talk.advance(days)
        talk.advance("1h")
    totals = [each["total"] for each in _invoices(talk, made["id"])]
    assert totals == [1_999, 1_999, 1_499, 1_499]


def test_a_coupon_of_once_is_used_once(talk: Talk):
    talk.made("/v1/coupons", {"amount_off": 300, "currency": "usd", "duration": "once", "id": "A"})
    made = subscribe(talk, price(talk), customer(talk), discounts=[{"coupon": "A"}])
    talk.advance("31d")
    assert [each["total"] for each in _invoices(talk, made["id"])] == [2_000, 1_700]


def test_tiers_make_a_line_each(talk: Talk):
    tiers = [{"up_to": 2, "unit_amount": 700}, {"up_to": "inf", "unit_amount": 500}]
    cost = price(talk, tiers=tiers, tiers_mode="graduated", billing_scheme="tiered")
    made = subscribe(talk, cost, customer(talk), quantity=5)
    found = [
        (each["amount"], each["description"]) for each in made["latest_invoice"]["lines"]["data"]
    ]
    assert found == [
        (1_400, "2 × Tea (Tier 1 at $7.00 / month)"),
        (1_500, "3 × Tea (Tier 2 at $5.00 / month)"),
    ]


def test_usage_is_billed_when_the_period_is_over(talk: Talk):
    payer = customer(talk)
    meter = talk.made(
        "/v1/billing/meters",
        {
            "display_name": "Cups",
            "event_name": "cup",
            "default_aggregation": {"formula": "sum"},
        },
    )
    recurring = {"interval": "month", "usage_type": "metered", "meter": meter["id"]}
    made = subscribe_metered(talk, price(talk, 30, recurring=recurring), payer)
    assert made["latest_invoice"] is None  # nothing to say yet
    for value in ("7", "5"):
        payload = {"stripe_customer_id": payer, "value": value}
        talk.made("/v1/billing/meter_events", {"event_name": "cup", "payload": payload})
    window = {"customer": payer, "start_time": NOW - NOW % 60, "end_time": NOW + 60 - NOW % 60}
    (summary,) = talk.got(f"/v1/billing/meters/{meter['id']}/event_summaries", window)["data"]
    assert summary["aggregated_value"] == 12
    talk.advance("31d")
    talk.advance("1h")
    assert amounts(_invoices(talk, made["id"])[0]) == [360]


def subscribe_metered(talk: Talk, cost: str, payer: str) -> Any:
    sent = {"customer": payer, "items": [{"price": cost}], "expand": ["latest_invoice"]}
    return talk.made("/v1/subscriptions", sent)


# -- shapes ---------------------------------------------------------------------------------------


def test_answers_conform_to_the_contract(talk: Talk):
    made = subscribe(talk, price(talk), customer(talk))
    newest = {"stripe_version": NEWEST.text}
    invoice = talk.got(f"/v1/invoices/{made['latest_invoice']['id']}", **newest)
    subscription = talk.got(f"/v1/subscriptions/{made['id']}", **newest)
    shown = [subscription, *subscription["items"]["data"], invoice, *invoice["lines"]["data"]]
    shown += talk.got("/v1/invoice_payments", **newest)["data"]
    for each in shown:
        jsonschema.Draft202012Validator(json_schema(each["object"])).validate(each)


def test_the_same_requests_give_the_same_bytes(talk: Talk):
    stories = []
    for _ in range(2):
        talk.control("reset", {})
        made = subscribe(talk, price(talk), customer(talk))
        talk.advance("40d")
        stories.append((talk.got("/v1/events", {"limit": 100}), made))
    assert stories[0] == stories[1]
