"""Refusals of simulators and triggers: what the state of an object does not allow. Not Stripe's."""

from __future__ import annotations

from collections.abc import Sequence

from emulator.kernel.errors.ours import ours, perhaps
from emulator.kernel.errors.refusal import Refusal

_STATE = "object_unexpected_state"


def no_such_simulator(name: str, near: str | None) -> Refusal:
    return ours(
        f"There is no simulator {name!r}.{perhaps(near)} GET /_emulator/simulate lists them all.",
        "resource_missing",
        "name",
        404,
    )


def wrong_state(kind: str, id_: str, status: str, deed: str, allowed: Sequence[str]) -> Refusal:
    """deed: what cannot be done any more, or not yet, such as `fail`."""
    return ours(
        f"This {kind} ({id_}) is {status}: it cannot {deed}. It can when it is "
        f"{' or '.join(allowed)}.",
        _STATE,
        kind.replace(" ", "_"),
    )


def not_possible(param: str, reason: str) -> Refusal:
    """reason: a sentence that says why, and what would do."""
    return ours(reason, _STATE, param)


def missing_one_of(names: Sequence[str]) -> Refusal:
    return ours(f"Missing: give {' or '.join(names)}.", "parameter_missing", names[0])
