"""The page of a Checkout Session, asked for as the fixtures of Stripe's command line do."""

from __future__ import annotations

from typing import Any

from tests.talking import Talk, error


def _session(talk: Talk, **more: Any) -> Any:
    line = {"price_data": {"currency": "usd", "unit_amount": 1500}, "quantity": 2}
    line["price_data"]["product_data"] = {"name": "Tea"}  # type: ignore[index]
    params = {"mode": "payment", "success_url": "https://example.com", "line_items": [line]}
    return talk.made("/v1/checkout/sessions", {**params, **more})


def _method(talk: Talk, **billing: str) -> str:
    card = {"type": "card", "card": {"token": "tok_visa"}, "billing_details": billing}
    return str(talk.made("/v1/payment_methods", card)["id"])


def test_a_session_is_seen_and_paid(talk: Talk):
    session = _session(talk)
    method = _method(talk, email="stripe@example.com", name="Jenny Rosen")
    page = f"/v1/payment_pages/{session['id']}"
    assert talk.got(page) == session
    paid = talk.made(f"{page}/confirm", {"payment_method": method, "expected_amount": 3000})

    assert (paid["status"], paid["payment_status"]) == ("complete", "paid")
    assert paid["customer_details"]["email"] == "stripe@example.com"
    assert talk.got(f"/v1/checkout/sessions/{session['id']}") == paid
    assert talk.got(f"/v1/payment_intents/{paid['payment_intent']}")["amount_received"] == 3000
    told = talk.got("/v1/events", {"type": "checkout.session.completed"})["data"]
    assert len(told) == 1


def test_another_amount_than_was_seen_is_not_paid(talk: Talk):
    session = _session(talk)
    params = {"payment_method": _method(talk), "expected_amount": 2999}
    refused = talk.post(f"/v1/payment_pages/{session['id']}/confirm", params)
    assert error(refused, 400)["code"] == "checkout_amount_mismatch"
    assert talk.got(f"/v1/checkout/sessions/{session['id']}")["status"] == "open"


def test_who_pays_what_is_not_there_is_told_so(talk: Talk):
    for path in ("", "/confirm"):
        asked = talk.post if path else talk.get
        refused = asked(
            f"/v1/payment_pages/cs_test_none{path}",
            {"payment_method": "pm_card_visa"} if path else {},
        )
        assert error(refused, 404)["code"] == "resource_missing"
    refused = talk.post(f"/v1/payment_pages/{_session(talk)['id']}/confirm", {})
    assert error(refused, 400)["param"] == "payment_method"
    unknown = {"payment_method": "pm_none"}
    refused = talk.post(f"/v1/payment_pages/{_session(talk)['id']}/confirm", unknown)
    assert error(refused, 400)["param"] == "payment_method"


def test_a_declined_card_leaves_the_session_open(talk: Talk):
    session = _session(talk)
    confirm = f"/v1/payment_pages/{session['id']}/confirm"
    refused = talk.post(confirm, {"payment_method": "pm_card_chargeDeclined"})
    assert error(refused, 402)["code"] == "card_declined"
    paid = talk.made(confirm, {"payment_method": "pm_card_visa"})
    assert paid["status"] == "complete"
