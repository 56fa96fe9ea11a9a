"""Lists of ids in creation order, shared between forks of a store until one of them writes."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from emulator.store.layers import Layers
from emulator.store.stretches import Stretches

# What the store knows of a document without reading it: its place in creation order, the instant it
# was created (seconds), the account that owns it, the index keys it stands under. A plain tuple,
# because the garbage collector stops tracking those, and there is one for every document.
Entry = tuple[int, int, str, tuple[str, ...]]
_SMALL = 8


class Run:
    """A long list of ids and the one store that may change it.

    places: the ids' places in creation order, to search in. table, raws: where somebody has asked
    for pages of it, the documents themselves and the table they come from; else empty. Looking each
    of them up would take most of the time that a page of a large world takes: what leads to them
    lies far apart in memory. base: what comes before all of that, as a fork left it; shared, and
    taken in when somebody looks (`whole`), so that adding to a list after a fork takes no time.
    """

    __slots__ = ("base", "ids", "owner", "places", "raws", "table")

    def __init__(self, ids: list[str], places: array[int], owner: object) -> None:
        self.ids = ids
        self.places = places
        self.table = ""
        self.raws: list[bytes] = []
        self.owner = owner
        self.base: Run | None = None

    def whole(self) -> Run:
        """The same with its base taken in. Changes nothing that anybody could see."""
        base = self.base
        if base is not None:
            self.ids = base.ids + self.ids
            self.places = base.places + self.places
            self.raws = base.raws + self.raws
            self.base = None
        return self

    def copy(self, owner: object) -> Run:
        """The same list for another store, to be changed anywhere."""
        whole = self.whole()
        other = Run(whole.ids.copy(), whole.places[:], owner)
        other.table, other.raws = whole.table, whole.raws.copy()
        return other

    def after(self, owner: object) -> Run:
        """The same list for another store, to be added to at the end."""
        if self.base is None or len(self.ids) > len(self.base.ids):
            other, other.base = Run([], array("q"), owner), self.whole()
        else:
            other, other.base = Run(self.ids.copy(), self.places[:], owner), self.base
            other.raws = self.raws.copy()
        other.table = self.table
        return other


class Postings:
    """index key -> ids in creation order. Short lists are tuples, which forks can share for ever.

    A page costs what the page holds: ids are found by bisection on their place in creation order,
    and a list that has been asked for once keeps its documents side by side.
    """

    __slots__ = ("_entries", "_owner", "_stretches", "_tables", "lists")

    def __init__(self, entries: Layers[Entry], tables: Mapping[str, Layers[bytes]]) -> None:
        self.lists: Layers[tuple[str, ...] | Run] = Layers()
        self._owner = object()
        self._entries = entries
        self._tables = tables
        self._stretches = Stretches()

    def fork(self, entries: Layers[Entry], tables: Mapping[str, Layers[bytes]]) -> Postings:
        """A copy that shares every list; from here on both sides copy a list before changing it."""
        other = Postings(entries, tables)
        other.lists = self.lists.fork()
        self._owner = object()
        return other

    # -- reading -----------------------------------------------------------------------------------

    def ids(self, key: str) -> Sequence[str]:
        """The ids under a key, oldest first; the caller must not change them."""
        found = self.lists.get(key) or ()
        return found.whole().ids if isinstance(found, Run) else found

    def place(self, key: str, id_: str) -> int:
        """Where an id stands, or would stand, under a key."""
        found = self.lists.get(key) or ()
        if isinstance(found, Run):
            return bisect_left(found.whole().places, self._place(id_))
        return bisect_left(found, self._place(id_), key=self._place)

    def raws(self, key: str, table: str, low: int, high: int) -> Sequence[bytes]:
        """The documents of a table from one position under a key up to another, newest first."""
        known = self._stretches.get((key, table, low, high))
        if known is not None:
            return known
        found = self.lists.get(key) or ()
        if not isinstance(found, Run):
            return self._tables[table].several(found[low:high])[::-1] if found else ()
        if found.table != table:
            found = self._owned(key, found)
            found.table, found.raws = table, self._tables[table].several(found.ids)
        raws = found.whole().raws[low:high]
        raws.reverse()
        return self._stretches.put((key, table, low, high), raws)

    # -- writing -----------------------------------------------------------------------------------

    def append(self, keys: tuple[str, ...], id_: str, place: int) -> None:
        """Add the youngest document of all at the end of several lists."""
        if self._stretches.known:
            self._stretches.clear()
        lists, owner = self.lists, self._owner
        own = lists.own
        for key in keys:
            found = own.get(key)
            if found is None and lists.frozen:
                found = lists.beneath(key)
            if found is None:
                own[key] = (id_,)
            elif isinstance(found, Run):
                if found.owner is not owner:
                    found = own[key] = found.after(owner)
                found.ids.append(id_)
                found.places.append(place)
                if found.table:
                    found.raws.append(self._tables[found.table][id_])
            elif len(found) < _SMALL:
                own[key] = (*found, id_)
            else:
                ids = [*found, id_]
                own[key] = Run(ids, array("q", map(self._place, ids)), owner)

    def insert(self, key: str, id_: str) -> None:
        """Add an id that may be older than the last one: it goes where its place says."""
        self._stretches.clear()
        found = self.lists.get(key) or ()
        at = self.place(key, id_)
        if not isinstance(found, Run):
            self.lists[key] = (*found[:at], id_, *found[at:])
            return
        run = self._owned(key, found)
        run.ids.insert(at, id_)
        run.places.insert(at, self._place(id_))
        if run.table:
            run.raws.insert(at, self._tables[run.table][id_])

    def remove(self, key: str, id_: str) -> None:
        """Take an id out of a list."""
        self._stretches.clear()
        found = self.lists[key]
        at = self.place(key, id_)
        if isinstance(found, Run):
            run = self._owned(key, found)
            del run.ids[at], run.places[at]
            if run.table:
                del run.raws[at]
        elif len(found) == 1:
            del self.lists[key]
        else:
            self.lists[key] = (*found[:at], *found[at + 1 :])

    def reread(self, keys: tuple[str, ...], id_: str) -> None:
        """The document of this id, which stands under these keys, has changed."""
        if self._stretches.known:
            self._stretches.clear()
        for key in keys:
            found = self.lists.get(key)
            if isinstance(found, Run) and found.table:
                self._reread(self._owned(key, found), id_)

    def forget_raws(self) -> None:
        """Any document may have changed: they are looked up again when they are asked for."""
        self._stretches.clear()
        for key, found in [*self.lists.items()]:
            if isinstance(found, Run) and found.table:
                run = self._owned(key, found)
                run.table, run.raws = "", []

    # -- inside ------------------------------------------------------------------------------------

    def _place(self, id_: str) -> int:
        return self._entries[id_][0]

    def _reread(self, run: Run, id_: str) -> None:
        ids = run.ids
        at = len(ids) - 1  # what changes is young, most of the time
        if ids and ids[at] != id_:
            at = bisect_left(run.places, self._place(id_))
        if at < len(ids) and ids[at] == id_:
            run.raws[at] = self._tables[run.table][id_]

    def _owned(self, key: str, run: Run) -> Run:
        if run.owner is not self._owner:
            run = self.lists[key] = run.copy(self._owner)
        return run.whole()
