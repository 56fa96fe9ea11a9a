"""`connect-emulator call`: any call of the control API, from the terminal.

Exit code 0: done. 1: no server answers, or what is named is not there. 2: it makes no sense.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

import orjson

from emulator.cli import server as servers
from emulator.cli.server import Refused, Server, Unreachable

_PREFIX: Final = "/_emulator/"
_NOT_FOUND: Final = 404
_EPILOG: Final = """examples:
  connect-emulator call
  connect-emulator call reset
  connect-emulator call clock advance=3d
  connect-emulator call simulate/payout_failed payout=po_1234 failure_code=account_closed
  connect-emulator call settings availability=current
  connect-emulator call snapshots name=before
  connect-emulator call faults --delete
exit code: 0 done, 1 no server or nothing of that name, 2 refused"""


def add(commands: Any) -> None:
    """Register the command with the parser's subcommands."""
    found: argparse.ArgumentParser = commands.add_parser(
        "call",
        help="what Stripe cannot do: clock, reset, snapshots, simulators, faults ...",
        description="Make a call of the control API and print its answer; without a name, list "
        "the calls. What can be sent is sent, anything else is asked for.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("name", nargs="?", metavar="CALL", help="its path below /_emulator/")
    found.add_argument(
        "values", nargs="*", metavar="NAME=VALUE", help="what is sent; a value may be JSON"
    )
    found.add_argument("--delete", action="store_true", help="take away what is named")
    servers.add_options(found)
    found.set_defaults(run=lambda options: sys.exit(run(options)))


def run(options: argparse.Namespace) -> int:
    """Make the call, and return the exit code."""
    wrong = next((each for each in options.values if "=" not in each), None)
    if wrong is not None:
        sys.stderr.write(f"connect-emulator call: '{wrong}' is not NAME=VALUE\n")
        return 2
    server = Server(options.url, options.key)
    try:
        answer = _answer(server, options)
    except (Unreachable, Refused) as problem:
        sys.stderr.write(f"connect-emulator call: {problem}\n")
        return 1 if isinstance(problem, Unreachable) or problem.status == _NOT_FOUND else 2
    finally:
        server.close()
    sys.stdout.write(answer.rstrip("\n") + "\n")
    return 0


def _answer(server: Server, options: argparse.Namespace) -> str:
    paths: dict[str, dict[str, Any]] = server.get("openapi.json")["paths"]
    if options.name is None:
        return "\n".join(_listed(paths))
    name = options.name.removeprefix(_PREFIX).strip("/")
    sent = dict(each.split("=", 1) for each in options.values)
    methods = _methods(name, paths)
    if options.delete:
        found = server.delete(name)
    elif "post" in methods and (sent or "get" not in methods):
        found = server.post(name, **{key: _value(text) for key, text in sent.items()})
    else:
        found = server.get(name, **sent)
    if isinstance(found, str):
        return found
    return orjson.dumps(found, option=orjson.OPT_INDENT_2).decode()


def _listed(paths: dict[str, dict[str, Any]]) -> list[str]:
    """Every call that is made by key, with its sentence."""
    return [
        f"{method.upper():7}{path.removeprefix(_PREFIX)}\n       {call['summary']}"
        for path, methods in paths.items()
        if path.startswith(_PREFIX) and "{world}" not in path
        for method, call in methods.items()
    ]


def _methods(name: str, paths: dict[str, dict[str, Any]]) -> set[str]:
    """The methods that a path takes."""
    asked = name.split("/")
    return {
        method
        for path, methods in paths.items()
        if _fits(path.removeprefix(_PREFIX).split("/"), asked)
        for method in methods
    }


def _fits(pattern: list[str], asked: list[str]) -> bool:
    return len(pattern) == len(asked) and all(
        part == word or part.startswith("{") for part, word in zip(pattern, asked, strict=True)
    )


def _value(text: str) -> Any:
    """What a value says: JSON, or else the text itself."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
