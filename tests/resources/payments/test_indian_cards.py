"""Indian cards: a mandate comes of the first payment, and the holder hears of each later one before
it is charged.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.resources.market import Doc, books_hold
from tests.talking import NOW, Talk, error

OPTIONS: Final = {
    "reference": "Mandate-1",
    "amount_type": "maximum",
    "amount": 1000,
    "start_date": NOW,
    "interval": "sporadic",
    "supported_types": ["india"],
}
ASKED: Final = {"payment_method_options": {"card": {"mandate_options": OPTIONS}}}


def _first(talk: Talk, card: str, **more: Any) -> Doc:
    """The charge of a payment whose customer was there and passed the challenge."""
    params = {"amount": 600, "currency": "usd", "payment_method": f"pm_card_{card}"}
    params |= {"customer": talk.customer()["id"], "setup_future_usage": "off_session"}
    params |= {"payment_method_types": ["card"], "confirm": True}
    made = talk.made("/v1/payment_intents", {**params, **more})
    if made["status"] == "requires_action":
        passed = {"intent": made["id"], "outcome": "succeeded"}
        assert talk.control("authenticate", passed).status_code == 200
    intent = talk.got(f"/v1/payment_intents/{made['id']}", {"expand": ["latest_charge"]})
    assert intent["status"] == "succeeded"
    charge: Doc = intent["latest_charge"]
    return charge


def _mandate(charge: Doc) -> Any:
    return charge["payment_method_details"]["card"]["mandate"]


def _again(talk: Talk, charge: Doc, **more: Any) -> Doc:
    """Another payment of the same customer, who is not there."""
    params = {"amount": 500, "currency": "usd", "off_session": True, "confirm": True}
    params |= {"customer": charge["customer"], "payment_method": charge["payment_method"]}
    params |= {"mandate": _mandate(charge), "payment_method_types": ["card"], **more}
    intent: Doc = talk.made("/v1/payment_intents", params)
    return intent


def test_the_first_payment_leaves_a_mandate(talk: Talk) -> None:
    """Observed on the charge of an intent with mandate options."""
    charge = _first(talk, "indiaRecurringMandateSetupAndRenewalsSuccess", **ASKED)
    mandate = talk.got(f"/v1/mandates/{_mandate(charge)}")
    assert (mandate["payment_method"], mandate["status"]) == (charge["payment_method"], "active")


@pytest.mark.parametrize(
    ("card", "more"),
    [("indiaRecurringMandateSetupAndRenewalsSuccess", {}), ("visa", ASKED)],
)
def test_no_mandate_is_left_unasked_or_by_other_cards(talk: Talk, card: str, more: Doc) -> None:
    """Documented: of cards only those from India have one."""
    assert _mandate(_first(talk, card, **more)) is None


def test_the_holder_hears_of_later_payments_first(talk: Talk) -> None:
    """Documented: processing until the notification is done, about 15 minutes in tests."""
    first = _first(talk, "indiaRecurringMandateSetupAndRenewalsSuccess", **ASKED)
    begun = talk.control("clock").json()["now"]
    intent = _again(talk, first)
    told = {"approval_requested": False, "completes_at": begun + 900}
    assert intent["status"] == "processing"
    assert intent["processing"] == {"card": {"customer_notification": told}, "type": "card"}
    assert intent["latest_charge"] is None

    talk.advance("14m")
    assert talk.got(f"/v1/payment_intents/{intent['id']}")["status"] == "processing"
    talk.advance("1m")
    done = talk.got(f"/v1/payment_intents/{intent['id']}", {"expand": ["latest_charge"]})
    assert (done["status"], done["processing"], done["amount_received"]) == ("succeeded", None, 500)
    assert _mandate(done["latest_charge"]) == _mandate(first)
    told_of = ["payment_intent.succeeded", "charge.succeeded", "payment_intent.processing"]
    events = talk.got("/v1/events", {"types": told_of, "limit": 3})["data"]
    assert [event["type"] for event in events] == told_of
    assert books_hold(talk)


@pytest.mark.parametrize(
    ("amount", "currency", "asked"),
    [
        (1000, "usd", False),
        (1001, "usd", True),
        (1_500_000, "inr", False),
        (1_500_001, "inr", True),
    ],
)
def test_the_holder_approves_what_is_too_much(
    talk: Talk, amount: int, currency: str, asked: bool
) -> None:
    """Documented: more than the mandate says, or than 15,000 rupees."""
    most = {**OPTIONS, "amount": 1000 if currency == "usd" else 9_000_000}
    asked_for = {"payment_method_options": {"card": {"mandate_options": most}}}
    card = "indiaRecurringMandateSetupAndRenewalsSuccess"
    first = _first(talk, card, amount=60_000, currency=currency, **asked_for)
    intent = _again(talk, first, amount=amount, currency=currency)
    told = intent["processing"]["card"]["customer_notification"]
    assert told["approval_requested"] is asked


def test_nobody_stops_what_the_holder_has_heard_of(talk: Talk) -> None:
    """Documented."""
    first = _first(talk, "indiaRecurringMandateSetupAndRenewalsSuccess", **ASKED)
    intent = _again(talk, first)
    refused = error(talk.post(f"/v1/payment_intents/{intent['id']}/cancel"), 400)
    assert refused["code"] == "payment_intent_unexpected_state"
    assert "status of processing" in refused["message"]


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("AfterPreDebitNotification", "card_declined"),
        ("UndeliveredDebitNotification", "processing_error"),
    ],
)
def test_some_payments_fail_after_the_notification(talk: Talk, card: str, code: str) -> None:
    first = _first(talk, f"indiaRecurringPaymentFailure{card}", **ASKED)
    intent = _again(talk, first)
    talk.advance("15m")
    failed = talk.got(f"/v1/payment_intents/{intent['id']}")
    assert (failed["status"], failed["processing"]) == ("requires_payment_method", None)
    assert failed["last_payment_error"]["code"] == code
    assert talk.got(f"/v1/charges/{failed['latest_charge']}")["status"] == "failed"


def test_a_held_payment_is_captured_by_hand_after_the_notification(talk: Talk) -> None:
    first = _first(talk, "indiaRecurringMandateSetupAndRenewalsSuccess", **ASKED)
    intent = _again(talk, first, capture_method="manual")
    talk.advance("15m")
    captured = talk.made(f"/v1/payment_intents/{intent['id']}/capture")
    assert (captured["status"], captured["amount_received"]) == ("succeeded", 500)


def test_a_payment_relies_on_a_mandate_that_holds(talk: Talk) -> None:
    """Documented."""
    first = _first(talk, "indiaRecurringMandateSetupAndRenewalsSuccess", **ASKED)
    params = {"amount": 500, "currency": "usd", "off_session": True, "confirm": True}
    params |= {"customer": first["customer"], "payment_method": first["payment_method"]}
    params |= {"payment_method_types": ["card"]}
    unknown = error(talk.post("/v1/payment_intents", {**params, "mandate": "mandate_none"}), 400)
    assert (unknown["code"], unknown["param"]) == ("resource_missing", "mandate")
    second = _first(talk, "indiaRecurringMandateSetupAndRenewalsSuccess", **ASKED)
    talk.made(f"/v1/payment_methods/{second['payment_method']}/detach")
    over = error(talk.post("/v1/payment_intents", {**params, "mandate": _mandate(second)}), 400)
    assert over["code"] == "payment_intent_mandate_invalid"
