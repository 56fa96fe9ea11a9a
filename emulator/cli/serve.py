"""`connect-emulator [serve] [options]`: the server. Every option has an EMULATOR_… variable."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import re
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from emulator import __version__
from emulator.kernel.instants import LAST, spoken

_USUAL_PORT: Final = 12111
_PATIENCE_SECONDS: Final = 0.5
_MOST_HOURS: Final = 1_000_000
_LOG_LEVELS: Final = ("quiet", "error", "info", "debug")


def add(commands: Any) -> None:
    """Register the command with the parser's subcommands."""
    found: argparse.ArgumentParser = commands.add_parser(
        "serve", help="serve the API (the default command)"
    )
    found.set_defaults(run=serve)
    for flag, settings in OPTIONS.items():
        variable = "EMULATOR_" + flag.lstrip("-").upper()
        given = os.environ.get(variable)
        facts = {**settings, "help": f"{settings['help']} [{variable}]"}
        if given:
            facts["default"] = given
        found.add_argument(flag, **facts)


def _one_of(*words: str) -> Callable[[str], str]:
    """A type rather than argparse's `choices`, which do not look at what came from the
    environment.
    """

    def check(text: str) -> str:
        if text not in words:
            listed = ", ".join(words)
            raise argparse.ArgumentTypeError(f"{text!r} is none of these: {listed}")
        return text

    return check


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 0 to 65535")
    return int(text)


def _switch(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off"}:
        return False
    raise argparse.ArgumentTypeError(f"{text!r} is neither true nor false")


def _hours(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1
    if not 0 <= found <= _MOST_HOURS:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: give hours, such as 24 or 0.5")
    return found


def _country(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no country: give two letters, such as US")
    return text.upper()


def _clock(text: str) -> str:
    if text not in {"real", "frozen"}:
        _instant(text)
    return text


def _instant(text: str) -> int:
    """Seconds since the epoch from a number of seconds or an ISO 8601 time (UTC unless it says)."""
    found = int(text) if text.isdecimal() else spoken(text)
    if found is None or found > LAST:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time: give real, frozen, unix seconds or 2026-03-01T12:00:00"
        )
    return found


OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "--host": {"default": "127.0.0.1", "help": "address to listen on (default 127.0.0.1)"},
    "--port": {
        "default": str(_USUAL_PORT),
        "type": _port,
        "help": f"port to listen on; 0 picks a free one and prints it (default {_USUAL_PORT})",
    },
    "--seed": {"default": "0", "help": "what ids and chance are made from (default 0)"},
    "--clock": {
        "default": "real",
        "type": _clock,
        "help": "real, frozen, or a time (unix seconds or ISO 8601) at which to freeze (default "
        "real)",
    },
    "--country": {"default": "US", "type": _country, "help": "the platform's country (default US)"},
    "--availability": {
        "default": "overview",
        "type": _one_of("overview", "current"),
        "help": "which rule set of countries and account types holds (default overview)",
    },
    "--strict": {
        "nargs": "?",
        "const": "true",
        "default": "false",
        "type": _switch,
        "help": "answer 501 to operations that are only stored, not modelled",
    },
    "--expire": {
        "default": "0",
        "type": _hours,
        "help": "forget worlds that nobody has used for so many hours; 0 for never (default 0)",
    },
    "--scenario": {
        "default": "",
        "help": "a scenario file, or the name of a ready one: every world begins as it ends; "
        "NAME=FILE for the world NAME alone",
    },
    "--log": {
        "default": "error",
        "type": _one_of(*_LOG_LEVELS),
        "help": "how much to log: quiet, error, info (each request) or debug (default error)",
    },
}


def serve(options: argparse.Namespace) -> None:
    """Serve until SIGTERM or SIGINT."""
    signal.signal(signal.SIGTERM, _stop)
    listening = _listen(options.host, options.port)
    port = listening.getsockname()[1]
    _set_up_logging(options.log)

    import uvicorn  # noqa: PLC0415 - after the port is known to be free

    from emulator.web.protocol import Protocol, on_upgrade  # noqa: PLC0415

    app = application(options, f"http://{options.host}:{port}")
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=options.log in {"info", "debug"},
        server_header=False,
        timeout_graceful_shutdown=_PATIENCE_SECONDS,  # type: ignore[arg-type]
        http=Protocol,
        proxy_headers=False,
        ws=on_upgrade,  # type: ignore[arg-type]
        lifespan="on",
    )
    server = _leaving_at_once(uvicorn.Server)(config)
    print(_welcome(options, port), flush=True)
    _calm_the_collector()
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


