"""The order in which Stripe writes the keys of an object: id, object, then the alphabet."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

Doc = dict[str, Any]


def in_order(doc: Doc) -> Doc:
    """The same with its keys in order. Documents mostly are already, and then come back as they
    are.
    """
    names = tuple(doc)
    right = _sorted(names)
    return doc if right == names else {name: doc[name] for name in right}


def put(doc: Doc, **fields: Any) -> None:
    """Set keys of a document, each in its place."""
    doc.update(fields)
    ordered = in_order(doc)
    if ordered is not doc:
        doc.clear()
        doc.update(ordered)


@lru_cache(maxsize=4096)
def _sorted(names: tuple[str, ...]) -> tuple[str, ...]:
    """Remembered, as documents of one kind mostly have the same keys."""
    return tuple(sorted(names, key=lambda name: (name not in {"id", "object"}, name)))
