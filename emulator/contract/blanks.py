"""Objects as they are at birth: every key of the newest shape with its default, from
`schemas/shapes/`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from emulator.kernel import files


@cache
def is_known(name: str) -> bool:
    """Whether there is such an object or part."""
    return (files.schemas() / "shapes" / f"{name}.json").is_file()


def blank(name: str) -> dict[str, Any]:
    """A fresh object (`charge`) or part of one (`charge.outcome`), keys in Stripe's order."""
    fresh: dict[str, Any] = _maker(name)()
    return fresh


def maker(value: Any) -> Callable[[], Any]:
    """A function that gives a fresh copy of a JSON value: several times as fast as parsing it."""
    if isinstance(value, dict):
        parts = [(key, maker(each)) for key, each in value.items() if isinstance(each, dict | list)]

        def mapping() -> Any:
            fresh = value.copy()
            for key, part in parts:
                fresh[key] = part()
            return fresh

        return mapping if parts else value.copy
    if isinstance(value, list):
        items = [maker(each) for each in value]
        return lambda: [item() for item in items]
    return lambda: value


@cache
def _maker(name: str) -> Callable[[], Any]:
    return maker(files.load(f"shapes/{name}.json"))
