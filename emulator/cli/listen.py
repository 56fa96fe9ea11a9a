"""`connect-emulator listen`: print the events of a world as they come, and forward them signed, as
`stripe listen` does.

Exit code 0: it was stopped. 1: no server answers. 2: the options make no sense.
"""

from __future__ import annotations

import argparse
import sys
from fnmatch import fnmatchcase
from typing import Any, Final

from emulator.cli import server as servers
from emulator.cli.server import Refused, Server, Unreachable
from emulator.kernel.clock import machine_seconds
from emulator.kernel.instants import legible

_WAIT_SECONDS: Final = 30
_EPILOG: Final = """examples:
  connect-emulator listen --forward-to localhost:3000/webhooks
  connect-emulator listen --events 'payout.*,charge.dispute.created' --print-json
  connect-emulator listen --forward-to localhost:3000/hooks \\
      --forward-connect-to localhost:3000/connect-hooks
exit code: 0 it was stopped, 1 no server answers, 2 bad options"""


def add(commands: Any) -> None:
    """Register the command with the parser's subcommands."""
    found: argparse.ArgumentParser = commands.add_parser(
        "listen",
        help="print events as they come, and forward them",
        description="Print the events of a world as they come, and forward them signed.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("--forward-to", type=_address, metavar="URL", help="where events are sent")
    found.add_argument(
        "--forward-connect-to",
        type=_address,
        metavar="URL",
        help="where events of connected accounts are sent (default: as the others)",
    )
    found.add_argument("--events", default="*", help="which types, such as payout.*,charge.failed")
    found.add_argument("--print-json", action="store_true", help="print each event whole")
    servers.add_options(found)
    found.set_defaults(run=lambda options: sys.exit(run(options)))


def run(options: argparse.Namespace) -> int:
    """Listen until Ctrl-C, and return the exit code."""
    server = Server(options.url, options.key)
    try:
        cursor, secret = _begin(server)
        _say(f"Ready! Your webhook signing secret is {secret} (^C to quit)")
        while True:
            found = server.get("events", after=cursor, wait=_WAIT_SECONDS)
            for event in found["data"]:
                _pass_on(server, options, event, secret)
            cursor = found["cursor"]
    except KeyboardInterrupt:
        return 0
    except (Unreachable, Refused) as problem:
        sys.stderr.write(f"connect-emulator listen: {problem}\n")
        return 1
    finally:
        server.close()


def _begin(server: Server) -> tuple[int, str]:
    """From now on, and what events are signed with."""
    world = server.get("world")
    found = server.get("events", after=world["objects"])
    return found["cursor"], found["secret"]


def _pass_on(
    server: Server, options: argparse.Namespace, event: dict[str, Any], secret: str
) -> None:
    wanted = options.events.split(",")
    if not any(fnmatchcase(event["type"], each.strip()) for each in wanted):
        return
    who = f" on {event['account']}" if event["account"] else ""
    short = f"{_time()}  --> {event['type']} [{event['id']}]{who}"
    _say(event["payload"] if options.print_json else short)
    there = options.forward_to
    if event["account"] is not None:
        there = options.forward_connect_to or there
    if there is not None:
        _forward(server, there, event, secret)


def _forward(server: Server, there: str, event: dict[str, Any], secret: str) -> None:
    from emulator.webhooks.signing import headers  # noqa: PLC0415 - `serve` starts without it

    body = event["payload"].encode()
    status = server.deliver(there, body, headers(body, secret, int(machine_seconds())))
    answer = "no answer" if status is None else status
    _say(f"{_time()}  <-- [{answer}] POST {there} [{event['id']}]")


def _address(text: str) -> str:
    """An address; `localhost:3000/hooks` and `:3000/hooks` are http ones, as for Stripe's own."""
    if text.startswith(":"):
        text = f"localhost{text}"
    return text if text.startswith(("http://", "https://")) else f"http://{text}"


def _time() -> str:
    return legible(machine_seconds())


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
