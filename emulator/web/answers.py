"""What goes back: status, headers and bytes. The headers are the ones that recorded
answers carry.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple

from emulator.store import Stretch, joined

Headers = list[tuple[bytes, bytes]]

_UNCACHED: Final = (b"cache-control", b"no-cache, no-store")
_ALWAYS: Final[Headers] = [(b"content-type", b"application/json"), _UNCACHED]
# Only browsers read these, and only they send Origin; each header costs every answer a microsecond.
FOR_BROWSERS: Final[Headers] = [
    (b"access-control-allow-credentials", b"true"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-allow-methods", b"GET, HEAD, PUT, PATCH, POST, DELETE"),
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b", ".join(
            (
                b"Request-Id",
                b"Stripe-Manage-Version",
                b"Stripe-Should-Retry",
                b"X-Stripe-External-Auth-Required",
                b"X-Stripe-Privileged-Session-Required",
            )
        ),
    ),
    (b"access-control-max-age", b"300"),
    (b"vary", b"Origin"),
    (b"x-content-type-options", b"nosniff"),
]


class Listed(NamedTuple):
    """A list's JSON: documents as the store holds them, and what stands before and after them."""

    head: bytes
    items: Sequence[bytes]
    tail: bytes

    def whole(self) -> bytes:
        if isinstance(self.items, Stretch):
            return self.items.between(self.head, self.tail)
        return joined(*self)


class Answer(NamedTuple):
    """One HTTP answer. extra: the headers that differ from answer to answer. type: its media type
    when that is not JSON.

    later: where the real answer comes from when it takes its time, or never comes; None as a rule.
    listed: what the body was made of, where it is a page of a list.
    """

    status: int
    body: bytes
    extra: Headers
    later: Callable[[], Awaitable[Answer]] | None = None
    type: bytes | None = None
    listed: Listed | None = None

    def headers(self) -> Headers:
        first = _ALWAYS if self.type is None else [(b"content-type", self.type), _UNCACHED]
        return [*first, *self.extra, (b"content-length", str(len(self.whole)).encode())]

    @property
    def whole(self) -> bytes:
        """The body, whether it is at hand or only what it was made of is."""
        return joined(*self.listed) if self.listed and not self.body else self.body

    def to_keep(self) -> Answer:
        """The same without the body of a list: its documents are in the store anyway, while a
        thousand long bodies fill the processor's caches, and 60 MB.
        """
        return Answer(self.status, b"", self.extra, listed=self.listed) if self.listed else self


def named(**headers: str | None) -> Headers:
    """Headers by name with underscores for dashes; None leaves one out."""
    return [
        (name.replace("_", "-").encode(), value.encode("utf-8", "replace"))
        for name, value in headers.items()
        if value is not None
    ]
