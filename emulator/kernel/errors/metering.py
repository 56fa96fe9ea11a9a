"""Refusals about usage: meters and their events. Wording is assumed where nothing else is said."""

from __future__ import annotations

from emulator.kernel.errors.refusal import Refusal, invalid


def meter_name_taken(name: str) -> Refusal:
    return invalid(
        f"A meter with event_name {name} already exists.", "resource_already_exists", "event_name"
    )


def no_such_meter(name: str) -> Refusal:
    return invalid(f"No active meter found for event name {name}", None, "event_name")


def no_such_meter_event(identifier: str) -> Refusal:
    return invalid(
        f"No meter event with the identifier {identifier}", "resource_missing", "cancel[identifier]"
    )


def meter_event_customer(customer: str) -> Refusal:
    return invalid(f"No such customer: '{customer}'", "resource_missing", "payload")


def meter_event_value(value: str) -> Refusal:
    return invalid(f"Invalid meter event value: {value}", None, "payload")


def meter_event_time() -> Refusal:
    """Documented: within the last 35 days, and at most 5 minutes ahead."""
    return invalid(
        "The timestamp must be within the past 35 calendar days or up to 5 minutes in the future.",
        None,
        "timestamp",
    )
