"""Bank transfers of customers, and the payments that they pay."""

from __future__ import annotations

from tests.resources.market import Doc, books_hold, events, lines
from tests.talking import Talk, error


def _waiting(talk: Talk, customer: str, amount: int = 5_000) -> Doc:
    params: Doc = {
        "amount": amount,
        "currency": "eur",
        "customer": customer,
        "confirm": True,
        "payment_method_types": ["customer_balance"],
        "payment_method_data": {"type": "customer_balance"},
    }
    return dict(talk.made("/v1/payment_intents", params))


def _fund(talk: Talk, customer: str, amount: int, **more: str) -> Doc:
    path = f"/v1/test_helpers/customers/{customer}/fund_cash_balance"
    return dict(talk.made(path, {"amount": amount, "currency": "eur", **more}))


def _left(talk: Talk, customer: str) -> Doc | None:
    found: Doc | None = talk.got(f"/v1/customers/{customer}/cash_balance")["available"]
    return found


def _status(talk: Talk, intent: Doc) -> str:
    return str(talk.got(f"/v1/payment_intents/{intent['id']}")["status"])


def test_a_transfer_pays_what_waits_for_it(talk: Talk) -> None:
    customer = talk.customer()["id"]
    intent = _waiting(talk, customer)
    told = intent["next_action"]["display_bank_transfer_instructions"]
    assert (told["type"], told["amount_remaining"]) == ("eu_bank_transfer", 5_000)

    _fund(talk, customer, 2_000)
    found = talk.got(f"/v1/payment_intents/{intent['id']}")
    told = found["next_action"]["display_bank_transfer_instructions"]
    assert (found["status"], told["amount_remaining"]) == ("requires_action", 3_000)
    assert "payment_intent.partially_funded" in events(talk)
    assert lines(talk) == []

    _fund(talk, customer, 3_500)
    assert _status(talk, intent) == "succeeded"
    assert _left(talk, customer) == {"eur": 500}
    assert lines(talk)[0]["amount"] == 5_000
    history = talk.got(f"/v1/customers/{customer}/cash_balance_transactions")["data"]
    assert [(each["type"], each["net_amount"], each["ending_balance"]) for each in history] == [
        ("applied_to_payment", -3_000, 500),
        ("funded", 3_500, 3_500),
        ("applied_to_payment", -2_000, 0),
        ("funded", 2_000, 2_000),
    ]
    assert books_hold(talk)


def test_a_reference_chooses_the_payment(talk: Talk) -> None:
    customer = talk.customer()["id"]
    first, second = _waiting(talk, customer), _waiting(talk, customer)
    told = second["next_action"]["display_bank_transfer_instructions"]
    _fund(talk, customer, 5_000, reference=told["reference"])
    assert [_status(talk, each) for each in (first, second)] == ["requires_action", "succeeded"]


def test_what_is_there_pays_at_once(talk: Talk) -> None:
    customer = talk.customer()["id"]
    _fund(talk, customer, 9_000)
    assert "cash_balance.funds_available" in events(talk)
    assert _waiting(talk, customer)["status"] == "succeeded"
    assert _left(talk, customer) == {"eur": 4_000}


def test_by_hand_when_so_chosen(talk: Talk) -> None:
    customer = talk.customer()["id"]
    path = f"/v1/customers/{customer}/cash_balance"
    talk.made(path, {"settings": {"reconciliation_mode": "manual"}})
    intent = _waiting(talk, customer)
    _fund(talk, customer, 5_000)
    assert _status(talk, intent) == "requires_action"

    apply = f"/v1/payment_intents/{intent['id']}/apply_customer_balance"
    assert error(talk.post(apply, {"amount": 5_001}), 400)["param"] == "amount"
    assert error(talk.post(apply, {"amount": -5}), 400)["param"] == "amount"
    assert error(talk.post(apply, {"currency": "usd"}), 400)["param"] == "currency"
    assert talk.made(apply, {"amount": 1_000})["status"] == "requires_action"
    assert talk.made(apply)["status"] == "succeeded"
    assert _left(talk, customer) is None
    assert books_hold(talk)


def test_a_canceled_payment_leaves_its_part_to_the_customer(talk: Talk) -> None:
    customer = talk.customer()["id"]
    intent = _waiting(talk, customer)
    _fund(talk, customer, 2_000)
    talk.made(f"/v1/payment_intents/{intent['id']}/cancel")
    assert _left(talk, customer) == {"eur": 2_000}
    assert books_hold(talk)


def test_a_customer_is_needed(talk: Talk) -> None:
    params: Doc = {
        "amount": 5_000,
        "currency": "eur",
        "confirm": True,
        "payment_method_types": ["customer_balance"],
        "payment_method_data": {"type": "customer_balance"},
    }
    assert error(talk.post("/v1/payment_intents", params), 400)["param"] == "customer"


def test_what_another_method_pays_leaves_the_cash_alone(talk: Talk) -> None:
    customer = talk.customer()["id"]
    intent = _waiting(talk, customer)
    _fund(talk, customer, 2_000)
    path = f"/v1/payment_intents/{intent['id']}"
    talk.made(path, {"payment_method_types": ["card", "customer_balance"]})
    talk.made(f"{path}/confirm", {"payment_method": "pm_card_visa"})
    assert _left(talk, customer) == {"eur": 2_000}
    assert lines(talk)[0]["amount"] == 5_000
    assert books_hold(talk)
