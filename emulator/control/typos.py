"""What a request that was refused may have meant: the nearest known path or method."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any, Final

from emulator.contract import find, operations
from emulator.contract.nearest import likeness, nearest

_CLOSE: Final = 0.8


def hint(method: str, path: str, error: dict[str, Any] | None) -> str | None:
    """A sentence about what was meant; None when that is not known, or nothing was wrong."""
    if error is None or "Unrecognized request URL" not in error.get("message", ""):
        return None
    gone = find(method, path)
    if gone is not None and gone.operation.until is not None:
        return f"It is gone since {gone.operation.until}; an older Stripe-Version has it."
    methods = _methods(path.rstrip("/"))
    if path.endswith("/") and method in methods:
        return f"Did you mean {method} {path.rstrip('/')}, without the slash?"
    if methods:
        return f"{path} takes {' and '.join(sorted(methods))}, not {method}."
    found = _nearest(method, path)
    return f"Did you mean {method} {found}?" if found else None


def _methods(path: str) -> set[str]:
    """The methods that a path takes."""
    segments = path.split("/")
    return {
        method
        for pattern, methods in _paths().items()
        if _is_of(pattern.split("/"), segments)
        for method in methods
    }


def _is_of(pattern: list[str], segments: list[str]) -> bool:
    return len(pattern) == len(segments) and all(
        one == other or (one.startswith("{") and other)
        for one, other in zip(pattern, segments, strict=True)
    )


def _nearest(method: str, path: str) -> str | None:
    """The known path that is most like this one, with its own ids in it."""
    segments = path.split("/")
    best: tuple[float, str] | None = None
    for pattern, methods in _paths().items():
        parts = pattern.split("/")
        if method not in methods or len(parts) != len(segments):
            continue
        close = [_likeness(one, other) for one, other in zip(parts, segments, strict=True)]
        score = sum(close)
        if min(close) >= _CLOSE and (best is None or score > best[0]):
            pairs = zip(parts, segments, strict=True)
            best = score, "/".join(o if p.startswith("{") else p for p, o in pairs)
    return best[1] if best else _one_word(method, segments)


def _likeness(pattern: str, segment: str) -> float:
    if pattern.startswith("{"):
        return 0.9 if segment else 0.0
    return 1.0 if pattern == segment else likeness(segment, pattern)


def _one_word(method: str, segments: list[str]) -> str | None:
    """Where the length differs, the collection that the second word means."""
    if len(segments) < 3:
        return None
    known = {
        pattern.split("/")[2]
        for pattern, methods in _paths().items()
        if method in methods and pattern.count("/") == 2
    }
    meant = nearest(segments[2], known)
    return f"/{segments[1]}/{meant}" if meant and segments[2] not in known else None


@cache
def _paths() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for operation in operations().values():
        found[operation.path].add(operation.method)
    return {path: frozenset(methods) for path, methods in found.items()}
