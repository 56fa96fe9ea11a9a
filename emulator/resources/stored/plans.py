"""What a stored operation does, read off its method, its path and what it returns."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final, NamedTuple

from emulator.contract import Operation, operations
from emulator.resources.stored import facts


class Parent(NamedTuple):
    """An object that a path leads through. field: what children call it. param: its place."""

    object: str
    field: str
    param: str


class Plan(NamedTuple):
    """deed: the name of what to do. object: what it is about. param: the place in the path that
    names it. parents: what must exist on the way there. verb: what is done to it. more: what the
    table of exceptions says.
    """

    deed: str
    object: str
    url: str
    param: str = "id"
    parents: tuple[Parent, ...] = ()
    verb: str = ""
    more: dict[str, Any] = {}  # noqa: RUF012 - never written to


_PLACE: Final = re.compile(r"{(\w+)}")
# Deeds whose last placeholder names the object itself.
_OF_ONE: Final = frozenset({"retrieve", "update", "delete", "verb", "clear"})


def _plain(path: str) -> str:
    """A path with all placeholders alike, without the segment that marks test helpers."""
    return _PLACE.sub("{}", path).replace("/test_helpers/", "/", 1)


@cache
def _by_path() -> dict[tuple[str, str], Operation]:
    found: dict[tuple[str, str], Operation] = {}
    for operation in operations().values():
        place = operation.method, _plain(operation.path)
        if "test_helpers" not in operation.path or place not in found:
            found[place] = operation
    for operation in operations().values():
        found[operation.method, _PLACE.sub("{}", operation.path)] = operation
    return found


def plan(operation: Operation) -> Plan:
    """What the operation does."""
    path = _plain(operation.path)
    places = [_param(place) for place in _PLACE.findall(operation.path)]
    deed, verb = _deed(operation, path)
    more = facts.exception(operation.key)
    deed = more.get("deed", deed)
    name = operation.returns.partition("|")[0]
    if deed == "clear":
        name = _object_at(_owner(path)) or name
    parents, param = _parents(path, places), "id"
    if deed in _OF_ONE:
        parents, param = parents[:-1], places[-1]
    return Plan(deed, name, operation.path, param, tuple(parents), verb, more)


def parents_of(operation: Operation) -> list[Parent]:
    """What the placeholders of a path name, the last one included."""
    places = [_param(place) for place in _PLACE.findall(operation.path)]
    return _parents(_plain(operation.path), places)


def _deed(operation: Operation, path: str) -> tuple[str, str]:
    known, method, last = _by_path(), operation.method, path.endswith("{}")
    if operation.kind in {"search", "list"}:
        return ("search" if operation.kind == "search" else "listed"), ""
    if operation.kind == "empty":
        return "nothing", ""
    if method == "DELETE":
        return ("delete", "") if operation.kind == "deleted" else ("verb", "cancel")
    if method == "GET":
        return ("retrieve", "") if last else ("single", "")
    if last:
        return "update", ""
    here = known.get(("GET", path))
    if here is not None and here.kind == "object":
        return "update_single", ""
    if here is None and _object_at(_owner(path)) == operation.returns:
        return "verb", path.removeprefix(_owner(path)).strip("/")
    return "create", ""


def _owner(path: str) -> str:
    """The path up to its last placeholder."""
    return path[: path.rfind("{}") + 2] if "{}" in path else ""


def _object_at(path: str) -> str:
    found = _by_path().get(("GET", path))
    return found.returns if found is not None and found.kind == "object" else ""


def _parents(path: str, places: list[str]) -> list[Parent]:
    """What each placeholder of a path names; what no operation retrieves is passed over."""
    ends = [match.end() for match in re.finditer(r"{}", path)]
    found = [(_object_at(path[:end]), place) for end, place in zip(ends, places, strict=True)]
    return [Parent(name, name.rpartition(".")[2], place) for name, place in found]


def _param(place: str) -> str:
    """What refusals call a place in a path."""
    return "id" if place == "subscription_exposed_id" else place
