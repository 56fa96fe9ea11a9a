"""Payment links make sessions for everybody; in the portal customers look after what they have."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

from emulator.contract import json_schema
from tests.checkout.selling import events, paying, price, submit, subscribing
from tests.talking import Talk, error


def _conforms(thing: Any) -> None:
    Draft202012Validator(json_schema(thing["object"])).validate(thing)


def _link(talk: Talk, **more: Any) -> Any:
    items = paying(1500)["line_items"]
    return talk.made("/v1/payment_links", {"line_items": items, **more})


def _open(talk: Talk, link: Any) -> Any:
    """Somebody follows the link: the session that they are sent to."""
    path = "/" + link["url"].split("/", 3)[3]
    answer = talk.client.get(path, follow_redirects=False)
    return answer.headers.get("location", "").rpartition("/")[2] or answer


def test_each_visit_is_a_session_of_its_own(talk: Talk) -> None:
    link = _link(talk, metadata={"campaign": "7"})
    _conforms(link)
    first, second = _open(talk, link), _open(talk, link)
    assert first != second
    session = talk.got(f"/v1/checkout/sessions/{first}")
    assert (session["payment_link"], session["amount_total"]) == (link["id"], 1500)
    assert session["metadata"] == {"campaign": "7"}
    assert submit(talk, first)["url"].endswith("/done")
    found = talk.got("/v1/checkout/sessions", {"payment_link": link["id"]})["data"]
    assert [each["status"] for each in found] == ["open", "complete"]
    assert "payment_link.created" in events(talk)


def test_a_link_that_is_off_opens_nothing(talk: Talk) -> None:
    link = _link(talk, inactive_message="The sale is over.")
    talk.made(f"/v1/payment_links/{link['id']}", {"active": False})
    assert "The sale is over." in _open(talk, link).text


def test_a_limit_of_completed_sessions_closes_a_link(talk: Talk) -> None:
    link = _link(talk, restrictions={"completed_sessions": {"limit": 1}})
    submit(talk, _open(talk, link))
    assert _open(talk, link).status_code == 400


def test_a_link_takes_a_fee_for_the_platform(talk: Talk) -> None:
    account = talk.account()
    talk.control("onboard", {"account": account})
    talk.advance("1d")
    split = {"application_fee_amount": 300, "transfer_data": {"destination": account}}
    link = _link(talk, **split)
    session = submit(talk, _open(talk, link))["session"]
    intent = talk.got(f"/v1/payment_intents/{session['payment_intent']}")
    assert intent["application_fee_amount"] == 300
    assert intent["transfer_data"]["destination"] == account


def test_a_link_sells_subscriptions_too(talk: Talk) -> None:
    items = subscribing(price(talk, 900))["line_items"]
    link = talk.made("/v1/payment_links", {"line_items": items})
    session = submit(talk, _open(talk, link))["session"]
    assert talk.got(f"/v1/subscriptions/{session['subscription']}")["status"] == "active"


def test_lines_of_a_link_are_listed(talk: Talk) -> None:
    link = _link(talk)
    [line] = talk.got(f"/v1/payment_links/{link['id']}/line_items")["data"]
    assert (line["description"], line["amount_total"]) == ("Mug", 1500)
    assert error(talk.post("/v1/payment_links", {}), 400)["param"].startswith("line_items")


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


def test_what_a_portal_session_and_an_adjustment_cannot_do_without(talk: Talk) -> None:
    for path, params, missing in (
        ("/v1/billing_portal/sessions", {}, "customer"),
        (
            "/v1/billing/meter_event_adjustments",
            {"event_name": "calls", "type": "cancel"},
            "cancel[identifier]",
        ),
    ):
        refused = error(talk.post(path, params), 400)
        assert (refused["code"], refused["param"]) == ("parameter_missing", missing)
