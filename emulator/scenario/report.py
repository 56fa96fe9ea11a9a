"""How a scenario went: as plain values, as JUnit's XML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import zip_longest
from typing import Any, Final
from xml.etree import ElementTree as ET

from emulator.scenario.matching import Difference
from emulator.scenario.mistakes import Mistake
from emulator.scenario.story import Scenario, Step

# What XML 1.0 cannot hold, and answers can.
_UNFIT: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

PASSED: Final = "passed"
FAILED: Final = "failed"
SKIPPED: Final = "skipped"


@dataclass(slots=True)
class Result:
    """How one step went. message: why it failed; differences: what was expected, and what was."""

    step: Step
    chapter: str
    outcome: str = PASSED
    message: str = ""
    differences: Sequence[Difference] = ()

    def as_json(self) -> dict[str, Any]:
        place = self.step.place
        found: dict[str, Any] = {
            "chapter": self.chapter,
            "part": self.step.part,
            "step": self.step.title,
            "file": place.file,
            "line": place.line,
            "outcome": self.outcome,
        }
        if self.outcome == FAILED:
            found["message"] = self.message
            found["differences"] = [
                {"path": each.path, "expected": each.expected, "found": each.found}
                for each in self.differences
            ]
        return found


@dataclass(slots=True)
class Report:
    """How one scenario went. trail: what was asked, and a digest of the answer's status and bytes.
    seconds: of the machine.
    """

    scenario: Scenario
    results: list[Result] = field(default_factory=list)
    trail: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        return all(each.outcome == PASSED for each in self.results)

    @property
    def digest(self) -> str:
        """Of the whole trail: equal when all answers were."""
        return blake2b("\n".join(map(" ".join, self.trail)).encode(), digest_size=16).hexdigest()

    def compare(self, again: Report) -> None:
        """Fail where another play of the same scenario was answered with other bytes."""
        if self.trail == again.trail or not self.results:
            return
        pairs = zip_longest(self.trail, again.trail, fillvalue=("nothing", ""))
        asked = next(one[0] if one[1] else two[0] for one, two in pairs if one != two)
        message = f"Played again, the bytes are others: first in the answer to {asked}."
        last = self.results[-1]
        self.results.append(Result(last.step, last.chapter, FAILED, message))

    @property
    def failures(self) -> list[Result]:
        return [each for each in self.results if each.outcome == FAILED]

    def count(self, outcome: str) -> int:
        return sum(1 for each in self.results if each.outcome == outcome)

    def as_json(self) -> dict[str, Any]:
        return {
            "scenario": self.scenario.name,
            "file": self.scenario.file,
            "about": self.scenario.about,
            "passed": self.passed,
            "answers": len(self.trail),
            "digest": self.digest,
            "steps": [each.as_json() for each in self.results],
        }


def as_lines(result: Result) -> list[str]:
    """A failure as people read it: where, what, and line by line what was expected and found."""
    lines = [f"{result.step.place}: {result.step.part}: {result.step.title}"]
    if result.message:
        lines.append(f"  {result.message}")
    for each in result.differences:
        way = result.step.text.place((*result.step.path, *each.way))
        lines.append(f"  {each.path or 'the answer'}  ({way.file}:{way.line})")
        lines.append(f"    - expected {each.expected}")
        lines.append(f"    + found    {each.found}")
    return lines


def as_json(reports: Sequence[Report], mistakes: Sequence[Mistake]) -> dict[str, Any]:
    """Everything as plain values."""
    return {
        "passed": not mistakes and all(each.passed for each in reports),
        "scenarios": [each.as_json() for each in reports],
        "mistakes": [
            {"file": each.place.file, "line": each.place.line, "message": str(each)}
            for each in mistakes
        ],
    }


def as_junit(reports: Sequence[Report], mistakes: Sequence[Mistake]) -> bytes:
    """One test suite for each scenario, one test case for each step; a file that is no scenario is
    an error.
    """
    suites = ET.Element("testsuites", name="connect-emulator")
    for report in reports:
        suite = ET.SubElement(
            suites,
            "testsuite",
            name=report.scenario.name,
            tests=str(len(report.results)),
            failures=str(report.count(FAILED)),
            skipped=str(report.count(SKIPPED)),
            errors="0",
            time=f"{report.seconds:.3f}",
        )
        for result in report.results:
            _case(suite, report, result)
    for mistake in mistakes:
        suite = ET.SubElement(suites, "testsuite", name=mistake.place.file, tests="1", errors="1")
        case = ET.SubElement(suite, "testcase", name="the file", classname=mistake.place.file)
        ET.SubElement(case, "error", message=str(mistake))
    for element in suites.iter():
        element.text = _UNFIT.sub("\ufffd", element.text) if element.text else None
        for name, value in element.items():
            element.set(name, _UNFIT.sub("\ufffd", value))
    ET.indent(suites)
    made: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def _case(suite: ET.Element, report: Report, result: Result) -> None:
    place = result.step.place
    case = ET.SubElement(
        suite,
        "testcase",
        name=f"{result.step.part}: {result.step.title} (line {place.line})",
        classname=f"{report.scenario.name}.{result.chapter}",
        file=place.file,
        line=str(place.line),
    )
    if result.outcome == FAILED:
        failure = ET.SubElement(case, "failure", message=result.message or "not as expected")
        failure.text = "\n".join(as_lines(result))
    elif result.outcome == SKIPPED:
        ET.SubElement(case, "skipped")
