"""What is wrong with a scenario file, told so that its author finds the place at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from emulator.contract.nearest import nearest

Path = tuple[str | int, ...]

_LONGEST_SHOWN = 60


class Place(NamedTuple):
    """Where something stands. file: as it was named. line: from 1. path: the way to it."""

    file: str
    line: int
    path: Path = ()

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Mistake(Exception):
    """A file that cannot be played. One sentence; `str` puts file, line and path before it."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message

    def __str__(self) -> str:
        way = said(self.place.path)
        return f"{self.place}: {way + ': ' if way else ''}{self.message}"


def said(path: Path) -> str:
    """A way as people write it: `when[2].with.amount`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def hint(name: str, known: Iterable[str]) -> str:
    """What an unknown name may have been meant to be, and what else there is."""
    names = sorted(known)
    near = nearest(name, names)
    if near:
        return f" Did you mean {near}?"
    return f" Known here: {', '.join(names)}." if names else ""


def shown(value: object) -> str:
    """A value of the file, short enough for a sentence."""
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else None
    text = text or (repr(value) if isinstance(value, str) else str(value))
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
