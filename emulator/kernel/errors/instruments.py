"""Refusals about what people pay with: payment methods, tokens, cards, bank accounts, sources."""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors.refusal import CARD, INVALID, Refusal, invalid

_MISSING: Final = "resource_missing"
_PLATFORMS: Final = (
    "; OAuth key or Stripe-Account header was used but API request was provided with a "
    "platform-owned payment method ID. Please ensure that the provided payment method matches the "
    "specified account."
)
_ELSEWHERE: Final = (
    "; It's possible this PaymentMethod exists on one of your connected accounts, in which case "
    "you should retry this request on that connected account. Learn more at "
    "https://stripe.com/docs/connect/authentication"
)


def no_such_payment_method(
    id_: str,
    param: str = "payment_method",
    status: int = 400,
    *,
    platforms: bool = False,
    elsewhere: bool = False,
) -> Refusal:
    """An unknown id (observed).

    platforms: it is the platform's, but a connected account was named. elsewhere: the platform asks
    for itself and has accounts that may own it.
    """
    hint = _PLATFORMS if platforms else _ELSEWHERE if elsewhere else ""
    return Refusal(status, INVALID, f"No such PaymentMethod: '{id_}'{hint}", _MISSING, param)


def payment_method_used_up() -> Refusal:
    """Observed: neither code nor param."""
    return invalid(
        "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
        "attachment, shared with a connected account without Customer attachment, or was detached "
        "from a Customer. It may not be used again. To use a PaymentMethod multiple times, you "
        "must attach it to a Customer first."
    )


def attach_used_up() -> Refusal:
    return invalid(
        "This PaymentMethod was previously used without being attached to a Customer or was "
        "detached from a Customer, and may not be used again."
    )


def already_attached() -> Refusal:
    """Observed: neither code nor param."""
    return invalid("The payment method you provided has already been attached to a customer.")


def not_attached() -> Refusal:
    return invalid(
        "The payment method you provided is not attached to a customer so detachment is impossible."
    )


def update_needs_customer() -> Refusal:
    """Wording assumed."""
    return invalid("You must save this PaymentMethod to a customer before you can update it.")


def not_attachable(type_: str) -> Refusal:
    """Kinds that pay once only. Wording assumed."""
    return invalid(
        f"The payment method of type {type_} cannot be attached to a customer.",
        "payment_method_unexpected_state",
        "payment_method",
    )


def belongs_to_customer(customer: str) -> Refusal:
    """A saved payment method without its customer. Wording assumed."""
    return invalid(
        "The provided PaymentMethod cannot be used because it belongs to the customer "
        f"'{customer}'. Please include the Customer in the `customer` parameter.",
        None,
        "payment_method",
    )


def belongs_to_another(id_: str, param: str = "payment_method") -> Refusal:
    return invalid(
        f"The customer does not have a payment method with the ID {id_}. The payment method must "
        "be attached to the customer.",
        _MISSING,
        param,
    )


def original_needs_customer() -> Refusal:
    """Cloning a saved payment method without naming whose it is. Wording assumed."""
    return invalid(
        "You must provide the customer that the original PaymentMethod is attached to.",
        "parameter_missing",
        "customer",
    )


def invalid_iban(param: str) -> Refusal:
    return invalid("The IBAN you provided is invalid.", "invalid_bank_account_iban", param)


def test_account_needed(param: str) -> Refusal:
    """As for external accounts, where it was observed."""
    return invalid(
        "You must use a test bank account number in test mode. Try 000123456789 or see more "
        "options at https://stripe.com/docs/connect/testing#account-numbers.",
        "account_number_invalid",
        param,
    )


# Tokens


def token_already_used(token: str, param: str) -> Refusal:
    return invalid(
        f"You cannot use a Stripe token more than once: {token}.", "token_already_used", param
    )


def token_without_contents() -> Refusal:
    """Wording assumed."""
    return invalid(
        "You must supply either a card, customer, PII data, bank account, account, person or "
        "cvc_update to create a token."
    )


