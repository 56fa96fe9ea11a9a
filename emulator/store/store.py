"""A world's state: documents as bytes, the indexes that listing needs, and counters.

Writes go straight in and leave a note of how to undo them, so that reads within a transaction see
its own writes at no cost, a commit is free, and a rollback puts back what was there, byte for byte.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypedDict

from emulator.store.attic import ATTIC
from emulator.store.documents import ByteStorage, DocumentDB, Raw
from emulator.store.layers import Layers
from emulator.store.postings import Entry, Postings

# How to undo one write: a mapping, a key and what stood there before; or a deed and its arguments.
Step = tuple[dict[str, Any] | Callable[..., object], Any, Any]
_ABSENT: Final = object()
_SEQUENCE: Final = "sequence"

# Numbers that change too often to be a document.
Numbers = tuple[int, ...]


class Content(TypedDict):
    """A store as plain values.

    tables: name -> id -> bytes. listed: what is known of listed documents. counters: how far each
    sequence has come. numbers: the numbers kept under a name. line: the agenda's order.
    """

    tables: dict[str, dict[str, bytes]]
    listed: dict[str, Entry]
    counters: dict[str, int]
    numbers: dict[str, Numbers]
    line: list[str]


class Store:
    """Documents, indexes, counters and the agenda's order of one world."""

    def __init__(self) -> None:
        self._storage = ByteStorage()
        self._tables = self._storage.tables
        self._entries: Layers[Entry] = Layers()
        self._postings = Postings(self._entries, self._tables)
        self._storage.changed = self._postings.forget_raws
        self._counters: dict[str, int] = {}
        self._numbers: Layers[Numbers] = Layers()
        self._sorted: list[str] = []
        self._undo: list[Step] | None = None

    def __del__(self) -> None:
        held: list[Layers[Any]] = [*self._tables.values(), self._entries, self._numbers]
        held.append(self._postings.lists)
        ATTIC.leave(mapping for layers in held for mapping in layers.parts())

    # -- reading -----------------------------------------------------------------------------------

    def raw(self, table: str, id_: str) -> bytes | None:
        """The bytes of one document."""
        documents = self._tables.get(table)
        return None if documents is None else documents.get(id_)

    def entry(self, id_: str) -> Entry | None:
        """What stands beside a document that was put with an account."""
        return self._entries.get(id_)

    def ids(self, key: str) -> Sequence[str]:
        """The ids under an index key, oldest first."""
        return self._postings.ids(key)

    def position(self, key: str, id_: str) -> int:
        """Where an id stands, or would stand, under an index key."""
        return self._postings.place(key, id_)

    def raws(self, key: str, table: str, low: int, high: int) -> Sequence[bytes]:
        """The documents from one position under an index key up to another, newest first."""
        return self._postings.raws(key, table, low, high)

    def place(self, ids: Sequence[str], id_: str) -> int:
        """Where an id stands among others, by creation order."""
        return bisect_left(ids, self.sequence(id_), key=self.sequence)

    def sequence(self, id_: str) -> int:
        """A listed document's place in creation order."""
        return self._entries[id_][0]

    def created(self, id_: str) -> int:
        return self._entries[id_][1]

    def size(self, table: str) -> int:
        documents = self._tables.get(table)
        return 0 if documents is None else len(documents)

    def table(self, name: str) -> Raw:
        """The live bytes of a table; the caller must not change them."""
        return self._storage.raw(name)

    def documents(self) -> DocumentDB:
        """The same documents through TinyDB's API: tables, queries, searches. What is written
        through it cannot be rolled back.
        """
        db = DocumentDB(storage=ByteStorage)
        db._storage = self._storage  # noqa: SLF001 - one storage, two views
        return db

    # -- writing -----------------------------------------------------------------------------------

    def put(self, table: str, id_: str, raw: bytes) -> None:
        """Write a document that needs no listing; a listed one must go through `put_listed`."""
        documents = self._tables.get(table)
        own = (self._storage.raw(table) if documents is None else documents).own
        if self._undo is not None:
            self._undo.append((own, id_, own.get(id_, _ABSENT)))
        # A copy of the right size: a serialiser's result may hold 8 KiB whatever its length.
        own[id_] = b"%b" % raw

    def put_listed(
        self, table: str, id_: str, raw: bytes, account: str, created: int, keys: tuple[str, ...]
    ) -> None:
        """Write a document and keep its indexes true; its place in creation order never changes."""
        entries = self._entries
        old = entries.own.get(id_)
        if old is None and entries.frozen:
            old = entries.beneath(id_)
        if old is None:
            self.put(table, id_, raw)
            self._list_new(id_, account, created, keys)
            return
        for key in old[3]:
            if key not in keys:
                self._unlist(key, id_)
        if self._undo is not None:
            self._undo.append((self._postings.reread, keys, id_))
        self.put(table, id_, raw)
        if old[3] != keys:
            self._note(entries.own, id_)
            entries.own[id_] = (old[0], old[1], account, keys)
        for key in keys:
            if key not in old[3]:
                self._list(key, id_)
        self._postings.reread(keys, id_)

    def delete(self, table: str, id_: str) -> None:
        """Remove a document and its place in every index."""
        old = self._entries.get(id_)
        for key in old[3] if old else ():
            self._unlist(key, id_)
        documents = self._storage.raw(table)
        self._note(documents.own, id_)
        documents.discard(id_)
        if old is not None:
            self._note(self._entries.own, id_)
            self._entries.discard(id_)

    def count(self, name: str) -> int:
        """The next number of a named sequence, starting at 1; rolled back with everything else."""
        counters = self._counters
        before = counters.get(name, 0)
        if self._undo is not None:
            self._undo.append((counters, name, before))
        counters[name] = before + 1
        return before + 1

    def counted(self, name: str) -> int:
        """How far a named sequence has come."""
        return self._counters.get(name, 0)

    def numbers(self, name: str) -> Numbers:
        """The numbers kept under a name; none when it was never written."""
        return self._numbers.get(name) or ()

    def keep_numbers(self, name: str, numbers: Numbers) -> None:
        """Keep numbers under a name in place of those that were there."""
        own = self._numbers.own
        if self._undo is not None:
            self._undo.append((own, name, own.get(name, _ABSENT)))
        own[name] = numbers

    def numbered(self) -> Iterator[str]:
        """The names that numbers are kept under, in the order in which they first came."""
        return iter(self._numbers)

    # -- what is due, in order ---------------------------------------------------------------------

    def line_up(self, key: str) -> None:
        """Put a key into the one sorted line of this store (the agenda)."""
        insort(self._sorted, key)
        if self._undo is not None:
            self._undo.append((self._leave, key, None))

    def leave_line(self, key: str) -> None:
        self._leave(key)
        if self._undo is not None:
            self._undo.append((insort, self._sorted, key))

    def first_in_line(self) -> str | None:
        return self._sorted[0] if self._sorted else None

    def line(self) -> Sequence[str]:
        return self._sorted

    # -- all or nothing ----------------------------------------------------------------------------

    def begin(self) -> None:
        """Start a transaction; `commit` or `rollback` must end it."""
        assert self._undo is None, "one transaction at a time"
        self._undo = []

    def commit(self) -> None:
        self._undo = None

    def rollback(self) -> None:
        """Put everything back as it was at `begin`."""
        undo, self._undo = self._undo or [], None
        _put_back(undo)

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Within a transaction: all of the writes inside are put back when it ends."""
        assert self._undo is not None, "a rehearsal needs a transaction around it"
        kept, self._undo = self._undo, []
        try:
            yield
        finally:
            undo, self._undo = self._undo, None
            _put_back(undo)
            self._undo = kept

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the writes inside, or none: an exception puts everything back."""
        self.begin()
        try:
            yield
        except BaseException:
            self.rollback()
            raise
        self.commit()

    def fork(self) -> Store:
        """Another store with the same content, in the time that what was written since the last
        fork takes: everything is shared, and neither feels what is written to the other.
        """
        assert self._undo is None, "no fork in the middle of a transaction"
        other = Store()
        other._tables.update({name: raw.fork() for name, raw in self._tables.items()})
        other._entries = self._entries.fork()
        other._postings = self._postings.fork(other._entries, other._tables)
        other._storage.changed = other._postings.forget_raws
        other._counters = self._counters.copy()
        other._numbers = self._numbers.fork()
        other._sorted = self._sorted.copy()
        return other

    # -- in and out --------------------------------------------------------------------------------

    def content(self) -> Content:
        """All that this store holds, as plain values of its own; the bytes are shared."""
        tables = {name: dict(raw) for name, raw in self._tables.items() if raw}
        counters = {name: number for name, number in self._counters.items() if number}
        return Content(
            tables=tables,
            listed=dict(self._entries),
            counters=counters,
            numbers=dict(self._numbers),
            line=[*self._sorted],
        )

    @classmethod
    def of(cls, content: Content) -> Store:
        """A store that holds this; its indexes follow from what is listed."""
        store = cls()
        for name, documents in content["tables"].items():
            store._storage.raw(name).own.update(documents)
        for id_, (place, created, account, keys) in sorted(
            content["listed"].items(), key=lambda item: item[1][0]
        ):
            store._entries.own[id_] = (place, created, account, tuple(keys))
            store._postings.append(tuple(keys), id_, place)
        store._counters.update(content["counters"])
        store._numbers.own.update({k: tuple(n) for k, n in content["numbers"].items()})
        store._sorted.extend(sorted(content["line"]))
        return store

    # -- inside ------------------------------------------------------------------------------------

    def _list_new(self, id_: str, account: str, created: int, keys: tuple[str, ...]) -> None:
        """List a new document: it is the youngest of all, so its place is the end of each list."""
        counters, entries = self._counters, self._entries.own
        place = counters.get(_SEQUENCE, 0) + 1
        if self._undo is not None:
            self._undo.append((self._unlist_new, id_, entries.get(id_, _ABSENT)))
        counters[_SEQUENCE] = place
        entries[id_] = (place, created, account, keys)
        self._postings.append(keys, id_, place)

    def _unlist_new(self, id_: str, before: Any) -> None:
        """Undo that: it is still the youngest of all."""
        entries = self._entries.own
        for key in self._entries[id_][3]:
            self._postings.remove(key, id_)
        self._counters[_SEQUENCE] -= 1
        if before is _ABSENT:
            del entries[id_]
        else:
            entries[id_] = before

    def _list(self, key: str, id_: str) -> None:
        self._postings.insert(key, id_)
        if self._undo is not None:
            self._undo.append((self._postings.remove, key, id_))

    def _unlist(self, key: str, id_: str) -> None:
        self._postings.remove(key, id_)
        if self._undo is not None:
            self._undo.append((self._postings.insert, key, id_))

    def _leave(self, key: str, _: None = None) -> None:
        at = bisect_left(self._sorted, key)
        assert self._sorted[at] == key
        del self._sorted[at]

    def _note(self, mapping: dict[str, Any], key: str) -> None:
        """Remember what stands in a mapping now, in case it must be put back."""
        if self._undo is not None:
            self._undo.append((mapping, key, mapping.get(key, _ABSENT)))


def _put_back(undo: list[Step]) -> None:
    """Undo writes, the last one first."""
    for where, key, before in reversed(undo):
        if not isinstance(where, dict):
            where(key, before)
        elif before is _ABSENT:
            where.pop(key, None)
        else:
            where[key] = before
