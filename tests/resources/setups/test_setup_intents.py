"""Setup intents: every state, who is asked, and what stays with the payment method afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.resources.setups import setting_up
from emulator.resources.setups.setup_intents import SETUP_INTENTS
from emulator.world import World
from tests.talking import Talk, error

ACCEPTED = {
    "customer_acceptance": {
        "type": "online",
        "accepted_at": 1_772_000_000,
        "online": {"ip_address": "1.2.3.4", "user_agent": "Firefox"},
    }
}
IBAN = {"type": "sepa_debit", "sepa_debit": {"iban": "DE89370400440532013000"}}


def _confirmed(talk: Talk, method: str, **more: Any) -> Any:
    params = {"payment_method": method, "payment_method_types": ["card"], "confirm": True, **more}
    return talk.made("/v1/setup_intents", params)


def _authenticate(world: World, id_: str, outcome: str) -> None:
    with world.transaction(world.caller()) as tx:
        setting_up.authenticate(tx, tx.get(SETUP_INTENTS, id_), outcome)


def test_the_states_before_confirming(talk: Talk) -> None:
    made = talk.made("/v1/setup_intents", {"payment_method_types": ["card"]})
    assert (made["status"], made["usage"]) == ("requires_payment_method", "off_session")
    assert made["client_secret"].startswith(f"{made['id']}_secret_")

    path = f"/v1/setup_intents/{made['id']}"
    found = error(talk.post(f"{path}/confirm"), 400)
    assert found["code"] == "setup_intent_unexpected_state"
    assert found["setup_intent"]["id"] == made["id"]
    assert talk.made(path, {"payment_method": "pm_card_visa"})["status"] == "requires_confirmation"
    assert talk.made(f"{path}/confirm")["status"] == "succeeded"
    error(talk.post(f"{path}/confirm"), 400)
    error(talk.post(path, {"description": "x"}), 400)


def test_a_confirmed_card_is_checked_attached_and_ready(talk: Talk) -> None:
    customer = talk.customer()["id"]
    made = _confirmed(talk, "pm_card_visa", customer=customer)
    method = talk.got(f"/v1/payment_methods/{made['payment_method']}")

    assert (made["status"], made["mandate"], made["next_action"]) == ("succeeded", None, None)
    assert made["latest_attempt"].startswith("setatt_")
    assert (method["customer"], method["card"]["checks"]["cvc_check"]) == (customer, "pass")
    types = [event["type"] for event in talk.got("/v1/events")["data"]][::-1]
    assert types[1:] == [
        "setup_intent.created",
        "payment_method.attached",
        "setup_intent.succeeded",
    ]


def test_a_decline_tells_why_and_asks_for_another_card(talk: Talk) -> None:
    params = {
        "payment_method": "pm_card_chargeDeclined",
        "payment_method_types": ["card"],
        "confirm": True,
    }
    found = error(talk.post("/v1/setup_intents", params), 402)
    assert (found["code"], found["decline_code"]) == ("card_declined", "generic_decline")
    assert "param" not in found
    intent = talk.got(f"/v1/setup_intents/{found['setup_intent']['id']}")

    assert (intent["status"], intent["payment_method"]) == ("requires_payment_method", None)
    assert intent["last_setup_error"]["code"] == "card_declined"
    assert intent["last_setup_error"]["payment_method"]["id"] == found["payment_method"]["id"]
    tries = talk.got("/v1/setup_attempts", {"setup_intent": intent["id"]})["data"]
    assert [(each["status"], each["setup_error"]["code"]) for each in tries] == [
        ("failed", "card_declined")
    ]
    assert talk.got("/v1/events")["data"][0]["type"] == "setup_intent.setup_failed"


@pytest.mark.parametrize(
    "name", ["authenticationRequiredOnSetup", "authenticationRequired", "threeDSecure2Required"]
)
def test_a_secured_card_needs_its_customer(talk: Talk, world: World, name: str) -> None:
    made = _confirmed(talk, f"pm_card_{name}")
    assert made["status"] == "requires_action"
    assert made["next_action"]["type"] == "use_stripe_sdk"

    _authenticate(world, made["id"], "succeeded")
    done = talk.got(f"/v1/setup_intents/{made['id']}")
    assert (done["status"], done["next_action"]) == ("succeeded", None)
    tried = talk.got("/v1/setup_attempts", {"setup_intent": made["id"]})["data"][0]
    secure = tried["payment_method_details"]["card"]["three_d_secure"]
    assert (tried["status"], secure["result"]) == ("succeeded", "authenticated")


def test_a_failed_challenge_asks_for_another_card(talk: Talk, world: World) -> None:
    made = _confirmed(talk, "pm_card_threeDSecure2Required", return_url="https://example.com/back")
    action = made["next_action"]
    assert action["redirect_to_url"]["return_url"] == "https://example.com/back"
    assert action["redirect_to_url"]["url"].endswith(made["id"])

    _authenticate(world, made["id"], "failed")
    failed = talk.got(f"/v1/setup_intents/{made['id']}")
    assert failed["status"] == "requires_payment_method"
    assert failed["last_setup_error"]["code"] == "setup_intent_authentication_failure"


def test_a_card_set_up_once_pays_when_nobody_is_there(talk: Talk, world: World) -> None:
    customer = talk.customer()["id"]
    made = _confirmed(talk, "pm_card_authenticationRequiredOnSetup", customer=customer)
    _authenticate(world, made["id"], "succeeded")
    params = {
        "amount": 1000,
        "currency": "usd",
        "customer": customer,
        "payment_method": made["payment_method"],
        "payment_method_types": ["card"],
        "off_session": True,
        "confirm": True,
    }
    assert talk.made("/v1/payment_intents", params)["status"] == "succeeded"


def test_canceling_is_possible_until_the_end(talk: Talk) -> None:
    made = talk.made("/v1/setup_intents", {"payment_method_types": ["card"]})
    path = f"/v1/setup_intents/{made['id']}/cancel"
    canceled = talk.made(path, {"cancellation_reason": "abandoned"})
    assert (canceled["status"], canceled["cancellation_reason"]) == ("canceled", "abandoned")
    found = error(talk.post(path), 400)
    assert found["message"] == "You cannot cancel this SetupIntent because it it already canceled."

    done = _confirmed(talk, "pm_card_visa")["id"]
    found = error(talk.post(f"/v1/setup_intents/{done}/cancel"), 400)
    assert "status of succeeded" in found["message"]


def test_a_bank_debit_needs_and_gets_a_mandate(talk: Talk) -> None:
    customer = talk.customer()["id"]
    method = talk.made("/v1/payment_methods", IBAN)["id"]
    params = {
        "customer": customer,
        "payment_method_types": ["sepa_debit"],
        "mandate_data": ACCEPTED,
    }
    without = {**params, "payment_method": method, "confirm": True, "mandate_data": ""}
    assert error(talk.post("/v1/setup_intents", without), 400)["param"] == "mandate_data"
    made = _confirmed(talk, method, **params)
    mandate = talk.got(f"/v1/mandates/{made['mandate']}")

    assert (mandate["status"], mandate["type"], mandate["multi_use"]) == ("active", "multi_use", {})
    assert mandate["payment_method"] == method
    assert mandate["customer_acceptance"] == {
        "accepted_at": 1_772_000_000,
        "online": {"ip_address": "1.2.3.4", "user_agent": "Firefox"},
        "type": "online",
    }
    talk.made(f"/v1/payment_methods/{method}/detach")
    assert talk.got(f"/v1/mandates/{mandate['id']}")["status"] == "inactive"


def test_a_mandate_may_be_for_one_payment(talk: Talk) -> None:
    method = talk.made("/v1/payment_methods", IBAN)["id"]
    made = _confirmed(
        talk,
        method,
        payment_method_types=["sepa_debit"],
        mandate_data=ACCEPTED,
        usage="on_session",
        single_use={"amount": 5200, "currency": "eur"},
    )
    mandate = talk.got(f"/v1/mandates/{made['single_use_mandate']}")
    assert made["mandate"] is None
    assert mandate["single_use"] == {"amount": 5200, "currency": "eur"}
    assert "multi_use" not in mandate


def test_an_indian_card_gets_a_mandate_on_request(talk: Talk, world: World) -> None:
    card = {"number": "4000003560000123", "exp_month": 12, "exp_year": 2030}
    method = talk.made("/v1/payment_methods", {"type": "card", "card": card})["id"]
    options = {
        "reference": "r",
        "amount_type": "maximum",
        "amount": 1000,
        "start_date": 1_772_366_400,
        "interval": "sporadic",
        "supported_types": ["india"],
        "currency": "usd",
    }
    wanted = {"card": {"mandate_options": options}}
    made = _confirmed(talk, method, payment_method_options=wanted)
    assert made["status"] == "requires_action"
    kept = made["payment_method_options"]["card"]["mandate_options"]
    assert (kept["description"], kept["amount"]) == (None, 1000)

    _authenticate(world, made["id"], "succeeded")
    assert talk.got(f"/v1/setup_intents/{made['id']}")["mandate"].startswith("mandate_")


def test_a_bank_account_is_proved_by_small_deposits(talk: Talk) -> None:
    ach = {"account_number": "000123456789", "routing_number": "110000000"}
    params = {"type": "us_bank_account", "us_bank_account": ach}
    method = talk.made("/v1/payment_methods", params)["id"]
    types = {"payment_method_types": ["us_bank_account"], "mandate_data": ACCEPTED}
    made = _confirmed(talk, method, **types)
    path = f"/v1/setup_intents/{made['id']}/verify_microdeposits"

    assert made["next_action"]["type"] == "verify_with_microdeposits"
    error(talk.post(path, {"descriptor_code": "SM0000"}), 400)
    done = talk.made(path, {"descriptor_code": "SM11AA"})
    assert done["status"] == "succeeded"
    accepted = talk.got(f"/v1/mandates/{done['mandate']}")["customer_acceptance"]
    assert accepted["online"]["user_agent"] == "Firefox"
    ready = _confirmed(talk, "pm_usBankAccount_success", **types)
    assert ready["status"] == "succeeded"


def test_a_publishable_key_needs_the_secret(talk: Talk) -> None:
    made = talk.made("/v1/setup_intents", {"payment_method_types": ["card"]})
    public, path = talk.as_key("pk_test_main"), f"/v1/setup_intents/{made['id']}"

    error(public.get(path), 401)
    error(public.get(path, {"client_secret": "wrong"}), 400)
    secret = {"client_secret": made["client_secret"]}
    assert public.got(path, secret)["id"] == made["id"]
    method = {"payment_method_data": {"type": "card", "card": {"token": "tok_visa"}}}
    assert public.made(f"{path}/confirm", secret | method)["status"] == "succeeded"


def test_a_confirmation_token_is_used_once(talk: Talk) -> None:
    params = {"payment_method": "pm_card_visa", "return_url": "https://example.com"}
    token = talk.made("/v1/test_helpers/confirmation_tokens", params)
    assert token["payment_method_preview"]["card"]["last4"] == "4242"
    assert talk.got(f"/v1/confirmation_tokens/{token['id']}") == token

    used = {"payment_method_types": ["card"], "confirm": True, "confirmation_token": token["id"]}
    assert talk.made("/v1/setup_intents", used)["status"] == "succeeded"
    error(talk.post("/v1/setup_intents", used), 400)


def test_missing_intents_are_called_setupintents(talk: Talk) -> None:
    found = error(talk.get("/v1/setup_intents/seti_x"), 404)
    assert (found["message"], found["param"]) == ("No such setupintent: 'seti_x'", "intent")


@pytest.mark.parametrize("path", ["/v1/payment_intents", "/v1/setup_intents"])
def test_a_card_whose_3d_secure_cannot_be_asked_is_declined(talk: Talk, path: str) -> None:
    params: dict[str, Any] = {
        "confirm": True,
        "payment_method": "pm_card_threeDSecureRequiredProcessingError",
        "payment_method_types": ["card"],
    }
    if path == "/v1/payment_intents":
        params |= {"amount": 1000, "currency": "usd"}
    refused = error(talk.post(path, params), 402)
    assert (refused["code"], refused["decline_code"]) == ("card_declined", "generic_decline")


def test_3d_secure_that_cannot_be_asked_hurts_only_who_asks_for_it(talk: Talk) -> None:
    params: dict[str, Any] = {
        "amount": 1000,
        "currency": "usd",
        "confirm": True,
        "payment_method": "pm_card_threeDSecureOptionalProcessingError",
        "payment_method_types": ["card"],
    }
    assert talk.made("/v1/payment_intents", params)["status"] == "succeeded"
    params["payment_method_options"] = {"card": {"request_three_d_secure": "any"}}
    assert error(talk.post("/v1/payment_intents", params), 402)["code"] == "card_declined"
