"""GET /openapi.json, and /docs: the same for people, without scripts and without the network."""

from __future__ import annotations

from functools import cache, lru_cache
from html import escape
from itertools import groupby
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.contract import Operation, operations
from emulator.contract.versions import NEWEST, Version, parse
from emulator.kernel.errors import Refusal
from emulator.resources import OPERATIONS
from emulator.web.pages import layout

Schema = dict[str, Any]

_DEEPEST: Final = 3


def routes() -> list[Route]:
    # Plain functions run beside the event loop: the document takes a moment to build.
    return [
        Route("/openapi.json", _openapi, methods=["GET"]),
        Route("/docs", _index, methods=["GET"]),
        Route("/docs/{operation}", _one, methods=["GET"]),
    ]


def fidelity(key: str) -> str:
    return "modelled" if key in OPERATIONS else "stored"


@lru_cache(maxsize=8)
def _raw(version: Version) -> bytes:
    from emulator.contract.openapi import document  # noqa: PLC0415 - not at start-up

    return orjson.dumps(document(fidelity=fidelity, version=version))


def _openapi(request: Request) -> Response:
    """In the newest version, or in the one that `version` names."""
    headers, status = {"Access-Control-Allow-Origin": "*"}, 200
    try:
        raw = _raw(parse(request.query_params.get("version", NEWEST.text)))
    except Refusal as refusal:
        raw, status = orjson.dumps({"error": refusal.body()}), refusal.status
    return Response(raw, status, headers, "application/json")


def _index(request: Request) -> Response:
    """Every operation, or those whose method and path hold what `q` says."""
    wanted = request.query_params.get("q", "").strip()
    found = [each for each in operations().values() if wanted.lower() in each.key.lower()]
    found.sort(key=lambda each: (each.path.split("/")[1:3], each.path, each.method))
    return layout.page(
        "Operations",
        layout.paragraph(f"{len(found)} of {len(operations())} operations", "soft"),
        '<p><a href="/openapi.json">OpenAPI document</a></p>',
        layout.search("q", "Search", wanted),
        *(
            layout.group("/".join(area), *(_entry(each) for each in group))
            for area, group in groupby(found, key=lambda each: each.path.split("/")[1:3])
        ),
    )


def _entry(operation: Operation) -> str:
    from emulator.contract.openapi import operation_id  # noqa: PLC0415

    said = "" if operation.key in OPERATIONS else ' <span class="soft">stored</span>'
    link = f"/docs/{operation_id(operation)}"
    return f'<p><a href="{escape(link)}">{escape(operation.key)}</a>{said}</p>'


@cache
def _by_id() -> dict[str, Operation]:
    from emulator.contract.openapi import operation_id  # noqa: PLC0415

    return {operation_id(each): each for each in operations().values()}


def _one(request: Request) -> Response:
    """What one operation takes and answers."""
    from emulator.contract.openapi import document  # noqa: PLC0415

    operation = _by_id().get(request.path_params["operation"])
    if operation is None:
        return layout.page("There is no such operation", status=404)
    whole = document([operation.key], fidelity=fidelity, headers=False)
    shown = whole["paths"][operation.path][operation.method.lower()]
    answer = whole["components"]["schemas"].get(operation.returns, {})
    return layout.page(
        operation.key,
        layout.paragraph(f"{shown['x-emulator-fidelity']} · answers {operation.returns}", "soft"),
        layout.group("Parameters", *_rows(_taken(shown))),
        layout.group("Answer", *_rows(answer.get("else", answer))),
        '<p><a href="/docs">All operations</a></p>',
    )


def _taken(shown: Schema) -> Schema:
    """Places, queries and the body as one object."""
    fields = {each["name"]: each["schema"] for each in shown["parameters"]}
    required = [each["name"] for each in shown["parameters"] if each["required"]]
    for content in shown.get("requestBody", {}).get("content", {}).values():
        fields |= content["schema"]["properties"]
        required += content["schema"].get("required", [])
    return {"properties": fields, "required": required}


def _rows(schema: Schema, depth: int = 0) -> list[str]:
    """A line for each field, those of hashes below them."""
    rows = []
    for name, field in schema.get("properties", {}).items():
        needed = ", required" if depth == 0 and name in schema.get("required", ()) else ""
        rows.append(layout.fact(name, _kind(field) + needed, depth))
        inner = field.get("items", field)
        if depth < _DEEPEST:
            rows += _rows(inner, depth + 1)
    return rows or [layout.paragraph("none", "soft")] * (depth == 0)


def _kind(field: Schema) -> str:
    """A field's type in a word or two."""
    if "$ref" in field:
        return str(field["$ref"].rpartition("/")[2])
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_kind(each) for each in field["anyOf"]))
    if "enum" in field:
        return ", ".join(each or '""' for each in field["enum"])
    kind = field.get("type", "any")
    named = " or ".join(kind) if isinstance(kind, list) else str(kind)
    return f"array of {_kind(field['items'])}" if named == "array" else named
