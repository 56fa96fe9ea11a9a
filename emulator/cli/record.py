"""`connect-emulator record`: what a world of a running server was asked, as a scenario file.

Exit code 0: written. 2: no server answers, or there is nothing to write to.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Any, Final

from emulator.cli import server as servers
from emulator.cli.writing import write

_EPILOG: Final = """examples:
  connect-emulator record --world demo --start
  connect-emulator record --world demo --stop --out story.yaml
  connect-emulator run story.yaml
exit code: 0 written, 2 no server answers or the file cannot be written"""


def add(commands: Any) -> None:
    """Register the command with the parser's subcommands."""
    found: argparse.ArgumentParser = commands.add_parser(
        "record",
        help="write down what a world was asked as a scenario file",
        description="Write down what a world of a running server was asked, as a scenario file "
        "that asks the same again. Without --start or --stop: what the log still holds.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    servers.add_url(found)
    which = found.add_mutually_exclusive_group()
    which.add_argument("--world", default="demo", help="the world's name (default demo)")
    which.add_argument("--key", metavar="KEY", help="a secret key of the world, instead")
    found.add_argument("--out", metavar="FILE", help="write there instead of to the terminal")
    when = found.add_mutually_exclusive_group()
    when.add_argument("--start", action="store_true", help="keep every request from now on")
    when.add_argument("--stop", action="store_true", help="write, and keep no more than usual")
    found.set_defaults(run=lambda options: sys.exit(run(options)))


def run(options: argparse.Namespace) -> int:
    """Record, and return the exit code."""
    world = options.world
    if options.key:
        world = options.key.removeprefix("sk_test_")
    try:
        text = asyncio.run(_asked(options, world))
    except (ConnectionError, ValueError) as problem:
        sys.stderr.write(f"connect-emulator record: {problem}\n")
        return 2
    return write("record", text, options.out)


async def _asked(options: argparse.Namespace, world: str) -> str:
    """Switch the server's log, and read what it says."""
    from emulator.kit.log import USUALLY_KEPT  # noqa: PLC0415
    from emulator.scenario import Asked  # noqa: PLC0415 - `serve` starts without all this
    from emulator.web import asking  # noqa: PLC0415

    async with asking.remotely(options.url, world) as ask:

        async def must(method: str, path: str, sent: dict[str, Any] | None = None) -> Any:
            answer = await ask(Asked(method, f"/_emulator/{path}", sent or {}))
            if answer.status != 200:
                reason = answer.error.get("message", f"it answers {answer.status}")
                raise ValueError(f"the server at {options.url} does not record: {reason}")
            return answer

        if options.start:
            await must("POST", "requests", {"keep": "all"})
            return f"recording the world {world} at {options.url}\n"
        found = await must("GET", "scenarios/recorded")
        if options.stop:
            await must("POST", "requests", {"keep": USUALLY_KEPT})
        text: str = found.raw.decode()
        return text
