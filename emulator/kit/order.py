"""The order in which Stripe writes the keys of an object."""

from __future__ import annotations

from typing import Final

from emulator.kit.setup import Doc

_MOST_ORDERS: Final = 4096
# Orders of keys that documents came in, and the right ones: a few for each kind of document.
_ORDERS: dict[tuple[str, ...], tuple[str, ...]] = {}


def in_order(doc: Doc) -> Doc:
    """The same with its keys as Stripe writes them: id, object, then the alphabet. Documents mostly
    are in order already, and then come back as they are.
    """
    names = tuple(doc)
    right = _ORDERS.get(names)
    if right is None:
        head = [name for name in ("id", "object") if name in doc]
        right = (*head, *sorted(name for name in names if name not in head))
        right = names if names == right else right
        if len(_ORDERS) < _MOST_ORDERS:
            _ORDERS[names] = right
    return doc if right == names else {name: doc[name] for name in right}
