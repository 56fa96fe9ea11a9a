"""TinyDB over bytes: the private methods that it leans on, pinned, and the API that it keeps."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from tinydb import TinyDB, where
from tinydb.storages import Storage
from tinydb.table import Table

from emulator.store import Store
from emulator.store.documents import ByteStorage, Decoded, DocumentDB, DocumentTable


def test_tinydb_still_has_the_methods_that_are_overridden() -> None:
    assert list(inspect.signature(Table._read_table).parameters) == ["self"]
    assert list(inspect.signature(Table._update_table).parameters) == ["self", "updater"]
    assert Table.document_id_class is int
    assert Table.default_query_cache_capacity == 10
    assert TinyDB.table_class is Table
    assert {"read", "write", "close"} <= set(dir(Storage))


def test_tinydb_reads_and_writes_through_those_methods_alone() -> None:
    """Each public method that looks at documents must come through `_read_table` or
    `_update_table`.
    """
    for name in ("all", "search", "get", "contains", "update", "remove", "insert", "truncate"):
        source = inspect.getsource(getattr(Table, name))
        assert "storage.write" not in source, name
    assert "_read_table" in inspect.getsource(Table.__len__)
    assert "self._storage.read()" in inspect.getsource(Table._read_table)


def _id(id_: str) -> Any:
    """Ids are texts here, where TinyDB's types say numbers."""
    return id_


@pytest.fixture
def store() -> Store:
    filled = Store()
    for number, word in enumerate(("one", "two", "three"), 1):
        raw = b'{"id":"x_%d","word":"%s"}' % (number, word.encode())
        filled.put("thing", f"x_{number}", raw)
    return filled


def test_queries_see_stored_documents(store: Store) -> None:
    things = store.documents().table("thing")

    assert len(things) == 3
    assert things.get(where("word") == "two") == {"id": "x_2", "word": "two"}
    assert [thing["id"] for thing in things.search(where("word").matches("t"))] == ["x_2", "x_3"]
    assert things.get(doc_id=_id("x_1")) == {"id": "x_1", "word": "one"}
    assert not things.contains(where("word") == "four")


def test_updates_land_in_the_bytes(store: Store) -> None:
    things = store.documents().table("thing")

    things.update({"word": "zwei"}, where("id") == "x_2")

    assert store.raw("thing", "x_2") == b'{"id":"x_2","word":"zwei"}'
    things.remove(where("id") == "x_1")
    assert store.raw("thing", "x_1") is None


def test_an_update_of_one_document_leaves_the_others_alone(store: Store) -> None:
    before = {id_: id(raw) for id_, raw in store.table("thing").items()}

    store.documents().table("thing").update({"word": "zwei"}, doc_ids=[_id("x_2")])

    after = {id_: id(raw) for id_, raw in store.table("thing").items()}
    assert {id_ for id_ in before if before[id_] != after[id_]} == {"x_2"}


def test_tables_are_seen_and_dropped(store: Store) -> None:
    db = store.documents()

    assert db.tables() == {"thing"}
    assert isinstance(db.table("thing"), DocumentTable)
    db.drop_table("thing")
    assert store.size("thing") == 0


def test_a_mapping_of_bytes_reads_like_a_mapping_of_documents() -> None:
    raw = {"a": b'{"n":1}'}
    decoded = Decoded(raw)

    decoded["b"] = {"n": 2}

    assert dict(decoded) == {"a": {"n": 1}, "b": {"n": 2}}
    assert raw["b"] == b'{"n":2}'
    del decoded["a"]
    assert list(decoded) == ["b"]
    assert len(decoded) == 1


def test_a_storage_closes_empty() -> None:
    with DocumentDB(storage=ByteStorage) as db:
        storage = db._storage
        storage.write({"thing": {"x": {"n": 1}}})
        assert storage.read() == {"thing": {"x": {"n": 1}}}

    assert storage.read() == {}
