"""One HTTP request, read whole: what the layers above the contract may know of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from emulator.kernel.errors import requests

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST_BODY: Final = 16 * 1024 * 1024


class Inbound:
    """A request's method, path, headers of interest and body."""

    __slots__ = ("body", "headers", "ip", "method", "path", "query")

    def __init__(self, scope: Scope, body: bytes = b"") -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: bytes = scope["query_string"]
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        client = scope.get("client")
        self.ip: str = client[0] if client else "127.0.0.1"
        self.body = body

    def _text(self, name: bytes) -> str | None:
        value = self.headers.get(name)
        return None if value is None else value.decode("utf-8", "replace")

    @property
    def authorization(self) -> bytes | None:
        return self.headers.get(b"authorization")

    @property
    def account(self) -> str | None:
        """The Stripe-Account header; an empty one counts as none."""
        return self._text(b"stripe-account") or None

    @property
    def version(self) -> str | None:
        return self._text(b"stripe-version") or None

    @property
    def idempotency_key(self) -> str | None:
        return self._text(b"idempotency-key")

    @property
    def content_type(self) -> bytes:
        return self.headers.get(b"content-type", b"").strip()

    @property
    def target(self) -> str:
        """Path and query as sent."""
        return f"{self.path}?{self.query.decode('latin-1')}" if self.query else self.path


async def read_body(scope: Scope, receive: Receive) -> bytes:
    """The whole body; refused when it is larger than what Stripe would take."""
    if scope["method"] in {"GET", "HEAD", "OPTIONS"} and not _announced(scope):
        return b""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        return body
    chunks, size = [body], len(body)
    while message.get("more_body", False):
        message = await receive()
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > LARGEST_BODY:
            raise requests.body_too_large(LARGEST_BODY)
    return b"".join(chunks)


def _announced(scope: Scope) -> bool:
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])
