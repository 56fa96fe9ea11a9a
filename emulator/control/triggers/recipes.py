"""How each event type is made to happen: recipes, as data in `schemas/emulator/triggers/`.

A recipe is a list of steps: names of parts (`parts.json`), or steps written out. A step asks one
thing: `post`, `get` or `delete` a path, or `simulate` something; `with` are its parameters, `on`
the account it acts on, `version` the API version it speaks, `refused` that a refusal is wanted.
`${name.path}` stands for what an earlier step returned. A part's `needs` come before it, what it
leads to (`then`) after it. `makes` is the kind of object that it makes, its name when nothing is
said: an object that is there already can take its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

from emulator.kernel import files

_FOLDER: Final = "emulator/triggers"
_PARTS: Final = "parts"
_METHODS: Final = ("post", "get", "delete")
_SIMULATE: Final = "simulate"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """name: what its answer is called, "" for nothing. method: POST, GET, DELETE, or "" when `path`
    is the name of a simulator. makes: the kind of object that it makes. brings: the step that
    leads to it, and that takes it along when it is left out.
    """

    name: str
    method: str
    path: str
    with_: Row = field(default_factory=dict)
    on: str | None = None
    version: str | None = None
    refused: bool = False
    makes: str = ""
    brings: str = ""

    @property
    def simulates(self) -> bool:
        return not self.method


@cache
def event_types() -> tuple[str, ...]:
    """Every event type that can be triggered, in alphabetical order."""
    return (*sorted(_recipes()),)


def steps(event_type: str) -> list[Step]:
    """The steps that lead to an event, those that they need included, each once."""
    found: dict[str, Step] = {}
    for number, each in enumerate(_recipes()[event_type]):
        if isinstance(each, str):
            _take(found, each)
        else:
            for name in each.get("needs", ()):
                _take(found, name)
            found[each.get("name") or f"step {number + 1}"] = _read(each.get("name", ""), each)
    return [*found.values()]


def without(found: Sequence[Step], name: str) -> Iterator[Step]:
    """The steps with one of them left out, and what it leads to with it."""
    return (each for each in found if name not in {each.name, each.brings})


# -- inside ---------------------------------------------------------------------------------------


@cache
def _recipes() -> dict[str, list[Any]]:
    folder = files.schemas() / _FOLDER
    names = sorted(path.stem for path in folder.glob("*.json") if path.stem != _PARTS)
    return {
        event: recipe
        for name in names
        for event, recipe in files.table(f"{_FOLDER}/{name}.json").items()
    }


def _take(found: dict[str, Step], name: str, brings: str = "") -> None:
    if name in found:
        return
    row = files.table(f"{_FOLDER}/{_PARTS}.json")[name]
    for needed in row.get("needs", ()):
        _take(found, needed)
    found[name] = replace(_read(name, row), brings=brings)
    for after in row.get("then", ()):
        _take(found, after, name)


def _read(name: str, row: Row) -> Step:
    method = next((each for each in _METHODS if each in row), "")
    return Step(
        name,
        method.upper(),
        row[method or _SIMULATE],
        row.get("with", {}),
        row.get("on"),
        row.get("version"),
        row.get("refused", False),
        row.get("makes", name),
        "",
    )
