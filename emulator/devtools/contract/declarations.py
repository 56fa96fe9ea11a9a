"""What the SDK for Node declares: which fields of objects may be left out, and which may be null.

The SDK for Python writes `Optional` for both; the one for Node tells them apart: `user?: string` is
left out where there is none, `payload: string | null` is null.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_COMMENT: Final = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_TOKEN: Final = re.compile(r"'[^']*'|[\w$.]+|\S")
_OPENING: Final = frozenset("{<([")
_CLOSING: Final = frozenset("}>)]")


@dataclass
class Member:
    """One field: whether it may be left out, and what it is written as."""

    optional: bool
    type: list[str]

    @property
    def nullable(self) -> bool:
        return "null" in _alternatives(self.type)

    @property
    def names(self) -> list[str]:
        """The names of the types that it may be of, looked for inside arrays as well."""
        return [each for each in self.type if each[0].isupper() and each not in {"Array", "Date"}]


@dataclass
class Scope:
    """What is declared inside a namespace or a file: hashes by name, and scopes within."""

    hashes: dict[str, dict[str, Member]] = field(default_factory=dict)
    inner: dict[str, Scope] = field(default_factory=dict)


Hash = tuple[list[Scope], dict[str, Member]]


class Declarations:
    """The `.d.ts` files of one installed SDK, read when first asked for."""

    def __init__(self, package: Path) -> None:
        self._folder = package / "esm" / "resources"
        self._shared = _read(package / "esm" / "shared.d.ts")
        self._objects: dict[str, tuple[Path, str]] = {}
        self._scopes: dict[Path, Scope] = {}
        for path in sorted(self._folder.rglob("*.d.ts")):
            self._add(path)

    def _add(self, path: Path) -> None:
        scope = self._scopes[path] = _read(path)
        for name, members in scope.hashes.items():
            written = members["object"].type if "object" in members else []
            if len(written) == 1 and written[0].startswith("'"):
                self._objects.setdefault(written[0].strip("'"), (path, name))
            elif not written:
                self._shared.hashes.setdefault(name, members)

    def hash(self, object_name: str) -> Hash | None:
        """The fields of an object, and the scopes in which the names in them are looked for."""
        if object_name not in self._objects:
            return None
        path, name = self._objects[object_name]
        return self._found([self._shared, self._scopes[path]], name)

    def within(self, scopes: list[Scope], member: Member) -> Hash | None:
        """The fields of the hash that a member holds, if it holds one of its own."""
        for name in member.names:
            found = self._found(scopes, name)
            if found is not None:
                return found
        return None

    def _found(self, scopes: list[Scope], name: str) -> Hash | None:
        *outer, last = name.split(".")
        for depth in range(len(scopes), 0, -1):
            chain = scopes[:depth]
            for step in outer:
                inner = chain[-1].inner.get(step)
                if inner is None:
                    break
                chain = [*chain, inner]
            else:
                if last in chain[-1].hashes:
                    own = chain[-1].inner.get(last)
                    return [*chain, *([own] if own else [])], chain[-1].hashes[last]
        return None


def _read(path: Path) -> Scope:
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    return _Reader(_TOKEN.findall(text)).scope()


class _Reader:
    """Walks over the tokens of a file."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def scope(self) -> Scope:
        found = Scope()
        while self._at < len(self._tokens) and self._tokens[self._at] != "}":
            word = self._next()
            if word == "interface":
                name = self._next()
                found.hashes[name] = self._members()
            elif word == "namespace":
                name = self._next()
                self._next()
                _join(found.inner.setdefault(name, Scope()), self.scope())
                self._next()
            elif word in _OPENING:
                self._skip()
        return found

    def _members(self) -> dict[str, Member]:
        while self._next() != "{":
            pass
        found: dict[str, Member] = {}
        while self._tokens[self._at] != "}":
            name = self._next().strip("'")
            if name in _OPENING:
                self._skip()
                name = ""
            optional = self._tokens[self._at] == "?"
            self._at += optional
            self._next()
            written = self._until_end()
            if name:
                found[name] = Member(optional, written)
        self._next()
        return found

    def _until_end(self) -> list[str]:
        written, depth = [], 0
        while (word := self._next()) != ";" or depth:
            depth += (word in _OPENING) - (word in _CLOSING)
            written.append(word)
        return written

    def _skip(self) -> None:
        """Past what an opening bracket that was read begins."""
        depth = 1
        while depth:
            word = self._next()
            depth += (word in _OPENING) - (word in _CLOSING)

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]


def _join(into: Scope, other: Scope) -> None:
    into.hashes.update(other.hashes)
    for name, scope in other.inner.items():
        _join(into.inner.setdefault(name, Scope()), scope)


def _alternatives(written: list[str]) -> list[str]:
    """The members of a union that stand outside of all brackets, as far as they are one word."""
    found, depth = [], 0
    for word in written:
        if not depth:
            found.append(word)
        depth += (word in _OPENING) - (word in _CLOSING)
    return found
