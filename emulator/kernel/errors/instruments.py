"""Refusals about what people pay with: payment methods, tokens, sources, customers."""

from __future__ import annotations

from emulator.kernel.errors.refusal import INVALID, Refusal, invalid


def update_unattached() -> Refusal:
    return invalid(
        "You must save this PaymentMethod to a customer before you can update it.",
        None,
        "payment_method",
    )


def attached_elsewhere() -> Refusal:
    return invalid(
        "The payment method you provided has already been attached to a customer.",
        None,
        "payment_method",
    )


def attach_consumed() -> Refusal:
    return invalid(
        "This PaymentMethod was previously used without being attached to a Customer or was detached "
        "from a Customer, and may not be used again."
    )


def method_consumed() -> Refusal:
    return invalid(
        "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
        "attachment, shared with a connected account without Customer attachment, or was detached from "
        "a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach "
        "it to a Customer first."
    )


def detach_unattached() -> Refusal:
    return invalid(
        "The payment method you provided is not attached to a customer so detachment is impossible.",
        None,
        "payment_method",
    )


def customer_missing(customer: str) -> Refusal:
    return invalid(
        "The provided PaymentMethod cannot be used because it belongs to a Customer. Please include "
        f"the Customer ('{customer}') in the `customer` parameter.",
        None,
        "payment_method",
    )


def not_the_customers(method: str) -> Refusal:
    return invalid(
        f"The customer does not have a payment method with the ID {method}. The payment method must be "
        "attached to the customer.",
        None,
        "payment_method",
    )


def platform_payment_method(method: str) -> Refusal:
    return invalid(
        f"No such PaymentMethod: '{method}'; OAuth key or Stripe-Account header was used but API request "
        "was provided with a platform-owned payment method ID. Please ensure that the provided payment "
        "method matches the specified account.",
        "resource_missing",
        "payment_method",
    )


def token_used(token: str, param: str) -> Refusal:
    return invalid(
        f"You cannot use a Stripe token more than once: {token}.", "token_already_used", param
    )


def source_not_linked(customer: str, source: str) -> Refusal:
    return Refusal(
        404,
        INVALID,
        f"Customer {customer} does not have a linked source with ID {source}.",
        "missing",
        "source",
    )
