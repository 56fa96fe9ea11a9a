"""`connect-emulator fuzz`: made-up requests of every operation, against this program or a server.

Exit code 0: nothing was found. 1: something was. 2: an option makes no sense, no server answers, or
schemathesis is not installed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from emulator.contract.versions import Version, parse
from emulator.kernel import instants
from emulator.kernel.errors import Refusal

if TYPE_CHECKING:
    from emulator.fuzzing import Line, Report

_START: Final = 1_772_366_400
_EPILOG: Final = """examples:
  connect-emulator fuzz --time 10m
  connect-emulator fuzz --only '/v1/customers*' --seed 7 --out found/
  connect-emulator fuzz --api-version 2022-11-15
  connect-emulator fuzz --url http://127.0.0.1:12111 --world mine --time 2m"""


def add(commands: Any) -> None:
    """Register the command with the parser's subcommands."""
    found: argparse.ArgumentParser = commands.add_parser(
        "fuzz",
        help="ask every operation what it allows and what it does not, and watch what must hold",
        description="No answer is an error of ours, answers and events have their shape, the books "
        "balance, events name what exists, and no other world changes. In an older API version the "
        "parameters are those it knows, and the shape is the newest one with what the dated "
        "changes take away and add; of what they turn into another type, only that it is there.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("--url", help="a server that runs; usually one inside this process is asked")
    found.add_argument(
        "--world", default="fuzz", help="the world to fill: of the key sk_test_WORLD"
    )
    found.add_argument("--time", type=_seconds, default=60, help="how long: 90s, 10m (default 60s)")
    found.add_argument("--seed", type=int, default=0, help="what chance is made from (default 0)")
    found.add_argument(
        "--only", default="*", metavar="PATTERN", help="only these paths: /v1/prices*"
    )
    found.add_argument(
        "--api-version",
        type=_version,
        metavar="VERSION",
        help="what is asked in, and what events are told in: 2022-11-15 (default the newest)",
    )
    found.add_argument("--out", metavar="FOLDER", help="write what was found there, as scenarios")
    found.set_defaults(run=lambda options: sys.exit(run(options)))


def run(options: argparse.Namespace) -> int:
    """Fuzz, and return the exit code."""
    try:
        import schemathesis  # noqa: F401, PLC0415
    except ImportError:
        print("fuzz needs schemathesis: pip install 'connect-emulator[test]'", file=sys.stderr)
        return 2
    with asyncio.Runner() as runner:
        try:
            report = _fuzzed(options, runner.get_loop())
        except ConnectionError as problem:
            print(f"no server answers at {options.url} ({problem})", file=sys.stderr)
            return 2
    print(report.told())
    if options.out:
        _write(report, Path(options.out))
    return 1 if report.findings else 0


def _fuzzed(options: argparse.Namespace, loop: asyncio.AbstractEventLoop) -> Report:
    from emulator.fuzzing import Plan, Run  # noqa: PLC0415

    plan = Plan(options.seed, options.time, options.only)
    if options.api_version is not None:
        plan = replace(plan, version=options.api_version)
    worlds = iter(range(1_000_000))
    with _lines(options, loop) as line_to:

        def fresh() -> Line:
            return line_to(f"{options.world}-again-{next(worlds)}")

        line, witness = line_to(options.world), line_to(f"{options.world}-witness")
        return Run(plan, line, witness, fresh).go()


@contextmanager
def _lines(
    options: argparse.Namespace, loop: asyncio.AbstractEventLoop
) -> Iterator[Callable[[str], Line]]:
    """Lines to worlds by their names."""
    if not options.url:
        yield _to_own(options.seed, loop)
        return
    opened = AsyncExitStack()
    try:
        yield _to_server(options.url, loop, opened)
    finally:
        loop.run_until_complete(opened.aclose())


def _to_own(seed: int, loop: asyncio.AbstractEventLoop) -> Callable[[str], Line]:
    """Lines to worlds of an application in this process."""
    from emulator.fuzzing import Line  # noqa: PLC0415
    from emulator.web import asking  # noqa: PLC0415
    from emulator.web.app import build  # noqa: PLC0415
    from emulator.world import Profile, Worlds  # noqa: PLC0415

    worlds = Worlds(Profile(seed=str(seed), start=_START, frozen=True))
    app = build(worlds)
    worlds.on_commit = None  # webhooks stay where they are: nobody is to be called
    return lambda world: Line(asking.locally(app, world), loop)


def _to_server(
    url: str, loop: asyncio.AbstractEventLoop, opened: AsyncExitStack
) -> Callable[[str], Line]:
    """Lines to worlds of a server; what they hold open is let go of with `opened`."""
    from emulator.fuzzing import Line  # noqa: PLC0415
    from emulator.web import asking  # noqa: PLC0415

    def line_to(world: str) -> Line:
        entering = opened.enter_async_context(asking.remotely(url, world))
        return Line(loop.run_until_complete(entering), loop)

    return line_to


def _write(report: Report, folder: Path) -> None:
    """One scenario for each finding that comes again."""
    import orjson  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    for number, finding in enumerate(report.findings, 1):
        if finding.scenario is not None:
            raw = orjson.dumps(finding.scenario, option=orjson.OPT_INDENT_2)
            (folder / f"finding_{number}.json").write_bytes(raw + b"\n")


def _version(text: str) -> Version:
    try:
        return parse(text)
    except Refusal as refusal:
        raise argparse.ArgumentTypeError(refusal.message) from None


def _seconds(text: str) -> int:
    found = instants.duration(text + "s" if text.isdecimal() else text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration: give 90s, 10m or 1h")
    return found