def no_such_token(token: str, param: str) -> Refusal:
    return invalid(f"No such token: '{token}'", _MISSING, param)


def card_without(param: str) -> Refusal:
    """A card hash that lacks a part. 402, as every complaint about a card. Wording assumed."""
    return Refusal(402, CARD, f"The card object must have a value for '{param}'.", None, param)


def confirmation_token_used(id_: str) -> Refusal:
    """Wording assumed."""
    return invalid(
        f"The confirmation token {id_} was used before or has expired.", None, "confirmation_token"
    )


def no_such_file(id_: str) -> Refusal:
    return invalid(f"No such file upload: '{id_}'", _MISSING, "file")


# Customers and their sources


def no_such_customer(id_: str) -> Refusal:
    return invalid(f"No such customer: '{id_}'", _MISSING, "customer")


def email_invalid(email: str) -> Refusal:
    return invalid(f"Invalid email address: {email}", "email_invalid", "email")


def mandate_invalid() -> Refusal:
    """Wording documented."""
    return invalid(
        "The provided mandate is invalid and can not be used for the payment intent.",
        "payment_intent_mandate_invalid",
    )


def no_such_source(id_: str, param: str = "source", status: int = 400) -> Refusal:
    return Refusal(status, INVALID, f"No such source: '{id_}'", _MISSING, param)


def no_linked_source(customer: str, id_: str) -> Refusal:
    message = f"Customer {customer} does not have a linked source with ID {id_}."
    return Refusal(404, INVALID, message, "missing", "source", documented=False)


def no_such_card_of(customer: str, id_: str) -> Refusal:
    """What a charge answers to a token beside a customer (observed)."""
    message = f"Customer {customer} does not have card with ID {id_}"
    return Refusal(404, INVALID, message, _MISSING, "card", begun=True)


def source_not_chargeable(status: str) -> Refusal:
    """Wording assumed."""
    return invalid(
        f"The source you provided is not in a chargeable state: its status is {status}.",
        "source_not_chargeable",
        "source",
    )


def source_type_unknown(type_: str) -> Refusal:
    """Wording assumed."""
    return invalid(f"Invalid source type: {type_}.", None, "type")


# Small deposits that prove a bank account


def cannot_verify(status: str) -> Refusal:
    """Wording assumed."""
    return invalid(
        f"This bank account cannot be verified because it has a status of {status}.",
        "bank_account_verification_failed",
    )


def account_number_unusable(param: str) -> Refusal:
    """The bank refuses the instruction for this account. Wording assumed."""
    return invalid(
        "The account number you provided cannot be used for direct debits.",
        "account_number_invalid",
        param,
    )


def microdeposits_not_sent() -> Refusal:
    """Wording assumed."""
    return invalid(
        "The microdeposits could not be sent to the bank account.",
        "payment_method_microdeposit_failed",
    )


def amounts_mismatch() -> Refusal:
    return Refusal(
        402,
        CARD,
        "The amounts provided do not match the amounts that were sent to the bank account.",
        "bank_account_verification_failed",
    )


def microdeposits_mismatch(param: str) -> Refusal:
    """Wording assumed. param: `amounts` or `descriptor_code`."""
    name = "amounts" if param == "amounts" else "descriptor_code"
    return invalid(
        "The values you provided do not match those of the microdeposits.",
        f"payment_method_microdeposit_verification_{name}_mismatch",
        param,
    )


def microdeposits_exhausted() -> Refusal:
    """Wording assumed."""
    return invalid(
        "You have exceeded the number of allowed verification attempts.",
        "payment_method_microdeposit_verification_attempts_exceeded",
    )


def microdeposits_late() -> Refusal:
    """Wording assumed."""
    return invalid(
        "The microdeposits were not verified in time.",
        "payment_method_microdeposit_verification_timeout",
    )


def update_of_other_type(param: str, type_: str) -> Refusal:
    """The wording is assumed."""
    return invalid(
        f"You cannot update `{param}` on a PaymentMethod of type `{type_}`.", param=param
    )
