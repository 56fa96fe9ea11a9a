"""The command line: `connect-emulator [COMMAND] [options]`; without a command it serves.

One file for each command. Each offers `add(commands)`, which declares the command's options and the
function that runs it, and imports what only that function needs inside it: start-up time counts.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

from emulator import __version__

_COMMANDS: Final = (
    "serve",
    "call",
    "check",
    "run",
    "trigger",
    "listen",
    "log",
    "exec",
    "record",
    "fuzz",
)
_OWN_FLAGS: Final = frozenset({"-h", "--help", "--version"})
_READER_GONE: Final = 128 + 13  # as shells count a command that SIGPIPE ended


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; mistakes end with a sentence and exit code 2, never with a traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in _OWN_FLAGS):
        words.insert(0, "serve")
    try:
        _run(words)
    except BrokenPipeError:  # who reads the output has seen enough, such as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_READER_GONE)


def _run(words: list[str]) -> None:
    """What is left to be written is written here, so that nothing fails after the end."""
    try:
        options = parser(words[0]).parse_args(words)
        options.run(options)
    finally:
        sys.stdout.flush()


def parser(word: str) -> argparse.ArgumentParser:
    """The parser of one command, or of all when `word` is none: each is a module of its name, and
    what one command needs need not be loaded for another.
    """
    found = argparse.ArgumentParser(
        prog="connect-emulator",
        description="A Stripe-compatible server for teams who build on Stripe Connect.",
        epilog="Without a command it serves: connect-emulator --port 12111",
    )
    found.add_argument("--version", action="version", version=f"connect-emulator {__version__}")
    commands = found.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name in (word,) if word in _COMMANDS else _COMMANDS:
        import_module(f"emulator.cli.{name}").add(commands)
    return found
