"""The customer portal: what it offers, and what a customer does there."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

from emulator.contract import json_schema
from tests.resources.checkout.selling import price
from tests.talking import Talk, error


def _conforms(thing: Any) -> None:
    Draft202012Validator(json_schema(thing["object"])).validate(thing)


def _subscriber(talk: Talk) -> tuple[str, str]:
    """(customer, subscription)."""
    params = {"email": "jenny@example.com", "payment_method": "pm_card_visa"}
    customer = talk.made("/v1/customers", params)["id"]
    method = talk.got(f"/v1/customers/{customer}/payment_methods")["data"][0]["id"]
    order = {
        "customer": customer,
        "items": [{"price": price(talk, 900)}],
        "default_payment_method": method,
    }
    return customer, talk.made("/v1/subscriptions", order)["id"]


def test_the_portal_has_a_configuration_from_the_first(talk: Talk) -> None:
    customer, _ = _subscriber(talk)
    session = talk.made("/v1/billing_portal/sessions", {"customer": customer})
    _conforms(session)
    [configuration] = talk.got("/v1/billing_portal/configurations")["data"]
    _conforms(configuration)
    assert configuration["is_default"] is True
    assert session["configuration"] == configuration["id"]


def test_a_configuration_says_what_the_portal_offers(talk: Talk) -> None:
    features = {"invoice_history": {"enabled": True}}
    made = talk.made("/v1/billing_portal/configurations", {"features": features})
    _conforms(made)
    assert made["features"]["invoice_history"] == {"enabled": True}
    assert made["features"]["subscription_cancel"]["enabled"] is False
    path = f"/v1/billing_portal/configurations/{made['id']}"
    assert talk.made(path, {"active": False, "name": "Small"})["name"] == "Small"


def test_a_customer_cancels_and_changes_their_mind(talk: Talk) -> None:
    customer, subscription = _subscriber(talk)
    params = {"customer": customer, "return_url": "https://shop.example.com/account"}
    session = talk.made("/v1/billing_portal/sessions", params)
    path = "/" + session["url"].split("/", 3)[3]
    assert "jenny@example.com" in talk.client.get(path).text

    talk.client.post(path, data={"deed": "cancel", "subscription": subscription})
    assert talk.got(f"/v1/subscriptions/{subscription}")["cancel_at_period_end"] is True
    talk.client.post(path, data={"deed": "resume", "subscription": subscription})
    assert talk.got(f"/v1/subscriptions/{subscription}")["cancel_at_period_end"] is False
    back = talk.client.post(path, data={"deed": "leave"}, follow_redirects=False)
    assert back.headers["location"] == "https://shop.example.com/account"


def test_a_customer_gives_a_new_card(talk: Talk) -> None:
    customer, subscription = _subscriber(talk)
    session = talk.made("/v1/billing_portal/sessions", {"customer": customer})
    path = "/" + session["url"].split("/", 3)[3]
    before = talk.got(f"/v1/subscriptions/{subscription}")["default_payment_method"]
    talk.client.post(path, data={"deed": "card", "ready": "pm_card_mastercard"})
    after = talk.got(f"/v1/customers/{customer}")["invoice_settings"]["default_payment_method"]
    assert after not in {None, before}


def test_an_unknown_customer_has_no_portal(talk: Talk) -> None:
    refused = error(talk.post("/v1/billing_portal/sessions", {"customer": "cus_nobody"}), 400)
    assert refused["message"] == "No such customer: 'cus_nobody'"


def test_a_portal_session_is_somebodys(talk: Talk) -> None:
    refused = error(talk.post("/v1/billing_portal/sessions", {}), 400)
    assert (refused["code"], refused["param"]) == ("parameter_missing", "customer")
