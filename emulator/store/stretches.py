"""Documents that stand side by side in a list, as whoever pages through it asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

# Where documents stand: an index key, their table, and the positions from which and up to which.
Where = tuple[str, str, int, int]

_LONGEST_REMEMBERED: Final = 128 * 1024
_MOST_DOCUMENTS: Final = 100
_MOST_REMEMBERED: Final = 32


class Stretch(tuple[bytes, ...]):  # noqa: SLOT001 - a tuple of any length cannot have them
    """Documents side by side, newest first."""

    _whole: tuple[bytes, bytes, bytes] | None = None
    _searched: tuple[Sequence[bytes], bool] | None = None

    def between(self, head: bytes, tail: bytes) -> bytes:
        """All of them, joined by commas, between a head and a tail: the very same bytes as last
        time, as long as they are remembered. To make them anew takes half the time of a page.
        """
        if self._whole is not None and self._whole[:2] == (head, tail):
            return self._whole[2]
        whole = joined(head, self, tail)
        if len(whole) <= _LONGEST_REMEMBERED:
            self._whole = head, tail, whole
        return whole

    def holds(self, traces: Sequence[bytes]) -> bool:
        """Whether any of these texts stands in any of them; looked for once."""
        if self._searched is None or self._searched[0] != traces:
            self._searched = traces, any_in(self, traces)
        return self._searched[1]

    def forget(self) -> None:
        """Let go of the whole: whoever still holds these documents need not hold them twice."""
        self._whole = None


class Stretches:
    """The stretches that were asked for since something was last written: some polls ask for the
    same page again and again.

    known: where they stand -> the stretch.
    """

    __slots__ = ("known",)

    def __init__(self) -> None:
        self.known: dict[Where, Stretch] = {}

    def get(self, where: Where) -> Stretch | None:
        """The stretch that stands there, if it is remembered."""
        return self.known.get(where)

    def put(self, where: Where, documents: Sequence[bytes]) -> Sequence[bytes]:
        """These documents as a stretch that is remembered, unless they are more than any page."""
        if len(documents) > _MOST_DOCUMENTS:
            return documents
        if len(self.known) >= _MOST_REMEMBERED:
            self.clear()
        stretch = self.known[where] = Stretch(documents)
        return stretch

    def clear(self) -> None:
        """Something is written: none of them may be true any more."""
        for stretch in self.known.values():
            stretch.forget()
        self.known.clear()


def any_in(documents: Sequence[bytes], traces: Sequence[bytes]) -> bool:
    """Whether any of these texts stands in any of the documents; as a rule, none does."""
    if not traces:
        return False
    whole = b"".join(documents)
    return any(trace in whole for trace in traces)


def joined(head: bytes, documents: Sequence[bytes], tail: bytes) -> bytes:
    """Documents joined by commas between a head and a tail, in one piece of work."""
    if len(documents) < 2:
        return b"".join((head, *documents, tail))
    return b",".join((head + documents[0], *documents[1:-1], documents[-1] + tail))
