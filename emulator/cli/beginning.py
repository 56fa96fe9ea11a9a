"""`serve --scenario`: the scenario that worlds begin with, played before the server listens."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from emulator.world import Moment

_NAMED: Final = re.compile(r"([A-Za-z0-9_~-][A-Za-z0-9._~-]{0,199})=(.+)")


def play(told: str, settings: Mapping[str, Any]) -> tuple[str, Moment]:
    """The name of the world that is meant ("" for all of them), and what it begins as.

    Ends the program when the file is no scenario (2), or what it expects is not so (1).
    """
    from emulator.scenario import Mistake, load  # noqa: PLC0415 - most servers begin empty
    from emulator.web import staging  # noqa: PLC0415

    named = _NAMED.fullmatch(told)
    name, path = (named[1], named[2]) if named else ("", told)
    try:
        scenario = load(Path(path))
        report, moment = asyncio.run(staging.prepare(scenario, name or "scenario", settings))
    except Mistake as mistake:
        sys.stderr.write(f"connect-emulator: {mistake}\n")
        raise SystemExit(2) from None
    if not report.passed:
        from emulator.scenario.report import as_lines  # noqa: PLC0415

        lines = [line for result in report.failures for line in as_lines(result)]
        sys.stderr.write("connect-emulator: the scenario does not hold.\n")
        sys.stderr.writelines(f"{line}\n" for line in lines)
        raise SystemExit(1)
    return name, moment
