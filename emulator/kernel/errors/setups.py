"""Refusals about setup intents, mandates, files and ephemeral keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from emulator.kernel.errors.refusal import INVALID, Refusal, invalid


def cannot_cancel(intent: dict[str, Any]) -> Refusal:
    """Both observed; the double `it` is Stripe's."""
    status = intent["status"]
    if status == "canceled":
        message = "You cannot cancel this SetupIntent because it it already canceled."
    else:
        message = (
            f"You cannot cancel this SetupIntent because it has a status of {status}. Only a "
            "SetupIntent with one of the following statuses may be canceled: "
            "`requires_payment_method`, `requires_confirmation`, or `requires_action`."
        )
    return _unexpected(message, intent)


def cannot_confirm(intent: dict[str, Any]) -> Refusal:
    """Wording assumed."""
    status = intent["status"]
    if status == "succeeded":
        return _unexpected(
            "You cannot confirm this SetupIntent because it has already succeeded.", intent
        )
    return _unexpected(
        f"You cannot confirm this SetupIntent because it has a status of {status}.", intent
    )


def cannot_update(intent: dict[str, Any]) -> Refusal:
    """Wording assumed."""
    return _unexpected(
        f"You cannot update this SetupIntent because it has a status of {intent['status']}.", intent
    )


def confirm_without_method(intent: dict[str, Any]) -> Refusal:
    return _unexpected(
        "You cannot confirm this SetupIntent because it's missing a payment method. You can either "
        "update the SetupIntent with a payment method and then confirm it again, or confirm it "
        "again directly with a payment method or ConfirmationToken.",
        intent,
    )


def no_microdeposits_awaited(intent: dict[str, Any]) -> Refusal:
    """Wording assumed."""
    return _unexpected(
        "You cannot verify microdeposits of this SetupIntent because it has a status of "
        f"{intent['status']}.",
        intent,
    )


def _unexpected(message: str, intent: dict[str, Any]) -> Refusal:
    refusal = invalid(message, "setup_intent_unexpected_state")
    refusal.extra["setup_intent"] = intent
    return refusal


def return_url_required() -> Refusal:
    return invalid(
        "This SetupIntent is configured to accept payment methods enabled in your Dashboard. "
        "Because some of these payment methods might redirect your customer off of your page, you "
        "must provide a `return_url`. If you don't want to accept redirect-based payment methods, "
        "set `automatic_payment_methods[enabled]` to `true` and "
        "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and "
        "Payment Intents."
    )


def only_with_confirm(param: str) -> Refusal:
    """Wording assumed."""
    return invalid(
        f"The parameter `{param}` cannot be passed when creating a SetupIntent unless `confirm` is "
        "set to true.",
        None,
        param,
    )


def mandate_data_required(type_: str) -> Refusal:
    """Wording assumed."""
    return invalid(
        f"SetupIntents of payment method type `{type_}` need `mandate_data` to be confirmed.",
        "parameter_missing",
        "mandate_data",
    )


def type_not_allowed(type_: str, allowed: Sequence[str]) -> Refusal:
    """Wording assumed, after that of PaymentIntents."""
    return invalid(
        f"The PaymentMethod provided ({type_}) is not allowed for this SetupIntent. Please attach "
        f"a PaymentMethod of one of the following types: {', '.join(allowed)}.",
        None,
        "payment_method",
    )


# Files and keys


def file_missing() -> Refusal:
    """Wording assumed."""
    return invalid(
        "Missing required param: file. Files are sent as multipart/form-data.",
        "parameter_missing",
        "file",
    )


def file_too_large(most: int) -> Refusal:
    """Wording assumed. most: in bytes."""
    return invalid(f"The file is too large: at most {most} bytes are allowed.", None, "file")


def file_of_other_purpose(file: dict[str, Any], purposes: Sequence[str], param: str) -> Refusal:
    """That it is refused is documented; the wording is assumed."""
    return invalid(
        f"The file {file['id']} was uploaded with a purpose of {file['purpose']}; here it must be "
        f"{' or '.join(purposes)}.",
        None,
        param,
    )


def file_not_linkable(purpose: str) -> Refusal:
    """Wording assumed."""
    return invalid(f"Files with a purpose of {purpose} cannot be linked to.", None, "file")


def file_not_readable(purpose: str) -> Refusal:
    """Wording assumed."""
    return Refusal(403, INVALID, f"Files with a purpose of {purpose} cannot be downloaded.")


def ephemeral_key_without_version() -> Refusal:
    """That a request must say its version is documented; the wording is assumed."""
    return invalid(
        "The Stripe-Version header is required to create an ephemeral key: it must hold the API "
        "version of the mobile client that will use the key."
    )


def ephemeral_key_subject() -> Refusal:
    """Wording assumed."""
    return invalid(
        "You must provide one of: customer, issuing_card, nonce or verification_session.",
        "parameter_missing",
        "customer",
    )
