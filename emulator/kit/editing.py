"""How an update changes a document: scalars are set, hashes are merged, metadata has its
own rules.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from emulator.contract import shape
from emulator.kit.setup import Doc, Params


def edit(doc: Doc, params: Params, fields: Container[str]) -> Doc:
    """Set the given fields of a document from parameters; what was not sent stays as it is."""
    for name, value in params.items():
        if name not in fields:
            continue
        if name == "metadata":
            doc[name] = merged_metadata(doc.get(name), value)
        elif isinstance(value, dict):
            doc[name] = merged(doc.get(name), value, nested(doc["object"], name))
        else:
            doc[name] = value
    return doc


def merged(old: Any, new: Any, facts: Doc) -> Any:
    """`new` over `old`: a hash fills the blank hash of its shape, everything else replaces."""
    if not isinstance(new, dict):
        return new
    fields: Doc = facts.get("fields", {})
    base = old if isinstance(old, dict) else _blank(fields)
    result = {**base}
    for name, value in new.items():
        result[name] = merged(result.get(name), value, fields.get(name, {}))
    return dict(sorted(result.items()))


def _blank(fields: Doc) -> Doc:
    """A hash of a shape in which nothing is said: metadata and hashes that must be there are not
    null.
    """
    return {name: _blank_field(name, fields[name]) for name in sorted(fields)}


def _blank_field(name: str, spec: Doc) -> Doc | None:
    if name == "metadata":
        return {}
    return _blank(spec["fields"]) if spec["type"] == "object" and spec.get("required") else None


def nested(object_name: str, field: str) -> Doc:
    """The contract's facts about one field of an object; empty when it has none."""
    found: Doc = shape(object_name).get("fields", {}).get(field, {})
    return found


def merged_metadata(old: Doc | None, new: Doc | None) -> Doc:
    """Metadata after an update: keys are added and replaced, an empty value removes its key, None
    all.
    """
    if new is None:
        return {}
    joined = {**(old or {}), **new}
    return {key: value for key, value in joined.items() if value not in {"", None}}
