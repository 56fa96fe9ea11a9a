"""Objects that come of others: the transaction of a capture, the report of a verification.

`schemas/stored/brought.json` says which, by object and by what happens to it (`created`, a verb, or
what only a simulator brings about). A value may have holes: `{amount}` is what stands there in the
object, `{sent.name|amount}` what was sent or else that, `{-amount}` and `{+amount}` its size below
and above zero, `{~number}` its last four letters, `{last.id}` of what was brought before,
`{within.id}` of the object that the path leads through, `{}` the whole object.
"""

from __future__ import annotations

import re
from typing import Any, Final

from emulator.kernel import files
from emulator.kit import Doc

Row = dict[str, Any]

_HOLE: Final = re.compile(r"\{([+~-]?)([\w.|]*)\}")


def rows(name: str, happening: str) -> list[Row]:
    """`object`: the kind. `with`: its fields. `if`: paths, as in holes, and what must stand there.
    `needs`: a path where something must stand.
    `back`: the first object's field → how it names the new one. `set`: fields of the first object.
    `change`: the id of one that is there, and is changed instead.
    """
    found: list[Row] = files.table("stored/brought.json").get(name, {}).get(happening, [])
    return found


def concerns(row: Row, known: Doc) -> bool:
    """Whether it comes of this very object."""
    if "needs" in row and _found(known, row["needs"]) == [None]:
        return False
    return all(_found(known, path) == [value] for path, value in row.get("if", {}).items())


def filled(value: Any, known: Doc) -> Any:
    """A value with its holes filled."""
    if isinstance(value, dict):
        return {name: filled(each, known) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, known) for each in value]
    hole = _HOLE.fullmatch(value) if isinstance(value, str) else None
    if hole is None:
        return value
    found = next((each for each in _found(known, hole[2]) if each is not None), None)
    if hole[1] == "~" and found is not None:
        return str(found)[-4:]
    if hole[1] and isinstance(found, int):
        return -abs(found) if hole[1] == "-" else abs(found)
    return found


def _found(known: Doc, paths: str) -> list[Any]:
    found = []
    for path in paths.split("|"):
        value: Any = known
        for step in path.split(".") if path else ():
            value = value.get(step) if isinstance(value, dict) else None
        found.append(value)
    return found


def name_back(doc: Doc, made: Doc, back: dict[str, str]) -> None:
    """Have the first object name what came of it: by `id`, `whole`, or at the end of a `list`."""
    for field, how in back.items():
        if how == "list":
            held = doc[field]["data"] if isinstance(doc[field], dict) else doc[field]
            held.append(made)
        else:
            doc[field] = made["id"] if how == "id" else made
