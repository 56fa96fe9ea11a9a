"""What a world was asked, kept as it came by until somebody wants to read it."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import Any, Final, NamedTuple

# More would push each request out of the processor's caches: 1,000 cost a retrieve 2 %.
USUALLY_KEPT: Final = 500
# Of longer bodies the log keeps the beginning, unless it is told to keep everything.
LONGEST_BODY: Final = 64 * 1024
_CUT: Final = b" [cut by the log]"


class Noted(NamedTuple):
    """One request.

    number: its place among all that were noted. asked: what it was (of the layer above: method,
    path, headers, body). id, key, account: its own id, the key it came with, the account it acted
    on. answer: what it got. began, ended: the machine's stopwatch. at: the world's instant when it
    was answered. place: how far the world's order had come then. lost: whether a fault kept it from
    being looked at, or its answer from leaving.
    """

    number: int
    asked: Any
    id: str
    key: str
    account: str
    answer: Any
    began: float
    ended: float
    at: int
    place: int
    lost: bool = False


class RequestLog:
    """The latest requests of a world, or all of them.

    total: how many were noted, gone ones included. entries: what `Noted` is made of; bare tuples,
    as there is one for every request.
    """

    __slots__ = ("entries", "total")

    def __init__(self) -> None:
        self.total = 0
        self.entries: deque[tuple[Any, ...]] = deque(maxlen=USUALLY_KEPT)

    @property
    def kept(self) -> int | None:
        """How many are kept; None for all."""
        return self.entries.maxlen

    def keep(self, number: int | None) -> None:
        """Keep so many from now on, None for all of them."""
        self.entries = deque(self.entries, maxlen=number)

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
        return [Noted(*entry) for entry in islice(self.entries, max(after - first, 0), None)]


def cut(body: bytes) -> bytes:
    """What is kept of a body."""
    return body if len(body) <= LONGEST_BODY else body[:LONGEST_BODY] + _CUT


def is_cut(body: bytes) -> bool:
    """Whether something of this body was not kept."""
    return len(body) == LONGEST_BODY + len(_CUT) and body.endswith(_CUT)
