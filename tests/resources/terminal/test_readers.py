"""Readers of Terminal: a card is held to one, and money moves."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from emulator.contract import json_schema
from tests.resources.market import on, seller
from tests.talking import Talk, error

_HELPERS = "/v1/test_helpers/terminal/readers"


def _conforms(thing: Any) -> None:
    Draft202012Validator(json_schema(thing["object"])).validate(thing)


def _reader(talk: Talk, **headers: str) -> str:
    place = talk.made(
        "/v1/terminal/locations",
        {"display_name": "Shop", "address": {"line1": "1 Main St", "country": "US"}},
        **headers,
    )
    sent = {"registration_code": "simulated-wpe", "location": place["id"]}
    return str(talk.made("/v1/terminal/readers", sent, **headers)["id"])


def _intent(talk: Talk, headers: dict[str, str] | None = None, **more: Any) -> str:
    sent = {"amount": 2_000, "currency": "usd", "payment_method_types": ["card_present"], **more}
    return str(talk.made("/v1/payment_intents", sent, **headers or {})["id"])


def _present(talk: Talk, reader: str, number: str | None = None, **more: Any) -> Any:
    sent = dict(more)
    if number:
        sent |= {"type": "card_present", "card_present": {"number": number}}
    return talk.made(f"{_HELPERS}/{reader}/present_payment_method", sent)


def _process(talk: Talk, reader: str, intent: str) -> Any:
    path = f"/v1/terminal/readers/{reader}/process_payment_intent"
    return talk.made(path, {"payment_intent": intent})


def test_a_reader_is_registered_by_its_code(talk: Talk) -> None:
    reader = talk.got(f"/v1/terminal/readers/{_reader(talk)}")
    _conforms(reader)
    assert (reader["device_type"], reader["status"]) == ("simulated_wisepos_e", "online")
    assert (reader["label"], reader["action"]) == ("simulated-wpe", None)
    assert len(talk.got("/v1/terminal/readers", {"location": reader["location"]})["data"]) == 1
    assert talk.got("/v1/terminal/readers", {"device_type": "stripe_m2"})["data"] == []
    refused = talk.post("/v1/terminal/readers", {"registration_code": "puppies-plug-could"})
    assert error(refused, 400)["param"] == "registration_code"
    nowhere = {"registration_code": "simulated-wpe", "location": "tml_nope"}
    assert error(talk.post("/v1/terminal/readers", nowhere), 400)["param"] == "location"


def test_a_connection_token_is_told_with_its_location(talk: Talk) -> None:
    first, second = (talk.made("/v1/terminal/connection_tokens") for _ in range(2))
    assert first["secret"].startswith("pst_test_")
    assert first["secret"] != second["secret"]
    assert "location" not in first


@pytest.mark.parametrize("method", ["automatic", "manual"])
def test_a_card_held_to_a_reader_pays(talk: Talk, method: str) -> None:
    reader, intent = _reader(talk), _intent(talk, capture_method=method)
    begun = _process(talk, reader, intent)
    assert (begun["action"]["type"], begun["action"]["status"]) == (
        "process_payment_intent",
        "in_progress",
    )
    assert begun["action"]["process_payment_intent"] == {"payment_intent": intent}
    done = _present(talk, reader)
    _conforms(done)
    assert done["action"]["status"] == "succeeded"

    paid = talk.got(f"/v1/payment_intents/{intent}", {"expand": ["latest_charge"]})
    assert paid["status"] == ("succeeded" if method == "automatic" else "requires_capture")
    details = paid["latest_charge"]["payment_method_details"]
    assert (details["type"], details["card_present"]["last4"]) == ("card_present", "4242")
    assert details["card_present"]["receipt"]["authorization_code"]
    assert ("capture_before" in details["card_present"]) is (method == "manual")
    _conforms(paid["latest_charge"])
    if method == "manual":
        paid = talk.made(f"/v1/payment_intents/{intent}/capture")
    told = [event["type"] for event in talk.got("/v1/events")["data"]]
    assert "terminal.reader.action_succeeded" in told
    (entry,) = talk.got("/v1/balance")["pending"]
    assert entry["amount"] == 2_000 - 88
    _conforms(talk.got(f"/v1/payment_methods/{paid['payment_method']}"))


@pytest.mark.parametrize(
    ("number", "code"),
    [("4000000000000002", "card_declined"), ("4000000000000069", "expired_card")],
)
def test_a_card_that_is_declined_fails_the_action(talk: Talk, number: str, code: str) -> None:
    reader, intent = _reader(talk), _intent(talk)
    _process(talk, reader, intent)
    action = _present(talk, reader, number)["action"]
    assert (action["status"], action["failure_code"]) == ("failed", code)
    assert action["failure_message"]
    found = talk.got(f"/v1/payment_intents/{intent}")
    assert found["status"] == "requires_payment_method"
    assert found["last_payment_error"]["code"] == code
    told = {event["type"] for event in talk.got("/v1/events")["data"]}
    assert {"terminal.reader.action_failed", "payment_intent.payment_failed"} <= told

    _process(talk, reader, intent)
    assert _present(talk, reader)["action"]["status"] == "succeeded"


def test_on_a_connected_account_the_platform_takes_its_fee(talk: Talk) -> None:
    account = seller(talk)
    reader = _reader(talk, **on(account))
    intent = _intent(talk, on(account), application_fee_amount=300)
    path = f"/v1/terminal/readers/{reader}/process_payment_intent"
    talk.made(path, {"payment_intent": intent}, **on(account))
    talk.made(f"{_HELPERS}/{reader}/present_payment_method", {}, **on(account))
    (fee,) = talk.got("/v1/application_fees")["data"]
    assert (fee["amount"], fee["account"]) == (300, account)


def test_a_tip_is_added_to_what_is_paid(talk: Talk) -> None:
    reader, intent = _reader(talk), _intent(talk)
    _process(talk, reader, intent)
    _present(talk, reader, amount_tip=150)
    paid = talk.got(f"/v1/payment_intents/{intent}")
    assert (paid["amount"], paid["amount_received"]) == (2_150, 2_150)
    assert paid["amount_details"]["tip"] == {"amount": 150}


def test_a_tip_that_is_more_than_can_be_charged_is_refused(talk: Talk) -> None:
    reader, intent = _reader(talk), _intent(talk)
    _process(talk, reader, intent)
    path = f"/v1/test_helpers/terminal/readers/{reader}/present_payment_method"
    assert error(talk.post(path, {"amount_tip": 99_999_999}), 400)["code"] == "amount_too_large"
    assert talk.got(f"/v1/payment_intents/{intent}")["amount"] == 2_000
    _present(talk, reader, amount_tip=150)


def test_a_busy_reader_takes_nothing_else_until_its_action_is_canceled(talk: Talk) -> None:
    reader, intent = _reader(talk), _intent(talk)
    _process(talk, reader, intent)
    path = f"/v1/terminal/readers/{reader}"
    again = talk.post(f"{path}/process_payment_intent", {"payment_intent": intent})
    assert error(again, 400)["code"] == "terminal_reader_busy"
    assert talk.made(f"{path}/cancel_action")["action"] is None
    late = talk.post(f"{_HELPERS}/{reader}/present_payment_method")
    assert "does not wait" in error(late, 400)["message"]
    assert talk.got(f"/v1/payment_intents/{intent}")["status"] == "requires_payment_method"


def test_a_reader_takes_only_what_is_to_be_paid_in_person(talk: Talk) -> None:
    reader = _reader(talk)
    path = f"/v1/terminal/readers/{reader}/process_payment_intent"
    online = _intent(talk, payment_method_types=["card"])
    assert "card_present" in error(talk.post(path, {"payment_intent": online}), 400)["message"]
    gone = _intent(talk)
    talk.made(f"/v1/payment_intents/{gone}/cancel")
    refused = error(talk.post(path, {"payment_intent": gone}), 400)
    assert refused["code"] == "intent_invalid_state"


def test_a_card_is_collected_and_charged_when_that_is_confirmed(talk: Talk) -> None:
    reader, intent = _reader(talk), _intent(talk)
    path = f"/v1/terminal/readers/{reader}"
    early = talk.post(f"{path}/confirm_payment_intent", {"payment_intent": intent})
    assert error(early, 400)["param"] == "payment_intent"
    talk.made(f"{path}/collect_payment_method", {"payment_intent": intent})
    collected = _present(talk, reader)
    _conforms(collected)
    shown = collected["action"]["collect_payment_method"]["payment_method"]
    assert shown["card_present"]["brand"] == "visa"
    assert talk.got(f"/v1/payment_intents/{intent}")["status"] == "requires_payment_method"
    talk.made(f"{path}/confirm_payment_intent", {"payment_intent": intent})
    talk.advance("1s")
    assert talk.got(path)["action"]["status"] == "succeeded"
    assert talk.got(f"/v1/payment_intents/{intent}")["status"] == "succeeded"


def test_a_card_to_be_charged_later_comes_of_it(talk: Talk) -> None:
    reader, customer = _reader(talk), talk.customer()["id"]
    sent = {"customer": customer, "payment_method_types": ["card_present"]}
    intent = talk.made("/v1/setup_intents", sent)["id"]
    path = f"/v1/terminal/readers/{reader}/process_setup_intent"
    talk.made(path, {"setup_intent": intent, "allow_redisplay": "always"})
    done = _present(talk, reader)
    card = done["action"]["process_setup_intent"]["generated_card"]
    assert talk.got(f"/v1/setup_intents/{intent}")["status"] == "succeeded"
    (attempt,) = talk.got("/v1/setup_attempts", {"setup_intent": intent})["data"]
    assert attempt["payment_method_details"]["card_present"]["generated_card"] == card
    kept = talk.got(f"/v1/payment_methods/{card}")
    assert (kept["type"], kept["customer"]) == ("card", customer)
    assert kept["card"]["generated_from"]["setup_attempt"] == attempt["id"]
    later = {"amount": 500, "currency": "usd", "customer": customer, "payment_method": card}
    later |= {"off_session": True, "confirm": True, "payment_method_types": ["card"]}
    assert talk.made("/v1/payment_intents", later)["status"] == "succeeded"


def test_a_payment_may_leave_a_card_for_later_as_well(talk: Talk) -> None:
    reader, customer = _reader(talk), talk.customer()["id"]
    intent = _intent(talk, customer=customer, setup_future_usage="off_session")
    _process(talk, reader, intent)
    _present(talk, reader)
    charge = talk.got(f"/v1/payment_intents/{intent}", {"expand": ["latest_charge"]})
    shown = charge["latest_charge"]["payment_method_details"]["card_present"]
    (kept,) = talk.got(f"/v1/customers/{customer}/payment_methods")["data"]
    assert kept["id"] == shown["generated_card"]
    assert kept["card"]["generated_from"]["charge"] == charge["latest_charge"]["id"]


def test_interac_is_paid_and_given_back_with_the_card(talk: Talk) -> None:
    reader = _reader(talk)
    intent = _intent(talk, currency="cad", payment_method_types=["interac_present"])
    _process(talk, reader, intent)
    _present(talk, reader)
    paid = talk.got(f"/v1/payment_intents/{intent}", {"expand": ["latest_charge"]})
    _conforms(paid["latest_charge"])
    shown = paid["latest_charge"]["payment_method_details"]["interac_present"]
    assert (shown["brand"], shown["last4"]) == ("interac", "1933")
    path = f"/v1/terminal/readers/{reader}/refund_payment"
    talk.made(path, {"payment_intent": intent, "amount": 700})
    done = _present(talk, reader)
    refund = talk.got(f"/v1/refunds/{done['action']['refund_payment']['refund']}")
    assert (refund["amount"], refund["payment_intent"]) == (700, intent)


def test_somebody_types_or_walks_away(talk: Talk) -> None:
    reader = _reader(talk)
    text = {"type": "text", "required": True, "custom_text": {"title": "Name"}}
    choice = {"type": "selection", "custom_text": {"title": "Bag?"}}
    choice |= {"selection": {"choices": [{"id": "no", "text": "No"}, {"id": "yes", "text": "Yes"}]}}
    path = f"/v1/terminal/readers/{reader}/collect_inputs"
    talk.made(path, {"inputs": [text, choice]})
    done = talk.made(f"{_HELPERS}/{reader}/succeed_input_collection")
    _conforms(done)
    first, second = done["action"]["collect_inputs"]["inputs"]
    assert first["text"]["value"]
    assert second["selection"]["id"] == "no"
    talk.made(path, {"inputs": [text]})
    action = talk.made(f"{_HELPERS}/{reader}/timeout_input_collection")["action"]
    assert (action["status"], action["failure_code"]) == ("failed", "terminal_reader_timeout")


def test_a_cart_is_shown_by_itself_and_gives_way(talk: Talk) -> None:
    reader, intent = _reader(talk), _intent(talk)
    item = {"amount": 500, "description": "Tea", "quantity": 1}
    cart = {"currency": "usd", "line_items": [item], "total": 500}
    path = f"/v1/terminal/readers/{reader}"
    shown = talk.made(f"{path}/set_reader_display", {"type": "cart", "cart": cart})
    assert shown["action"]["set_reader_display"]["cart"]["line_items"] == [item]
    talk.advance("1s")
    assert talk.got(path)["action"]["status"] == "succeeded"
    talk.made(f"{path}/set_reader_display", {"type": "cart", "cart": cart})
    assert _process(talk, reader, intent)["action"]["type"] == "process_payment_intent"
    talk.advance("1m")
    assert talk.got(path)["action"]["status"] == "in_progress"


def test_the_newest_words_for_methods_are_understood(talk: Talk) -> None:
    sent = {"amount": 900, "currency": "usd", "allowed_payment_method_types": ["card_present"]}
    newest = {"stripe_version": "2026-10-28.endive"}
    reader, intent = _reader(talk), talk.made("/v1/payment_intents", sent, **newest)["id"]
    _process(talk, reader, intent)
    assert _present(talk, reader)["action"]["status"] == "succeeded"
