"""The document, put together: operations, shapes of answers, refusals, security."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from emulator.contract.openapi.links import Links
from emulator.contract.openapi.parameters import Known, Schema, described
from emulator.contract.operations import Operation, current, operations
from emulator.contract.shapes import object_names
from emulator.contract.versions import NEWEST, Version, json_schema_in

_JSON: Final = "application/json"
_ERROR: Final = {"$ref": "#/components/schemas/error"}
_HEADERS: Final = ("Stripe-Account", "Stripe-Version", "Idempotency-Key")
_ERROR_SCHEMA: Final[Schema] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type"],
            "properties": {
                "code": {"type": "string"},
                "decline_code": {"type": "string"},
                "doc_url": {"type": "string"},
                "message": {"type": "string"},
                "param": {"type": "string"},
                "type": {
                    "type": "string",
                    "enum": [
                        "api_error",
                        "card_error",
                        "idempotency_error",
                        "invalid_request_error",
                    ],
                },
            },
        }
    },
}


def document(
    keys: Iterable[str] | None = None,
    known: Known | None = None,
    fidelity: Callable[[str], str] | None = None,
    *,
    headers: bool = True,
    version: Version = NEWEST,
) -> Schema:
    """OpenAPI 3.1 of these operations, or of all that an API version has, as it has them.

    known: values that are the only ones to try, by the name of what takes them. fidelity: what is
    said of each operation as `x-emulator-fidelity`. headers: whether operations name the headers
    that all of them take.
    """
    there = current(version.date) if keys is None else {key: operations()[key] for key in keys}
    wanted = list(there.values())
    links = Links(wanted)
    components: Schema = {"error": _ERROR_SCHEMA, **_shapes(wanted, version)}
    paths: dict[str, Schema] = {}
    for operation in wanted:
        shown = _operation(operation, links, known or {}, version)
        if fidelity is not None:
            shown["x-emulator-fidelity"] = fidelity(operation.key)
        if headers:
            shown["parameters"] += [
                {"$ref": f"#/components/parameters/{name}"} for name in _taken(operation)
            ]
        paths.setdefault(operation.path, {})[operation.method.lower()] = shown
    return _whole(paths, components, version, headers=headers)


def operation_id(operation: Operation) -> str:
    """`POST /v1/customers/{customer}` as `PostV1CustomersCustomer`."""
    words = re.findall(r"[A-Za-z0-9]+", f"{operation.method.lower()} {operation.path}")
    return "".join(word[0].upper() + word[1:] for word in words)


def _whole(paths: Schema, components: Schema, version: Version, *, headers: bool) -> Schema:
    whole: Schema = {
        "openapi": "3.1.0",
        "info": {
            "title": "connect-emulator",
            "version": version.text,
            "description": "The operations that connect-emulator answers, from its contract.",
        },
        "security": [{"bearer": []}, {"basic": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic"},
            },
        },
    }
    if headers:
        whole["components"]["parameters"] = {name: _header(name) for name in _HEADERS}
    return whole


def _header(name: str) -> Schema:
    return {"name": name, "in": "header", "required": False, "schema": {"type": "string"}}


def _taken(operation: Operation) -> Sequence[str]:
    return _HEADERS if operation.method == "POST" else _HEADERS[:2]


def _operation(operation: Operation, leading: Links, known: Known, version: Version) -> Schema:
    answer: Schema = {"description": "The result.", "content": _content(operation)}
    links = {
        operation_id(other): {"operationId": operation_id(other), **link}
        for other, link in leading.of(operation)
    }
    if links:
        answer["links"] = links
    refusal = {"description": "A refusal.", "content": {_JSON: {"schema": _ERROR}}}
    return {
        "operationId": operation_id(operation),
        "tags": [operation.path.split("/")[2]],
        **described(operation, known, version),
        "responses": {"200": answer, "4XX": refusal},
    }


def _content(operation: Operation) -> Schema:
    if operation.kind == "bytes":
        return {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
    one = _one(operation)
    if operation.kind in {"list", "search"}:
        one = _list(operation, one)
    return {_JSON: {"schema": one}}


def _shapes(wanted: Iterable[Operation], version: Version) -> Schema:
    """The shapes of all that is answered, and of what stands inside it."""
    names = {name for each in wanted for name in each.returns.split("|")} & object_names()
    if not names:
        return {}
    shapes = json_schema_in("|".join(sorted(names)), version)["$defs"]
    return {name: _moved(schema) for name, schema in shapes.items()}


def _one(operation: Operation) -> Schema:
    names = operation.returns.split("|")
    if operation.kind == "empty" or any(name not in object_names() for name in names):
        return {"type": "object"}
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    return refs[0] if len(refs) == 1 else {"anyOf": refs}


def _moved(schema: Any) -> Any:
    """A schema with its references turned to where OpenAPI keeps schemas."""
    if isinstance(schema, dict):
        return {
            name: value.replace("#/$defs/", "#/components/schemas/")
            if name == "$ref" and isinstance(value, str)
            else _moved(value)
            for name, value in schema.items()
        }
    return [_moved(each) for each in schema] if isinstance(schema, list) else schema


def _list(operation: Operation, item: Schema) -> Schema:
    data = {"type": "array", "items": item}
    if operation.path.startswith("/v2/"):
        url = {"type": ["string", "null"]}
        return {
            "type": "object",
            "required": ["data"],
            "properties": {"data": data, "next_page_url": url, "previous_page_url": url},
        }
    return {
        "type": "object",
        "required": ["object", "data", "has_more", "url"],
        "properties": {
            "object": {"const": "list" if operation.kind == "list" else "search_result"},
            "data": data,
            "has_more": {"type": "boolean"},
            "url": {"type": "string"},
        },
    }
