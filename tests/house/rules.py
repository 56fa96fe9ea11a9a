"""The rules of the house. Each takes a module's path and syntax tree and says what breaks it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[2]

LONGEST_FUNCTION: Final = 40
LONGEST_MODULE: Final = 400
LONGEST_LINE: Final = 100
CHANCE: Final = frozenset({"time", "random", "uuid", "secrets"})
NO_NAMES: Final = frozenset({"Manager", "Service", "Helper", "Util", "Utils", "Base", "Data"})


class Module(NamedTuple):
    """path: below the root, with slashes. text: its source."""

    path: str
    text: str

    @property
    def name(self) -> str:
        """As it is imported."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.text)


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def modules(*folders: str) -> list[Module]:
    """Every Python module below these folders."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [Module(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in found]


def long_functions(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            lines = node.end_lineno - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{module.path}: {node.name} has {lines} lines"


def long_modules(module: Module) -> Iterator[str]:
    lines = len(module.text.splitlines())
    if lines > LONGEST_MODULE:
        yield f"{module.path}: {lines} lines"


def long_lines(module: Module) -> Iterator[str]:
    for number, line in enumerate(module.text.splitlines(), 1):
        if len(line) > LONGEST_LINE:
            yield f"{module.path}:{number}: {len(line)} characters"


def time_and_chance(module: Module) -> Iterator[str]:
    """Nobody but the kernel asks the machine what time it is, or rolls dice."""
    if module.path.startswith("emulator/kernel/"):
        return
    for node, name in _imports(module):
        if name.partition(".")[0] in CHANCE:
            yield f"{module.path}:{node.lineno}: imports {name}"
    for each in ast.walk(module.tree):
        if isinstance(each, ast.Attribute) and each.attr in {"now", "utcnow", "today"}:
            of = each.value
            said = of.id if isinstance(of, ast.Name) else getattr(of, "attr", "")
            if said in {"datetime", "date"}:
                yield f"{module.path}:{each.lineno}: {said}.{each.attr}"


def tinydb(module: Module) -> Iterator[str]:
    """TinyDB is the store's own affair."""
    if module.path.startswith("emulator/store/"):
        return
    for node, name in _imports(module):
        if name.partition(".")[0] == "tinydb":
            yield f"{module.path}:{node.lineno}: imports {name}"


def homemade_refusals(module: Module) -> Iterator[str]:
    """The wording of refusals lives in one place."""
    if module.path.startswith("emulator/kernel/errors/"):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in {"Refusal", "invalid", "ours"}:
                yield f"{module.path}:{node.lineno}: {name}(…)"


def worded_refusals(module: Module) -> Iterator[str]:
    """Whole sentences that are handed to a constructor of refusals instead of standing in it."""
    if module.path.startswith("emulator/kernel/errors/"):
        return
    constructors = _taken_from(module, "emulator.kernel.errors")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _root(node.func) in constructors:
            for part in (p for each in (*node.args, *node.keywords) for p in ast.walk(each)):
                text = part.value if isinstance(part, ast.Constant) else None
                if isinstance(text, str) and text.endswith(".") and " " in text:
                    yield f"{module.path}:{node.lineno}: {text!r}"


def thrown_away(module: Module) -> Iterator[str]:
    """Parameters that are deleted unread: a name that begins with `_` says so, or nobody sends
    them.
    """
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = {arg.arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg)}
            for each in node.body:
                if isinstance(each, ast.Delete):
                    names = {target.id for target in each.targets if isinstance(target, ast.Name)}
                    if names & given:
                        yield f"{module.path}:{each.lineno}: {node.name} deletes a parameter"


def unused(package: list[Module]) -> Iterator[str]:
    """Functions, classes and constants of modules that the package never names: only a test, or
    nobody, needs them. What carries a decorator is declared to somebody.
    """
    named = {name for module in package for name in _named(module, {each.name for each in package})}
    for module in package:
        for name, line in _defined(module.tree):
            if (module.name, name) not in named and not name.startswith("__"):
                yield f"{module.path}:{line}: {name}"


