"""`connect-emulator trigger EVENT`: make an event happen on a server that runs, as `stripe trigger`
does.

Exit code 0: it happened. 1: it did not, or could not. 2: the options make no sense.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

import orjson

from emulator.cli import server as servers
from emulator.cli.server import Refused, Server, Unreachable

_EPILOG: Final = """examples:
  connect-emulator trigger payment_intent.succeeded
  connect-emulator trigger payout.failed --account acct_123 \\
      --override payout_failed:failure_code=account_closed
  connect-emulator trigger payment_intent.succeeded --override payment_intent:amount=5000
  connect-emulator trigger charge.dispute.created --on ch_123
  connect-emulator trigger --list
the steps of an event, whose names --override, --add, --remove and --skip take: --list EVENT
exit code: 0 it happened, 1 it did not, 2 bad options"""
_LISTS: Final = {
    "--override": ("NAME:PARAM=VALUE", "set a parameter of a step; NAME:id=ID uses what is there"),
    "--add": ("NAME:PARAM=VALUE", "set a parameter that the step does not send"),
    "--remove": ("NAME:PARAM", "leave a parameter out"),
    "--skip": ("NAME", "leave a step out"),
}


def add(commands: Any) -> None:
    """Register the command with the parser's subcommands."""
    found: argparse.ArgumentParser = commands.add_parser(
        "trigger",
        help="make an event happen on a server that runs",
        description="Make an event happen, by the requests that lead to it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("event", nargs="?", help="an event type, such as payout.failed")
    found.add_argument(
        "--account", "--stripe-account", help="the connected account on which it happens"
    )
    found.add_argument("--on", metavar="ID", help="an object that is there already")
    for flag, (shape, about) in _LISTS.items():
        found.add_argument(flag, action="append", default=[], metavar=shape, help=about)
    servers.add_options(found)
    found.add_argument("--list", action="store_true", help="list the events, or an event's steps")
    found.add_argument("--json", action="store_true", help="print the whole answer")
    found.set_defaults(run=lambda options: sys.exit(run(options)))


def run(options: argparse.Namespace) -> int:
    """Trigger, and return the exit code."""
    if options.list:
        return _list(options.event)
    if options.event is None:
        return _wrong("say which event: connect-emulator trigger --list shows them all", 2)
    lists = {flag[2:]: getattr(options, flag[2:]) for flag in _LISTS}
    server = Server(options.url, options.key)
    try:
        answer = server.post(
            "trigger", event=options.event, account=options.account, on=options.on, **lists
        )
    except (Unreachable, Refused) as problem:
        if options.json and isinstance(problem, Refused):
            _print({"error": problem.error})
        return _wrong(str(problem), 1)
    finally:
        server.close()
    if options.json:
        _print(answer)
    else:
        sys.stdout.writelines(_told(answer))
    return 0


def _print(answer: dict[str, Any]) -> None:
    sys.stdout.write(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode() + "\n")


def _told(answer: dict[str, Any]) -> list[str]:
    lines = [f"  {step['status']}  {step['request']}\n" for step in answer["steps"]]
    for event in answer["events"]:
        sign = "->" if event["id"] == answer["event"]["id"] else "  "
        about = f"{event['object'] or ''} on {event['account']}"
        lines.append(f"{sign} {event['type']}  {event['id']}  {about}\n")
    return lines


def _list(event: str | None) -> int:
    from emulator.control.triggers import recipes  # noqa: PLC0415 - `serve` starts without all this

    if event is None:
        sys.stdout.writelines(f"{each}\n" for each in recipes.event_types())
        return 0
    if event not in recipes.event_types():
        return _wrong(f"nothing triggers {event}: --list alone shows what can be triggered", 2)
    for step in recipes.steps(event):
        what = f"simulate {step.path}" if step.simulates else f"{step.method} {step.path}"
        sys.stdout.write(f"{step.name or '-'}  {what}\n")
    return 0


def _wrong(message: str, code: int) -> int:
    sys.stderr.write(f"connect-emulator trigger: {message}\n")
    return code
