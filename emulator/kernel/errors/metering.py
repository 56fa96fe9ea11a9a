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


def meter_event_repeated(identifier: str) -> Refusal:
    """Events are told apart by their identifiers for a day (documented; assumed wording)."""
    return invalid(
        f"An event already exists with identifier {identifier}.",
        "resource_already_exists",
        "identifier",
    )


# -- credits --------------------------------------------------------------------------------------


def grant_of_nothing() -> Refusal:
    return invalid(
        "The amount of a credit grant must be positive.", None, "amount[monetary][value]"
    )


def grant_scope() -> Refusal:
    return invalid(
        "You must provide either `price_type` or `prices`, but not both.",
        None,
        "applicability_config[scope]",
    )


def grant_for_unmetered(param: str) -> Refusal:
    return invalid("Credits only apply to metered prices with a billing meter.", None, param)


def grant_end_past() -> Refusal:
    return invalid(
        "`expires_at` must be in the future and after `effective_at`.", None, "expires_at"
    )


def grant_over(deed: str, status: str) -> Refusal:
    return invalid(f"You cannot {deed} a credit grant that is {status}.")


def grant_used() -> Refusal:
    return invalid("You cannot void a credit grant whose credits were applied to an invoice.")


# -- alerts ---------------------------------------------------------------------------------------


def alert_without_threshold() -> Refusal:
    return invalid(
        "Missing required param: usage_threshold.", "parameter_missing", "usage_threshold"
    )


def alert_not(status: str, then: str) -> Refusal:
    return invalid(f"This alert is {status} and cannot become {then}.")


def item_without_records(item: str) -> Refusal:
    return invalid(
        f"Cannot create the usage record: the price of subscription item {item} is not metered by "
        "usage records.",
        None,
        "subscription_item",
    )


def record_too_early() -> Refusal:
    """Observed by others, but for the end."""
    return invalid(
        "Cannot create the usage record with this timestamp because timestamps must be after the "
        "subscription's last invoice period (or current period start time).",
        None,
        "timestamp",
    )


def record_in_future() -> Refusal:
    return invalid(
        "Cannot create the usage record with this timestamp because timestamps must be before the "
        "current time (with 5 minute grace period).",
        None,
        "timestamp",
    )


def no_such_summary(id_: str, param: str) -> Refusal:
    return invalid(f"No such usage record summary: '{id_}'", "resource_missing", param)
