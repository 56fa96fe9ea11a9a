"""Methods of the SDK's services to operations: method, path, what comes back, what may be sent."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from emulator.devtools.contract import params
from emulator.devtools.contract.objects import Objects
from emulator.devtools.contract.source import Module, Source, alternatives, args, head

_KINDS = {"ListObject": "list", "SearchResultObject": "search"}


@dataclass
class Described:
    """One operation with its parameters. `returns` joins several possible objects with `|`.

    until: the API version in which it vanished.
    """

    key: str
    returns: str
    kind: str
    params: dict[str, dict[str, Any]] = field(default_factory=dict)
    until: str | None = None

    @property
    def stem(self) -> str:
        """The file of its parameters: the first noun of the path, `v2_` and two nouns for /v2."""
        parts = self.key.split("/")
        return parts[2] if parts[1] == "v1" else "_".join(["v2", *parts[2:4]])


def operations(source: Source, objects: Objects) -> dict[str, Described]:
    found = [
        _described(source, objects, module, method, call)
        for module in source.modules("*_service.py")
        for method, call in _requests(module)
    ]
    return {operation.key: operation for operation in sorted(found, key=lambda each: each.key)}


def _requests(module: Module) -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
    for node in module.classes.values():
        for method in node.body:
            if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"):
                for call in ast.walk(method):
                    if isinstance(call, ast.Call) and _is_request(call.func):
                        yield method, call


def _is_request(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr in {"_request", "_request_stream"}


def _described(
    source: Source, objects: Objects, module: Module, method: ast.FunctionDef, call: ast.Call
) -> Described:
    verb = str(ast.literal_eval(call.args[0])).upper()
    assert method.returns is not None
    returns, kind = _answer(objects, module, verb, method.returns)
    annotation = next(arg.annotation for arg in method.args.args if arg.arg == "params")
    assert annotation is not None
    shape = head(alternatives(annotation)[0])
    sent = params.fields(source, module, shape)
    return Described(f"{verb} {_path(call.args[1])}", returns, kind, sent)


def _path(node: ast.expr) -> str:
    """`"/v1/x/{id}".format(id=…)` or a plain string."""
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Attribute)
        node = node.func.value
    return str(ast.literal_eval(node))


def _answer(objects: Objects, module: Module, verb: str, annotation: ast.expr) -> tuple[str, str]:
    choices = alternatives(annotation)
    kind = _KINDS.get(head(choices[0]), "object")
    if kind != "object":
        choices = alternatives(args(choices[0])[0])
    if head(choices[0]) == "Any":
        return "file", "bytes"
    if head(choices[0]) == "DeletedObject":
        return "v2.deleted_object", "deleted"
    names = [name for each in choices if (name := objects.name(module, head(each)))]
    if not names:
        return "", "empty"
    if verb == "DELETE" and all(objects.deletable(name) for name in names):
        kind = "deleted"
    return "|".join(names), kind
