"""Subscriptions: how they begin, renew and fail."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.subscribers import PAID, customer, events, price, subscribe
from tests.talking import NOW, Talk, error

_DAY = 86_400
_APRIL = NOW + 31 * _DAY


def _invoices(talk: Talk, subscription: str) -> Any:
    return talk.got("/v1/invoices", {"subscription": subscription})["data"]


def _of(talk: Talk, id_: str) -> Any:
    return talk.got(f"/v1/subscriptions/{id_}")


# -- beginning ------------------------------------------------------------------------------------


def test_a_subscription_is_paid_at_once(talk: Talk):
    payer, cost = customer(talk), price(talk)
    before = len(events(talk))
    made = subscribe(talk, cost, payer, quantity=3)
    invoice = made["latest_invoice"]
    assert (made["status"], made["quantity"], made["plan"]["amount"]) == ("active", 3, 2_000)
    assert made["items"]["data"][0]["current_period_end"] == _APRIL
    assert (invoice["status"], invoice["amount_paid"]) == ("paid", 6_000)
    assert invoice["number"].endswith("-0001")
    (line,) = invoice["lines"]["data"]
    assert line["description"] == "3 × Tea (at $20.00 / month)"
    assert events(talk, before) == [
        "invoice.created",
        *PAID,
        "customer.subscription.created",
    ]
    assert talk.control("audit").json()["holds"] is True


def test_the_first_payment_may_wait_for_the_browser(talk: Talk):
    made = subscribe(
        talk,
        price(talk),
        customer(talk),
        payment_behavior="default_incomplete",
        expand=["latest_invoice.confirmation_secret", "latest_invoice.payments"],
    )
    assert made["status"] == "incomplete"
    secret = made["latest_invoice"]["confirmation_secret"]["client_secret"]
    (payment,) = made["latest_invoice"]["payments"]["data"]
    assert (payment["status"], payment["amount_requested"]) == ("open", 2_000)
    intent = payment["payment"]["payment_intent"]
    assert secret.startswith(intent)
    before = len(events(talk))
    talk.made(f"/v1/payment_intents/{intent}/confirm", {"payment_method": "pm_card_visa"})
    assert _of(talk, made["id"])["status"] == "active"
    assert "customer.subscription.updated" in events(talk, before)


def test_who_does_not_pay_within_23_hours_never_subscribed(talk: Talk):
    made = subscribe(talk, price(talk), customer(talk), payment_behavior="default_incomplete")
    talk.advance("22h")
    assert _of(talk, made["id"])["status"] == "incomplete"
    talk.advance("1h")
    assert _of(talk, made["id"])["status"] == "incomplete_expired"
    assert talk.got(f"/v1/invoices/{made['latest_invoice']['id']}")["status"] == "void"


def test_a_declined_card_leaves_it_incomplete_or_nothing_at_all(talk: Talk):
    payer, cost = customer(talk, "pm_card_chargeCustomerFail"), price(talk)
    made = subscribe(talk, cost, payer)
    assert (made["status"], made["latest_invoice"]["status"]) == ("incomplete", "open")
    sent = {
        "customer": payer,
        "items": [{"price": cost}],
        "payment_behavior": "error_if_incomplete",
    }
    assert error(talk.post("/v1/subscriptions", sent), 402)["code"] == "card_declined"
    assert len(talk.got("/v1/subscriptions")["data"]) == 1


def test_a_card_may_ask_for_authentication(talk: Talk):
    payer = customer(talk, "pm_card_authenticationRequired")
    made = subscribe(talk, price(talk), payer, expand=["latest_invoice.payments"])
    assert made["status"] == "incomplete"
    intent = made["latest_invoice"]["payments"]["data"][0]["payment"]["payment_intent"]
    assert talk.got(f"/v1/payment_intents/{intent}")["status"] == "requires_action"
    assert "invoice.payment_action_required" in events(talk)
    talk.control("authenticate", {"intent": intent, "outcome": "succeeded"})
    assert _of(talk, made["id"])["status"] == "active"


@pytest.mark.parametrize(
    ("params", "param", "words"),
    [
        ({"items": [{"price": "price_none"}]}, "items[0][price]", "No such price: 'price_none'"),
        ({"plan": "gone"}, "plan", "No such plan: 'gone'"),
        ({}, "items", "Missing required param: items."),
    ],
)
def test_what_is_not_sold_is_refused(talk: Talk, params: Any, param: str, words: str):
    found = error(talk.post("/v1/subscriptions", {"customer": customer(talk), **params}), 400)
    assert (found["param"], found["message"]) == (param, words)


def test_prices_must_fit_a_subscription(talk: Talk):
    payer, once = customer(talk), price(talk, interval=None)
    refused = {"customer": payer, "items": [{"price": once}]}
    assert "type=one_time" in error(talk.post("/v1/subscriptions", refused), 400)["message"]
    gone = price(talk)
    talk.made(f"/v1/prices/{gone}", {"active": "false"})
    refused["items"] = [{"price": gone}]
    assert "inactive" in error(talk.post("/v1/subscriptions", refused), 400)["message"]
    refused["items"] = [{"price": price(talk)}, {"price": price(talk, currency="eur")}]
    assert error(talk.post("/v1/subscriptions", refused), 400)["param"] == "items"
    subscribe(talk, price(talk), payer)
    refused["items"] = [{"price": price(talk, currency="eur")}]
    assert "combine currencies" in error(talk.post("/v1/subscriptions", refused), 400)["message"]


def test_a_customer_without_a_card_cannot_subscribe(talk: Talk):
    poor, cost = talk.customer()["id"], price(talk)
    refused = {"customer": poor, "items": [{"price": cost}]}
    found = error(talk.post("/v1/subscriptions", refused), 400)
    assert found["code"] == "resource_missing"
    assert found["message"].startswith("This customer has no attached payment source")
    assert talk.got("/v1/invoices")["data"] == []
    free = subscribe(talk, price(talk, 0), poor)
    assert (free["status"], free["latest_invoice"]["status"]) == ("active", "paid")


def test_a_bank_debit_begins_at_once_and_may_fail_later(talk: Talk):
    account = {"account_number": "000111111116", "routing_number": "110000000"}
    data = {
        "type": "us_bank_account",
        "us_bank_account": {**account, "account_holder_type": "individual"},
        "billing_details": {"name": "Jo", "email": "jo@example.com"},
    }
    payer = talk.customer(email="jo@example.com")["id"]
    setup = {
        "customer": payer,
        "confirm": True,
        "payment_method_data": data,
        "payment_method_types": ["us_bank_account"],
        "mandate_data": {"customer_acceptance": {"type": "offline"}},
    }
    intent = talk.made("/v1/setup_intents", setup)
    if intent["status"] == "requires_action":
        path = f"/v1/setup_intents/{intent['id']}/verify_microdeposits"
        intent = talk.made(path, {"amounts": [32, 45]})
    method = intent["payment_method"]
    made = subscribe(talk, price(talk), payer, default_payment_method=method)
    assert (made["status"], made["latest_invoice"]["status"]) == ("active", "open")
    talk.advance("1m")
    assert _of(talk, made["id"])["status"] == "past_due"
    assert _invoices(talk, made["id"])[0]["next_payment_attempt"] is not None


# -- going on -------------------------------------------------------------------------------------


def test_a_renewal_is_a_draft_for_an_hour(talk: Talk):
    made = subscribe(talk, price(talk), customer(talk))
    talk.advance("24d")
    assert events(talk)[-1] == "invoice.upcoming"
    before = len(events(talk))
    talk.advance("7d")
    draft = _invoices(talk, made["id"])[0]
    assert (draft["status"], draft["billing_reason"]) == ("draft", "subscription_cycle")
    assert (draft["period_start"], draft["period_end"]) == (NOW, _APRIL)
    assert draft["automatically_finalizes_at"] == _APRIL + 3_600
    assert _of(talk, made["id"])["items"]["data"][0]["current_period_start"] == _APRIL
    talk.advance("1h")
    assert talk.got(f"/v1/invoices/{draft['id']}")["status"] == "paid"
    assert events(talk, before) == [
        "customer.subscription.updated",
        "invoice.created",
        *PAID,
    ]


def test_the_day_of_the_month_is_kept(talk: Talk):
    talk.advance("30d")
    made = subscribe(talk, price(talk), customer(talk))
    ends = []
    for days in ("30d", "31d", "30d"):
        ends.append(_of(talk, made["id"])["items"]["data"][0]["current_period_end"])
        talk.advance(days)
    thirty_first_of_march = NOW + 30 * _DAY
    assert [end - thirty_first_of_march for end in ends] == [30 * _DAY, 61 * _DAY, 91 * _DAY]


def test_a_trial_is_free_until_it_ends(talk: Talk):
    made = subscribe(talk, price(talk), customer(talk), trial_period_days=10)
    assert (made["status"], made["trial_end"]) == ("trialing", NOW + 10 * _DAY)
    assert made["billing_cycle_anchor"] == made["trial_end"]
    (line,) = made["latest_invoice"]["lines"]["data"]
    assert (line["amount"], line["description"]) == (0, "Free trial for 1 × Tea")
    talk.advance("7d")
    assert events(talk)[-2:] == ["invoice.upcoming", "customer.subscription.trial_will_end"]
    talk.advance("3d")
    assert _of(talk, made["id"])["status"] == "active"
    talk.advance("1h")
    assert [each["amount_paid"] for each in _invoices(talk, made["id"])] == [2_000, 0]


def test_a_trial_asks_for_a_card_in_time(talk: Talk):
    payer = talk.customer()["id"]
    keeps = {"save_default_payment_method": "on_subscription"}
    made = subscribe(talk, price(talk), payer, trial_period_days=5, payment_settings=keeps)
    intent = made["pending_setup_intent"]
    assert talk.got(f"/v1/setup_intents/{intent}")["customer"] == payer
    talk.made(f"/v1/setup_intents/{intent}/confirm", {"payment_method": "pm_card_visa"})
    after = _of(talk, made["id"])
    assert (after["pending_setup_intent"], after["default_payment_method"][:3]) == (None, "pm_")
    talk.advance("5d")
    talk.advance("1h")
    assert _invoices(talk, made["id"])[0]["amount_paid"] == 2_000


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [("pause", "paused"), ("cancel", "canceled"), ("create_invoice", "active")],
)
def test_a_trial_may_end_without_a_card(talk: Talk, behaviour: str, status: str):
    settings = {"end_behavior": {"missing_payment_method": behaviour}}
    payer = talk.customer()["id"]
    made = subscribe(talk, price(talk), payer, trial_period_days=1, trial_settings=settings)
    talk.advance("1d")
    assert _of(talk, made["id"])["status"] == status
    if behaviour == "pause":
        method = talk.made("/v1/payment_methods/pm_card_visa/attach", {"customer": payer})["id"]
        talk.made(f"/v1/subscriptions/{made['id']}", {"default_payment_method": method})
        talk.made(f"/v1/subscriptions/{made['id']}/resume")
        assert _of(talk, made["id"])["status"] == "active"
        assert _invoices(talk, made["id"])[0]["amount_paid"] == 2_000


@pytest.mark.parametrize(
    ("behaviour", "status", "told"),
    [
        ("pause", "paused", "customer.subscription.paused"),
        ("cancel", "canceled", "customer.subscription.deleted"),
    ],
)
def test_a_trial_that_is_cut_short_ends_as_it_would_have(
    talk: Talk, behaviour: str, status: str, told: str
):
    settings = {"end_behavior": {"missing_payment_method": behaviour}}
    trial = {"trial_period_days": 7, "trial_settings": settings}
    made = subscribe(talk, price(talk), talk.customer()["id"], **trial)
    cut = talk.made(f"/v1/subscriptions/{made['id']}", {"trial_end": "now"})
    assert (cut["status"], cut["trial_end"]) == (status, NOW)
    assert events(talk)[-1] == told
    assert len(_invoices(talk, made["id"])) == 1

    payer = customer(talk)
    paid = subscribe(talk, price(talk), payer, **trial)["id"]
    assert talk.made(f"/v1/subscriptions/{paid}", {"trial_end": "now"})["status"] == "active"
    assert _invoices(talk, paid)[0]["amount_paid"] == 2_000


def test_who_stops_paying_is_reminded_and_then_let_go(talk: Talk):
    payer = customer(talk)
    made = subscribe(talk, price(talk), payer)
    bad = talk.made("/v1/payment_methods/pm_card_chargeCustomerFail/attach", {"customer": payer})
    talk.made(f"/v1/subscriptions/{made['id']}", {"default_payment_method": bad["id"]})
    talk.advance("31d")
    before = len(events(talk))
    talk.advance("1h")
    assert _of(talk, made["id"])["status"] == "past_due"
    assert events(talk, before) == [
        "invoice.finalized",
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
        "invoice.payment_failed",
        "invoice.updated",
        "customer.subscription.updated",
    ]
    invoice = _invoices(talk, made["id"])[0]
    assert (invoice["attempt_count"], invoice["next_payment_attempt"]) == (
        1,
        _APRIL + 3_600 + 3 * _DAY,
    )
    talk.advance("15d")
    ended = _of(talk, made["id"])
    assert ended["status"] == "canceled"
    assert ended["cancellation_details"]["reason"] == "payment_failed"
    assert talk.got(f"/v1/invoices/{invoice['id']}")["attempt_count"] == 4


@pytest.mark.parametrize("then", ["unpaid", "past_due"])
def test_what_follows_the_last_attempt_is_a_setting(talk: Talk, then: str):
    dunning = {"retry_days": [1], "after_retries": then}
    assert talk.control("settings", {"dunning": dunning}).json()["dunning"] == dunning
    assert talk.control("settings", {"dunning": {"retry_days": [0]}}).status_code == 400
    payer = customer(talk)
    made = subscribe(talk, price(talk), payer)
    bad = talk.made("/v1/payment_methods/pm_card_chargeCustomerFail/attach", {"customer": payer})
    talk.made(f"/v1/subscriptions/{made['id']}", {"default_payment_method": bad["id"]})
    talk.advance("33d")
    assert _of(talk, made["id"])["status"] == then
    assert _invoices(talk, made["id"])[0]["attempt_count"] == 2


def test_a_payment_in_time_saves_it(talk: Talk):
    payer = customer(talk)
    made = subscribe(talk, price(talk), payer)
    bad = talk.made("/v1/payment_methods/pm_card_chargeCustomerFail/attach", {"customer": payer})
    talk.made(f"/v1/subscriptions/{made['id']}", {"default_payment_method": bad["id"]})
    talk.advance("31d")
    talk.advance("1h")
    invoice = _invoices(talk, made["id"])[0]
    refused = error(talk.post(f"/v1/invoices/{invoice['id']}/pay"), 402)
    assert refused["code"] == "card_declined"
    assert talk.got(f"/v1/invoices/{invoice['id']}")["attempt_count"] == 2
    good = talk.got("/v1/payment_methods", {"customer": payer})["data"][-1]["id"]
    talk.made(f"/v1/invoices/{invoice['id']}/pay", {"payment_method": good})
    assert _of(talk, made["id"])["status"] == "active"


@pytest.mark.parametrize(
    ("now", "types", "reuse"),
    [
        (1_615_248_000, ["card"], None),
        (1_668_988_800, ["acss_debit", "card", "link", "us_bank_account"], "off_session"),
        (
            1_744_848_000,
            ["acss_debit", "card", "cashapp", "link", "us_bank_account"],
            "off_session",
        ),
    ],
)
def test_what_pays_a_subscription_grew_with_the_years(
    talk: Talk, now: int, types: list[str], reuse: str | None
):
    assert talk.control("clock", {"now": now, "mode": "frozen"}).status_code == 200

    subscribe(talk, price(talk), customer(talk))

    (intent,) = talk.got("/v1/payment_intents")["data"]
    assert (intent["payment_method_types"], intent["setup_future_usage"]) == (types, reuse)
    assert list(intent["payment_method_options"]) == types
