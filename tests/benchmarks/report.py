"""What the benchmark prints: one Markdown table, and what does not fit into it beneath."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from tests.benchmarks.load import Contestant

_HEAD: Final = ("measure", "at", "here", "beside it", "ratio", "to reach", "")


@dataclass(slots=True)
class Report:
    """Rows as they come; `print` shows all of them."""

    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def rate(
        self, what: str, at: str, ours: Contestant, other: Contestant, least: float | None = None
    ) -> None:
        """Rates side by side. least: the ratio to reach."""
        ratio = ours.against(other)
        self.rows.append(
            (
                what,
                at,
                _rate(ours),
                f"{other.server.name}: {_rate(other)}",
                _both(ratio, ours, other),
                "" if least is None else f"≥ {least:g}",
                _verdict(ratio, least, operator.ge),
            )
        )

    def most(self, what: str, at: str, shown: str, *, found: float, most: float, unit: str) -> None:
        """A figure that should stay small, in `unit`."""
        verdict = _verdict(found, most, operator.le)
        self.rows.append((what, at, shown, "", "", f"≤ {most:,g} {unit}", verdict))

    def figure(self, what: str, at: str, shown: str) -> None:
        """A figure that nobody has set a limit for."""
        self.rows.append((what, at, shown, "", "", "", ""))

    def note(self, text: str) -> None:
        """A sentence beneath the table."""
        self.notes.append(text)

    def markdown(self) -> str:
        """The table and the notes."""
        lines = [_HEAD, ["---"] * len(_HEAD), *self.rows]
        table = "\n".join("| " + " | ".join(row) + " |" for row in lines)
        return "\n".join([table, "", *(f"- {note}" for note in self.notes)])


def spread(values: Sequence[float], pattern: str = "{:,.0f}") -> str:
    """Median and range, as in `12 (10-15)`."""
    low, high = pattern.format(min(values)), pattern.format(max(values))
    return f"{pattern.format(median(values))} ({low}-{high})"


def _rate(contestant: Contestant) -> str:
    rates = [reading.per_second for reading in contestant.rounds]
    pattern = "{:,.0f}" if median(rates) >= 100 else "{:,.1f}"
    late = [reading.p99_ms for reading in contestant.rounds if reading.p99_ms is not None]
    tail = f", p99 {median(late):.1f} ms" if late else ""
    failed = f", **{contestant.failures} failed**" if contestant.failures else ""
    spent = f", {contestant.cpu_us:,.0f} µs" if contestant.cpu_us else ""
    return f"{spread(rates, pattern)}/s{tail}{spent}{failed}"


def _both(ratio: float, ours: Contestant, other: Contestant) -> str:
    if not ours.cpu_us:
        return _ratio(ratio)
    return f"{_ratio(ratio)} ({_ratio(other.cpu_us / ours.cpu_us)})"


def _ratio(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _verdict(found: float, limit: float | None, reaches: object) -> str:
    if limit is None:
        return ""
    assert callable(reaches)
    return "reached" if reaches(found, limit) else "**missed**"
