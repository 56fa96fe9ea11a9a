"""The SDK's modules as syntax trees: who defines which class, and what an annotation means."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True)
class Module:
    """One file of the SDK. `name` is dotted: `stripe.params._charge_create_params`."""

    name: str
    tree: ast.Module

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        return {node.name: node for node in self.tree.body if isinstance(node, ast.ClassDef)}

    @cached_property
    def imported(self) -> dict[str, tuple[str, str]]:
        """Local name → (module, name), also of what is imported for type checkers only."""
        return {
            alias.asname or alias.name: (node.module, alias.name)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }

    @cached_property
    def functional(self) -> dict[str, ast.Dict]:
        """`_X = TypedDict("X", {…})`: the SDK's way to write keys that are Python words."""
        return {
            node.targets[0].id: node.value.args[1]
            for node in self.tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Call)
            and len(node.value.args) == 2
            and isinstance(node.value.args[1], ast.Dict)
        }


@dataclass
class Source:
    """The installed package, parsed file by file as it is asked for."""

    root: Path
    _modules: dict[str, Module] = field(default_factory=dict)

    @classmethod
    def installed(cls) -> Source:
        spec = find_spec("stripe")
        assert spec is not None
        assert spec.origin is not None
        return cls(Path(spec.origin).parent)

    @property
    def version(self) -> str:
        return str(constant(self.module("stripe._version"), "VERSION"))

    @property
    def api_version(self) -> str:
        found = constant(self.module("stripe._api_version").classes["_ApiVersion"], "CURRENT")
        return str(found)

    def module(self, name: str) -> Module:
        if name not in self._modules:
            path = self.root.joinpath(*name.split(".")[1:])
            path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
            self._modules[name] = Module(name, ast.parse(path.read_text(encoding="utf-8")))
        return self._modules[name]

    def modules(self, pattern: str) -> Iterator[Module]:
        for path in sorted(self.root.rglob(pattern)):
            parts = path.relative_to(self.root).with_suffix("").parts
            yield self.module(".".join(("stripe", *parts)))

    def find(self, module: Module, name: str) -> tuple[Module, ast.ClassDef]:
        """The class that `name` means in `module`, wherever it is defined."""
        while name not in module.classes:
            source, name = module.imported[name]
            module = self.module(source)
        return module, module.classes[name]


def constant(within: Module | ast.ClassDef, name: str) -> object:
    body = within.tree.body if isinstance(within, Module) else within.body
    for node in body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id == name:
            value = getattr(node, "value", None)
            return value.value if isinstance(value, ast.Constant) else None
    return None


def head(node: ast.expr) -> str:
    """The outermost name of an annotation: `List` of `List[str]`, `X` of `A.X`."""
    if isinstance(node, ast.Subscript):
        node = node.value
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def args(node: ast.expr) -> list[ast.expr]:
    assert isinstance(node, ast.Subscript)
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def alternatives(node: ast.expr) -> list[ast.expr]:
    """The members of a union, however it is spelt; quoted annotations are read."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return alternatives(ast.parse(node.value, mode="eval").body)
    if isinstance(node, ast.BinOp):
        return alternatives(node.left) + alternatives(node.right)
    if head(node) in {"Union", "NotRequired"}:
        return [leaf for arg in args(node) for leaf in alternatives(arg)]
    if head(node) == "Optional":
        return [*alternatives(args(node)[0]), ast.Constant(None)]
    return [node]


def literals(node: ast.expr) -> list[str]:
    """The values of a `Literal[…]`."""
    return [
        arg.value
        for arg in args(node)
        if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
    ]
