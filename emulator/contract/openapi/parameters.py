"""Parameters of operations as JSON Schema, in one API version."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from emulator.contract.operations import Operation
from emulator.contract.specs import Fields, Spec, fields_in, sent_fields
from emulator.contract.versions import NEWEST, Version
from emulator.kernel import files

Schema = dict[str, Any]
# Values worth trying by the name of what takes them; what is named takes only these, and a place in
# a path also one that does not exist.
Known = Mapping[str, Sequence[str]]

FORM: Final = "application/x-www-form-urlencoded"
PARTS: Final = "multipart/form-data"
JSON: Final = "application/json"
_PLACE: Final = re.compile(r"{(\w+)}")
_COMMON: Final = ("usd", "eur", "gbp", "jpy", "mxn")


def known_fields(operation: Operation, version: Version = NEWEST) -> Fields:
    """What a version takes."""
    return fields_in(sent_fields(operation), version.knows)


def described(operation: Operation, known: Known, version: Version) -> Schema:
    """`parameters` and `requestBody` of an operation."""
    places = [_place(name, known) for name in _PLACE.findall(operation.path)]
    fields = known_fields(operation, version)
    if operation.method != "POST":
        asked = [_query(name, spec, known) for name, spec in fields.items()]
        return {"parameters": [*places, *asked]}
    schema = _object(fields, known)
    kind = _media_type(operation, fields)
    content: Schema = {"schema": schema}
    if kind == FORM:
        content["encoding"] = {
            name: {"style": "deepObject", "explode": True}
            for name, spec in fields.items()
            if spec["type"] in {"object", "array", "map", "union"}
        }
    return {
        "parameters": places,
        "requestBody": {"required": bool(schema.get("required")), "content": {kind: content}},
    }


def _media_type(operation: Operation, fields: Fields) -> str:
    if operation.path.startswith("/v2/"):
        return JSON
    return PARTS if any(spec["type"] == "file" for spec in fields.values()) else FORM


def _place(name: str, known: Known) -> Schema:
    schema: Schema = {"type": "string", "minLength": 1}
    if name in known:
        schema = {"type": "string", "enum": [*known[name], f"{name}_nope"]}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query(name: str, spec: Spec, known: Known) -> Schema:
    """Lists go as `name[]=`, objects as `name[key]=`: both are ways that Stripe takes."""
    listed = spec["type"] == "array"
    return {
        "name": f"{name}[]" if listed else name,
        "in": "query",
        "required": bool(spec.get("required")),
        "style": "form" if listed or not _has_parts(spec) else "deepObject",
        "explode": True,
        "schema": _schema(name, _parts_only(spec), known),
    }


def _has_parts(spec: Spec) -> bool:
    return any(each["type"] in {"object", "map"} for each in spec.get("any_of", [spec]))


def _parts_only(spec: Spec) -> Spec:
    """A query's style fits either texts or objects, so that a union keeps its objects alone."""
    if spec["type"] != "union" or not _has_parts(spec):
        return spec
    return {**spec, "any_of": [each for each in spec["any_of"] if _has_parts(each)]}


def _object(fields: Fields, known: Known) -> Schema:
    needed = [name for name, spec in fields.items() if spec.get("required")]
    return {
        "type": "object",
        "properties": {name: _schema(name, spec, known) for name, spec in fields.items()},
        "additionalProperties": False,
        **({"required": needed} if needed else {}),
    }


def _schema(name: str, spec: Spec, known: Known) -> Schema:
    schema = _by_type(name, spec, known)
    return _any_of([schema, {"type": "string", "enum": [""]}]) if spec.get("unset") else schema


def _by_type(name: str, spec: Spec, known: Known) -> Schema:
    match spec["type"]:
        case "object":
            return _object(spec["fields"], known)
        case "array":
            items = _schema(name, spec["items"], known)
            most = {"maxItems": spec["most"]} if "most" in spec else {}
            return {"type": "array", "items": items, **most}
        case "map":
            values = _schema("", spec["values"], known)
            return {"type": "object", "additionalProperties": values}
        case "union":
            return _any_of([_schema(name, each, known) for each in spec["any_of"]])
        case "enum":
            return {"type": "string", "enum": [str(value) for value in spec["values"]]}
        case "currency":
            return _currency(known)
        case "file":
            return {"type": "string", "format": "binary"}
    return _plain(name, spec, known)


def _plain(name: str, spec: Spec, known: Known) -> Schema:
    match spec["type"]:
        case "integer" | "number" as kind:
            return {"type": kind, **_bounds(spec, "minimum", "maximum")}
        case "boolean":
            return {"type": "boolean"}
        case "decimal":
            return {"type": "string", "pattern": r"^-?[0-9]{1,12}$"}
        case "any":
            return {}
    if name in known:
        return {"type": "string", "enum": list(known[name])}
    return {"type": "string", **_bounds(spec, "minLength", "maxLength")}


def _currency(known: Known) -> Schema:
    """All of them in a document for people; the common ones, where values are known, for tools."""
    supported = files.table("stripe/currencies.json")["currencies"]
    return {"type": "string", "enum": list(_COMMON if known else supported)}


def _bounds(spec: Spec, least: str, most: str) -> Schema:
    found = {least: spec.get("least"), most: spec.get("most")}
    return {word: bound for word, bound in found.items() if bound is not None}


def _any_of(choices: list[Schema]) -> Schema:
    return choices[0] if len(choices) == 1 else {"anyOf": choices}
