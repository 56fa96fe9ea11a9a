"""What stands on the pages of Checkout and of the portal, and how they say that something is
wrong.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.checkout.selling import paying
from tests.talking import Answer, Talk

_SHOP = "https://shop.test"


def _open(talk: Talk, url: str) -> str:
    return str(talk.client.get(url).text)


def _send(talk: Talk, url: str, **sent: str) -> Answer:
    return talk.client.post(url, data=sent, follow_redirects=False)


@pytest.fixture
def session(talk: Talk) -> Any:
    """A session with a choice to make and a way of shipping."""
    options = [{"label": "Small", "value": "s"}, {"label": "Large", "value": "l"}]
    size = {"key": "size", "type": "dropdown", "dropdown": {"options": options}}
    costs = {"type": "fixed_amount", "fixed_amount": {"amount": 500, "currency": "usd"}}
    rate = {"shipping_rate_data": {**costs, "display_name": "By post"}}
    sent = {
        **paying(1000),
        "success_url": _SHOP,
        "custom_fields": [{**size, "label": {"type": "custom", "custom": "Size"}}],
        "shipping_options": [rate],
    }
    return talk.made("/v1/checkout/sessions", sent)


def test_what_there_is_to_choose_is_named(talk: Talk, session: Any):
    page = _open(talk, session["url"])
    assert '<option value="l">Large</option>' in page
    assert "By post: $5.00" in page


def test_what_was_typed_stays_when_it_is_refused(talk: Talk, session: Any):
    typed = {"email": "<ada>@x.test", "number": "4000000000000002", "exp": "11/35", "cvc": "9"}
    page = _send(talk, session["url"], deed="submit", **{"field[size]": "l"}, **typed).text
    assert '<p class="bad" role="alert">' in page
    assert "&lt;ada&gt;@x.test" in page
    assert 'value="4000000000000002"' in page
    assert '<option value="l" selected>' in page


def test_everybody_has_an_email_and_a_name(talk: Talk, session: Any):
    body = {"session": session["id"], "payment_method": "pm_card_visa"}
    body["custom_fields"] = {"size": "s"}
    talk.control("checkout", body)
    details = talk.got(f"/v1/checkout/sessions/{session['id']}")["customer_details"]
    assert (details["email"], details["name"]) == ("jenny@example.com", "Jenny Rosen")


def test_what_the_seller_knows_of_the_customer_is_kept(talk: Talk):
    asked = {"mode": "setup", "currency": "usd", "success_url": _SHOP}
    made = talk.made("/v1/checkout/sessions", {**asked, "customer_email": "eva@x.test"})
    talk.control("checkout", {"session": made["id"], "payment_method": "pm_card_visa"})
    found = talk.got(f"/v1/checkout/sessions/{made['id']}")
    assert found["customer_details"]["email"] == "eva@x.test"


def test_the_portal_names_what_is_subscribed_to(talk: Talk):
    method = {"default_payment_method": "pm_card_visa"}
    customer = talk.customer(payment_method="pm_card_visa", invoice_settings=method)["id"]
    every = {"interval": "month", "interval_count": 3}
    price = {"currency": "usd", "unit_amount": 700, "product_data": {"name": "Tea & biscuits"}}
    price = talk.made("/v1/prices", {**price, "recurring": every})["id"]
    items = [{"price": price, "quantity": 2}]
    talk.made("/v1/subscriptions", {"customer": customer, "items": items})
    url = talk.made("/v1/billing_portal/sessions", {"customer": customer})["url"]
    page = _open(talk, url)
    assert "2 × Tea &amp; biscuits, $7.00 every 3 months" in page
    invoice = talk.got("/v1/invoices")["data"][0]["hosted_invoice_url"]
    assert f'<a href="{invoice}">' in page

    refused = _send(talk, url, deed="card", ready="pm_nothing")
    assert "No such PaymentMethod" in refused.text
    assert "Your subscriptions" in refused.text


def test_wrong_deposits_can_be_typed_again(talk: Talk):
    account = {"account_holder_type": "individual", "account_number": "000123456789"}
    sent = {
        "amount": 2500,
        "currency": "usd",
        "payment_method_types": ["us_bank_account"],
        "payment_method_data": {
            "type": "us_bank_account",
            "billing_details": {"name": "Jenny"},
            "us_bank_account": {**account, "routing_number": "110000000"},
        },
        "mandate_data": {"customer_acceptance": {"type": "offline"}},
        "confirm": True,
    }
    action = talk.made("/v1/payment_intents", sent, stripe_version="2024-06-20")["next_action"]
    url = action["verify_with_microdeposits"]["hosted_verification_url"]
    again = _send(talk, url, deed="verify", first="x", second="1").text
    assert 'role="alert"' in again
    assert "Which deposits arrived?" in again
    assert "processing" in _send(talk, url, deed="verify", descriptor_code="SM11AA").text
