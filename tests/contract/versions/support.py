"""What the version tests share: an instant after every addition, rendering in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from emulator.contract.blanks import blank
from emulator.contract.versions import CHANGES, Doc, names, parse, renderer

NOW = 1_795_000_000


class Neighbours:
    """A fetch that answers from a table and remembers what it was asked for."""

    def __init__(self, **found: Sequence[Any]) -> None:
        self.found = {name.replace("__", "."): docs for name, docs in found.items()}
        self.asked: list[str] = []

    def __call__(self, kind: str, doc: Doc) -> Sequence[Any]:
        del doc
        self.asked.append(kind)
        return self.found.get(kind, ())


def before(date: str) -> str:
    """The last version published before a date."""
    return [name for name in names() if name[:10] < date][-1]


def from_(date: str) -> str:
    """The first version published on a date or after it."""
    return next(name for name in names() if name[:10] >= date)


def show(doc: Doc, version: str, now: int = NOW, **found: Sequence[Any]) -> Doc:
    render = renderer(parse(version), now)
    return doc if render is None else render(doc, Neighbours(**found))


def made(name: str, /, **fields: Any) -> Doc:
    """A blank object with an id."""
    doc = blank(name)
    if "id" in doc:
        doc["id"] = f"{name}_1"
    return {**doc, **fields}


def only(date: str, name: str) -> bool:
    """Whether a change of that date turns back documents of that name."""
    return any(c.version == date and name in c.objects and c.response for c in CHANGES)
