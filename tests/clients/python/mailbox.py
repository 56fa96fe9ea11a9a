"""A real HTTP server that receives webhooks and keeps what came, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple


class Letter(NamedTuple):
    """One delivery as it arrived."""

    path: str
    body: bytes
    signature: str


class Mailbox:
    """Where endpoints are. refusing: the status with which everything is answered."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.letters: list[Letter] = []
        self.status = 200

    def at(self, path: str) -> list[Letter]:
        """What has come to one path so far, in order of arrival."""
        return [letter for letter in self.letters if letter.path == path]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # the usual 5 are too few when a payment announces six events at once
    mailbox: Mailbox


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        mailbox = self.server.mailbox
        mailbox.letters.append(Letter(self.path, body, self.headers["Stripe-Signature"]))
        self.send_response(mailbox.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """A mailbox on a free port, for as long as the block runs."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.mailbox = Mailbox(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.mailbox
        finally:
            server.shutdown()
            thread.join()
