"""Resource classes of the SDK to object facts."""

from __future__ import annotations

import ast
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
    "Any": "any",
    "Dict": "any",
    "StripeObject": "any",
}
_LISTS = {"ListObject": "list", "SearchResultObject": "search"}


class Objects:
    """Every object of the API by its name, as `object` shows it: `charge`, `checkout.session`."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._names: dict[tuple[str, str], str] = {}
        self._found: dict[str, tuple[Module, ast.ClassDef]] = {}
        for table in ("OBJECT_CLASSES", "V2_OBJECT_CLASSES"):
            for name, place in _classes(source, table):
                self._names.setdefault(place, name)
                self._found.setdefault(name, self._place(place))

    def _place(self, place: tuple[str, str]) -> tuple[Module, ast.ClassDef]:
        module = self._source.module(place[0])
        return module, module.classes[place[1]]

    def name(self, module: Module, reference: str) -> str | None:
        """The API's name of the class that `reference` means in `module`, if it has one."""
        if reference not in module.imported and reference not in module.classes:
            return None
        found, node = self._source.find(module, reference)
        return self._names.get((found.name, node.name))

    def facts(self) -> dict[str, Spec]:
        skipped = {"list", "search_result", "v2.search_result", "file_upload"}
        return {name: self._facts(name) for name in sorted(self._found) if name not in skipped}

    def _facts(self, name: str) -> Spec:
        module, node = self._found[name]
        shape = self._fields(module, [node])
        facts: Spec = {"object": name}
        if shape.pop("deleted", None):
            facts["deletable"] = True
        return {**facts, "fields": shape}

    def deletable(self, name: str) -> bool:
        return any(
            isinstance(item, ast.AnnAssign) and getattr(item.target, "id", "") == "deleted"
            for item in self._found[name][1].body
        )

    def _fields(self, module: Module, scope: list[ast.ClassDef]) -> dict[str, Spec]:
        """`scope` holds the class and those around it: a nested name is looked up outwards."""
        renamed = _renamed(scope[-1])
        found: dict[str, Spec] = {}
        for item in scope[-1].body:
            if not isinstance(item, ast.AnnAssign) or not isinstance(item.target, ast.Name):
                continue
            if head(item.annotation) != "ClassVar" and not item.target.id.startswith("_"):
                key = renamed.get(item.target.id, item.target.id)
                found[key] = self._spec(module, scope, alternatives(item.annotation))
        return found

    def _spec(self, module: Module, scope: list[ast.ClassDef], choices: list[ast.expr]) -> Spec:
        shown = [choice for choice in choices if not isinstance(choice, ast.Constant)]
        specs = [self._single(module, scope, choice) for choice in shown]
        if any(spec["type"] == "enum" for spec in specs):
            specs = [spec for spec in specs if spec["type"] != "string"]
        spec: Spec = specs[0] if len(specs) == 1 else {"type": "union", "any_of": specs}
        required = len(shown) == len(choices)
        return {**spec, **({"required": True} if required else {"nullable": True})}

    def _single(self, module: Module, scope: list[ast.ClassDef], node: ast.expr) -> Spec:
        name = head(node)
        if name == "Literal":
            values = literals(node)
            return {"type": "enum", "values": values} if values else {"type": "boolean"}
        if name == "ExpandableField":
            return self._expandable(module, alternatives(args(node)[0]))
        if name == "List":
            return {"type": "array", "items": self._item(module, scope, node)}
        if name == "UntypedStripeObject":
            return {"type": "map", "values": self._item(module, scope, node)}
        if name in _LISTS:
            return {"type": _LISTS[name], "of": self._targets(module, alternatives(args(node)[0]))}
        return self._named(module, scope, node)

    def _item(self, module: Module, scope: list[ast.ClassDef], node: ast.expr) -> Spec:
        spec = self._spec(module, scope, alternatives(args(node)[0]))
        spec.pop("required", None)
        return spec

    def _named(self, module: Module, scope: list[ast.ClassDef], node: ast.expr) -> Spec:
        nested = _nested(scope, ast.unparse(node).split("."))
        if nested is not None:
            return {"type": "object", "fields": self._fields(module, nested)}
        name = head(node)
        if name in _PLAIN:
            return {"type": _PLAIN[name]}
        target = self.name(module, name)
        if target is not None:
            return {"type": "ref", "object": target}
        found, outer = self._source.find(module, name)
        return {"type": "object", "fields": self._fields(found, [outer])}

    def _targets(self, module: Module, choices: list[ast.expr]) -> list[str]:
        names = [self.name(module, head(choice)) for choice in choices]
        return [name for name in names if name is not None]

    def _expandable(self, module: Module, choices: list[ast.expr]) -> Spec:
        return {"type": "string", "expands": self._targets(module, choices)}


def _classes(source: Source, table: str) -> list[tuple[str, tuple[str, str]]]:
    for item in source.module("stripe._object_classes").tree.body:
        if isinstance(item, ast.AnnAssign) and getattr(item.target, "id", "") == table:
            assert item.value is not None
            return list(ast.literal_eval(item.value).items())
    raise LookupError(table)


def _nested(scope: list[ast.ClassDef], path: list[str]) -> list[ast.ClassDef] | None:
    """The chain of classes down to the one `path` names, seen from within `scope`."""
    for depth in range(len(scope), 0, -1):
        chain = scope[:depth]
        names = path[1:] if path[0] == chain[-1].name and len(path) > 1 else path
        for name in names:
            inner = next(
                (n for n in chain[-1].body if isinstance(n, ast.ClassDef) and n.name == name), None
            )
            if inner is None:
                break
            chain = [*chain, inner]
        else:
            return chain
    return None


def _renamed(node: ast.ClassDef) -> dict[str, str]:
    """Python name → the API's, where the SDK had to rename a field (`in_`, `from_`)."""
    for item in node.body:
        if (
            isinstance(item, ast.Assign)
            and getattr(item.targets[0], "id", "") == "_field_remappings"
        ):
            return {str(key): str(value) for key, value in ast.literal_eval(item.value).items()}
    return {}