def _leaving_at_once(server: type[Any]) -> type[Any]:
    """The same server, but it does not wait. Whoever still sends a request, or waits for something
    to happen, when its patience ends is cut off, which is nobody's mistake; and the process ends
    then: a name that is being looked up for a webhook would keep its thread, and the process with
    it, for seconds. Nothing is lost: everything is in memory.
    """

    class Leaving(server):  # type: ignore[misc]
        async def serve(self, sockets: list[socket.socket] | None = None) -> None:
            with suppress(SystemExit, KeyboardInterrupt):
                await super().serve(sockets)
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0 if self.started else 1)

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            logging.getLogger("uvicorn.error").disabled = True
            asyncio.get_running_loop().call_later(_PATIENCE_SECONDS, self._cut_off)
            await super().shutdown(sockets)

        def _cut_off(self) -> None:
            for connection in list(self.server_state.connections):
                connection.transport.abort()

    return Leaving


def _stop(_number: int, _frame: object) -> None:
    """SIGTERM is the usual way to end: uvicorn raises it anew once it has shut down."""
    raise SystemExit(0)


def application(options: argparse.Namespace, address: str) -> Any:
    """The application that these options ask for. address: where it will be found."""
    from emulator.cli import beginning  # noqa: PLC0415
    from emulator.web.app import build  # noqa: PLC0415
    from emulator.world import Profile, Worlds  # noqa: PLC0415

    fixed = options.clock not in {"real", "frozen"}
    profile = Profile(
        seed=options.seed,
        start=_instant(options.clock) if fixed else None,
        frozen=options.clock != "real",
        country=options.country,
        availability=options.availability,
        settings={
            "base_url": address,
            **({"strict": True} if options.strict else {}),
        },
    )
    worlds = Worlds(profile)
    if options.scenario:
        name, moment = beginning.play(options.scenario, profile.settings)
        worlds.beginnings[name] = moment
    app = build(worlds)
    app.control.keeper.expire_after = options.expire * 3600
    return app


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens, or a sentence about why there is none."""
    try:
        found = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048
        )
    except OSError as problem:
        reason = (problem.strerror or str(problem)).partition(" (while")[0]
        print(
            f"connect-emulator cannot listen on {host}:{port}: {reason}. "
            "Choose another port with --port N (0 picks a free one).",
            file=sys.stderr,
        )
        raise SystemExit(2) from None
    found.set_inheritable(True)
    return found


def _set_up_logging(level: str) -> None:
    levels = {"quiet": logging.CRITICAL, "error": logging.ERROR, "info": logging.INFO}
    logging.basicConfig(
        level=levels.get(level, logging.DEBUG),
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
    )


def _calm_the_collector() -> None:
    """What exists after start-up stays: keep it out of collections, and collect the rest seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


def _welcome(options: argparse.Namespace, port: int) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(options.host, options.host)  # noqa: S104
    host = f"[{host}]" if ":" in host else host
    base = f"http://{host}:{port}"
    rules = f"platform {options.country}    availability {options.availability}"
    if options.scenario:
        rules += f"\n  Scenario   {options.scenario}: worlds begin as it ends, clock included"
    return f"""connect-emulator {__version__} listens on {base}

  Point your SDK here, with any key of the form sk_test_NAME (each NAME is a world of its own):
    Python   stripe.StripeClient("sk_test_demo", base_addresses={{"api": "{base}"}})
    Node     new Stripe("sk_test_demo", {{ host: "{host}", port: {port}, protocol: "http" }})
    curl     curl {base}/v1/account -u sk_test_demo:

  Browser    {base}    (worlds, accounts, events, money)
  Control    {base}/_emulator/info    (health, clock, reset, audit: see the README)
  Clock      {options.clock}    seed {options.seed}    {rules}
  Stop with Ctrl-C."""
