"""Facts about objects: their fields, what can be expanded, and a JSON Schema of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from emulator.kernel import files

Spec = dict[str, Any]

_DEPTH = 4
_JSON_TYPES = {
    "string": "string",
    "decimal": "string",
    "enum": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "object": "object",
    "map": "object",
    "array": "array",
    "list": "object",
    "search": "object",
}


def shape(object_name: str) -> Spec:
    """The facts of one object, read when first asked for: `{"object": …, "fields": {…}}`.

    A field is a spec as in `specs`, or `ref` (to `object`), `list` and `search` (`of` objects),
    `any`. `required` means always there, and not null; `nullable` that it may be null, `optional`
    that it may be left out. A text with `expands` is an id that can be
    replaced by one of these objects; `on_request` marks what is left out until expanded, `older`
    fields of versions past.
    """
    facts: Spec = files.table(f"stripe/objects/{object_name}.json")
    return facts


@cache
def object_names() -> frozenset[str]:
    """Every object that has facts."""
    folder = files.schemas() / "stripe" / "objects"
    return frozenset(path.name.removesuffix(".json") for path in folder.glob("*.json"))


@cache
def expandable(object_name: str) -> Mapping[str, tuple[str, ...]]:
    """Dotted path → what it expands to, within one object: `source_transaction` → (`charge`,).

    Paths lead through nested objects, arrays, included lists (`refunds`, `refunds.data.charge`) and
    objects that always stand whole. They do not lead through an expanded id: ask again there. An
    empty tuple: plain contents, shown only on request. Fields of older versions are among them. Of
    what has no facts nothing can be expanded.
    """
    if object_name not in object_names():
        return MappingProxyType({})
    return MappingProxyType(dict(_expandable(_all_fields(object_name), "", _DEPTH)))


@cache
def is_text(object_name: str, name: str) -> bool:
    """Whether a field of an object is a plain text, and no id of another."""
    spec = _all_fields(object_name).get(name, {}) if object_name in object_names() else {}
    return spec.get("type") == "string" and "expands" not in spec


@cache
def names_another(object_name: str, name: str) -> bool:
    """Whether a field of an object holds ids of others, which stand there unless expanded."""
    return "expands" in _all_fields(object_name).get(name, {})


def _all_fields(object_name: str) -> Spec:
    facts = shape(object_name)
    return {**facts["fields"], **facts.get("older", {})}


def _expandable(fields: Spec, prefix: str, left: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, spec in fields.items():
        path = f"{prefix}{name}"
        for inner in (spec, spec.get("items") or {}):
            yield from _targets(inner, path, left)


def _targets(spec: Spec, path: str, left: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    kind = spec.get("type")
    if spec.get("on_request"):
        yield path, (spec["object"],) if kind == "ref" else ()
    if "expands" in spec:
        yield path, tuple(spec["expands"])
    elif kind == "object":
        yield from _expandable(spec["fields"], f"{path}.", left)
    elif kind == "ref" and left > 1:
        yield from _expandable(_all_fields(spec["object"]), f"{path}.", left - 1)
    elif kind in {"list", "search"}:
        yield path, tuple(spec["of"])
        for name in spec["of"] if left > 1 else ():
            yield from _expandable(_all_fields(name), f"{path}.data.", left - 2)


@cache
def nested(object_name: str, without: frozenset[str] = frozenset()) -> frozenset[str]:
    """The kinds of objects that may stand in one of this kind: its own, and those inside.

    What ids expand to, and what is shown on request, is not among them. without: fields of the
    object itself that are not looked into.
    """
    found = {object_name}
    fields = _all_fields(object_name)
    waiting = [each for name in fields.keys() - without for each in _inside(fields[name])]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            for spec in _all_fields(name).values():
                waiting += _inside(spec)
    return frozenset(found)


def _inside(spec: Spec) -> Iterator[str]:
    kind = spec["type"]
    if spec.get("on_request") or "expands" in spec:
        return
    if kind == "ref":
        yield spec["object"]
    elif kind in {"list", "search"}:
        yield from spec["of"]
    inner = spec["fields"].values() if kind == "object" else spec.get("any_of", ())
    for each in (*inner, *(spec[name] for name in ("items", "values") if name in spec)):
        yield from _inside(each) if isinstance(each, dict) else ()


@cache
def json_schema(object_name: str) -> Spec:
    """JSON Schema 2020-12 of what a response may hold in the newest version; several names are
    joined by `|`.

    Enums are open and further keys are allowed, as in Stripe's own promise of compatibility.
    Objects that stand inside others are in `$defs`; an expandable id may also stand whole.
    """
    return schema_of(object_name, shape)


def schema_of(object_name: str, facts: Callable[[str], Spec], known: Spec | None = None) -> Spec:
    """The same where `facts` tells of an object what `shape` tells of its newest shape; a field of
    the type `absent` must not be there. known: definitions that were made of these facts before.
    """
    names, made = object_name.split("|"), {} if known is None else known
    definitions: dict[str, Spec] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in definitions:
            continue
        if name not in made:
            inner: list[str] = []
            made[name] = _object(facts(name), inner), inner
        definitions[name], inner = made[name]
        waiting += inner
    roots = [{"$ref": f"#/$defs/{name}"} for name in names]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": definitions,
        **(roots[0] if len(roots) == 1 else {"anyOf": roots}),
    }


def _object(facts: Spec, waiting: list[str]) -> Spec:
    whole = _fields(facts["fields"], waiting)
    if not facts.get("deletable"):
        return whole
    deleted = {
        "type": "object",
        "properties": {"deleted": {"const": True}, "id": {"type": "string"}},
        "required": ["id", "object", "deleted"],
    }
    return {"if": {"required": ["deleted"]}, "then": deleted, "else": whole}


def _fields(fields: Spec, waiting: list[str]) -> Spec:
    return {
        "type": "object",
        "properties": {name: _value(spec, waiting) for name, spec in fields.items()},
        "required": [name for name, spec in fields.items() if spec.get("required")],
    }


def _value(spec: Spec, waiting: list[str]) -> Spec:
    schema = _not_null(spec, waiting)
    if not spec.get("nullable") or not schema:
        return schema
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _not_null(spec: Spec, waiting: list[str]) -> Spec:
    kind = spec["type"]
    if kind == "absent":
        return {"not": {}}
    if "expands" in spec:
        return {"anyOf": [{"type": "string"}, *(_ref(name, waiting) for name in spec["expands"])]}
    if kind == "ref":
        return _ref(spec["object"], waiting)
    if kind == "union":
        return {"anyOf": [_value(each, waiting) for each in spec["any_of"]]}
    if kind == "object":
        return _fields(spec["fields"], waiting)
    if kind == "array":
        return {"type": "array", "items": _value(spec["items"], waiting)}
    if kind == "map":
        return {"type": "object", "additionalProperties": _value(spec["values"], waiting)}
    if kind in {"list", "search"}:
        return _list(kind, spec["of"], waiting)
    return {"type": _JSON_TYPES[kind]} if kind in _JSON_TYPES else {}


def _list(kind: str, names: list[str], waiting: list[str]) -> Spec:
    items = [_ref(name, waiting) for name in names]
    return {
        "type": "object",
        "properties": {
            "object": {"const": "list" if kind == "list" else "search_result"},
            "data": {"type": "array", "items": items[0] if len(items) == 1 else {"anyOf": items}},
            "has_more": {"type": "boolean"},
            "url": {"type": "string"},
        },
        "required": ["object", "data", "has_more", "url"],
    }


def _ref(name: str, waiting: list[str]) -> Spec:
    waiting.append(name)
    return {"$ref": f"#/$defs/{name}"}
