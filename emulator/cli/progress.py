"""What `run` shows while it plays: a bar on a terminal, plain lines everywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from emulator.scenario import Mistake, Report, Result

_WIDTH: Final = 24
_LONGEST: Final = 100
_CLEAR: Final = "\r\x1b[K"


class Progress:
    """Writes to a stream; the bar is redrawn in place and gone at the end."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._bar = out.isatty()
        self._all = 0
        self._done = 0
        self.mistakes: list[Mistake] = []

    def begin(self, count: int) -> None:
        """So many plays are to come."""
        self._all = count

    def step(self, result: Result) -> None:
        """A step was played."""
        if self._bar:
            full = _WIDTH * self._done // max(self._all, 1)
            drawn = "█" * full + "░" * (_WIDTH - full)
            text = f"{drawn} {self._done}/{self._all} {result.step.title}"
            self._out.write(_CLEAR + text[:_LONGEST].replace("\n", " "))
            self._out.flush()

    def played(self, report: Report) -> None:
        """A scenario was played."""
        from emulator.scenario.report import as_lines  # noqa: PLC0415 - with the rest of scenarios

        self._done += 1
        sign = "passed" if report.passed else "FAILED"
        steps, left_out = len(report.results), report.scenario.left_out
        how = f"{steps} steps, {f'{left_out} left out, ' if left_out else ''}{report.seconds:.2f} s"
        self.line(f"{sign}  {report.scenario.name}  ({how})")
        for result in report.failures:
            for line in as_lines(result):
                self.line(f"  {line}")

    def mistake(self, mistake: Mistake) -> None:
        """A file is no scenario."""
        self.mistakes.append(mistake)
        self.line(str(mistake))

    def end(self, reports: Sequence[Report]) -> None:
        """Sum up."""
        if not reports:
            return
        passed = sum(1 for each in reports if each.passed)
        steps = sum(len(each.results) for each in reports)
        took = sum(each.seconds for each in reports)
        failed = f", {len(reports) - passed} failed" if passed < len(reports) else ""
        of = f"{passed} of {len(reports)} scenarios passed{failed}"
        self.line(f"{of}: {steps} steps, {took:.2f} s")

    def line(self, text: str) -> None:
        """Write a line above the bar."""
        self._out.write(f"{_CLEAR if self._bar else ''}{text}\n")
        self._out.flush()
