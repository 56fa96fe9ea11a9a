"""Refusals of simulators and triggers: what the state of an object does not allow. Not Stripe's."""

from __future__ import annotations

from collections.abc import Sequence

from emulator.kernel.errors.refusal import INVALID, Refusal, invalid

_STATE = "object_unexpected_state"


def _perhaps(near: str | None) -> str:
    return f" Did you mean {near}?" if near else ""


def no_such_simulator(name: str, near: str | None) -> Refusal:
    return Refusal(
        404,
        INVALID,
        f"There is no simulator {name!r}.{_perhaps(near)} GET /_emulator/simulate lists them all.",
        "resource_missing",
        "name",
    )


def wrong_state(kind: str, id_: str, status: str, deed: str, allowed: Sequence[str]) -> Refusal:
    """deed: what cannot be done any more, or not yet, such as `fail`."""
    return invalid(
        f"This {kind} ({id_}) is {status}: it cannot {deed}. It can when it is "
        f"{' or '.join(allowed)}.",
        _STATE,
        kind.replace(" ", "_"),
    )


def not_possible(param: str, reason: str) -> Refusal:
    """reason: a sentence that says why, and what would do."""
    return invalid(reason, _STATE, param)


def missing_one_of(names: Sequence[str]) -> Refusal:
    return invalid(f"Missing: give {' or '.join(names)}.", "parameter_missing", names[0])
