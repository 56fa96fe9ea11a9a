"""`connect-emulator log`: what a world was asked and what it answered, as it comes if you like.

Exit code 0: done. 1: no server answers, or there is no such request. 2: bad options.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any, Final

import orjson

from emulator.cli import server as servers
from emulator.cli.server import Refused, Server, Unreachable
from emulator.kernel.instants import legible

_WAIT_SECONDS: Final = 30
_LONGEST: Final = 300
_FILTERS: Final = {
    "--method": "such as POST",
    "--path": "such as /v1/transfers/*; a last ** for any rest",
    "--status": "402, or 4xx",
    "--account": "acct_…",
    "--kind": "api or control",
    "--since": "unix seconds or 2026-03-01T12:00:00, on the world's clock",
}
_EPILOG: Final = """examples:
  connect-emulator log --follow
  connect-emulator log --status 4xx --path '/v1/accounts/**'
  connect-emulator log req_8bTzqLrkL0yUYu --curl
exit code: 0 done, 1 no server or no such request, 2 bad options"""


def add(commands: Any) -> None:
    """Register the command with the parser's subcommands."""
    found: argparse.ArgumentParser = commands.add_parser(
        "log",
        help="show what a world was asked",
        description="Show what a world was asked and what it answered, oldest first.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("request", nargs="?", metavar="ID", help="one request, whole (req_…)")
    for flag, about in _FILTERS.items():
        found.add_argument(flag, help=about)
    found.add_argument("--limit", type=int, default=50, help="how many at most (default 50)")
    found.add_argument("--follow", action="store_true", help="go on as requests come")
    found.add_argument("--curl", action="store_true", help="as curl commands")
    found.add_argument("--json", action="store_true", help="one JSON object a line")
    servers.add_options(found)
    found.set_defaults(run=lambda options: sys.exit(run(options)))


def run(options: argparse.Namespace) -> int:
    """Show, and return the exit code."""
    server = Server(options.url, options.key)
    try:
        for entry in _entries(server, options):
            sys.stdout.write(_line(server, entry, options) + "\n")
            sys.stdout.flush()
    except KeyboardInterrupt:
        return 0
    except (Unreachable, Refused) as problem:
        sys.stderr.write(f"connect-emulator log: {problem}\n")
        wrong = isinstance(problem, Refused) and problem.status == 400
        return 2 if wrong else 1
    finally:
        server.close()
    return 0


def _entries(server: Server, options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    if options.request is not None:
        yield server.get(f"requests/{options.request}")
        return
    wanted = {flag[2:]: getattr(options, flag[2:]) for flag in _FILTERS}
    found = server.get("requests", limit=options.limit, **wanted)
    yield from reversed(found["data"])
    while options.follow:
        found = server.get("requests", after=found["cursor"], wait=_WAIT_SECONDS, **wanted)
        yield from found["data"]


def _line(server: Server, entry: dict[str, Any], options: argparse.Namespace) -> str:
    if options.json:
        return orjson.dumps(entry).decode()
    if options.curl:
        whole = entry if "curl" in entry else server.get(f"requests/{entry['id']}")
        return str(whole["curl"])
    if "curl" in entry:
        return orjson.dumps(entry, option=orjson.OPT_INDENT_2).decode()
    return "\n".join(told(entry))


def told(entry: dict[str, Any]) -> Iterator[str]:
    """A request of the log for people: what, how it went, why not, and what it caused."""
    at = legible(entry["at"])
    query = f"?{entry['query']}" if entry["query"] else ""
    status = entry["status"] or "lost"
    took = f"{entry['milliseconds']:.1f} ms"
    yield f"{at}  {status}  {entry['method']} {entry['path']}{query}  {took}  {entry['id']}"
    error = entry["error"]
    if error is not None:
        code = error.get("decline_code") or error.get("code")
        yield f"    {code + ': ' if code else ''}{error.get('message', '')[:_LONGEST]}"
    for name in ("rule", "hint"):
        if entry[name]:
            yield f"    {name}: {entry[name]}"
    if entry["events"]:
        yield "    events: " + ", ".join(each["type"] for each in entry["events"])
