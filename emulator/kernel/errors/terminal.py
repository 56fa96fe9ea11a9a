"""Refusals about the readers of Terminal. Codes are documented, the wording is assumed."""

from __future__ import annotations

from collections.abc import Sequence

from emulator.kernel.errors.refusal import Refusal, invalid


def registration_code_unknown() -> Refusal:
    return invalid(
        "There is no reader with this registration code. Use the code of a simulated reader, such "
        "as simulated-wpe.",
        "resource_missing",
        "registration_code",
    )


def reader_busy() -> Refusal:
    return invalid(
        "Reader is currently busy processing another request. Wait until it is done, or cancel its "
        "action.",
        "terminal_reader_busy",
    )


def reader_timeout() -> Refusal:
    return invalid("Nobody answered on the reader in time.", "terminal_reader_timeout")


def intent_state(kind: str, status: str, allowed: Sequence[str]) -> Refusal:
    """kind: `PaymentIntent` or `SetupIntent`."""
    return invalid(
        f"This {kind} has a status of {status}. A reader can only process a {kind} with one of the "
        f"following statuses: {', '.join(allowed)}.",
        "intent_invalid_state",
    )


def not_in_person(kind: str, types: Sequence[str]) -> Refusal:
    return invalid(
        f"A reader can only process a {kind} whose `payment_method_types` include "
        f"{' or '.join(f'`{each}`' for each in types)}."
    )


def nothing_collected(intent: str) -> Refusal:
    return invalid(
        f"No payment method was collected on this reader for the PaymentIntent {intent}.",
        "payment_intent_unexpected_state",
        "payment_intent",
    )


def no_card_awaited() -> Refusal:
    return invalid("The reader does not wait for a payment method to be presented.")


def no_inputs_awaited() -> Refusal:
    return invalid("The reader does not wait for inputs.")
