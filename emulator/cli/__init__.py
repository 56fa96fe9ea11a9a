"""The command line: `connect-emulator [COMMAND] [options]`; without a command it serves.

One file for each command. Each offers `add(commands)`, which declares the command's options and the
function that runs it, and imports what only that function needs inside it: start-up time counts.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from emulator import __version__
from emulator.cli import check, exec, fuzz, listen, log, record, run, serve, trigger  # noqa: A004

_COMMANDS: Final = (
    serve,
    check,
    run,
    trigger,
    listen,
    log,
    exec,
    record,
    fuzz,
)
_OWN_FLAGS: Final = frozenset({"-h", "--help", "--version"})


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; mistakes end with a sentence and exit code 2, never with a traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in _OWN_FLAGS):
        words.insert(0, "serve")
    options = _parser().parse_args(words)
    options.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="connect-emulator",
        description="A Stripe-compatible server for teams who build on Stripe Connect.",
        epilog="Without a command it serves: connect-emulator --port 12111",
    )
    parser.add_argument("--version", action="version", version=f"connect-emulator {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add(commands)
    return parser
