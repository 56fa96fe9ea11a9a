"""What the client reads of test cards that decline, and what else they bring."""

import pytest

from emulator.rules import cards
from tests.rules.test_card_rules import found


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        (
            "insufficient_funds",
            {
                "advice_code": "try_again_later",
                "decline_code": "insufficient_funds",
                "network_advice_code": "02",
                "network_decline_code": "51",
                "message": "Your card has insufficient funds.",
            },
        ),
        (
            "incorrect_cvc",
            {
                "advice_code": "confirm_card_data",
                "decline_code": "incorrect_cvc",
                "network_advice_code": "03",
                "network_decline_code": "N7",
                "code": "incorrect_cvc",
                "doc_url": "https://stripe.com/docs/error-codes/incorrect-cvc",
                "message": "Your card's security code is incorrect.",
                "param": "cvc",
            },
        ),
        (
            "processing_error",
            {
                "advice_code": "try_again_later",
                "decline_code": "processing_error",
                "network_decline_code": "06",
                "code": "processing_error",
                "doc_url": "https://stripe.com/docs/error-codes/processing-error",
                "message": (
                    "An error occurred while processing your card. Try again in a little bit."
                ),
            },
        ),
        (
            "lost_card",
            {
                "advice_code": "do_not_try_again",
                "decline_code": "lost_card",
                "network_advice_code": "01",
                "network_decline_code": "41",
                "message": "Your card was declined.",
            },
        ),
    ],
)
def test_declines_read_as_recorded(name, extra):
    refusal = cards.refusal(cards.decline(name))
    plain = {
        "code": "card_declined",
        "doc_url": "https://stripe.com/docs/error-codes/card-declined",
        "type": "card_error",
    }
    assert refusal.status == 402
    assert refusal.keep
    assert refusal.body() == {**plain, **extra}


def test_declined_attaching_keeps_nothing_and_shows_an_empty_param():
    refusal = cards.refusal(cards.decline("generic_decline"), attaching=True)
    assert not refusal.keep
    assert refusal.body()["param"] == ""
    assert cards.refusal(cards.decline("expired_card"), attaching=True).param == "exp_month"


def test_any_decline_code_can_be_asked_for():
    no = cards.decline("do_not_honor")
    assert (no.code, no.decline_code) == ("card_declined", "do_not_honor")
    assert no.message == "Your card was declined."


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("bypassPending", "bypass_pending", True),
        ("pendingRefund", "refund", "pending_succeeds"),
        ("refundFail", "refund", "fails_later"),
        ("createIssuerFraudRecord", "fraud_warning", "made_with_stolen_card"),
        ("riskLevelElevated", "risk_level", "elevated"),
        ("visa_triggerPayoutBlock", "trigger", "payout_block"),
        ("visa_debit_us_transferFail", "payout", "could_not_process"),
        ("visa_cartesBancaires", "networks", ("cartes_bancaires", "visa")),
        ("amex", "three_d_secure", False),
    ],
)
def test_what_else_cards_bring(name, field, value):
    assert getattr(found(name), field) == value


@pytest.mark.parametrize(
    ("name", "reason", "case_type", "count"),
    [
        ("createDispute", "fraudulent", "chargeback", 1),
        ("createDisputeProductNotReceived", "product_not_received", "chargeback", 1),
        ("createDisputeInquiry", "fraudulent", "inquiry", 1),
        ("createMultipleDisputes", "fraudulent", "chargeback", 2),
        ("createComplianceDispute", "noncompliant", "compliance", 1),
    ],
)
def test_disputes_to_come(name, reason, case_type, count):
    dispute = found(name).dispute
    assert dispute is not None
    assert (dispute.reason, dispute.case_type, dispute.count) == (reason, case_type, count)
