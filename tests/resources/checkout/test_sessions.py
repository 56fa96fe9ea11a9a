"""Checkout Sessions: what they come to, what becomes of them, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from emulator.contract import json_schema
from tests.resources.checkout.selling import events, paying, price, session, submit, subscribing
from tests.talking import NOW, Talk, error


def _conforms(thing: Any) -> None:
    Draft202012Validator(json_schema(thing["object"])).validate(thing)


def test_a_session_is_open_until_somebody_pays(talk: Talk) -> None:
    made = session(talk, paying(1500, quantity=2))
    _conforms(made)
    assert (made["status"], made["payment_status"]) == ("open", "unpaid")
    assert (made["amount_subtotal"], made["amount_total"]) == (3000, 3000)
    assert made["expires_at"] == NOW + 86_400
    assert made["payment_intent"] is None
    assert made["url"].endswith(made["id"])
    assert len(made["id"]) == 66


def test_who_pays_completes_it(talk: Talk) -> None:
    made = session(talk, paying(1500))
    answer = submit(talk, made["id"], email="jenny@example.com", name="Jenny")
    done = answer["session"]
    assert (done["status"], done["payment_status"], done["url"]) == ("complete", "paid", None)
    assert done["customer_details"]["email"] == "jenny@example.com"
    assert answer["url"] == f"https://shop.example.com/done?id={made['id']}"
    intent = talk.got(f"/v1/payment_intents/{done['payment_intent']}")
    assert (intent["status"], intent["amount_received"]) == ("succeeded", 1500)
    told = events(talk)
    assert told.index("payment_intent.succeeded") < told.index("checkout.session.completed")


def test_a_declined_card_leaves_it_open_to_be_tried_again(talk: Talk) -> None:
    made = session(talk, paying(1500))
    body = {"session": made["id"], "payment_method": "pm_card_chargeDeclined"}
    assert error(talk.control("checkout", body), 402)["code"] == "card_declined"
    still = talk.got(f"/v1/checkout/sessions/{made['id']}")
    assert still["status"] == "open"
    done = submit(talk, made["id"])["session"]
    assert done["payment_intent"] == still["payment_intent"]
    assert len(talk.got("/v1/charges")["data"]) == 2


def test_a_challenge_is_passed_on_the_page_of_the_bank(talk: Talk) -> None:
    made = session(talk, paying(1500))
    method = "pm_card_authenticationRequired"
    answer = submit(talk, made["id"], payment_method=method)
    assert answer["session"]["status"] == "open"
    intent = answer["session"]["payment_intent"]
    talk.control("authenticate", {"intent": intent, "outcome": "succeeded"})
    assert talk.got(f"/v1/checkout/sessions/{made['id']}")["payment_status"] == "paid"


def test_a_debit_is_paid_when_it_clears(talk: Talk) -> None:
    made = session(talk, paying(1500) | {"payment_method_types": ["us_bank_account"]})
    done = submit(talk, made["id"], payment_method="pm_usBankAccount_success")["session"]
    assert (done["status"], done["payment_status"]) == ("complete", "unpaid")
    talk.advance("10d")
    assert talk.got(f"/v1/checkout/sessions/{made['id']}")["payment_status"] == "paid"
    assert "checkout.session.async_payment_succeeded" in events(talk)


def test_it_expires_by_itself_and_on_request(talk: Talk) -> None:
    first, second = session(talk, paying(1500)), session(talk, paying(1500))
    gone = talk.made(f"/v1/checkout/sessions/{first['id']}/expire")
    assert (gone["status"], gone["url"]) == ("expired", None)
    refused = error(talk.post(f"/v1/checkout/sessions/{first['id']}/expire"), 400)
    assert 'a status of "expired"' in refused["message"]
    talk.advance("1d")
    assert talk.got(f"/v1/checkout/sessions/{second['id']}")["status"] == "expired"
    assert events(talk).count("checkout.session.expired") == 2


def test_discounts_taxes_and_shipping_add_up(talk: Talk) -> None:
    coupon = talk.made("/v1/coupons", {"percent_off": 10, "duration": "once"})["id"]
    rate = {"display_name": "VAT", "percentage": 20, "inclusive": False}
    tax = talk.made("/v1/tax_rates", rate)["id"]
    fixed = {"amount": 500, "currency": "usd"}
    shipping = {"type": "fixed_amount", "display_name": "Post", "fixed_amount": fixed}
    params = paying(1000, quantity=3)
    params["line_items"][0]["tax_rates"] = [tax]
    params |= {
        "discounts": [{"coupon": coupon}],
        "shipping_options": [{"shipping_rate_data": shipping}],
    }
    made = session(talk, params)
    assert made["amount_subtotal"] == 3000
    assert made["total_details"] == {
        "amount_discount": 300,
        "amount_shipping": 500,
        "amount_tax": 540,
    }
    assert made["amount_total"] == 3000 - 300 + 540 + 500
    [line] = talk.got(f"/v1/checkout/sessions/{made['id']}/line_items")["data"]
    assert (line["amount_discount"], line["amount_tax"], line["amount_total"]) == (300, 540, 3240)
    done = submit(talk, made["id"])["session"]
    intent = talk.got(f"/v1/payment_intents/{done['payment_intent']}")
    assert intent["amount"] == made["amount_total"]


def test_a_promotion_code_is_typed_on_the_page(talk: Talk) -> None:
    coupon = talk.made("/v1/coupons", {"amount_off": 400, "currency": "usd", "duration": "once"})
    promotion = {"promotion": {"type": "coupon", "coupon": coupon["id"]}, "code": "SPRING"}
    talk.made("/v1/promotion_codes", promotion)
    made = session(talk, paying(1500) | {"allow_promotion_codes": True})
    wrong = talk.control("checkout", {"session": made["id"], "promotion_code": "AUTUMN"})
    assert error(wrong, 400)["param"] == "promotion_code"
    done = submit(talk, made["id"], promotion_code="spring")["session"]
    assert talk.got("/v1/promotion_codes")["data"][0]["times_redeemed"] == 1
    assert talk.got(f"/v1/coupons/{coupon['id']}")["times_redeemed"] == 1
    assert done["amount_total"] == 1100


def test_money_is_split_as_the_session_says(talk: Talk) -> None:
    account = talk.account()
    talk.control("onboard", {"account": account})
    talk.advance("1d")
    data = {"application_fee_amount": 200, "transfer_data": {"destination": account}}
    made = session(talk, paying(2000) | {"payment_intent_data": data})
    done = submit(talk, made["id"])["session"]
    intent = talk.got(
        f"/v1/payment_intents/{done['payment_intent']}", {"expand": ["latest_charge"]}
    )
    assert intent["latest_charge"]["application_fee_amount"] == 200
    assert intent["latest_charge"]["destination"] == account or intent["transfer_data"]
    balance = talk.got("/v1/balance", stripe_account=account)
    assert sum(part["amount"] for part in balance["pending"] + balance["available"]) == 1800


def test_a_direct_session_lives_on_the_connected_account(talk: Talk) -> None:
    account = talk.account()
    talk.control("onboard", {"account": account})
    talk.advance("1d")
    params = paying(2000) | {"payment_intent_data": {"application_fee_amount": 150}}
    params["success_url"] = "https://shop.example.com/done"
    made = talk.made("/v1/checkout/sessions", params, stripe_account=account)
    done = submit(talk, made["id"])["session"]
    assert done["payment_status"] == "paid"
    fees = talk.got("/v1/application_fees")["data"]
    assert [fee["amount"] for fee in fees] == [150]


def test_nothing_to_pay_needs_no_payment(talk: Talk) -> None:
    coupon = talk.made("/v1/coupons", {"percent_off": 100, "duration": "once"})["id"]
    made = session(talk, paying(1500) | {"discounts": [{"coupon": coupon}]})
    done = submit(talk, made["id"])["session"]
    assert (done["payment_status"], done["payment_intent"]) == ("no_payment_required", None)


def test_setup_keeps_a_way_to_pay(talk: Talk) -> None:
    customer = talk.customer()["id"]
    params = {"mode": "setup", "currency": "usd", "customer": customer}
    made = session(talk, params)
    assert made["setup_intent"].startswith("seti_")
    assert (made["discounts"], made["total_details"]) == (None, None)
    assert made["id"].startswith("cs_test_c1")
    done = submit(talk, made["id"])["session"]
    assert done["status"] == "complete"
    methods = talk.got(f"/v1/customers/{customer}/payment_methods")["data"]
    assert len(methods) == 1


@pytest.mark.parametrize(("instant", "known"), [(1_685_999_999, False), (1_686_000_000, True)])
def test_what_is_known_of_the_customer_once_came_with_the_end(
    talk: Talk, instant: int, known: bool
) -> None:
    talk.control("clock", {"now": instant})
    made = session(talk, paying(1500) | {"customer_email": "jenny@example.com"})
    assert (made["customer_details"] is not None) is known
    done = submit(talk, made["id"], name="Jenny")["session"]
    assert done["customer_details"]["name"] == "Jenny"
    assert done["customer_details"]["email"] == "jenny@example.com"


def test_a_subscription_begins_when_the_page_is_submitted(talk: Talk) -> None:
    made = session(talk, subscribing(price(talk, 2000)))
    assert made["subscription"] is None
    done = submit(talk, made["id"], email="jenny@example.com")["session"]
    assert (done["status"], done["payment_status"]) == ("complete", "paid")
    subscription = talk.got(f"/v1/subscriptions/{done['subscription']}")
    assert subscription["status"] == "active"
    assert subscription["customer"] == done["customer"]
    invoice = talk.got(f"/v1/invoices/{done['invoice']}")
    assert (invoice["status"], invoice["amount_paid"]) == ("paid", 2000)


def test_a_declined_card_begins_no_subscription(talk: Talk) -> None:
    made = session(talk, subscribing(price(talk, 2000)))
    body = {"session": made["id"], "payment_method": "pm_card_chargeDeclined"}
    assert error(talk.control("checkout", body), 402)["code"] == "card_declined"
    assert talk.got("/v1/subscriptions", {"status": "all"})["data"] == []
    assert talk.got("/v1/customers")["data"] == []


def test_a_trial_costs_nothing_at_first(talk: Talk) -> None:
    params = subscribing(price(talk, 2000)) | {"subscription_data": {"trial_period_days": 7}}
    done = submit(talk, session(talk, params)["id"])["session"]
    assert done["status"] == "complete"
    assert talk.got(f"/v1/subscriptions/{done['subscription']}")["status"] == "trialing"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"success_url": None}, "success_url"),
        ({"line_items": None}, "line_items"),
        ({"expires_at": NOW + 60}, "expires_at"),
        ({"mode": "subscription"}, "recurring price"),
        ({"subscription_data": {"trial_period_days": 7}}, "subscription_data"),
        ({"customer": "cus_nobody"}, "No such customer"),
    ],
)
def test_what_a_session_cannot_be_is_refused(talk: Talk, change: Any, message: str) -> None:
    params = {k: v for k, v in {**paying(1500), **change}.items() if v is not None}
    params.setdefault("cancel_url", "https://shop.example.com")
    if change.get("success_url", 0) is None:
        params.pop("success_url", None)
        answer = talk.post("/v1/checkout/sessions", params)
    else:
        params.setdefault("success_url", "https://shop.example.com/done?id={CHECKOUT_SESSION_ID}")
        answer = talk.post("/v1/checkout/sessions", params)
    assert message in str(error(answer, 400))


def test_recurring_prices_do_not_go_with_payment(talk: Talk) -> None:
    params = subscribing(price(talk, 2000)) | {"mode": "payment"}
    params["success_url"] = "https://shop.example.com"
    refused = error(talk.post("/v1/checkout/sessions", params), 400)
    assert "recurring price" in refused["message"]


def test_an_unknown_session_is_refused_in_its_own_words(talk: Talk) -> None:
    refused = error(talk.get("/v1/checkout/sessions/cs_test_invalid"), 404)
    assert refused["message"] == "No such checkout.session: cs_test_invalid"
    assert "param" not in refused
    long = error(talk.get(f"/v1/checkout/sessions/cs_test_{'x' * 70}"), 404)
    assert long["message"].endswith("must be at most 66 characters")


def test_sessions_are_found_by_what_they_led_to(talk: Talk) -> None:
    made = session(talk, paying(1500))
    session(talk, paying(1500))
    done = submit(talk, made["id"], email="jenny@example.com")["session"]
    for query in (
        {"payment_intent": done["payment_intent"]},
        {"customer_details": {"email": "jenny@example.com"}},
        {"status": "complete"},
    ):
        assert [s["id"] for s in talk.got("/v1/checkout/sessions", query)["data"]] == [made["id"]]


def test_the_page_shows_declines_and_sends_on(talk: Talk) -> None:
    made = session(talk, paying(1500) | {"cancel_url": "https://shop.example.com/cart"})
    path = made["url"].partition("12111")[2] or made["url"]
    path = "/" + made["url"].split("/", 3)[3]
    page = talk.client.get(path)
    assert "$15.00" in page.text
    bad = talk.client.post(path, data={"deed": "submit", "ready": "pm_card_chargeDeclined"})
    assert "declined" in bad.text
    back = talk.client.post(path, data={"deed": "leave"}, follow_redirects=False)
    assert back.headers["location"] == "https://shop.example.com/cart"
    card = {"number": "4242 4242 4242 4242", "exp": "12/34", "cvc": "123", "type": "card"}
    paid = talk.client.post(path, data={"deed": "submit", **card}, follow_redirects=False)
    assert paid.status_code == 303
    assert made["id"] in paid.headers["location"]


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"discounts": [{"coupon": "A"}, {"coupon": "B"}]}, "discounts"),
        ({"discounts": [{"coupon": "A"}], "allow_promotion_codes": True}, "allow_promotion_codes"),
        ({"ui_mode": "embedded"}, "success_url"),
        ({"customer_update": {"address": "auto"}}, "customer_update"),
        ({"line_items": [{"price": "price_a", "quantity": -1}]}, "line_items[0][quantity]"),
    ],
)
def test_what_no_page_is_made_of(talk: Talk, params: Any, param: str) -> None:
    sent = {**paying(1_000), "success_url": "https://shop.example.com", **params}
    assert error(talk.post("/v1/checkout/sessions", sent), 400)["param"] == param


def test_some_things_are_for_other_modes(talk: Talk) -> None:
    leaving = {"success_url": "https://a.example"}
    sent = {**subscribing(price(talk, 500)), **leaving, "customer_creation": "always"}
    assert error(talk.post("/v1/checkout/sessions", sent), 400)["param"] == "customer_creation"
    sent = {"mode": "setup", "currency": "usd", **leaving, "submit_type": "pay"}
    assert error(talk.post("/v1/checkout/sessions", sent), 400)["param"] == "submit_type"


def test_a_session_sells_twenty_subscriptions_at_most(talk: Talk) -> None:
    data = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Plan"}}
    line = {"price_data": {**data, "recurring": {"interval": "month"}}, "quantity": 1}
    sent = {"mode": "subscription", "success_url": "https://a.example", "line_items": [line] * 21}
    assert error(talk.post("/v1/checkout/sessions", sent), 400)["param"] == "line_items"
