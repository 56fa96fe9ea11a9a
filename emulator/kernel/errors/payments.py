"""Refusals about payments: intents and charges in the wrong state, amounts, Connect parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from emulator.kernel.currency import display
from emulator.kernel.errors.refusal import Refusal, invalid

Doc = dict[str, Any]

_STATE = "payment_intent_unexpected_state"


def _with_intent(message: str, intent: Doc) -> Refusal:
    refusal = invalid(message, _STATE)
    refusal.extra["payment_intent"] = intent
    return refusal


def cannot_cancel(intent: Doc, allowed: Sequence[str]) -> Refusal:
    return _with_intent(
        f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. "
        "Only a PaymentIntent with one of the following statuses may be canceled: "
        f"{', '.join(allowed)}.",
        intent,
    )


def cannot_confirm(intent: Doc, allowed: Sequence[str]) -> Refusal:
    if intent["status"] == "succeeded":
        return _with_intent(
            "You cannot confirm this PaymentIntent because it has already succeeded after being "
            "previously confirmed.",
            intent,
        )
    return _with_intent(
        f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}. "
        "Only a PaymentIntent with one of the following statuses may be confirmed: "
        f"{', '.join(allowed)}.",
        intent,
    )


def confirm_without_method(intent: Doc) -> Refusal:
    return _with_intent(
        "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
        "either update the PaymentIntent with a payment method and then confirm it again, or "
        "confirm it again directly with a payment method or ConfirmationToken.",
        intent,
    )


def cannot_capture(intent: Doc) -> Refusal:
    return _with_intent(
        f"This PaymentIntent could not be captured because it has a status of {intent['status']}. "
        "Only a PaymentIntent with a status of requires_capture may be captured.",
        intent,
    )


def cannot_update(intent: Doc, field: str, allowed: Sequence[str]) -> Refusal:
    return _with_intent(
        f"This PaymentIntent's {field} could not be updated because it has a status of "
        f"{intent['status']}. You may only update the {field} of a PaymentIntent with one of the "
        f"following statuses: {', '.join(allowed)}.",
        intent,
    )


def cannot_increment(intent: Doc) -> Refusal:
    return _with_intent(
        "This PaymentIntent could not be incremented because it has a status of "
        f"{intent['status']}. Only a PaymentIntent with a status of requires_capture may be "
        "incremented.",
        intent,
    )


def no_microdeposits_awaited(intent: Doc) -> Refusal:
    """Wording assumed."""
    return _with_intent(
        "You cannot verify microdeposits of this PaymentIntent because it has a status of "
        f"{intent['status']}.",
        intent,
    )


def return_url_required() -> Refusal:
    return invalid(
        "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. "
        "Because some of these payment methods might redirect your customer off of your page, you "
        "must provide a `return_url`. If you don't want to accept redirect-based payment methods, "
        "set `automatic_payment_methods[enabled]` to `true` and "
        "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and "
        "Payment Intents."
    )


def intent_without_customer() -> Refusal:
    """Wording assumed."""
    return invalid(
        "Payments by bank transfer need the `customer` whose balance they are paid with.",
        "parameter_missing",
        "customer",
    )


def confirm_parameter(param: str) -> Refusal:
    """A parameter that only means something together with confirm=true."""
    return invalid(
        f"You cannot provide `{param}` while creating a PaymentIntent without also setting "
        "`confirm` to true.",
        None,
        param,
    )


def method_type_not_allowed(type: str, allowed: Sequence[str]) -> Refusal:
    return invalid(
        f"The PaymentMethod provided ({type}) is not allowed for this PaymentIntent. Please "
        f"attach a PaymentMethod of one of the following types: {', '.join(allowed)}.",
        "payment_intent_incompatible_payment_method",
        "payment_method",
    )


def fee_needs_connect() -> Refusal:
    return invalid(
        "Can only apply an application_fee_amount when the PaymentIntent is attempting a direct "
        "payment (using an OAuth key or Stripe-Account header) or destination payment (using "
        "`transfer_data[destination]`).",
        "parameter_missing",
        "transfer_data[destination]",
    )


def charge_without_cards() -> Refusal:
    """In Stripe's words, as users report them."""
    return invalid(
        "You cannot create a charge on a connected account without the `card_payments` capability "
        "enabled."
    )


def behalf_without_cards() -> Refusal:
    """In Stripe's words, as users report them."""
    return invalid(
        "You cannot create a charge with the `on_behalf_of` parameter set to a connected account "
        "with `transfers` but without the `card_payments` capability enabled.",
        None,
        "on_behalf_of",
    )


