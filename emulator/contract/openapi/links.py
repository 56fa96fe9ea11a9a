"""Links: from an operation that answers with an object to those that take its id."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

from emulator.contract.openapi.parameters import known_fields
from emulator.contract.operations import Operation, operations
from emulator.contract.shapes import object_names, shape

Link = dict[str, Any]

_PLACE: Final = re.compile(r"{(\w+)}")
_ID: Final = "$response.body#/id"


@cache
def owners(operation: Operation) -> list[tuple[str, str]]:
    """Each placeholder of a path with the object that it names; empty where nothing tells."""
    path = operation.path.replace("/test_helpers/", "/", 1)
    found = []
    for match in _PLACE.finditer(path):
        at = _retrieving().get(_PLACE.sub("{}", path[: match.end()]))
        found.append((match[1], at.returns if at is not None else ""))
    return found


@cache
def _retrieving() -> dict[str, Operation]:
    """The operations that retrieve one object, by their paths with all placeholders alike."""
    return {
        _PLACE.sub("{}", each.path): each
        for each in operations().values()
        if each.method == "GET" and each.kind == "object" and each.path.endswith("}")
    }


class Links:
    """The links between some operations."""

    def __init__(self, among: Iterable[Operation]) -> None:
        self._by_place: dict[str, list[Operation]] = defaultdict(list)
        self._by_name: dict[str, list[tuple[Operation, str]]] = defaultdict(list)
        for operation in among:
            places = owners(operation)
            if places:
                self._by_place[places[-1][1]].append(operation)
            elif operation.method == "POST":
                for name, targets in references(operation.key).items():
                    for target in targets:
                        self._by_name[target].append((operation, name))

    def of(self, operation: Operation) -> Iterator[tuple[Operation, Link]]:
        """The operations that the answer of this one leads to, and what it gives them.

        The last placeholder of a path takes the id; those before it are known only when the
        answering path has them, too. A parameter of a creation takes it when the contract says that
        it names such an object: a subscription its customer.
        """
        if operation.kind != "object" or not _has_id(operation.returns):
            return
        before = {place for place, _ in owners(operation)}
        for other in self._by_place.get(operation.returns, ()):
            *outer, last = [place for place, _ in owners(other)]
            if before.issuperset(outer):
                given = {place: f"$request.path.{place}" for place in outer}
                yield other, {"parameters": {**given, last: _ID}}
        if operation.method == "POST":
            for other, name in self._by_name.get(operation.returns, ()):
                yield other, {"requestBody": {name: _ID}}


def _has_id(name: str) -> bool:
    return all(n in object_names() and "id" in shape(n)["fields"] for n in name.split("|"))


@cache
def references(key: str) -> dict[str, tuple[str, ...]]:
    """Parameters that name an object, as the field of the same name in the answer tells."""
    operation = operations()[key]
    if operation.returns not in object_names():
        return {}
    shown, taken = shape(operation.returns)["fields"], known_fields(operation)
    found = {}
    for name in taken.keys() & shown.keys():
        spec = shown[name]
        targets = (*spec.get("expands", ()), *([spec["object"]] if "object" in spec else ()))
        if targets and taken[name]["type"] == "string":
            found[name] = targets
    return dict(sorted(found.items()))
