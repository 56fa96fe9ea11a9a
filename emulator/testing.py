"""An emulator for a test suite: a server or an application in this process, a world for each test,
and what tests do to it. The pytest plugin makes fixtures of these; other suites may use them as
they are.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Final

from emulator.cli.server import Refused, Server, started

IN_PROCESS: Final = "http://emulator.test"
_LONGEST_NAME: Final = 60
_SHOWN: Final = 20
_SHOWN_LINES: Final = 60

Found = dict[str, Any]


class Emulator:
    """A server, or an application in this process. url: its address. client: how it is asked when
    that is not the network.
    """

    def __init__(self, url: str, client: Any = None) -> None:
        self.url = url
        self.client = client

    @classmethod
    @contextmanager
    def started(cls, options: Sequence[str] = ()) -> Iterator[Emulator]:
        """A server of its own on a free port. options: those of `serve`."""
        with started(options) as url:
            yield cls(url)

    @classmethod
    @contextmanager
    def in_process(cls, options: Sequence[str] = ()) -> Iterator[Emulator]:
        """An application in this process, without a socket. options: those of `serve`."""
        from starlette.testclient import TestClient  # noqa: PLC0415 - heavy

        from emulator.cli import parser, serve  # noqa: PLC0415

        app = serve.application(parser("serve").parse_args(["serve", *options]), IN_PROCESS)
        with TestClient(app, base_url=IN_PROCESS) as client:
            yield cls(IN_PROCESS, client)

    def world(self, name: str, **profile: Any) -> World:
        """A fresh world of this name, whatever there was before. profile: as `POST /worlds`."""
        server = Server(self.url, f"sk_test_{name}", self.client)
        with suppress(Refused):
            server.delete(f"worlds/{name}")
        if profile:
            server.post("worlds", name=name, **profile)
        return World(self, name, server)


class World:
    """A world of one test. key, publishable_key: what names it. control: the control API."""

    def __init__(self, emulator: Emulator, name: str, control: Server) -> None:
        self.emulator = emulator
        self.name = name
        self.url = emulator.url
        self.key = f"sk_test_{name}"
        self.publishable_key = f"pk_test_{name}"
        self.control = control

    def request(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        account: str | None = None,
    ) -> Any:
        """A request of the API as an SDK would make it; refused with `Refused`."""
        return self.control.request(method, path, params or {}, account)

    def stripe_client(self, **options: Any) -> Any:
        """A client of Stripe's SDK, pointed here. options: further ones of `StripeClient`."""
        import stripe  # noqa: PLC0415 - only suites that use it have it

        if self.emulator.client is not None:
            options.setdefault("http_client", _in_process_http(self.emulator.client))
        addresses: Any = {"api": self.url, "files": self.url, "connect": self.url}
        return stripe.StripeClient(self.key, base_addresses=addresses, **options)

    def told(self) -> Iterator[tuple[str, str]]:
        """What happened lately, for the report of a failed test: titles and texts."""
        from emulator.cli import log  # noqa: PLC0415

        requests = self.control.get("requests", limit=_SHOWN)["data"]
        lines = [line for entry in reversed(requests) for line in log.told(entry)]
        yield "requests", "\n".join(lines)
        events = self.request("GET", "/v1/events", {"limit": _SHOWN})["data"]
        lines = [f"{each['type']}  {each['id']}  {_thing(each)}" for each in reversed(events)]
        yield "events of the platform", "\n".join(lines)
        platform = self.control.get("world")["platform"]
        money = self.control.get(f"trace/{platform}", format="text")
        yield "ledger of the platform", "\n".join(money.splitlines()[-_SHOWN_LINES:])

    def close(self) -> None:
        """Delete the world, and what was opened to ask it."""
        with suppress(Refused):
            self.control.delete(f"worlds/{self.name}")
        self.control.close()


class Clock:
    """The time of a world."""

    def __init__(self, world: World) -> None:
        self._control = world.control

    def now(self) -> int:
        """Seconds since the epoch."""
        return int(self._control.get("clock")["now"])

    def advance(self, duration: str | int) -> list[Found]:
        """Let time pass (`3d`, `12h`, seconds); what happened on the way."""
        return list(self._control.post("clock", advance=duration)["ran"])

    def next(self) -> list[Found]:
        """Go to the next thing that is due; what happened."""
        return self.advance("next")

    def to(self, instant: int | str) -> list[Found]:
        """Go to an instant: seconds since the epoch, or ISO 8601; what happened on the way."""
        return list(self._control.post("clock", now=instant)["ran"])

    def set_mode(self, mode: str, rate: float | None = None) -> None:
        """real, frozen, or accelerated at a rate."""
        self._control.post("clock", mode=mode, rate=rate)


class Simulate:
    """`simulate.payout_failed(payout="po_…")`, or `simulate("payout_failed", payout=…)`."""

    def __init__(self, world: World) -> None:
        self._control = world.control

    def __call__(self, name: str, /, **body: Any) -> Any:
        return self._control.post(f"simulate/{name}", **body)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return partial(self, name)


