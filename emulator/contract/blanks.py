"""Objects as they are at birth: every key of the newest shape with its default, from
`schemas/shapes/`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson

from emulator.kernel import files


@cache
def _raw(name: str) -> bytes:
    return (files.schemas() / "shapes" / f"{name}.json").read_bytes()


@cache
def is_known(name: str) -> bool:
    """Whether there is such an object or part."""
    return (files.schemas() / "shapes" / f"{name}.json").is_file()


def blank(name: str) -> dict[str, Any]:
    """A fresh object (`charge`) or part of one (`charge.outcome`), keys in Stripe's order."""
    fresh: dict[str, Any] = orjson.loads(_raw(name))
    return fresh
