"""Which operation a method and a path mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple
from urllib.parse import unquote

from emulator.kernel import files


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API.

    key: `POST /v1/customers/{customer}`. kind: object, list, search, deleted, bytes or empty.
    returns: the object's name; several are joined by `|`. stem: the file of its parameters.
    until: the API version from which on it is not there any more.
    """

    key: str
    method: str
    path: str
    returns: str
    kind: str
    stem: str
    until: str | None = None


class Found(NamedTuple):
    """An operation and what stood in the placeholders of its path."""

    operation: Operation
    path_params: dict[str, str]


class _Node:
    """A step of the path: what may follow literally, what follows for any text, who ends here."""

    __slots__ = ("any", "ends", "literal")

    def __init__(self) -> None:
        self.literal: dict[str, _Node] = {}
        self.any: _Node | None = None
        self.ends: dict[str, tuple[Operation, tuple[str, ...]]] = {}


@cache
def operations() -> dict[str, Operation]:
    """All operations by key."""
    return {
        key: _operation(key, facts) for key, facts in files.table("stripe/operations.json").items()
    }


def current(date: str) -> dict[str, Operation]:
    """The operations that the version of a date (`YYYY-MM-DD`) still has, by key."""
    every = operations().items()
    return {key: each for key, each in every if each.until is None or date < each.until}


def _operation(key: str, facts: dict[str, str]) -> Operation:
    method, path = key.split(" ", 1)
    stem, until = facts["params"], facts.get("until")
    return Operation(key, method, path, facts["returns"], facts["kind"], stem, until)


@cache
def _root() -> _Node:
    root = _Node()
    for operation in operations().values():
        node = root
        names = []
        for segment in operation.path.split("/")[1:]:
            if segment[0] == "{":
                names.append(segment[1:-1])
                node.any = node.any or _Node()
                node = node.any
            else:
                node = node.literal.setdefault(segment, _Node())
        node.ends[operation.method] = operation, tuple(names)
    return root


def find(method: str, path: str, date: str = "") -> Found | None:
    """The operation behind `method` and `path` (as sent, without query), or None.

    date: that of the version that is spoken; an operation that is gone from it is as if it had
    never been. Without a date, all that ever were are found.

    A literal segment beats a placeholder, but the placeholder is tried where the literal leads
    nowhere for this method. An empty segment fills no placeholder. Segments are decoded one by
    one, so that an id may hold a slash (`/v1/products/a%2Fb`, as SDKs write it).
    """
    segments = path.split("/")
    if "%" in path:
        segments = [unquote(each) for each in segments]
    node, at = _root(), 1
    values: list[str] = []
    untried: list[tuple[_Node, int, int]] = []
    while True:
        end = _descend(node, at, segments, values, untried).get(method)
        until = end[0].until if end is not None else None
        if end is not None and not segments[0] and (until is None or date < until):
            return Found(end[0], dict(zip(end[1], values)) if values else {})  # noqa: B905
        if not untried:
            return None
        node, at, kept = untried.pop()
        values[kept:] = [segments[at]]
        at += 1


def _descend(
    node: _Node,
    at: int,
    segments: list[str],
    values: list[str],
    untried: list[tuple[_Node, int, int]],
) -> dict[str, tuple[Operation, tuple[str, ...]]]:
    """Follow `segments` as far as they lead, noting each placeholder that was passed by."""
    for segment in segments[at:]:
        step = node.literal.get(segment)
        if step is None:
            step = node.any
            if step is None or not segment:
                return {}
            values.append(segment)
        elif node.any is not None:
            untried.append((node.any, at, len(values)))
        node = step
        at += 1
    return node.ends
