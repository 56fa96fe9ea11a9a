"""Refusals of /v2/core. Their wording is assumed: no recording shows one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from emulator.kernel.errors.refusal import Refusal, invalid, ruled


def page_unknown(token: str) -> Refusal:
    return invalid(f"The page token '{token}' is invalid for this list.", None, "page")


def field_missing(path: str) -> Refusal:
    return invalid(f"Missing required field: {path}.", "parameter_missing", path)


def time_invalid(path: str, value: str) -> Refusal:
    return invalid(
        f"Invalid timestamp: {value}. Timestamps are RFC 3339 dates and times, for example "
        "2026-03-01T12:00:00.000Z.",
        "parameter_invalid_string",
        path,
    )


@ruled
def responsibilities(dashboard: str, shares: Mapping[str, Any]) -> Refusal:
    """Source: the combinations that Stripe's documentation of account configuration allows."""
    fees, losses = shares.get("fees_collector"), shares.get("losses_collector")
    return invalid(
        f"Accounts with dashboard={dashboard}, defaults.responsibilities.fees_collector={fees} "
        f"and defaults.responsibilities.losses_collector={losses} are not supported.",
        None,
        "defaults.responsibilities",
    )


def other_configurations(applied: Iterable[str]) -> Refusal:
    return invalid(
        "The configurations to close must be those applied to the account: "
        f"{', '.join(applied) or 'none'}.",
        None,
        "applied_configurations",
    )


def not_changeable(path: str) -> Refusal:
    return invalid(f"{path} can't be changed after the account is created.", None, path)


def token_used(param: str) -> Refusal:
    return invalid("This token has already been used.", "token_already_used", param)


def destination_field(type_: str, field: str) -> Refusal:
    return invalid(
        f"{field} is required when the type of the event destination is {type_}.",
        "parameter_missing",
        field,
    )
