"""Refusals of refunds."""

from __future__ import annotations

from typing import Any

from emulator.kernel.currency import display
from emulator.kernel.errors.refusal import Refusal, invalid

Doc = dict[str, Any]


def refund_without_target() -> Refusal:
    return invalid("Must provide one of charge or payment_intent.", None, "charge")


def intent_without_charge(intent: str) -> Refusal:
    return invalid(
        f"This PaymentIntent ({intent}) does not have a successful charge to refund.",
        None,
        "payment_intent",
    )


def refund_above_charge(amount: int, charge: Doc) -> Refusal:
    shown, whole = (
        display(amount, charge["currency"]),
        display(charge["amount"], charge["currency"]),
    )
    return invalid(
        f"Refund amount ({shown}) is greater than charge amount ({whole})", None, "amount"
    )


def refund_above_rest(amount: int, rest: int, currency: str) -> Refusal:
    shown, left = display(amount, currency), display(rest, currency)
    return invalid(
        f"Refund amount ({shown}) is greater than unrefunded amount on charge ({left})",
        None,
        "amount",
    )


def charge_already_refunded(charge: str) -> Refusal:
    return invalid(f"Charge {charge} has already been refunded.", "charge_already_refunded")


def charge_disputed(charge: str) -> Refusal:
    return invalid(
        f"Charge {charge} has been charged back; cannot issue a refund.", "charge_disputed"
    )


def charge_failed(charge: str) -> Refusal:
    return invalid(f"Charge {charge} failed and cannot be refunded.", "charge_not_refundable")


def partial_refund_of_uncaptured() -> Refusal:
    return invalid(
        "You cannot partially refund an uncaptured charge. Instead, capture the charge for an "
        "amount less than the original amount",
        None,
        "amount",
    )


def no_transfer_to_reverse(charge: str) -> Refusal:
    return invalid(
        f"Cannot reverse transfer on charge {charge}: it has no associated transfer.",
        None,
        "reverse_transfer",
    )


def no_fee_to_refund(charge: str) -> Refusal:
    return invalid(
        f"Cannot refund application fee on charge {charge}: it has no application fee.",
        None,
        "refund_application_fee",
    )


def refund_not_cancelable(status: str) -> Refusal:
    return invalid(
        f"You cannot cancel this Refund because it has a status of {status}. Only a Refund with "
        "one of the following statuses may be canceled: requires_action."
    )


def refund_of_parts(charge: str, param: str) -> Refusal:
    """The rule is documented, the wording assumed."""
    return invalid(
        f"`{param}` cannot be set while the charge {charge} is not fully captured. Refund the "
        "application fees, or reverse the transfers, by themselves.",
        None,
        param,
    )
