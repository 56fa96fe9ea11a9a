"""`connect-emulator exec -- COMMAND`: start a server, run a command beside it, stop it.

The exit code is the command's own; 127 when there is no such command, 1 when no server starts.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from emulator.cli.serve import OPTIONS
from emulator.cli.server import Unreachable, started

_OWN: Final = frozenset({"--host", "--port"})
_WORLD: Final = "exec"
_EPILOG: Final = """examples:
  connect-emulator exec -- pytest
  connect-emulator exec --clock 2026-03-01T12:00:00 -- npm test
the command's environment:
  EMULATOR_URL, STRIPE_API_BASE     the server's address
  STRIPE_API_HOST, STRIPE_API_PORT  its parts, STRIPE_API_PROTOCOL too
  EMULATOR_KEY, STRIPE_SECRET_KEY, STRIPE_API_KEY, STRIPE_PUBLISHABLE_KEY
exit code: the command's own"""


def add(commands: Any) -> None:
    """Register the command with the parser's subcommands."""
    found: argparse.ArgumentParser = commands.add_parser(
        "exec",
        help="run a command with a server beside it",
        description="Start a server on a free port, run a command with its address and a key in "
        "the environment, and stop the server.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="connect-emulator exec [options of serve] -- COMMAND …",
    )
    for flag, facts in OPTIONS.items():
        if flag not in _OWN:
            shown = {name: value for name, value in facts.items() if name != "default"}
            found.add_argument(flag, **shown)
    found.add_argument("command", nargs=argparse.REMAINDER, help="the command and its words")
    found.set_defaults(run=lambda options: sys.exit(run(options)))


def run(options: argparse.Namespace) -> int:
    """Run the command, and return its exit code."""
    words = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not words:
        sys.stderr.write("connect-emulator exec: say which command, behind a --\n")
        return 2
    try:
        with started(_of_serve(options)) as url:
            return _beside(url, words)
    except Unreachable as problem:
        sys.stderr.write(f"connect-emulator exec: {problem}\n")
        return 1


def environment(url: str, world: str) -> dict[str, str]:
    """What tells a program where its Stripe is."""
    parts = urlsplit(url)
    secret = f"sk_test_{world}"
    return {
        "EMULATOR_URL": url,
        "EMULATOR_KEY": secret,
        "STRIPE_API_BASE": url,
        "STRIPE_API_HOST": str(parts.hostname),
        "STRIPE_API_PORT": str(parts.port),
        "STRIPE_API_PROTOCOL": parts.scheme,
        "STRIPE_SECRET_KEY": secret,
        "STRIPE_API_KEY": secret,
        "STRIPE_PUBLISHABLE_KEY": f"pk_test_{world}",
    }


def _of_serve(options: argparse.Namespace) -> list[str]:
    """The options that are the server's, as words."""
    words = []
    for flag, facts in OPTIONS.items():
        value = getattr(options, flag[2:].replace("-", "_"), None)
        if flag in _OWN or value in {None, False}:
            continue
        words += [flag] if facts.get("action") == "store_true" else [flag, str(value)]
    return words


def _beside(url: str, words: Sequence[str]) -> int:
    """Run the command to its end; a signal that is meant for us is passed on to it."""
    try:
        variables = {**os.environ, **environment(url, _WORLD)}
        process = subprocess.Popen(words, env=variables)  # noqa: S603 - what the user asked for
    except OSError as problem:
        sys.stderr.write(f"connect-emulator exec: {words[0]}: {problem.strerror}\n")
        return 127
    signal.signal(signal.SIGTERM, lambda number, _frame: process.send_signal(number))
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            continue  # the command got it, too, and decides
        return 128 - code if code < 0 else code
