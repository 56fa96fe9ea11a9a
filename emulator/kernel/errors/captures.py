"""Refusals about the finer ways of capturing: several times, and after raising the amount."""

from __future__ import annotations

from typing import Any

from emulator.kernel.errors.refusal import Refusal, invalid

_STATE = "payment_intent_unexpected_state"


def no_multicapture(intent: str) -> Refusal:
    """Wording assumed."""
    return invalid(
        f"The PaymentIntent {intent} can be captured once only, as multicapture is not available "
        "for its charge: `final_capture` cannot be false.",
        None,
        "final_capture",
    )


def part_is_all() -> Refusal:
    """Documented."""
    return invalid("can't set final_capture as false when fully capturing a payment intent.")


def split_multicapture() -> Refusal:
    """Our own limit, not Stripe's."""
    return invalid(
        "connect-emulator does not emulate several captures of a payment that is split with "
        "`transfer_data` or `application_fee_amount`. Capture it once, or transfer afterwards.",
        "not_emulated",
        "final_capture",
    )


def not_incrementable(intent: dict[str, Any]) -> Refusal:
    """Wording assumed."""
    refusal = invalid(
        "This PaymentIntent's authorization cannot be incremented, as incremental_authorization "
        "is not available for its charge.",
        _STATE,
    )
    refusal.extra["payment_intent"] = intent
    return refusal


def too_many_increments(most: int) -> Refusal:
    """Wording assumed."""
    return invalid(f"An authorization can be incremented at most {most} times.", _STATE)
