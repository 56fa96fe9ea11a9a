"""Refusals about the types of payment methods, and what an attempt with one can end in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from emulator.kernel.errors.refusal import Refusal, invalid

_AGAIN: Final = (
    "You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this "
    "PaymentIntent again."
)
_ENDS: Final = {
    "payment_intent_payment_attempt_expired": (
        "The payment attempt for this PaymentIntent has expired."
    ),
    "payment_intent_payment_attempt_failed": "The payment attempt failed.",
    "payment_method_customer_decline": "The customer declined this payment.",
    "payment_method_provider_decline": "The payment method's provider declined this payment.",
}


def no_method_offered() -> Refusal:
    """Nothing that the configuration offers fits."""
    return invalid(
        "No valid payment method types for this Payment Intent. Please ensure that you have "
        "activated payment methods compatible with your chosen currency in your dashboard "
        "(https://dashboard.stripe.com/settings/payment_methods) or specify payment_method_types."
    )


def type_not_activated(type_: str) -> Refusal:
    """Observed by others; also what a merchant hears whose country does not have the method."""
    return invalid(
        f"The payment method type provided: {type_} is invalid. Please ensure the provided type is "
        "activated in your dashboard (https://dashboard.stripe.com/account/payments/settings) and "
        "your account is enabled for any preview features that you are trying to use. See "
        "https://stripe.com/docs/payments/payment-methods/integration-options for supported "
        "combinations.",
        None,
        "payment_method_types",
    )


def currency_of_method(currency: str, type_: str, allowed: Sequence[str]) -> Refusal:
    """Observed by others."""
    return invalid(
        f"The currency provided ({currency}) is invalid. Payments with {type_} support the "
        f"following currencies: {', '.join(allowed)}.",
        None,
        "currency",
    )


def no_manual_capture(type_: str) -> Refusal:
    """Wording assumed."""
    return invalid(
        f"The payment method type `{type_}` does not support `capture_method` `manual`.",
        None,
        "capture_method",
    )


def return_url_needed(type_: str) -> Refusal:
    """Wording assumed."""
    return invalid(
        f"You must provide a `return_url` when confirming a PaymentIntent with `{type_}`, as its "
        "customers are sent away to approve the payment.",
        "parameter_missing",
        "return_url",
    )


def attempt_ended(code: str) -> Refusal:
    """How an attempt ended without money, as `last_payment_error` tells it. Wordings assumed."""
    text = _ENDS.get(code, _ENDS["payment_intent_payment_attempt_failed"])
    return Refusal(402, "invalid_request_error", f"{text} {_AGAIN}", code)


def not_refundable(type_: str) -> Refusal:
    """Wording assumed."""
    return invalid(f"Payments with {type_} cannot be refunded.", "charge_not_refundable", "charge")


def needs_email() -> Refusal:
    """Wording assumed."""
    return invalid(
        "The customer of this payment has to be asked for a bank account, and has no email: "
        "provide `instructions_email`.",
        "parameter_missing",
        "instructions_email",
    )
