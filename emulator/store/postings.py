"""Lists of ids in creation order, shared between forks of a store until one of them writes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from emulator.store.layers import Layers

# What the store knows of a document without reading it: its place in creation order, the instant it
# was created (seconds), the account that owns it, the index keys it stands under. A plain tuple,
# because the garbage collector stops tracking those, and there is one for every document.
Entry = tuple[int, int, str, tuple[str, ...]]
_SMALL = 8


class Run:
    """A long list of ids and the one store that may change it."""

    __slots__ = ("ids", "owner")

    def __init__(self, ids: list[str], owner: object) -> None:
        self.ids = ids
        self.owner = owner


class Postings:
    """index key -> ids in creation order. Short lists are tuples, which forks can share for ever.

    A page costs what the page holds: ids are found by bisection on their sequence number.
    """

    __slots__ = ("_entries", "_lists", "_owner")

    def __init__(self, entries: Layers[Entry]) -> None:
        self._lists: Layers[tuple[str, ...] | Run] = Layers()
        self._owner = object()
        self._entries = entries

    def fork(self, entries: Layers[Entry]) -> Postings:
        """A copy that shares every list; from here on both sides copy a list before changing it."""
        other = Postings(entries)
        other._lists = self._lists.fork()
        self._owner = object()
        return other

    def ids(self, key: str) -> Sequence[str]:
        """The ids under a key, oldest first; the caller must not change them."""
        found = self._lists.get(key) or ()
        return found.ids if isinstance(found, Run) else found

    def append(self, keys: tuple[str, ...], id_: str) -> None:
        """Add the youngest id of all at the end of several lists."""
        lists, owner = self._lists, self._owner
        own = lists.own
        for key in keys:
            found = own.get(key)
            if found is None:
                found = lists.beneath(key)
            if found is None:
                own[key] = (id_,)
            elif isinstance(found, Run):
                if found.owner is not owner:
                    found = own[key] = Run(found.ids.copy(), owner)
                found.ids.append(id_)
            elif len(found) < _SMALL:
                own[key] = (*found, id_)
            else:
                own[key] = Run([*found, id_], owner)

    def insert(self, key: str, id_: str) -> None:
        """Add an id that may be older than the last one: it goes where its sequence number says."""
        ids = self.ids(key)
        at = self.place(ids, id_)
        if at == len(ids):
            self.append((key,), id_)
            return
        found = self._lists[key]
        if isinstance(found, Run):
            self._own(key, found).insert(at, id_)
        else:
            self._lists[key] = (*found[:at], id_, *found[at:])

    def remove(self, key: str, id_: str) -> None:
        found = self._lists[key]
        at = self.place(self.ids(key), id_)
        if isinstance(found, Run):
            del self._own(key, found)[at]
        elif len(found) == 1:
            del self._lists[key]
        else:
            self._lists[key] = (*found[:at], *found[at + 1 :])

    def place(self, ids: Sequence[str], id_: str) -> int:
        """Where an id stands, or would stand, among others."""
        return bisect_left(ids, self._sequence(id_), key=self._sequence)

    def _sequence(self, id_: str) -> int:
        return self._entries[id_][0]

    def _own(self, key: str, run: Run) -> list[str]:
        if run.owner is not self._owner:
            run = self._lists[key] = Run(run.ids.copy(), self._owner)
        return run.ids
