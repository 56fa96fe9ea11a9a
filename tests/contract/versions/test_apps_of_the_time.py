"""What apps sent when their SDK was new, and still send: parameters that newer ones do not have."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.versions.support import before, from_
from tests.talking import Talk, error

_SITES = {"success_url": "https://shop.example/s", "cancel_url": "https://shop.example/c"}


@pytest.mark.parametrize(
    ("country", "required"), [("US", "2019-02-19"), ("FR", "2019-09-09"), ("CA", "2019-11-05")]
)
def test_accounts_name_their_capabilities_since(talk: Talk, country: str, required: str) -> None:
    sent = {"type": "custom", "country": country, "email": "joan@example.com"}
    account = talk.made("/v1/accounts", sent, stripe_version=before(required))["id"]
    refused = error(talk.post("/v1/accounts", sent, stripe_version=from_(required)), 400)

    assert refused["param"] == "capabilities"
    now = talk.got(f"/v1/accounts/{account}")
    assert now["capabilities"] == {"legacy_payments": "active"}
    assert now["charges_enabled"]


def test_legacy_payments_take_charges_and_transfers(talk: Talk) -> None:
    sent = {"type": "custom", "country": "US"}
    account = talk.made("/v1/accounts", sent, stripe_version="2018-11-08")["id"]
    params = {"amount": 5000, "currency": "usd", "source": "tok_visa"}

    split = {"destination": {"account": account, "amount": 4000}}
    charge = talk.made("/v1/charges", params | split, stripe_version="2018-11-08")
    assert charge["destination"] == account
    direct = talk.made("/v1/charges", params, stripe_account=account, stripe_version="2018-11-08")
    assert direct["paid"]


def test_legacy_payments_that_were_asked_for_stay_inactive(talk: Talk) -> None:
    wanted = {"card_payments", "transfers", "legacy_payments"}
    capabilities = {name: {"requested": True} for name in wanted}
    sent = {"type": "custom", "country": "US", "capabilities": capabilities}
    made = talk.made("/v1/accounts", sent, stripe_version="2018-11-08")
    found = talk.got(f"/v1/accounts/{made['id']}")["capabilities"]
    assert found["legacy_payments"] == "inactive"


def test_account_links_led_to_success_or_failure(talk: Talk) -> None:
    sent = {
        "account": talk.account(),
        "failure_url": "https://shop.example/again",
        "success_url": "https://shop.example/done",
        "type": "custom_account_verification",
        "collect": "eventually_due",
    }
    link = talk.made("/v1/account_links", sent, stripe_version="2020-03-02")
    assert talk.client.get(link["url"]).status_code == 200
    refused = error(talk.post("/v1/account_links", sent, stripe_version="2020-08-27"), 400)
    assert refused["code"] == "parameter_unknown"


def _plan(talk: Talk, amount: int) -> str:
    sent = {"amount": amount, "currency": "usd", "interval": "month", "product": {"name": "Tea"}}
    return str(talk.made("/v1/plans", sent)["id"])


def test_a_session_names_the_items_and_the_coupon_of_a_subscription(talk: Talk) -> None:
    tea, milk = _plan(talk, 900), _plan(talk, 100)
    coupon = talk.made("/v1/coupons", {"percent_off": 50, "duration": "once"})["id"]
    data: dict[str, Any] = {"items": [{"plan": tea, "quantity": 2}, {"plan": milk}]}
    once = {"name": "Pot", "amount": 3000, "currency": "usd", "quantity": 1}
    sent = _SITES | {
        "payment_method_types": ["card"],
        "line_items": [once],
        "subscription_data": data | {"coupon": coupon},
    }
    session = talk.made("/v1/checkout/sessions", sent, stripe_version="2020-03-02")
    assert (session["mode"], session["amount_subtotal"]) == ("subscription", 4900)

    paid = {"session": session["id"], "payment_method": "pm_card_visa", "email": "a@b.co"}
    assert talk.control("checkout", paid).status_code == 200
    session = talk.got(f"/v1/checkout/sessions/{session['id']}")
    subscription = talk.got(f"/v1/subscriptions/{session['subscription']}")
    items = {item["price"]["id"]: item["quantity"] for item in subscription["items"]["data"]}
    assert items == {tea: 2, milk: 1}
    assert talk.got(f"/v1/invoices/{subscription['latest_invoice']}")["total"] == 2450

    refused = error(talk.post("/v1/checkout/sessions", sent, stripe_version="2022-08-01"), 400)
    assert refused["code"] == "parameter_unknown"


# -- payment intents of those who came from charges


_INTENT = {"amount": 1500, "currency": "usd", "confirm": True, "payment_method_types": ["card"]}


def test_a_payment_intent_takes_one_of_the_customers_sources(talk: Talk) -> None:
    customer = talk.customer(source="tok_visa")
    card = talk.made(f"/v1/customers/{customer['id']}/sources", {"source": "tok_mastercard"})["id"]
    sent = _INTENT | {"customer": customer["id"], "source": card}

    intent = talk.made("/v1/payment_intents", sent)

    assert (intent["status"], intent["source"]) == ("succeeded", card)
    charge = talk.got(f"/v1/charges/{intent['latest_charge']}")
    assert charge["payment_method_details"]["card"]["brand"] == "mastercard"
    stranger = _INTENT | {"customer": talk.customer()["id"], "source": card}
    assert error(talk.post("/v1/payment_intents", stranger), 404)["param"] == "source"


def test_a_payment_intent_that_names_nothing_takes_the_default_source(talk: Talk) -> None:
    """Documented, for intents that are confirmed as they are made."""
    customer = talk.customer(source="tok_visa")
    sent = _INTENT | {"customer": customer["id"]}

    intent = talk.made("/v1/payment_intents", sent)
    assert (intent["status"], intent["source"]) == ("succeeded", customer["default_source"])

    later = talk.made("/v1/payment_intents", sent | {"confirm": False})
    assert later["status"] == "requires_payment_method"
    without = _INTENT | {"customer": talk.customer()["id"]}
    assert error(talk.post("/v1/payment_intents", without), 400)


def test_an_intent_lets_go_of_a_source_that_is_declined(talk: Talk) -> None:
    sent = _INTENT | {"source": "tok_chargeDeclined"}
    declined = error(talk.post("/v1/payment_intents", sent), 402)
    intent = declined["payment_intent"]
    assert (intent["source"], intent["payment_method"]) == (None, None)
    paid = talk.made(f"/v1/payment_intents/{intent['id']}/confirm", {"source": "tok_visa"})
    assert paid["status"] == "succeeded"
    assert paid["source"].startswith("card_")