def _named(module: Module, modules: set[str]) -> Iterator[tuple[str, str]]:
    """What a module reads, as pairs of a module and a name in it: its own names, those it imports,
    and those behind the modules it imports.
    """
    known: dict[str, str] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in modules:
                    known[alias.asname or alias.name] = whole
                else:
                    yield node.module, alias.name
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield module.name, node.id
        elif isinstance(node, ast.Attribute) and _root(node) in known:
            yield known[_root(node)], node.attr


def _defined(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from () if node.decorator_list else [(node.name, node.lineno)]
        targets = [*getattr(node, "targets", ()), getattr(node, "target", None)]
        yield from ((each.id, each.lineno) for each in targets if isinstance(each, ast.Name))


def _taken_from(module: Module, package: str) -> frozenset[str]:
    """The names that a module gives to what it imports from a package."""
    return frozenset(
        alias.asname or alias.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(package)
        for alias in node.names
    )


def _root(node: ast.expr) -> str:
    """`a` of `a.b(…)` and of `a(…)`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def empty_names(module: Module) -> Iterator[str]:
    """Words that say nothing about what a class is."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            for word in re.findall(r"[A-Z][a-z]*", node.name):
                if word in NO_NAMES:
                    yield f"{module.path}:{node.lineno}: class {node.name}"


def silent_updates(module: Module) -> Iterator[str]:
    """`*.updated` that is announced without what was there before."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "emit" and node.args:
            type_ = getattr(node.args[0], "value", None)
            told = any(keyword.arg == "previous" for keyword in node.keywords)
            if isinstance(type_, str) and type_.endswith(".updated") and not told:
                yield f"{module.path}:{node.lineno}: {type_}"


def unknown_events(module: Module, known: frozenset[str]) -> Iterator[str]:
    """Event types that are announced and that nobody can listen to."""
    for node, said in _announced(module.tree):
        for part in ast.walk(said):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                whole = not isinstance(said, ast.JoinedStr)
                if whole and part.value not in known:
                    yield f"{module.path}:{node.lineno}: {part.value}"


def _announced(tree: ast.Module) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What stands where an event type belongs: `event=…`, `emit(…)`, the steps of a lifecycle."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        for keyword in node.keywords:
            if keyword.arg == "event" and name in {"save", "delete", "updates", "deletes"}:
                yield from ((node, each) for each in _branches(keyword.value))
            if keyword.arg == "steps" and isinstance(keyword.value, ast.Dict):
                yield from ((node, value) for value in keyword.value.values)
        if name == "emit" and node.args:
            yield from ((node, each) for each in _branches(node.args[0]))


def _branches(said: ast.expr) -> Iterator[ast.expr]:
    """The outcomes of `a if b else c`; anything but texts is somebody else's to check."""
    if isinstance(said, ast.IfExp):
        yield from _branches(said.body)
        yield from _branches(said.orelse)
    elif isinstance(said, ast.Constant):
        yield said


def misplaced_imports(module: Module, layers: list[frozenset[str]]) -> Iterator[str]:
    """Imports go downward only. layers: the names of each layer, the highest first."""
    height = {name: level for level, names in enumerate(layers) for name in names}
    own = _layer(module.path.removesuffix(".py").replace("/", "."))
    if own not in height:
        return
    for node, name in _imports(module):
        other = _layer(name)
        if other == own or not name.startswith("emulator."):
            continue
        if other in height and height[other] <= height[own]:
            yield f"{module.path}:{node.lineno}: {own} imports {other}"


def _layer(name: str) -> str:
    return name.split(".")[1] if name.count(".") else ""


def _imports(module: Module) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            bare = node.module == "emulator"
            names = [f"emulator.{a.name}" for a in node.names] if bare else [node.module]
            yield from ((node, name) for name in names)
