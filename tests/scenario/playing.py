"""How tests play a scenario that is written into the test."""

from __future__ import annotations

import asyncio
from textwrap import dedent

from emulator.scenario import Report, of_bytes
from emulator.web import staging


def played(text: str) -> Report:
    """The report on a scenario in a world of its own."""
    return asyncio.run(staging.play(of_bytes(dedent(text).encode(), "test.yaml")))


def failures(text: str) -> list[str]:
    """What was not as expected: each failure's message, and its differences as `path: expected ≠
    found`.
    """
    found = []
    for result in played(text).failures:
        found.append(result.message)
        found += [f"{each.path}: {each.expected} ≠ {each.found}" for each in result.differences]
    return found
