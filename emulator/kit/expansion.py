"""`expand`: ids become the objects they name, and fields appear that are only shown on request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from emulator.contract import (
    expandable,
    is_text,
    names_another,
    object_names,
    shape,
    versions,
)
from emulator.contract.order import put
from emulator.kernel.errors import Refusal
from emulator.kernel.errors import requests as refusals
from emulator.kit.editing import is_left_out, nested
from emulator.kit.resource import Resource
from emulator.kit.setup import Doc
from emulator.kit.tx import Tx

LEVELS = 4
_WITH_PARTS = frozenset({"list", "object", "ref", "union"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path has led so far: `doc` is the object `owner` itself or a hash inside it, named by
    `prefix`. about: the object, or the entry of a list in it, that the hash tells of.
    """

    owner: Doc
    doc: Doc
    about: Doc
    prefix: str = ""

    def within(self, doc: Doc, prefix: str) -> Place:
        """One hash further in."""
        return Place(self.owner, doc, self.about, prefix)

    def entry(self, doc: Doc, prefix: str) -> Place:
        """An entry of a list further in."""
        return Place(self.owner, doc, doc, prefix)


def _leads_on(paths: Iterable[str], steps: list[str]) -> bool:
    """Whether a hash that is empty now could be followed by `steps` if it were not: what can be
    expanded depends on the type of an object, not on what one of them holds.
    """
    return any(each.split(".") == steps[: each.count(".") + 1] for each in paths)


def _is_shown(kind: str, name: str) -> bool:
    """Whether a field stands in an object before anybody asks for it, if it has a value."""
    return names_another(kind, name) or _is_left_out(kind, name)


def _is_left_out(kind: str, name: str) -> bool:
    """Whether a field, of an object or a hash in it, is not there where it has no value."""
    return is_left_out(nested(kind, *name.split(".")))


def _has_parts(name: str, field: str) -> bool:
    """Whether a field of an object of that name is a hash or a list of objects: it may be asked
    for, though nothing in it changes, even where it is null; metadata may not (observed).
    """
    if name not in object_names():
        return False
    spec = shape(name)["fields"].get(field, {})
    return spec.get("type") in _WITH_PARTS or spec.get("items", {}).get("type") in _WITH_PARTS


def _refused(doc: Doc, path: str, date: str) -> Refusal:
    """Why a path cannot be expanded: on a list it must begin with `data`; a field may be one that
    only older versions have.
    """
    first, _, rest = path.partition(".")
    if doc.get("object") in {"list", "search_result"}:
        if path == "total_count":
            return refusals.total_not_included()
        if first != "data":
            return refusals.not_expandable_in_list(path)
        doc, first = doc["data"][0], rest.partition(".")[0]
    if versions.went(str(doc.get("object")), first, date):
        return refusals.not_expandable_any_more(first)
    return refusals.not_expandable(path)


