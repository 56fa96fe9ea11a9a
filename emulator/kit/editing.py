"""How an update changes a document: scalars are set, hashes are merged, metadata has its
own rules.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from copy import deepcopy
from typing import Any, Final

from emulator.contract import shape
from emulator.kit.setup import Doc, Params

# What must be there and was not said (assumed; of a choice, the word that says least).
_EMPTY: Final[Mapping[str, Any]] = {
    "array": [],
    "boolean": False,
    "decimal": "0",
    "integer": 0,
    "map": {},
    "number": 0,
    "string": "",
}
_SCALARS: Final = frozenset({"decimal", "enum", "integer", "number", "string"})
_NOTHING_SAID: Final = ("self", "none", "unspecified", "unset", "auto", "never")


def edit(doc: Doc, params: Params, fields: Container[str]) -> Doc:
    """Set the given fields of a document from parameters; what was not sent stays as it is."""
    for name, value in params.items():
        if name not in fields:
            continue
        if name == "metadata":
            doc[name] = merged_metadata(doc.get(name), value)
        elif value is None and is_left_out(nested(doc["object"], name)):
            doc.pop(name, None)
        elif value is None or isinstance(value, dict | list):
            doc[name] = merged(doc.get(name), value, nested(doc["object"], name))
        else:
            doc[name] = value
    return doc


def merged(old: Any, new: Any, facts: Doc) -> Any:
    """`new` over `old`, as a field with these facts shows it: hashes fill the blank hash of their
    shape, those in lists, too; what is cleared is null only where the shape allows that. Everything
    else replaces.
    """
    if new is None:
        return _cleared(old, facts)
    if isinstance(new, list):
        items: Doc = facts.get("items") or {}
        return [merged(None, each, items) for each in new]
    if not isinstance(new, dict):
        return new
    fields: Doc = _fields(facts)
    others: Doc = facts.get("values") or {}
    result = {**old} if isinstance(old, dict) else blank_hash(fields)
    for name, value in new.items():
        if name == "metadata":
            result[name] = merged_metadata(result.get(name), value)
        elif value is None and (others or is_left_out(fields.get(name, {}))):
            result.pop(name, None)  # a key of a map, or a field that is left out
        else:
            result[name] = merged(result.get(name), value, fields.get(name, others))
    return dict(sorted(result.items()))


def blank_hash(fields: Doc) -> Doc:
    """A hash of a shape in which nothing is said: what must be there is empty and not null, what
    may be left out is.
    """
    shown = sorted(name for name, facts in fields.items() if not is_left_out(facts))
    return {name: _blank(name, fields[name]) for name in shown}


def is_left_out(facts: Doc) -> bool:
    """Whether a field is not there where there is nothing to show."""
    return bool(facts.get("optional")) and not facts.get("nullable")


def _blank(name: str, facts: Doc) -> Any:
    if name == "metadata":
        return {}
    kind = facts["type"]
    if not facts.get("required"):
        return None
    if kind in {"object", "ref"}:
        return blank_hash(_fields(facts))
    if kind == "enum":
        values = facts["values"]
        return next((word for word in _NOTHING_SAID if word in values), values[0])
    return deepcopy(_EMPTY.get(kind))


def _cleared(old: Any, facts: Doc) -> Any:
    """What stands where a value was taken back."""
    if not facts.get("required"):
        return None
    if facts["type"] in _SCALARS and old is not None:
        return old
    return _blank("", facts)


def _fields(facts: Doc) -> Doc:
    if facts.get("type") == "ref":
        found: Doc = shape(facts["object"])["fields"]
        return found
    return facts.get("fields") or {}


def nested(object_name: str, *path: str) -> Doc:
    """The contract's facts about one field of an object, or of a hash in it; empty when it has
    none.
    """
    found: Doc = shape(object_name)
    for name in path:
        found = _fields(found).get(name, {})
    return found


def merged_metadata(old: Doc | None, new: Doc | None) -> Doc:
    """Metadata after an update: keys are added and replaced, an empty value removes its key, None
    all.
    """
    if new is None:
        return {}
    joined = {**(old or {}), **new}
    return {key: value for key, value in joined.items() if value not in {"", None}}
