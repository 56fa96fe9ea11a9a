"""Where the data that ships with the emulator lies: beside the package in a checkout, inside it
once installed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson

_PACKAGE = Path(__file__).resolve().parent.parent


def _folder(name: str) -> Path:
    installed = _PACKAGE / f"_{name}"
    return installed if installed.is_dir() else _PACKAGE.parent / name


def schemas() -> Path:
    """The folder of facts: contract, rules and the emulator's own schemas."""
    return _folder("schemas")


def scenarios() -> Path:
    """The folder of ready scenario files."""
    return _folder("scenarios")


def load(path: str) -> Any:
    """Read one JSON file below `schemas/`, anew at each call."""
    return orjson.loads((schemas() / path).read_bytes())


@cache
def table(path: str) -> Any:
    """Read one JSON file below `schemas/` once; the caller must not change what it gets."""
    return load(path)