def behalf_of_another() -> Refusal:
    """The first sentence is reported by users; the rest of it is not known."""
    return invalid(
        "You cannot specify an `on_behalf_of` value that is different from the "
        "`transfer_data[destination]` value when using `card` or `card_present` in "
        "`payment_method_types`.",
        None,
        "on_behalf_of",
    )


def fee_above_amount(amount: int, currency: str) -> Refusal:
    return invalid(
        f"The application_fee_amount may not be larger than the payment's amount "
        f"({display(amount, currency)}).",
        None,
        "application_fee_amount",
    )


def fee_and_transfer_amount() -> Refusal:
    return invalid(
        "Only one of application_fee and transfer_data[amount] can be specified.",
        None,
        "transfer_data[amount]",
    )


def transfer_above_amount() -> Refusal:
    return invalid(
        "transfer_data[amount] must be less than or equal to the charge amount",
        None,
        "transfer_data[amount]",
    )


def own_account(param: str) -> Refusal:
    return invalid(f"The '{param}' param cannot be set to your own account.", None, param)


def capture_above(capturable: int, currency: str) -> Refusal:
    return invalid(
        f"The amount to capture may not be larger than the amount that can be captured "
        f"({display(capturable, currency)}).",
        "amount_too_large",
        "amount_to_capture",
    )


def capture_below_transfer() -> Refusal:
    return invalid(
        "destination[amount] must be less than or equal to the charge amount",
        None,
        "amount_to_capture",
    )


def charge_already_captured(charge: str) -> Refusal:
    return invalid(f"Charge {charge} has already been captured.", "charge_already_captured")


def charge_expired_for_capture(charge: str) -> Refusal:
    return invalid(
        f"Charge {charge} can no longer be captured: its authorization has expired.",
        "charge_expired_for_capture",
    )


def charge_belongs_to_intent(charge: str, intent: str) -> Refusal:
    return invalid(
        f"The charge {charge} was created by a PaymentIntent. Capture the PaymentIntent {intent} "
        "instead."
    )


def charge_field_is_set(field: str) -> Refusal:
    return invalid(f"The {field} of this charge is already set and cannot be changed.", None, field)


def receiver_without_bank(type_: str, currencies: Sequence[str]) -> Refusal:
    return invalid(
        f"For '{type_}' payments, we currently require your account to have a bank account in one "
        f"of the following currencies: {', '.join(currencies)}",
        None,
        "currency",
    )


def too_many_in_group(group: str) -> Refusal:
    return invalid(f"Too many charges with transfer group: `{group}`", None, "transfer_group")


def source_or_customer() -> Refusal:
    return invalid("Must provide source or customer.", "parameter_missing")


def customer_without_card() -> Refusal:
    return Refusal(
        402, "card_error", "Cannot charge a customer that has no active card", "missing", "card"
    )


def bank_account_unverified() -> Refusal:
    """Wording assumed."""
    return invalid(
        "The customer's bank account has to be verified before it can be charged.",
        "bank_account_unverified",
        "source",
    )


def increment_too_small(amount: int, currency: str) -> Refusal:
    return invalid(
        f"The new amount must be larger than the current one ({display(amount, currency)}).",
        "parameter_invalid_integer",
        "amount",
    )


# Disputes


def dispute_is_closed(dispute: str) -> Refusal:
    return invalid(f"This dispute ({dispute}) is already closed and cannot be changed.")


def evidence_already_submitted() -> Refusal:
    return invalid(
        "The evidence for this dispute has already been submitted and can no longer be changed."
    )


def evidence_too_long(most: int) -> Refusal:
    return invalid(
        f"The combined character count of the evidence may be at most {most}.", None, "evidence"
    )


def charge_not_disputable(charge: str) -> Refusal:
    return invalid(
        f"The charge {charge} cannot be disputed: only what a payer paid and was captured can be.",
        None,
        "charge",
    )


def dispute_above_charge(amount: int, rest: int, currency: str) -> Refusal:
    return invalid(
        f"A dispute of {display(amount, currency)} is more than what is left of the charge "
        f"({display(rest, currency)}).",
        None,
        "amount",
    )


def review_is_closed(review: str, reason: str) -> Refusal:
    return invalid(f"This review ({review}) is already closed: {reason}.")


def debit_failed(code: str) -> Refusal:
    """What a bank says of a debit that did not go through."""
    return Refusal(
        402,
        "card_error",
        f"The customer's bank refused the payment with the code `{code}`.",
        "payment_intent_payment_attempt_failed" if code == "processing_error" else code,
    )
