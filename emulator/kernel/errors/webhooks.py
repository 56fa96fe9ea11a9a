"""Refusals about webhook endpoints and events."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.kernel.errors.refusal import INVALID, Refusal, invalid


def bad_endpoint_url() -> Refusal:
    return invalid(
        "Invalid URL: An explicit scheme (such as https) must be provided.", "url_invalid", "url"
    )


def too_many_endpoints(most: int) -> Refusal:
    return invalid(f"You have reached the maximum of {most} test webhook endpoints.")


def bad_filters() -> Refusal:
    """For the command line, which sends them as JSON (assumed wording)."""
    return invalid("Invalid filters: must be a JSON object of lists", param="filters")


def unknown_line() -> Refusal:
    """Observed; the command line then asks for another session."""
    return invalid("Unknown WebSocket ID.")


def unknown_event_type(name: str, index: int) -> Refusal:
    return invalid(
        f"Invalid enabled_events[{index}]: {name} is not an event type that an endpoint can "
        "receive",
        None,
        f"enabled_events[{index}]",
    )


def no_such_event(id_: str) -> Refusal:
    """For the control API, where an event may belong to any account."""
    return Refusal(404, INVALID, f"There is no event {id_} in this world.", None, "event")


def no_such_endpoint(id_: str) -> Refusal:
    """For the control API, where an endpoint may belong to any account."""
    return Refusal(404, INVALID, f"There is no webhook endpoint {id_} here.", None, "endpoint")


def nobody_heard(event: str) -> Refusal:
    return invalid(
        f"No endpoint was told of {event}. Name one in `endpoint` to send it there.",
        None,
        "endpoint",
    )


def waited_in_vain(type: str, seconds: float, seen: Mapping[str, int], held: int) -> Refusal:
    """408: what was waited for has not arrived; says what did happen meanwhile."""
    happened = ", ".join(f"{name} ({count})" for name, count in sorted(seen.items())[:50])
    message = f"No {type} arrived within {seconds:g} s. What happened: {happened or 'nothing'}."
    if held:
        message += f" Deliveries that are held: {held}."
    return Refusal(408, INVALID, message, "timeout", "type", documented=False)
