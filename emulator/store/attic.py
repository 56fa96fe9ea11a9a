"""What large stores leave behind, let go of a little at a time.

To free a hundred thousand documents takes a tenth of a second, and whoever resets a large world
would have to wait for it. Where nobody sweeps, everything goes at once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, Final

_LARGE: Final = 2_000
_HELD_HERE: Final = 3  # by the list, by the name, and by the question who holds it


class Attic:
    """Mappings that nobody needs any more. One for the process, as its memory is one."""

    def __init__(self) -> None:
        self._is_swept = False
        self._left: list[dict[str, Any]] = []

    def leave(self, mappings: Iterable[dict[str, Any]]) -> None:
        """Take over the large ones of these; the small ones just go."""
        if self._is_swept:
            self._left += [mapping for mapping in mappings if len(mapping) > _LARGE]

    def sweep(self, most: int = 5_000) -> int:
        """Free so many items at most, a few milliseconds' worth; how many mappings are left.

        Who calls it once must go on calling it.
        """
        self._is_swept = True
        left = self._left
        while left and most > 0:
            mapping = left[-1]
            if not mapping or sys.getrefcount(mapping) > _HELD_HERE:
                left.pop()  # empty, or shared by a fork that lives on
                continue
            some = min(most, len(mapping))
            for _ in range(some):
                mapping.popitem()
            most -= some
        return len(left)

    def close(self) -> None:
        """Nobody sweeps any more."""
        self._is_swept = False
        self._left.clear()


ATTIC: Final = Attic()
