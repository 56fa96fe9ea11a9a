"""Refusals about webhook endpoints and events."""

from __future__ import annotations

from emulator.kernel.errors.refusal import Refusal, invalid


def bad_endpoint_url() -> Refusal:
    return invalid(
        "Invalid URL: An explicit scheme (such as https) must be provided.", "url_invalid", "url"
    )


def too_many_endpoints(most: int) -> Refusal:
    return invalid(f"You have reached the maximum of {most} test webhook endpoints.")


def unknown_event_type(name: str, index: int) -> Refusal:
    return invalid(
        f"Invalid enabled_events[{index}]: {name} is not an event type that an endpoint can "
        "receive",
        None,
        f"enabled_events[{index}]",
    )
