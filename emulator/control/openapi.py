"""GET /_emulator/openapi.json: the control API described, from the one table that declares it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from emulator import __version__
from emulator.control.calls import Call, Schema
from emulator.world import NAME

PREFIX: Final = "/_emulator"
NAMED: Final = "/worlds/{world}"
_JSON: Final = "application/json"
_TEXT: Final = "text/plain"
_BAD: Final = "Something that was sent makes no sense; `param` names it."
_NO_KEY: Final = "There is no key, or it is none."
_NO_WORLD: Final = "There is no world of this name."
_HEADER: Final[Schema] = {
    "name": "Emulator-World",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": NAME},
    "description": "The world that is meant, whatever the key says.",
}
_ERROR: Final[Schema] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["type", "message"],
            "properties": {
                "type": {"type": "string"},
                "message": {"type": "string"},
                "code": {"type": "string"},
                "param": {"type": "string"},
            },
        }
    },
}


def paths(call: Call) -> list[str]:
    """Where a call is found below the prefix: those of a world by key and by name."""
    if call.of == "server":
        return [call.path]
    return [call.path, NAMED if call.path == "/world" else NAMED + call.path]


def document(calls: Iterable[Call]) -> Schema:
    """The OpenAPI 3.1 document of these calls."""
    found: dict[str, dict[str, Schema]] = {}
    for call in calls:
        for path in paths(call):
            operation = _operation(call, by_name=path.startswith(NAMED) and call.of == "world")
            found.setdefault(f"{PREFIX}{path}", {})[call.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "connect-emulator, control API",
            "version": __version__,
            "description": "What the real service cannot do for a test. The secret key says which "
            "world is meant; by name, no key is needed.",
        },
        "paths": found,
        "components": {
            "schemas": {"error": _ERROR},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic"},
            },
        },
    }


def _operation(call: Call, *, by_name: bool) -> Schema:
    by_key = call.of == "world" and not by_name
    found: Schema = {
        "operationId": f"{call.name}ByName" if by_name else call.name,
        "summary": call.about,
        "parameters": [
            *(_held(name) for name in (["world"] if by_name else []) + call.holders),
            *(_asked(call, name) for name in call.query),
            *([_HEADER] if by_key else []),
        ],
        "responses": _responses(call, by_key=by_key, by_name=by_name),
        "security": [{"bearer": []}, {"basic": []}] if by_key else [],
    }
    if call.method == "POST":
        found["requestBody"] = _body(call)
    return found


def _held(name: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _asked(call: Call, name: str) -> Schema:
    return {
        "name": name,
        "in": "query",
        "required": name in call.needs,
        "schema": call.query[name],
    }


def _body(call: Call) -> Schema:
    content: dict[str, Any] = {_JSON: {"schema": _sent(call)}}
    if call.raw:
        content["application/yaml"] = {"schema": {}}
    needed = any(name in call.body for name in call.needs) or bool(call.raw or call.whole)
    return {"required": needed, "content": content}


def _sent(call: Call) -> Schema:
    if call.raw or call.whole or call.free:
        return {"type": "object"}
    one: Schema = {
        "type": "object",
        "properties": call.body,
        "required": [name for name in call.needs if name in call.body],
        "additionalProperties": False,
    }
    return {"anyOf": [one, {"type": "array"}]} if call.listed else one


def _responses(call: Call, *, by_key: bool, by_name: bool) -> Schema:
    errors = {400: _BAD, **({401: _NO_KEY} if by_key else {})}
    errors |= {404: _NO_WORLD} if by_name else {}
    error = {"content": {_JSON: {"schema": {"$ref": "#/components/schemas/error"}}}}
    content = {_JSON: {"schema": call.answer}}
    if "format" in call.query:
        content[_TEXT] = {"schema": {"type": "string"}}
    return {
        "200": {"description": "Done.", "content": content},
        **{
            str(status): {"description": about, **error}
            for status, about in sorted({**errors, **call.errors}.items())
        },
    }
