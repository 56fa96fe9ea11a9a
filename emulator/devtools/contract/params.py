"""TypedDicts of `stripe.params` to parameter facts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from emulator.devtools.contract.source import (
    Module,
    Source,
    alternatives,
    args,
    head,
    literals,
)

Spec = dict[str, Any]
_PLAIN = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "Decimal": "decimal",
    "Any": "file",
}


def fields(source: Source, module: Module, name: str) -> dict[str, Spec]:
    """What a TypedDict of the SDK lets a caller send; `expand` is left out, since all take it."""
    module, node = source.find(module, name)
    return {
        key: _currency(key, _field(source, module, annotation))
        for key, annotation in _members(module, node)
        if key != "expand"
    }


def _currency(key: str, spec: Spec) -> Spec:
    """The SDK calls currencies strings; the API lower-cases and checks them."""
    if spec["type"] == "string" and (key == "currency" or key.endswith("_currency")):
        return {**spec, "type": "currency"}
    return spec


def _members(module: Module, node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for parent in node.bases:
        given = module.functional.get(head(parent))
        if given is not None:
            for key, value in zip(given.keys, given.values, strict=True):
                assert isinstance(key, ast.Constant)
                yield str(key.value), value
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            yield item.target.id, item.annotation


def _field(source: Source, module: Module, annotation: ast.expr) -> Spec:
    spec = _spec(source, module, alternatives(annotation))
    if head(annotation) != "NotRequired":
        spec["required"] = True
    return spec


def _spec(source: Source, module: Module, choices: list[ast.expr]) -> Spec:
    """One parameter. Open enums are enums: the `str` beside a `Literal` is for later versions."""
    flags: Spec = {}
    specs: list[Spec] = []
    for choice in choices:
        if isinstance(choice, ast.Constant):
            flags["nullable"] = True
        elif head(choice) == "Literal":
            values = [value for value in literals(choice) if value]
            if len(values) < len(args(choice)):
                flags["unset"] = True
            if values:
                specs.append({"type": "enum", "values": values})
        elif head(choice) != "UntypedStripeObject":
            specs.append(_single(source, module, choice))
    if any(spec["type"] == "enum" for spec in specs):
        specs = [spec for spec in specs if spec["type"] != "string"]
    return {**_joined(specs), **flags}


def _joined(specs: list[Spec]) -> Spec:
    if not specs:
        return {"type": "string"}
    return specs[0] if len(specs) == 1 else {"type": "union", "any_of": specs}


def _single(source: Source, module: Module, node: ast.expr) -> Spec:
    name = head(node)
    if name in _PLAIN:
        return {"type": _PLAIN[name]}
    if name == "List":
        items = _spec(source, module, alternatives(args(node)[0]))
        return {"type": "array", "items": items}
    if name == "Dict":
        values = _spec(source, module, alternatives(args(node)[1]))
        return {"type": "map", "values": values}
    return {"type": "object", "fields": fields(source, module, name)}
