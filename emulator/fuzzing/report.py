"""What a run of the fuzzer has done and found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from emulator.fuzzing.checks import Fault


@dataclass(slots=True)
class Finding:
    """A fault, and the scenario that brings it about again, if one was found."""

    fault: Fault
    scenario: dict[str, Any] | None


@dataclass(slots=True)
class Report:
    """operations: how many there were to ask. reached: those that were asked. answered: those that
    gave a result. statuses: HTTP status -> how many answers.
    """

    seed: int
    operations: int
    reached: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    statuses: dict[int, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return sum(self.statuses.values())

    @property
    def share(self) -> float:
        """Which part of the answers were results, from 0 to 1."""
        results = sum(n for status, n in self.statuses.items() if status < 300)
        return results / self.requests if self.requests else 0.0

    def told(self) -> str:
        """In a few lines."""
        listed = ", ".join(f"{status}: {n}" for status, n in sorted(self.statuses.items()))
        lines = [
            f"seed {self.seed}: {self.requests} requests ({listed}), {self.share:.0%} with results",
        ]
        reached, answered = len(self.reached), len(self.answered)
        lines.append(f"{reached} of {self.operations} operations reached, {answered} with a result")
        for finding in self.findings:
            fault = finding.fault
            lines.append(f"{fault.check}: {fault.operation} {fault.message}".strip())
        lines.append(f"{len(self.findings)} findings" if self.findings else "nothing found")
        return "\n".join(lines)
