"""Refusals about scenarios that are sent here: not Stripe's words, but Stripe's shape."""

from __future__ import annotations

from emulator.kernel.errors.refusal import Refusal, invalid


def bad_scenario(message: str) -> Refusal:
    return invalid(f"Invalid scenario: {message}", "scenario_invalid", "scenario")
