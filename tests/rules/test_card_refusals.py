"""The wording of what issuers answer."""

import pytest

from emulator.kernel.errors import Refusal
from emulator.kernel.errors import cards as errors
from emulator.rules import cards


def declined(code: str) -> Refusal:
    return cards.refusal(cards.decline(code))


@pytest.mark.parametrize(
    ("refusal", "code", "param", "message"),
    [
        (errors.incorrect_number(), "incorrect_number", "number", "Your card number is incorrect."),
        (
            errors.invalid_expiry_month(),
            "invalid_expiry_month",
            "exp_month",
            "Your card's expiration month is invalid.",
        ),
        (
            errors.invalid_expiry_year(),
            "invalid_expiry_year",
            "exp_year",
            "Your card's expiration year is invalid.",
        ),
        (errors.invalid_cvc(), "invalid_cvc", "cvc", "Your card's security code is invalid."),
        (declined("expired_card"), "expired_card", "exp_month", "Your card has expired."),
        (
            declined("incorrect_cvc"),
            "incorrect_cvc",
            "cvc",
            "Your card's security code is incorrect.",
        ),
        (
            declined("incorrect_zip"),
            "incorrect_zip",
            "address_zip",
            (
                "Your card could not be authorized using the postal code provided. Please update "
                "the postal code, or contact your card issuer for further details."
            ),
        ),
        (
            declined("authentication_required"),
            "authentication_required",
            None,
            "Your card was declined. This transaction requires authentication.",
        ),
        (
            declined("processing_error"),
            "processing_error",
            None,
            "An error occurred while processing your card. Try again in a little bit.",
        ),
        (
            declined("india_recurring_payment_mandate_canceled"),
            "india_recurring_payment_mandate_canceled",
            None,
            "The provided mandate has been canceled by the card holder.",
        ),
    ],
)
def test_card_errors(refusal, code, param, message):
    assert (refusal.status, refusal.type) == (402, "card_error")
    assert (refusal.code, refusal.param, refusal.message) == (code, param, message)


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (errors.payment_intent_authentication_failure(), "PaymentIntent"),
        (errors.setup_intent_authentication_failure(), "SetupIntent"),
    ],
)
def test_a_failed_challenge_names_the_intent(refusal, kind):
    assert (refusal.status, refusal.type) == (400, "invalid_request_error")
    assert refusal.message.endswith(f"attempt to fulfill this {kind} again.")
    assert refusal.keep


def test_absent_network_codes_are_not_shown():
    body = errors.card_declined(network={"advice_code": None}).body()
    assert sorted(body) == ["code", "decline_code", "doc_url", "message", "type"]
