"""Fields that came to objects, or went, for everybody on one day, whatever version they ask in.

The days are in `schemas/versions/fields.json`: {object, path, since, evidence} and maybe `version`
(the version that had the field before that day), `if` (key → values: only such documents), and
`until` with `value`: a field that went on that day, which the newest shape does not have; `was`:
the field is older than its day, and had this value before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from emulator.contract.order import put
from emulator.contract.versions.change import Doc, copied, day
from emulator.kernel import files

Turn = Callable[[Doc], None]

_NOT: Final = object()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one object. path: its keys from the top, `[]` at the end of those of lists."""

    object: str
    path: tuple[str, ...]
    since: str
    version: str
    only: tuple[tuple[str, tuple[str, ...]], ...]
    until: str = ""
    value: Any = None
    was: Any = _NOT

    def shown(self, date: str, now: int) -> bool:
        """Whether a caller of a version's date sees it at that instant (seconds)."""
        if self.until:
            return day(self.since) <= now < day(self.until)
        return date >= self.version or now >= day(self.since)

    def turn(self, date: str, now: int) -> Turn | None:
        """What to do with a document for that caller, if anything."""
        if self.until:
            return self.add if self.shown(date, now) else None
        return None if self.shown(date, now) else self.remove

    def remove(self, doc: Doc) -> None:
        if self.was is not _NOT:
            self._set(doc, self.was, always=True)
        elif self._concerns(doc):
            _pop(doc, self.path)

    def add(self, doc: Doc) -> None:
        """Put back a field that went, where the hash that it stood in has no other value for it."""
        self._set(doc, self.value, always=False)

    def _set(self, doc: Doc, value: Any, *, always: bool) -> None:
        *outer, last = self.path
        place: Any = doc if self._concerns(doc) else None
        for key in outer:
            place = place.get(key) if isinstance(place, dict) else None
        if isinstance(place, dict) and (last in place if always else place.get(last) is None):
            put(place, **{last: copied(value)})

    def _concerns(self, doc: Doc) -> bool:
        return all(doc.get(key) in values for key, values in self.only)


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
    version = entry.get("version", entry["since"])
    went = entry.get("until", ""), entry.get("value")
    was = entry.get("was", _NOT)
    return Field(entry["object"], path, entry["since"], version, only, *went, was)


def days() -> set[str]:
    """Every day on which something came or went."""
    return {name for field in fields() for name in (field.since, field.until) if name}


def turns(date: str, now: int) -> dict[str, list[Turn]]:
    """By object: what to do with its documents for a caller of that version at that instant."""
    found: dict[str, list[Turn]] = {}
    for field in fields():
        turn = field.turn(date, now)
        if turn is not None:
            found.setdefault(field.object, []).append(turn)
    return found
