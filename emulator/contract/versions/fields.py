"""Fields that were added to objects for everybody on one day, whatever version they ask in.

The days are in `schemas/versions/fields.json`: {object, path, since, evidence} and maybe `version`
(the version that had the field before that day) and `if` (key → values: only such documents).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from emulator.contract.versions.change import Doc, day
from emulator.kernel import files

Remove = Callable[[Doc], None]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one object. path: its keys from the top, `[]` at the end of those of lists."""

    object: str
    path: tuple[str, ...]
    since: str
    version: str
    only: tuple[tuple[str, tuple[str, ...]], ...]

    def shown(self, date: str, now: int) -> bool:
        """Whether a caller of a version's date sees it at that instant (seconds)."""
        return date >= self.version or now >= day(self.since)

    def remove(self, doc: Doc) -> None:
        if all(doc.get(key) in values for key, values in self.only):
            _pop(doc, self.path)


def _pop(place: Any, path: tuple[str, ...]) -> None:
    key, *rest = path
    if not isinstance(place, dict):
        return
    if not rest:
        place.pop(key, None)
    elif key.endswith("[]"):
        for item in place.get(key[:-2]) or ():
            _pop(item, tuple(rest))
    else:
        _pop(place.get(key), tuple(rest))


@cache
def fields() -> tuple[Field, ...]:
    """All of them, as the data has them."""
    return tuple(_field(entry) for entry in files.table("versions/fields.json")["fields"])


def _field(entry: dict[str, Any]) -> Field:
    only = tuple((key, tuple(values)) for key, values in entry.get("if", {}).items())
    path = tuple(entry["path"].split("."))
    return Field(entry["object"], path, entry["since"], entry.get("version", entry["since"]), only)


def days() -> set[str]:
    """Every day on which something was added."""
    return {field.since for field in fields()}


def removals(date: str, now: int) -> dict[str, list[Remove]]:
    """By object: what to take from its documents for a caller of that version at that instant."""
    found: dict[str, list[Remove]] = {}
    for field in fields():
        if not field.shown(date, now):
            found.setdefault(field.object, []).append(field.remove)
    return found
