"""Refusals of triggers. Not Stripe's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from emulator.kernel.errors.ours import ours, perhaps
from emulator.kernel.errors.refusal import Refusal


def no_such_trigger(event: str, near: str | None) -> Refusal:
    return ours(
        f"Nothing here triggers {event!r}.{perhaps(near)} See GET /_emulator/trigger.",
        "resource_missing",
        "event",
        404,
    )


def change_unreadable(flag: str, text: str, form: str) -> Refusal:
    return ours(f"{flag}: {text!r} cannot be read. Write {form}.", "parameter_invalid", flag)


def no_such_step(flag: str, name: str, names: Sequence[str]) -> Refusal:
    return ours(
        f"{flag}: this trigger has no step {name!r}. Its steps: {', '.join(names)}.",
        "parameter_invalid",
        flag,
    )


def not_used(id_: str, kind: str, makes: Sequence[str]) -> Refusal:
    known = ", ".join(makes) or "nothing"
    return ours(
        f"{id_} is of the kind {kind}, and this trigger makes none. It makes: {known}.",
        "parameter_invalid",
        "on",
    )


def step_refused(name: str, what: str, error: dict[str, Any]) -> Refusal:
    """error: what the step was answered, shown beside ours."""
    refusal = ours(
        f"{name} ({what}) was refused: {error.get('message')}", "trigger_failed", "event"
    )
    refusal.extra["refused"] = error
    return refusal


def reference_unresolved(name: str, text: str) -> Refusal:
    return ours(f"{name}: {text}", "trigger_failed", "event")


def did_not_happen(event: str, happened: Sequence[str]) -> Refusal:
    told = ", ".join(happened) or "none"
    return ours(
        f"Every step was carried out, and {event} did not happen. The events that did: {told}.",
        "trigger_failed",
        "event",
    )
