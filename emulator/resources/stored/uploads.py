"""Files that stored objects name: they must be there, uploaded for what they are shown as."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from emulator.kit import Params, Tx
from emulator.resources.accounts.documents import check_file, nested_name
from emulator.resources.stored import facts


def check(tx: Tx, name: str, params: Params) -> None:
    """Refuse files that nobody uploaded, or that were uploaded for something else (documented)."""
    for path, purpose in facts.of(name).get("files", {}).items():
        for names, file in _named(params, path.split("."), ()):
            check_file(tx, file, nested_name(*names), purpose)


def _named(
    value: Any, path: Sequence[str], before: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where a dotted path leads to in what was sent; `*` stands for any name."""
    if not path:
        if isinstance(value, str):
            yield before, value
        return
    if not isinstance(value, dict):
        return
    for name in [*value] if path[0] == "*" else [path[0]]:
        yield from _named(value.get(name), path[1:], (*before, name))
