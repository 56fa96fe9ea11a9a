"""`connect-emulator run FILE…`: play scenarios, each in a world of its own, and say how they went.

Exit code 0: all passed. 1: something was not as expected. 2: a file or an option makes no sense.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from emulator.cli.progress import Progress

if TYPE_CHECKING:
    from emulator.scenario import Report, Scenario

_LOOKS_EVERY_SECONDS: Final = 0.5
_EPILOG: Final = """examples:
  connect-emulator run scenarios/
  connect-emulator run tests/refunds.yaml --watch
  connect-emulator run 'stories/*.yaml' --junit report.xml --twice
exit code: 0 all passed, 1 something was not as expected, 2 a file or an option makes no sense"""


def add(commands: Any) -> None:
    """Register the command with the parser's subcommands."""
    found: argparse.ArgumentParser = commands.add_parser(
        "run",
        help="play scenario files and check what they expect",
        description="Play scenario files, each in a world of its own.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("files", nargs="+", metavar="FILE", help="a file, a folder, or a pattern")
    found.add_argument("-k", dest="word", metavar="WORD", help="only scenarios that say this word")
    found.add_argument("--seed", help="what ids and chance are made from, whatever the file says")
    found.add_argument("--url", help="play against a server that runs, not in this process")
    found.add_argument("--twice", action="store_true", help="play twice: all bytes must be equal")
    found.add_argument("--fail-fast", action="store_true", help="stop at the first that fails")
    found.add_argument("--watch", action="store_true", help="play again whenever a file changes")
    found.add_argument("--junit", metavar="FILE", help="write the results there as JUnit XML")
    found.add_argument("--json", metavar="FILE", help="write the results there as JSON")
    found.set_defaults(run=lambda options: sys.exit(run(options)))


def run(options: argparse.Namespace) -> int:
    """Play, and return the exit code."""
    try:
        if options.watch:
            return _watch(options)
        return _once(options)[0]
    except KeyboardInterrupt:
        return 130


def _once(options: argparse.Namespace) -> tuple[int, list[Path]]:
    """Play all of it once: the exit code, and the files that were read."""
    from emulator.scenario import Mistake  # noqa: PLC0415 - `serve` starts without all this

    progress = Progress(sys.stdout)
    try:
        paths = [*_found(options.files)]
    except Mistake as mistake:
        progress.mistake(mistake)
        return 2, []
    scenarios = _loaded(paths, options, progress)
    reports = asyncio.run(_played(scenarios, options, progress))
    progress.end(reports)
    written = _write(options, reports, progress)
    read = {step.text.name for each in scenarios for step in each.steps}
    code = 0 if all(report.passed for report in reports) else 1
    return 2 if progress.mistakes or not written else code, [*{*paths, *map(Path, read)}]


def _found(names: list[str]) -> Iterator[Path]:
    """The files that are meant: of a folder all that lie in it, of a pattern all that fit."""
    from emulator.scenario import Mistake, below  # noqa: PLC0415
    from emulator.scenario.mistakes import Place  # noqa: PLC0415

    for name in names:
        path = Path(name)
        if path.is_dir():
            within = [*below(path)]
            if not within:
                raise Mistake(Place(name, 1), "There is no .yaml, .yml or .json in this folder.")
            yield from within
        elif any(sign in name for sign in "*?[") and not path.exists():
            matching = sorted(Path().glob(name)) if not path.is_absolute() else []
            if not matching:
                raise Mistake(Place(name, 1), "No file fits this pattern.")
            yield from matching
        else:
            yield path


def _loaded(paths: list[Path], options: argparse.Namespace, progress: Progress) -> list[Scenario]:
    """The scenarios of the files that are some."""
    from dataclasses import replace  # noqa: PLC0415

    from emulator.scenario import Mistake, load  # noqa: PLC0415

    scenarios = []
    for path in paths:
        try:
            found = load(path)
        except Mistake as mistake:
            progress.mistake(mistake)
            continue
        text = f"{found.name} {found.about}".lower()
        if options.word is None or options.word.lower() in text:
            said = {} if options.seed is None else {"seed": options.seed}
            scenarios.append(replace(found, said=found.said | said))
    return scenarios


async def _played(
    scenarios: list[Scenario], options: argparse.Namespace, progress: Progress
) -> list[Report]:
    """How each went that a world could play."""
    from emulator.scenario import Mistake  # noqa: PLC0415
    from emulator.scenario.mistakes import Place  # noqa: PLC0415
    from emulator.web import staging  # noqa: PLC0415

    reports = []
    progress.begin(len(scenarios) * (2 if options.twice else 1))
    for scenario in scenarios:
        try:
            report = await staging.play(scenario, options.url, progress.step)
            if options.twice:
                again = await staging.play(scenario, options.url, progress.step)
                report.compare(again)
        except Mistake as mistake:
            progress.mistake(mistake)
            continue
        except BrokenPipeError:
            raise
        except OSError as problem:
            message = f"No server answers at {options.url}: {problem}"
            progress.mistake(Mistake(Place(scenario.file, 1), message))
            break
        reports.append(report)
        progress.played(report)
        if options.fail_fast and not report.passed:
            break
    return reports


def _write(options: argparse.Namespace, reports: list[Report], progress: Progress) -> bool:
    """Write the reports that were asked for; whether that worked."""
    import orjson  # noqa: PLC0415

    from emulator.scenario.report import as_json, as_junit  # noqa: PLC0415

    whole = as_json(reports, progress.mistakes)
    made = {
        options.junit: as_junit(reports, progress.mistakes),
        options.json: orjson.dumps(whole, option=orjson.OPT_INDENT_2) + b"\n",
    }
    for path, raw in made.items():
        try:
            if path:
                Path(path).write_bytes(raw)
        except OSError as problem:
            progress.line(f"connect-emulator run: cannot write {path}: {problem.strerror}")
            return False
    return True


def _watch(options: argparse.Namespace) -> int:
    """Play again and again, whenever one of the files changes, until Ctrl-C."""
    while True:
        _, paths = _once(options)
        sys.stdout.write("\nwaiting for a change (Ctrl-C ends)\n")
        sys.stdout.flush()
        asyncio.run(_changed(paths or [Path(name) for name in options.files]))


async def _changed(paths: list[Path]) -> None:
    before = _stamps(paths)
    while _stamps(paths) == before:
        await _rest(_LOOKS_EVERY_SECONDS)


async def _rest(seconds: float) -> None:
    await asyncio.sleep(seconds)


def _stamps(paths: list[Path]) -> dict[Path, float]:
    return {path: path.stat().st_mtime for path in paths if path.exists()}
