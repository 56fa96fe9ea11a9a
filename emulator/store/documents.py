"""Documents kept as serialised JSON bytes, under TinyDB's document API.

TinyDB's stock table rebuilds every document on each write. This one keeps bytes, decodes what a
query looks at, and changes its mapping in place; `tests/store` pins the private methods it leans
on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any, cast

import orjson
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from emulator.store.layers import Layers

Raw = Layers[bytes]


class Decoded(MutableMapping[str, Mapping[str, Any]]):
    """A mapping of bytes seen as a mapping of documents: decodes on reading, encodes on writing."""

    def __init__(self, raw: MutableMapping[str, bytes]) -> None:
        self._raw = raw

    def __getitem__(self, id_: str) -> Mapping[str, Any]:
        return cast("Mapping[str, Any]", orjson.loads(self._raw[id_]))

    def __setitem__(self, id_: str, document: Mapping[str, Any]) -> None:
        self._raw[id_] = orjson.dumps(dict(document))

    def __delitem__(self, id_: str) -> None:
        del self._raw[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


class Lent(Decoded):
    """Documents handed out to be changed in place, as TinyDB's own updates do; `settle` takes them
    back.
    """

    def __init__(self, raw: Raw) -> None:
        super().__init__(raw)
        self._lent: dict[str, Mapping[str, Any]] = {}

    def __getitem__(self, id_: str) -> Mapping[str, Any]:
        found = self._lent.get(id_)
        if found is None:
            found = self._lent[id_] = super().__getitem__(id_)
        return found

    def __setitem__(self, id_: str, document: Mapping[str, Any]) -> None:
        self._lent.pop(id_, None)
        super().__setitem__(id_, document)

    def __delitem__(self, id_: str) -> None:
        self._lent.pop(id_, None)
        super().__delitem__(id_)

    def settle(self) -> None:
        """Write the documents that came back different."""
        for id_, document in list(self._lent.items()):
            if document != Decoded(self._raw)[id_]:
                self[id_] = document


class ByteStorage(Storage):
    """TinyDB's storage: table name -> id -> bytes.

    changed: called when TinyDB has written.
    """

    def __init__(self) -> None:
        self.tables: dict[str, Raw] = {}
        self.changed: Callable[[], object] = lambda: None

    def raw(self, table: str) -> Raw:
        """The live bytes of one table, made on first use."""
        found = self.tables.get(table)
        if found is None:
            found = self.tables[table] = Layers()
        return found

    def read(self) -> dict[str, dict[str, Any]] | None:
        return {name: dict(Decoded(raw)) for name, raw in self.tables.items()}

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        self.tables.clear()
        for name, documents in data.items():
            Decoded(self.raw(name)).update(documents)
        self.changed()

    def close(self) -> None:
        self.tables.clear()


class DocumentTable(Table):
    """One table whose ids are strings and whose documents are bytes until somebody looks."""

    document_id_class = str  # type: ignore[assignment]
    default_query_cache_capacity = 0

    def _raw(self) -> Raw:
        return cast("ByteStorage", self._storage).raw(self.name)

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return cast("dict[str, Mapping[str, Any]]", Decoded(self._raw()))

    def _update_table(self, updater: Callable[[dict[Any, Any]], None]) -> None:
        lent = Lent(self._raw())
        updater(cast("dict[Any, Any]", lent))
        lent.settle()
        self.clear_cache()
        cast("ByteStorage", self._storage).changed()


class DocumentDB(TinyDB):
    """TinyDB over bytes."""

    table_class = DocumentTable
