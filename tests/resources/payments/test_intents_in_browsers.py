"""Intents as a browser sees them, and what can be changed when."""

from __future__ import annotations

import pytest

from tests.resources.market import Doc, pay
from tests.resources.shops import rows, shop
from tests.talking import Talk, error

_CARD: Doc = {"amount": 1_000, "currency": "usd", "payment_method_types": ["card"]}


def test_a_browser_sees_no_more_than_it_needs(talk: Talk) -> None:
    browser = talk.as_key("pk_test_main")
    intent = talk.made("/v1/payment_intents", {**_CARD, "metadata": {"cost": "1"}})
    secret = {"client_secret": intent["client_secret"]}
    path = f"/v1/payment_intents/{intent['id']}"
    seen = browser.got(path, secret)
    assert seen["amount"] == 1_000
    assert not {"metadata", "latest_charge", "customer"} & seen.keys()

    refused = error(
        browser.post(f"{path}/confirm", {**secret, "payment_method": "pm_card_chargeDeclined"}), 402
    )
    assert "metadata" not in refused["payment_intent"]
    done = browser.made(f"{path}/confirm", {**secret, "payment_method": "pm_card_visa"})
    assert done["status"] == "succeeded"
    assert "latest_charge" not in done
    assert talk.got(path)["metadata"] == {"cost": "1"}


def test_a_browser_sees_setup_intents_alike(talk: Talk) -> None:
    intent = talk.made("/v1/setup_intents", {"payment_method_types": ["card"]})
    browser, path = talk.as_key("pk_test_main"), f"/v1/setup_intents/{intent['id']}"
    params = {"client_secret": intent["client_secret"], "payment_method": "pm_card_visa"}
    done = browser.made(f"{path}/confirm", params)
    assert (done["status"], "metadata" in done) == ("succeeded", False)
    error(browser.get(path), 401)


@pytest.mark.parametrize("name", ["amount", "currency", "payment_method", "setup_future_usage"])
def test_what_is_authorised_is_not_changed(talk: Talk, name: str) -> None:
    charge = pay(talk, 1_000, capture_method="manual")
    values: Doc = {"amount": 900, "currency": "eur", "payment_method": "pm_card_mastercard"}
    path = f"/v1/payment_intents/{charge['payment_intent']}"
    refused = error(talk.post(path, {name: values.get(name, "off_session")}), 400)
    assert refused["code"] == "payment_intent_unexpected_state"


def test_the_split_is_changed_until_the_capture(talk: Talk) -> None:
    account = shop(talk)
    data = {"destination": account}
    charge = pay(
        talk, 1_000, capture_method="manual", application_fee_amount=100, transfer_data=data
    )
    path = f"/v1/payment_intents/{charge['payment_intent']}"
    talk.made(path, {"application_fee_amount": 250})
    talk.made(f"{path}/capture")
    assert rows(talk, account)[0].net == 750
    error(talk.post(path, {"application_fee_amount": 300}), 400)
