"""An OpenAPI document of operations, made from the contract for tools that read such documents.

It describes the newest API version: bodies are forms, `expand` is there everywhere. What has a name
for which values are known takes only these (a choice beside "any text" would hardly ever be drawn);
a place in a path also takes one that does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from emulator import contract
from emulator.contract.operations import Operation
from emulator.contract.specs import Fields, Spec, fields_in, sent_fields
from emulator.contract.versions import NEWEST

Schema = dict[str, Any]
# Values worth trying by the name of what takes them: ids by `account`, `person`, and so on.
Known = Mapping[str, Sequence[str]]

_FORM: Final = "application/x-www-form-urlencoded"
_PLACE: Final = re.compile(r"{(\w+)}")
_CURRENCIES: Final = ["usd", "eur", "gbp", "jpy", "mxn"]


def document(keys: Iterable[str], known: Known) -> Schema:
    """The operations of these keys, as OpenAPI 3.0.3."""
    paths: dict[str, Schema] = {}
    for key in keys:
        operation = contract.operations()[key]
        described = _operation(operation, known)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    return {
        "openapi": "3.0.3",
        "info": {"title": "Operations of the contract", "version": NEWEST.date},
        "paths": paths,
    }


def _operation(operation: Operation, known: Known) -> Schema:
    places = [_place(name, known) for name in _PLACE.findall(operation.path)]
    fields = fields_in(sent_fields(operation), NEWEST.date)
    if operation.method == "POST":
        content = {_FORM: {"schema": _object(fields, known)}}
        more = {"parameters": places, "requestBody": {"content": content}}
    else:
        asked = [_query(name, spec, known) for name, spec in fields.items()]
        more = {"parameters": [*places, *asked]}
    return {**more, "responses": {"default": {"description": "A result, or a refusal."}}}


def _place(name: str, known: Known) -> Schema:
    schema = {"type": "string", "enum": [*known.get(name, ()), f"{name}_nope"]}
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
            return {"type": "array", "items": items, "maxItems": spec.get("most", 3)}
        case "map":
            values = _schema("", spec["values"], known)
            return {"type": "object", "additionalProperties": values, "maxProperties": 3}
        case "union":
            return _any_of([_schema(name, each, known) for each in spec["any_of"]])
        case "integer" | "number" as kind:
            return {"type": kind, **_bounds(spec, "minimum", "maximum")}
        case "boolean":
            return {"type": "boolean"}
        case "enum":
            return {"type": "string", "enum": [str(value) for value in spec["values"]]}
        case "currency":
            return {"type": "string", "enum": _CURRENCIES}
        case "decimal":
            return {"type": "string", "pattern": r"^-?[0-9]{1,12}$"}
    return _text(name, spec, known)


def _text(name: str, spec: Spec, known: Known) -> Schema:
    if name in known:
        return {"type": "string", "enum": list(known[name])}
    return {"type": "string", **_bounds(spec, "minLength", "maxLength")}


def _bounds(spec: Spec, least: str, most: str) -> Schema:
    found = {least: spec.get("least"), most: spec.get("most")}
    return {word: bound for word, bound in found.items() if bound is not None}


def _any_of(choices: list[Schema]) -> Schema:
    return choices[0] if len(choices) == 1 else {"anyOf": choices}
