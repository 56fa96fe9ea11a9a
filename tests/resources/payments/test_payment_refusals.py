"""Refusals of payments, refunds and payment methods, word for word where the words are known."""

from __future__ import annotations

from typing import Final

import pytest

from tests.resources.market import BANK, seller
from tests.resources.refused import (
    CARD,
    LEGACY,
    PAID,
    Row,
    attached,
    canceled,
    charge,
    compare,
    expired,
    held,
    intent,
    method,
    on,
    pay,
    refund,
    refund_after,
    refund_disputed,
    sell,
    setup,
    token_again,
    used,
)
from tests.talking import Talk, error

_STATE: Final = "payment_intent_unexpected_state"
_SETUP: Final = "setup_intent_unexpected_state"
_LEAST: Final = "This value must be greater than or equal to {}."

ROWS: Final[dict[str, Row]] = {
    "cancel a canceled intent": Row(
        lambda t: on(t, f"payment_intents/{canceled(t)}/cancel"),
        "recorded",
        400,
        _STATE,
        None,
        "You cannot cancel this PaymentIntent because it has a status of canceled. Only a "
        "PaymentIntent with one of the following statuses may be canceled: "
        "requires_payment_method, requires_capture, requires_confirmation, requires_action, "
        "processing.",
    ),
    "confirm a paid intent": Row(
        lambda t: on(t, f"payment_intents/{intent(t)}/confirm"),
        "reported",
        400,
        _STATE,
        None,
        "You cannot confirm this PaymentIntent because it has already succeeded after being "
        "previously confirmed.",
    ),
    "confirm a canceled intent": Row(
        lambda t: on(t, f"payment_intents/{canceled(t)}/confirm"),
        "reported",
        400,
        _STATE,
        None,
        "You cannot confirm this PaymentIntent because it has a status of canceled. Only a "
        "PaymentIntent with one of the following statuses may be confirmed: "
        "requires_confirmation, requires_payment_method, requires_action.",
    ),
    "confirm without a method": Row(
        lambda t: on(t, f"payment_intents/{t.made('/v1/payment_intents', CARD)['id']}/confirm"),
        "reported",
        400,
        _STATE,
        None,
        "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
        "either update the PaymentIntent with a payment method and then confirm it again, or "
        "confirm it again directly with a payment method or ConfirmationToken.",
    ),
    "capture a paid intent": Row(
        lambda t: on(t, f"payment_intents/{intent(t)}/capture"),
        "reported",
        400,
        _STATE,
        None,
        "This PaymentIntent could not be captured because it has a status of succeeded. Only a "
        "PaymentIntent with a status of requires_capture may be captured.",
    ),
    "another method for a canceled intent": Row(
        lambda t: on(t, f"payment_intents/{canceled(t)}", payment_method="pm_card_visa"),
        "reported",
        400,
        _STATE,
        None,
        "This PaymentIntent's payment_method could not be updated because it has a status of "
        "canceled. You may only update the payment_method of a PaymentIntent with one of the "
        "following statuses: requires_payment_method, requires_confirmation, requires_action.",
    ),
    "cancel a setup that succeeded": Row(
        lambda t: on(
            t, f"setup_intents/{setup(t, confirm=True, payment_method='pm_card_visa')}/cancel"
        ),
        "recorded",
        400,
        _SETUP,
        None,
        "You cannot cancel this SetupIntent because it has a status of succeeded. Only a "
        "SetupIntent with one of the following statuses may be canceled: "
        "`requires_payment_method`, `requires_confirmation`, or `requires_action`.",
    ),
    "pay with a used method": Row(
        lambda t: pay(t, payment_method=used(t)),
        "recorded",
        400,
        None,
        None,
        "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
        "attachment, shared with a connected account without Customer attachment, or was "
        "detached from a Customer. It may not be used again. To use a PaymentMethod multiple "
        "times, you must attach it to a Customer first.",
    ),
    "attach a used method": Row(
        lambda t: on(t, f"payment_methods/{used(t)}/attach", customer=t.customer()["id"]),
        "reported",
        400,
        None,
        None,
        "This PaymentMethod was previously used without being attached to a Customer or was "
        "detached from a Customer, and may not be used again.",
    ),
    "attach to a second customer": Row(
        lambda t: on(t, f"payment_methods/{attached(t)}/attach", customer=t.customer()["id"]),
        "reported",
        400,
        None,
        None,
        "The payment method you provided has already been attached to a customer.",
    ),
    "detach what is not attached": Row(
        lambda t: on(t, f"payment_methods/{method(t)}/detach"),
        "reported",
        400,
        None,
        None,
        "The payment method you provided is not attached to a customer so detachment is "
        "impossible.",
    ),
    "another customer's method": Row(
        lambda t: pay(t, payment_method=attached(t), customer=t.customer()["id"]),
        "reported",
        400,
        "resource_missing",
        "payment_method",
        "The customer does not have a payment method with the ID pm_x. The payment method must "
        "be attached to the customer.",
    ),
    "no way back from a redirect": Row(
        lambda t: t.post("/v1/payment_intents", {**PAID, "payment_method_types": []}),
        "reported",
        400,
        None,
        None,
        "This PaymentIntent is configured to accept payment methods enabled in your Dashboard.…",
    ),
    "a challenge nobody wants": Row(
        lambda t: pay(
            t, payment_method="pm_card_authenticationRequired", error_on_requires_action=True
        ),
        "reported",
        402,
        "authentication_required",
        None,
        "Your card was declined.…",
    ),
    "too little": Row(
        lambda t: pay(t, amount=49),
        "recorded",
        400,
        "amount_too_small",
        "amount",
        "Amount must be at least $0.50 usd",
    ),
    "too much": Row(
        lambda t: pay(t, amount=100_000_000),
        "reported",
        400,
        "amount_too_large",
        None,
        "Amount must be no more than $999,999.99",
    ),
    "too little once converted": Row(
        lambda t: pay(t, amount=60, currency="jpy"),
        "reported",
        400,
        "amount_too_small",
        "amount",
        "Amount must convert to at least 50 cents. ¥60 converts to approximately …",
    ),
    "capture a captured charge": Row(
        lambda t: on(
            t, f"charges/{t.made('/v1/charges', {**LEGACY, 'source': 'tok_visa'})['id']}/capture"
        ),
        "reported",
        400,
        "charge_already_captured",
        None,
        "Charge ch_x has already been captured.",
    ),
    "capture too late": Row(
        expired, "ours", 400, "charge_expired_for_capture", None, "Charge ch_x …"
    ),
    "capture nothing": Row(
        lambda t: on(t, f"charges/{held(t)}/capture", amount=0),
        "ours",
        400,
        "parameter_invalid_integer",
        "amount",
        _LEAST.format(1),
    ),
    "charge nobody": Row(
        sell, "reported", 400, "parameter_missing", None, "Must provide source or customer."
    ),
    "charge a customer without a card": Row(
        lambda t: sell(t, customer=t.customer()["id"]),
        "reported",
        402,
        "missing",
        "card",
        "Cannot charge a customer that has no active card",
    ),
    "a card the customer does not have": Row(
        lambda t: sell(t, customer=t.customer()["id"], source="card_1nobody23"),
        "reported",
        404,
        "missing",
        "source",
        "Customer cus_x does not have a linked source with ID card_x.",
    ),
    "a token twice": Row(
        token_again,
        "reported",
        400,
        "token_already_used",
        "source",
        "You cannot use a Stripe token more than once: tok_x.",
    ),
    "refund more than is left": Row(
        lambda t: refund_after(t, 500, 600),
        "recorded",
        400,
        None,
        "amount",
        "Refund amount ($6.00) is greater than unrefunded amount on charge ($5.00)",
    ),
    "refund more than was paid": Row(
        lambda t: refund(t, charge(t), amount=1100),
        "recorded",
        400,
        None,
        "amount",
        "Refund amount ($11.00) is greater than charge amount ($10.00)",
    ),
    "refund again": Row(
        lambda t: refund_after(t, 1000, 1),
        "recorded",
        400,
        "charge_already_refunded",
        None,
        "Charge ch_x has already been refunded.",
    ),
    "refund what is disputed": Row(
        refund_disputed,
        "recorded",
        400,
        "charge_disputed",
        None,
        "Charge ch_x has been charged back; cannot issue a refund.",
    ),
    "refund a part of what is only held": Row(
        lambda t: refund(t, held(t), amount=500),
        "reported",
        400,
        None,
        "amount",
        "You cannot partially refund an uncaptured charge. Instead, capture the charge for an "
        "amount less than the original amount",
    ),
    "refund nothing in particular": Row(
        lambda t: on(t, "refunds"), "fragment", 400, None, "charge", "Must provide …"
    ),
    "refund what was never paid": Row(
        lambda t: on(t, "refunds", payment_intent=t.made("/v1/payment_intents", CARD)["id"]),
        "reported",
        400,
        None,
        "payment_intent",
        "This PaymentIntent (pi_x) does not have a successful charge to refund.",
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_payment_is_refused_as_stripe_does(talk: Talk, row: Row) -> None:
    compare(talk, row)


def test_a_canceled_mandate_leaves_no_charge(talk: Talk) -> None:
    card = {"number": "4000003560000263", "exp_month": 12, "exp_year": 2034, "cvc": "123"}
    method = talk.made("/v1/payment_methods", {"type": "card", "card": card})["id"]
    customer = talk.customer(payment_method=method)["id"]
    sent = {"amount": 500, "currency": "usd", "customer": customer, "payment_method": method}
    sent |= {"off_session": True, "confirm": True, "payment_method_types": ["card"]}

    refused = error(talk.post("/v1/payment_intents", sent), 402)

    assert refused["code"] == "india_recurring_payment_mandate_canceled"
    assert not {"charge", "decline_code", "doc_url"} & refused.keys()
    assert refused["payment_intent"]["latest_charge"] is None
    assert refused["payment_intent"]["status"] == "requires_payment_method"
    assert talk.got("/v1/charges")["data"] == []


@pytest.mark.parametrize(
    ("instant", "last"),
    [(1_592_697_600, "cad"), (1_622_160_000, "mxn"), (1_671_753_600, "hrk")],
)
def test_a_debit_for_somebody_without_a_bank_is_refused(
    talk: Talk, instant: int, last: str
) -> None:
    """Observed of charges of SEPA sources, in words that grew with the years."""
    assert talk.control("clock", {"now": instant, "mode": "frozen"}).status_code == 200
    terms = {"date": instant - 60, "ip": "203.0.113.7"}
    account = seller(talk, external_account=None, tos_acceptance=terms)
    owner = {"name": "Jenny Rosen", "email": "jenny@example.com"}
    sepa = {"iban": "DE89370400440532013000"}
    source = {"type": "sepa_debit", "currency": "eur", "owner": owner, "sepa_debit": sepa}
    params = {"amount": 1000, "currency": "eur", "destination": {"account": account}}
    params |= {"source": talk.made("/v1/sources", source)["id"]}

    refused = error(talk.post("/v1/charges", params), 400)

    assert refused.keys() - {"request_log_url"} == {"message", "param", "type"}
    assert refused["param"] == "currency"
    assert refused["message"].startswith("For 'sepa_debit' payments, we currently require your")
    assert refused["message"].endswith(f", {last}")
    talk.made(f"/v1/accounts/{account}/external_accounts", {"external_account": BANK})
    assert talk.made("/v1/charges", params)["status"] == "pending"


def test_who_is_not_there_needs_no_way_back(talk: Talk) -> None:
    payer = talk.customer()["id"]
    order = {"amount": 4_200, "currency": "usd", "confirm": True, "customer": payer}
    order |= {"automatic_payment_methods": {"enabled": True}, "payment_method": "pm_card_visa"}
    refused = error(talk.post("/v1/payment_intents", order), 400)
    assert "you must provide a `return_url`" in refused["message"]
    assert talk.made("/v1/payment_intents", {**order, "off_session": True})["status"] == "succeeded"