class Expander:
    """Expands documents of one world. resources: object name -> declaration."""

    def __init__(self, resources: Mapping[str, Resource]) -> None:
        self._resources = resources
        self._tables = {
            name: (
                name,
                *(other for other, resource in resources.items() if name in resource.holds),
            )
            for resource in resources.values()
            for name in (resource.name, *resource.holds)
        }

    def expand(self, tx: Tx, doc: Doc, paths: Iterable[str]) -> Doc:
        """The document with every path of `paths` expanded; a refusal when the first step is
        unknown.
        """
        for path in paths:
            steps = path.split(".")
            if len(steps) > LEVELS:
                raise refusals.expansion_too_deep(path, LEVELS)
            if not self._open(tx, doc, steps):
                raise _refused(doc, path, tx.version.date)
        return doc

    def check(self, name: str, paths: Iterable[str], date: str) -> None:
        """Refuse paths of an empty list that would be refused if there were objects of this name
        in it. date: that of the version that is spoken.
        """
        for path in paths:
            data, _, field = path.partition(".")
            if path.count(".") >= LEVELS:
                raise refusals.expansion_too_deep(path, LEVELS)
            gone = versions.went(name, field.partition(".")[0], date)
            if data != "data" or gone or (field and not self._known(name, field)):
                raise _refused({"object": "list", "data": [{"object": name}]}, path, date)

    def _known(self, name: str, path: str) -> bool:
        if name not in object_names():
            return True
        resource = self._resources.get(name)
        if resource is not None and path.partition(".")[0] in resource.includes:
            return True
        known = expandable(name)
        if any(f"{path}.".startswith(f"{each}.") or each.startswith(f"{path}.") for each in known):
            return True
        return _has_parts(name, path)

    def _open(self, tx: Tx, doc: Doc, steps: list[str]) -> bool:
        """Expand one path below an object; whether its first step can be expanded at all. Of what
        is deleted nothing is left to expand.
        """
        if doc.get("deleted") is True:
            return True
        if doc.get("object") in {"list", "search_result"}:
            if steps[0] != "data":
                return False
            for item in doc["data"]:
                if len(steps) > 1 and not self._open(tx, item, steps[1:]):
                    return False
            return True
        return self._field(tx, Place(doc, doc, doc), steps)

    def _field(self, tx: Tx, at: Place, steps: list[str]) -> bool:
        step, rest = steps[0], steps[1:]
        name, doc = f"{at.prefix}{step}", at.doc
        kind = str(at.owner.get("object"))
        if versions.went(kind, name, tx.version.date) or is_text(kind, name):
            return False
        resource = self._resources.get(kind)
        if resource and name in resource.includes and not isinstance(doc.get(step), str):
            found = doc.get(step) or resource.includes[name](tx, at.about)
            if found is not None or not _is_left_out(kind, name):
                put(doc, **{step: found})
            return self._below(tx, found, rest)
        paths = expandable(kind)
        if name in paths:
            if step not in doc and _is_shown(kind, name):
                return True  # what is not there is not there expanded either (observed)
            doc[step] = self._named(tx, doc.get(step), paths[name])
            return self._below(tx, doc[step], rest)
        value = doc.get(step)
        if isinstance(value, dict) and rest:
            whole = "object" in value
            inner = Place(value, value, value) if whole else at.within(value, f"{name}.")
            return self._field(tx, inner, rest)
        if isinstance(value, list) and rest:
            items = [item for item in value if isinstance(item, dict)]
            found = [self._field(tx, at.entry(item, f"{name}."), rest) for item in items]
            return all(found)
        if value is None and rest:
            return _leads_on(paths, [*name.split("."), *rest])
        if name == step and at.doc is at.owner:
            return _has_parts(str(at.owner.get("object")), step)
        return step in doc and isinstance(value, dict | list)

    def _below(self, tx: Tx, value: Any, rest: list[str]) -> bool:
        """Deeper steps are followed where they lead somewhere; unknown ones are ignored, as Stripe
        does.
        """
        if rest:
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict) and "object" in item:
                    self._open(tx, item, rest)
        return True

    def _named(self, tx: Tx, value: Any, targets: tuple[str, ...]) -> Any:
        if isinstance(value, list):
            return [self._named(tx, item, targets) for item in value]
        if not isinstance(value, str):
            return value
        for table in (table for target in targets for table in self._tables.get(target, (target,))):
            resource = self._resources.get(table)
            place = value if resource is None else resource.place(tx.account, value)
            raw = tx.setup.store.raw(table, place)
            if raw is not None:
                return self._shown(tx, table, value, raw)
        return value

    def _shown(self, tx: Tx, target: str, id_: str, raw: bytes) -> Doc:
        doc: Doc = orjson.loads(raw)
        resource = self._resources.get(target)
        if resource and resource.view:
            doc = resource.view(tx.on(tx.owner(id_) or tx.account), doc)
        return doc
