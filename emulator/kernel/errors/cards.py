"""What issuers answer, and what a payment is refused for before any issuer is asked.

Declines keep what was done so far (`keep`): the failed charge and the intent that lost its
payment method stay readable. Refusals of what was typed (number, expiry, code) keep nothing.
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.currency import display
from emulator.kernel.errors.refusal import CARD, INVALID, Refusal, invalid

_DECLINED: Final = "Your card was declined."
_TESTING: Final = "https://stripe.com/docs/testing"
_MESSAGES: Final = {
    "insufficient_funds": "Your card has insufficient funds.",
    "card_velocity_exceeded": (
        "Your card was declined for making repeated attempts too frequently or exceeding its "
        "amount limit."
    ),
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "incorrect_number": "Your card number is incorrect.",
    "incorrect_zip": (
        "Your card could not be authorized using the postal code provided. Please update the "
        "postal code, or contact your card issuer for further details."
    ),
    "processing_error": (
        "An error occurred while processing your card. Try again in a little bit."
    ),
    "authentication_required": "Your card was declined. This transaction requires authentication.",
    "testmode_decline": (
        "Your card was declined. Your request was in test mode, but used a non test (live) card. "
        f"For a list of valid test cards, visit: {_TESTING}."
    ),
    "india_recurring_payment_mandate_canceled": (
        "The provided mandate has been canceled by the card holder."
    ),
    "card_not_supported": "Your card is not supported.",
    "currency_not_supported": "Your card does not support this currency.",
    "incorrect_pin": "Your card's PIN is incorrect.",
}


def decline_message(code: str, decline_code: str | None) -> str:
    """What a cardholder reads; `decline_code` says more than `code` where it has words of
    its own.
    """
    return _MESSAGES.get(decline_code or code) or _MESSAGES.get(code, _DECLINED)


def card_declined(
    decline_code: str | None = "generic_decline",
    code: str = "card_declined",
    *,
    param: str | None = None,
    network: dict[str, str | None] | None = None,
    documented: bool = True,
    keep: bool = True,
) -> Refusal:
    """An issuer's or Radar's no: 402. `network` holds advice_code and the two network codes."""
    extra = {key: value for key, value in (network or {}).items() if value is not None}
    if decline_code is not None:
        extra["decline_code"] = decline_code
    message = decline_message(code, decline_code)
    return Refusal(402, CARD, message, code, param, extra, keep=keep, documented=documented)


def testmode_decline() -> Refusal:
    """A number that is no test card: refused where it is typed, so nothing is kept."""
    return card_declined("testmode_decline", keep=False)


def _mistyped(code: str, message: str, param: str) -> Refusal:
    return Refusal(402, CARD, message, code, param)


def incorrect_number() -> Refusal:
    """The check digit does not fit."""
    return _mistyped("incorrect_number", _MESSAGES["incorrect_number"], "number")


def invalid_number() -> Refusal:
    """Letters, or too few or too many digits."""
    return _mistyped(
        "invalid_number", "The card number is not a valid credit card number.", "number"
    )


def invalid_expiry_month() -> Refusal:
    return _mistyped(
        "invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month"
    )


def invalid_expiry_year() -> Refusal:
    return _mistyped("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year")


def invalid_cvc() -> Refusal:
    return _mistyped("invalid_cvc", "Your card's security code is invalid.", "cvc")


def payment_intent_authentication_failure() -> Refusal:
    """The customer failed the challenge; also an intent's `last_payment_error`."""
    return Refusal(
        400,
        INVALID,
        "The provided PaymentMethod has failed authentication. You can provide "
        "payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent "
        "again.",
        "payment_intent_authentication_failure",
        keep=True,
    )


def setup_intent_authentication_failure() -> Refusal:
    return Refusal(
        400,
        INVALID,
        "The provided PaymentMethod has failed authentication. You can provide "
        "payment_method_data or a new PaymentMethod to attempt to fulfill this SetupIntent again.",
        "setup_intent_authentication_failure",
        keep=True,
    )


def amount_too_small(least: int, currency: str) -> Refusal:
    """`least` in minor units of `currency`, which the text shows in small letters."""
    message = f"Amount must be at least {display(least, currency)} {currency}"
    return invalid(message, "amount_too_small", "amount")


def amount_converts_too_small(
    least: str, charged: tuple[int, str], settled: tuple[int, str]
) -> Refusal:
    """`least` as words (`50 cents`); the pairs are minor units and currency."""
    message = (
        f"Amount must convert to at least {least}. {display(*charged)} converts to "
        f"approximately {display(*settled)}."
    )
    return invalid(message, "amount_too_small", "amount")


def session_amount_too_small(least: int, currency: str) -> Refusal:
    message = (
        "The Checkout Session's total amount due must add up to at least "
        f"{display(least, currency)} {currency}"
    )
    return invalid(message, "amount_too_small")


def amount_too_large(most: int, currency: str) -> Refusal:
    message = f"Amount must be no more than {display(most, currency)}"
    return invalid(message, "amount_too_large")


def amount_not_positive() -> Refusal:
    """Zero or less on a PaymentIntent. The two spaces are Stripe's."""
    docs = "https://docs.stripe.com"
    return invalid(
        "The amount must be greater than or equal to the minimum charge amount allowed for your "
        f"account and the currency set ({docs}/currencies#minimum-and-maximum-charge-amounts).  "
        "If you want to save a Payment Method for future use without an immediate payment, use a "
        f"Setup Intent instead: {docs}/payments/setup-intents",
        "parameter_invalid_integer",
        "amount",
    )


def amount_not_multiple(step: int, currency: str) -> Refusal:
    """Currencies whose smallest unit is not in use. Wording assumed."""
    message = f"Amounts in {currency} must be a multiple of {step}."
    return invalid(message, "parameter_invalid_integer", "amount")


def statement_descriptor_too_long(text: str, param: str = "statement_descriptor") -> Refusal:
    message = (
        "The statement descriptor must be at most 22 characters. "
        f"{text} is {len(text)} characters long."
    )
    return invalid(message, None, param)


def statement_descriptor_too_short(param: str = "statement_descriptor") -> Refusal:
    """Wording assumed."""
    return invalid("The statement descriptor must be at least 5 characters.", None, param)


def statement_descriptor_characters(param: str = "statement_descriptor") -> Refusal:
    """Wording assumed; the six characters are documented."""
    message = "The statement descriptor cannot contain any of these characters: < > \\ ' \" *"
    return invalid(message, None, param)


def statement_descriptor_letter(param: str = "statement_descriptor") -> Refusal:
    """Wording assumed."""
    return invalid("The statement descriptor must contain at least one letter.", None, param)
