"""`${seller.id}`: what earlier steps returned, put into later ones.

A text that is one reference becomes what it refers to, of whatever kind; references inside a longer
text are written into it. `${seller.id|none}` is `none` where that leads nowhere; `$${` stands for
`${`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

_REFERENCE: Final = re.compile(r"(\$?)\$\{([^{}]*)\}")
_WAY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*(\|.*)?", re.DOTALL)
_MISSING: Final = object()


class Unresolved(Exception):
    """A reference leads nowhere; the text says how far it got."""


class Found(NamedTuple):
    """A reference in a file. way: its parts. path: where, below the value that was searched."""

    text: str
    path: tuple[str | int, ...]

    @property
    def name(self) -> str:
        return self.text.partition("|")[0].partition(".")[0]

    @property
    def has_default(self) -> bool:
        return "|" in self.text

    @property
    def is_well_formed(self) -> bool:
        return _WAY.fullmatch(self.text) is not None


def references(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Found]:
    """Every reference inside a value."""
    if isinstance(value, str):
        for found in _REFERENCE.finditer(value):
            if not found[1]:
                yield Found(found[2].strip(), path)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from references(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from references(inner, (*path, index))


def resolve(value: Any, names: Mapping[str, Any]) -> Any:
    """The value with its references replaced; `Unresolved` when one leads nowhere."""
    return replace(value, lambda text: look_up(text, names))


def replace(value: Any, found: Callable[[str], Any]) -> Any:
    """The value with each reference replaced by what `found` says of it."""
    if isinstance(value, str):
        return _in_text(value, found)
    if isinstance(value, Mapping):
        return {name: replace(inner, found) for name, inner in value.items()}
    if isinstance(value, list):
        return [replace(inner, found) for inner in value]
    return value


def look_up(text: str, names: Mapping[str, Any]) -> Any:
    """What `seller.external_accounts.data.0.id` is."""
    way, has_default, default = text.partition("|")
    try:
        return _walk(way, names)
    except Unresolved:
        if has_default:
            return default
        raise


def _walk(text: str, names: Mapping[str, Any]) -> Any:
    name, _, rest = text.partition(".")
    if name not in names:
        raise Unresolved(f"${{{text}}}: nothing is called {name} yet.")
    value = names[name]
    gone = name
    for part in rest.split(".") if rest else ():
        inner = _inside(value, part)
        if inner is _MISSING:
            raise Unresolved(f"${{{text}}}: {gone} has no {part}{_has(value)}.")
        value, gone = inner, f"{gone}.{part}"
    return value


def _in_text(text: str, found: Callable[[str], Any]) -> Any:
    whole = _REFERENCE.fullmatch(text)
    if whole and not whole[1]:
        return found(whole[2].strip())
    return _REFERENCE.sub(
        lambda each: each[0][1:] if each[1] else _written(found(each[2].strip())), text
    )


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _inside(value: Any, part: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(part, _MISSING)
    if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
        return value[int(part)]
    return _MISSING


def _has(value: Any) -> str:
    if isinstance(value, Mapping):
        return f" (it has {', '.join(list(value)[:12])}{' …' if len(value) > 12 else ''})"
    if isinstance(value, list):
        return f" (it is a list of {len(value)})"
    return f" (it is {value!r})" if isinstance(value, str | int | None) else ""
