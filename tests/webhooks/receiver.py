"""An HTTP server in a thread that takes webhooks, as an application would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple, cast

import stripe


class Letter(NamedTuple):
    """One delivery as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    def opened(self, secret: str) -> Any:
        """The event, if the SDK believes that it is Stripe's."""
        signature = self.headers["stripe-signature"]
        event = stripe.Webhook.construct_event(self.body, signature, secret)
        return event.to_dict()


class Receiver(ThreadingHTTPServer):
    """letters: what arrived. status: what is answered from now on. location: where a redirect
    leads.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.letters: list[Letter] = []
        self.status = 200
        self.location: str | None = None

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = cast("Receiver", self.server)
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        server.letters.append(Letter(self.path, headers, body))
        self.send_response(server.status)
        if server.location is not None:
            self.send_header("Location", server.location)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    with Receiver() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()
