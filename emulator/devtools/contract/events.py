"""Event types, and the object each is about."""

from __future__ import annotations

import ast
from typing import Any

from emulator.devtools.contract.objects import Objects
from emulator.devtools.contract.source import (
    Module,
    Source,
    alternatives,
    args,
    constant,
    head,
    literals,
)


def events(source: Source, objects: Objects) -> dict[str, dict[str, Any]]:
    """`{"v1": {type: {"object": name or null}}, "v2": …, "thin": …}`.

    thin: the types of /v1 that are also told as `v1.…`, and the object that those name.
    """
    related = _related(source, objects)
    known = {name.replace(".", "_"): name for name in objects.facts()}
    v1 = {
        name: {"object": related.get(f"v1.{name}") or _named(name, known)} for name in _v1(source)
    }
    v2 = {name: {"object": of} for name, of in related.items() if name.startswith("v2.")}
    thin = {name: {"object": of} for name, of in related.items() if name.startswith("v1.")}
    found = {"v1": v1, "v2": v2, "thin": thin}
    return {name: dict(sorted(types.items())) for name, types in found.items()}


def _v1(source: Source) -> list[str]:
    module = source.module("stripe.params._webhook_endpoint_create_params")
    for item in module.classes["WebhookEndpointCreateParams"].body:
        if isinstance(item, ast.AnnAssign) and getattr(item.target, "id", "") == "enabled_events":
            listed = alternatives(args(alternatives(item.annotation)[0])[0])
            return [name for node in listed for name in literals(node) if name != "*"]
    raise LookupError("enabled_events")


def _related(source: Source, objects: Objects) -> dict[str, str | None]:
    """What the SDK's thin events say they are about."""
    found: dict[str, str | None] = {}
    for module in source.modules("events/_v*_event.py"):
        for node in module.classes.values():
            type_ = constant(node, "LOOKUP_TYPE")
            if isinstance(type_, str):
                found[type_] = found.get(type_) or _fetched(objects, module, node)
    return found


def _fetched(objects: Objects, module: Module, node: ast.ClassDef) -> str | None:
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == "fetch_related_object":
            assert item.returns is not None
            return objects.name(module, head(alternatives(item.returns)[0]))
    return None


def _named(type_: str, known: dict[str, str]) -> str | None:
    """The object whose name the type carries: the longest run of words that is one, last first."""
    words = type_.split(".")[:-1]
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length, -1, -1):
            name = known.get("_".join(words[start : start + length]))
            if name is not None:
                return name
    return None
