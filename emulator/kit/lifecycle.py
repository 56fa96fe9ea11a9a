"""Which states an object may be in, the steps between them, and what each step announces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """start: the state at creation. steps: (from, to) -> the event that tells it, or None
    for none.
    """

    start: str
    steps: Mapping[tuple[str, str], str | None]

    def allows(self, now: str, then: str) -> bool:
        return (now, then) in self.steps

    def announces(self, now: str, then: str) -> str | None:
        assert self.allows(now, then), f"no step {now} -> {then}; ask `allows` before taking it"
        return self.steps[now, then]

    def sources(self, then: str) -> list[str]:
        """The states from which `then` can be reached, in the order declared."""
        return [before for before, after in self.steps if after == then]