class Answers:
    """`answers("payout.arrive", "failed:account_closed", where={…})` queues an instruction."""

    def __init__(self, world: World) -> None:
        self._control = world.control

    def __call__(self, question: str, answer: str, **more: Any) -> Any:
        return self._control.post("answers", question=question, answer=answer, **more)["data"][0]

    def used(self) -> list[Found]:
        """What was answered by instructions."""
        return list(self._control.get("answers")["used"])


class Webhooks:
    """The webhooks of a world: mailboxes that need no network, waiting, and what goes wrong."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._control = world.control
        self._seen: dict[tuple[str, str | None], str] = {}

    def mailbox(
        self, name: str = "main", events: Sequence[str] = ("*",), *, connect: bool = False
    ) -> Mailbox:
        """An endpoint whose events lie in a mailbox of the emulator."""
        params = {"url": f"https://mailbox.test/{name}", "enabled_events": [*events]}
        made = self._world.request(
            "POST", "/v1/webhook_endpoints", {**params, **({"connect": True} if connect else {})}
        )
        return Mailbox(self._control, name, made["id"], made["secret"])

    def wait_for(
        self,
        type: str,
        *,
        account: str | None = None,
        endpoint: str | None = None,
        timeout: float = 5,
    ) -> Found:
        """The next event of a type (`payout.*` for several) that has arrived; where nobody listens,
        that has happened. A second call waits for a second one.
        """
        found = self._control.post(
            "webhooks/wait",
            type=type,
            account=account,
            endpoint=endpoint,
            timeout=timeout,
            after=self._seen.get((type, account)),
        )
        self._seen[type, account] = found["event"]["id"]
        return dict(found["event"])

    def hold(self) -> None:
        """Deliver nothing until `deliver` or `release`."""
        self._control.post("webhooks", mode="hold")

    def release(self) -> None:
        """Deliver what was held, and everything at once from here on."""
        self._control.post("webhooks", mode="at_once")

    def deliver(self, **which: Any) -> list[Found]:
        """Deliver what is held and fits: see POST /_emulator/webhooks/deliver."""
        return list(self._control.post("webhooks/deliver", **which)["data"])

    def change(self, **settings: Any) -> None:
        """duplicate, drop, delay, reorder …: see POST /_emulator/webhooks."""
        self._control.post("webhooks", **settings)

    def deliveries(self, **which: Any) -> list[Found]:
        """The log, newest first."""
        return list(self._control.get("deliveries", **which)["data"])


class Mailbox:
    """What arrived at one endpoint. endpoint: its id (we_…). secret: what signs its events."""

    def __init__(self, control: Server, name: str, endpoint: str, secret: str) -> None:
        self._control = control
        self.name = name
        self.endpoint = endpoint
        self.secret = secret

    def letters(self, type: str | None = None) -> list[Found]:
        """Oldest first; each with `headers`, `body` and the event as `data`."""
        return list(self._control.get(f"webhooks/mailbox/{self.name}", type=type)["data"])

    def events(self, type: str | None = None) -> list[Found]:
        """The events that arrived, oldest first."""
        return [letter["data"] for letter in self.letters(type)]

    def answer(self, status: int, times: int | None = None) -> None:
        """What the mailbox answers from now on."""
        self._control.post(f"webhooks/mailbox/{self.name}", status=status, times=times)

    def clear(self) -> None:
        self._control.delete(f"webhooks/mailbox/{self.name}")


def world_name(test: str, worker: str = "") -> str:
    """A world's name for a test: readable, and its own whatever else runs."""
    digest = hashlib.sha256(f"{worker}/{test}".encode()).hexdigest()[:8]
    words = re.sub(r"[^A-Za-z0-9]+", "_", test.rpartition("::")[2]).strip("_")
    return f"{words[:_LONGEST_NAME]}_{digest}".lstrip("_")


def _thing(event: Found) -> str:
    thing = event["data"]["object"]
    status = f" {thing['status']}" if isinstance(thing.get("status"), str) else ""
    return f"{thing.get('id', '')}{status}"


def _in_process_http(client: Any) -> Any:
    """An HTTP client for Stripe's SDK that asks an application in this process."""
    import stripe  # noqa: PLC0415

    class InProcess(stripe.HTTPClient):
        name = "connect-emulator"

        def request(
            self, method: str, url: str, headers: Any, post_data: Any = None, **_more: Any
        ) -> Any:
            try:
                sent = {name: str(value) for name, value in (headers or {}).items()}
                answer = client.request(method.upper(), url, content=post_data, headers=sent)
            except ConnectionError:
                lost: Any = stripe.APIConnectionError
                raise lost("The emulator closed the connection.", should_retry=True) from None
            return answer.content, answer.status_code, answer.headers

        def request_stream(
            self, method: str, url: str, headers: Any, post_data: Any = None, **_more: Any
        ) -> Any:
            content, status, found = self.request(method, url, headers, post_data)
            return io.BytesIO(content), status, found

        def close(self) -> None:
            """The application is closed by who opened it."""

    return InProcess()


__all__ = [
    "Answers",
    "Clock",
    "Emulator",
    "Mailbox",
    "Refused",
    "Simulate",
    "Webhooks",
    "World",
    "world_name",
]
