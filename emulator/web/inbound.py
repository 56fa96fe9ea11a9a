"""One HTTP request, read whole: what the layers above the contract may know of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final

from emulator.kernel.errors import requests

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# In the state of a connection: what closes it at once.
HANG_UP: Final = "hang_up"
_OURS: Final = frozenset({b"emulator-answer", b"emulator-fault", b"emulator-world"})
LARGEST_BODY: Final = 16 * 1024 * 1024


class Gone(Exception):
    """The client went away before its request was whole."""


class Inbound:
    """A request's method, path, headers, those of interest by name, and body.

    path: decoded, or as sent where it may hold an encoded slash or percent sign: a `%` in it says
    that it is still encoded, and a slash within an id is told from one between (`contract.find`).
    account, version: the Stripe-Account and Stripe-Version headers; an empty one counts as none.
    Stripe-Context, which supersedes Stripe-Account (documented), names the account at its end.
    announced: whether a body is said to follow. browser: whether a page of another origin asks.
    fault, answers: the Emulator-Fault and Emulator-Answer headers: what is to go wrong with this
    one request, and what is to be answered otherwise during it.
    world: the world that is meant whatever the key says; None as a rule.
    place: where its idempotency key holds: world, account and key; None without a key that counts.
    """

    __slots__ = (
        "account",
        "agent",
        "announced",
        "answers",
        "authorization",
        "body",
        "browser",
        "content_type",
        "fault",
        "headers",
        "idempotency_key",
        "ip",
        "method",
        "path",
        "place",
        "query",
        "version",
        "world",
    )

    def __init__(self, scope: Scope, body: bytes = b"") -> None:
        self.method: str = scope["method"]
        raw: bytes = scope.get("raw_path") or b""
        self.path: str = raw.decode("latin-1") if b"%2" in raw else scope["path"]
        self.query: bytes = scope["query_string"]
        client = scope.get("client")
        self.ip: str = client[0] if client else "127.0.0.1"
        self.body = body
        self.place: tuple[str, str | None, str] | None = None
        self.headers: list[tuple[bytes, bytes]] = scope["headers"]
        headers: dict[bytes, bytes] = dict(self.headers)
        self.authorization = headers.get(b"authorization")
        self.content_type = headers.get(b"content-type", b"")
        self.account = account_named(headers)
        self.agent = headers.get(b"user-agent")
        self.version = _text(headers.get(b"stripe-version")) or None
        self.idempotency_key = _text(headers.get(b"idempotency-key"))
        self.answers: str | None = None
        self.fault: str | None = None
        self.world: str | None = None
        if not _OURS.isdisjoint(headers):  # few requests have any of these
            self.answers = _text(headers.get(b"emulator-answer"))
            self.fault = _text(headers.get(b"emulator-fault"))
            self.world = _text(headers.get(b"emulator-world")) or None
        self.announced = b"content-length" in headers or b"transfer-encoding" in headers
        self.browser = b"origin" in headers

    @property
    def target(self) -> str:
        """Path and query as sent."""
        return f"{self.path}?{self.query.decode('latin-1')}" if self.query else self.path


def account_named(headers: Mapping[bytes, bytes]) -> str | None:
    """The account that a request is made for: the last one of Stripe-Context, or Stripe-Account."""
    path = headers.get(b"stripe-context") or headers.get(b"stripe-account")
    return _text(path.rpartition(b"/")[2]) or None if path else None


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "replace")


async def read_body(receive: Receive) -> bytes:
    """The whole body; refused when it is larger than what Stripe would take."""
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        chunk: bytes = message.get("body", b"")
        chunks.append(chunk)
        size += len(chunk)
        if size > LARGEST_BODY:
            raise requests.body_too_large(LARGEST_BODY)
        more = message.get("more_body", False)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)
