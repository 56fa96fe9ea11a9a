"""Refusals about the cash that customers send by bank transfer. Wordings assumed."""

from __future__ import annotations

from emulator.kernel.currency import display
from emulator.kernel.errors.refusal import Refusal, invalid


def customer_needed() -> Refusal:
    return invalid(
        "A customer's balance pays only for a PaymentIntent that names its `customer`.",
        "parameter_missing",
        "customer",
    )


def other_currency(currency: str) -> Refusal:
    return invalid(f"The currency must be that of the PaymentIntent: {currency}.", None, "currency")


def not_enough_cash(held: int, currency: str) -> Refusal:
    return invalid(
        f"The customer's cash balance holds {display(held, currency)}, which is not enough.",
        "balance_insufficient",
        "amount",
    )


def more_than_remains(rest: int, currency: str) -> Refusal:
    return invalid(
        f"No more than {display(rest, currency)} of this PaymentIntent remains to be paid.",
        "amount_too_large",
        "amount",
    )
