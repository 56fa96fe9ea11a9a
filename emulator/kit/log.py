"""What a world was asked, kept as it came by until somebody wants to read it."""

from __future__ import annotations

from collections import deque
from itertools import islice
from sys import intern
from typing import Any, Final, NamedTuple, Protocol

# More would push each request out of the processor's caches: 1,000 cost a retrieve 2 %.
USUALLY_KEPT: Final = 500
# Of longer bodies the log keeps the beginning, unless it is told to keep everything.
LONGEST_BODY: Final = 64 * 1024
_CUT: Final = b" [cut by the log]"


Headers = list[tuple[bytes, bytes]]


class Noted(NamedTuple):
    """One request.

    number: its place among all that were noted. method, path, query, headers, body: what was
    asked. id, key, account: its own id, the key it came with, the account it acted on. answer: what
    it got (of the layer above: status, headers, body). seconds: how long it took by the machine's
    stopwatch. at: the world's instant when it was answered. place: how far the world's order had
    come then. lost: whether a fault kept it from being looked at, or its answer from leaving.
    """

    number: int
    method: str
    path: str
    query: bytes
    headers: Headers
    body: bytes
    id: str
    key: str
    account: str
    answer: Any
    seconds: float
    at: int
    place: int
    lost: bool = False

    @property
    def target(self) -> str:
        """Path and query as sent."""
        return f"{self.path}?{self.query.decode('latin-1')}" if self.query else self.path

    def header(self, name: bytes) -> bytes | None:
        """The value of a header, or None."""
        return dict(self.headers).get(name)


class Asked(Protocol):
    """What the log keeps of a request that came in."""

    method: str
    path: str
    query: bytes
    headers: Headers


class RequestLog:
    """The latest requests of a world, or all of them.

    total: how many were noted, gone ones included. entries: what `Noted` is made of; bare tuples,
    as there is one for every request. What an entry holds is out of the processor's caches when it
    is let go of: the fewer and smaller, the better.
    """

    __slots__ = ("_headers", "entries", "total")

    def __init__(self) -> None:
        self.total = 0
        self.entries: deque[tuple[Any, ...]] = deque(maxlen=USUALLY_KEPT)
        self._headers: Headers = []

    @property
    def kept(self) -> int | None:
        """How many are kept; None for all."""
        return self.entries.maxlen

    def keep(self, number: int | None) -> None:
        """Keep so many from now on, None for all of them."""
        self.entries = deque(self.entries, maxlen=number)

    def add(self, asked: Asked, body: bytes, *more: Any) -> None:
        """Note a request. more: what `Noted` has from `id` on."""
        self.total = number = self.total + 1
        headers = self._shared(asked.headers)
        about = (number, intern(asked.method), asked.path, asked.query, headers, body)
        self.entries.append(about + more)

    def clear(self) -> None:
        self.entries.clear()

    def forget_last(self) -> None:
        """The latest is to be noted otherwise."""
        if self.entries:
            self.entries.pop()
            self.total -= 1

    def copy(self, kept: int | None = -1) -> RequestLog:
        """The same log, to go on by itself. kept: how many it keeps, unless as many."""
        other = RequestLog()
        other.total = self.total
        other.entries = deque(self.entries, maxlen=self.kept if kept == -1 else kept)
        return other

    def noted(self, after: int = 0) -> list[Noted]:
        """What was noted after so many, oldest first."""
        first = self.total - len(self.entries)
        skipped = min(max(after - first, 0), len(self.entries))
        return [Noted(*entry) for entry in islice(self.entries, skipped, None)]

    def _shared(self, headers: Headers) -> Headers:
        """The same headers: as a client sends most of them with each request, those that the
        request before had, too, are the very same objects.
        """
        last = self._headers
        if headers == last:
            return last
        if len(headers) == len(last):
            headers = [old if old == new else new for old, new in zip(last, headers, strict=True)]
        self._headers = headers
        return headers


def cut(body: bytes) -> bytes:
    """What is kept of a body."""
    return body if len(body) <= LONGEST_BODY else body[:LONGEST_BODY] + _CUT


def is_cut(body: bytes) -> bool:
    """Whether something of this body was not kept."""
    return len(body) == LONGEST_BODY + len(_CUT) and body.endswith(_CUT)
