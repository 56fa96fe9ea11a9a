"""The store: rollback byte for byte, indexes in creation order, forks that leave each other be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from emulator.store import ATTIC, Store
from emulator.store.attic import Attic


def snapshot(store: Store) -> dict[str, Any]:
    """All that a store holds, for comparing."""
    keys = [key for key in store._postings.lists if store.ids(key)]
    return {**store.content(), "lists": {key: list(store.ids(key)) for key in keys}}


def _pages(store: Store) -> dict[str, list[bytes]]:
    return {key: [*store.raws(key, "thing", 0, 100)] for key in ("all", "odd=0", "odd=1")}


def _list(store: Store, id_: str, *keys: str, created: int = 0, raw: bytes = b"{}") -> None:
    store.put_listed("thing", id_, raw, "acct", created, keys)


@pytest.fixture
def store() -> Store:
    filled = Store()
    for number in range(12):
        _list(filled, f"t_{number}", "all", f"odd={number % 2}", created=number)
    filled.line_up("000000000005.1")
    filled.keep_numbers("pocket", (1, 2))
    return filled


def test_a_rollback_leaves_no_trace(store: Store) -> None:
    before, pages = snapshot(store), _pages(store)

    store.begin()
    _list(store, "t_new", "all", "odd=1")
    _list(store, "t_3", "all", "odd=0", raw=b'{"changed":1}')
    store.delete("thing", "t_5")
    store.put("hidden", "secret", b"1")
    store.count("id/thing")
    store.keep_numbers("pocket", (2, 3))
    store.keep_numbers("other", (1,))
    store.line_up("000000000001.1")
    store.leave_line("000000000005.1")
    assert snapshot(store) != before
    store.rollback()

    assert snapshot(store) == before
    assert _pages(store) == pages


def test_a_commit_keeps_everything(store: Store) -> None:
    store.begin()
    _list(store, "t_new", "all")
    store.commit()

    assert store.ids("all")[-1] == "t_new"


def test_an_exception_rolls_back(store: Store) -> None:
    before = snapshot(store)

    with pytest.raises(KeyError), store.transaction():
        store.delete("thing", "t_0")
        raise KeyError

    assert snapshot(store) == before


def test_transactions_do_not_nest(store: Store) -> None:
    store.begin()

    with pytest.raises(AssertionError):
        store.begin()


def test_ids_stay_in_creation_order_when_an_index_changes(store: Store) -> None:
    _list(store, "t_3", "all", "odd=0")

    assert list(store.ids("odd=0")) == ["t_0", "t_2", "t_3", "t_4", "t_6", "t_8", "t_10"]
    assert "t_3" not in store.ids("odd=1")
    assert list(store.ids("all")) == [f"t_{number}" for number in range(12)]


def test_a_deleted_document_stands_in_no_index(store: Store) -> None:
    store.delete("thing", "t_4")

    assert "t_4" not in store.ids("all")
    assert store.entry("t_4") is None
    assert store.raw("thing", "t_4") is None


def test_what_stands_beside_a_document(store: Store) -> None:
    assert store.entry("t_7") == (8, 7, "acct", ("all", "odd=1"))
    assert (store.sequence("t_7"), store.created("t_7")) == (8, 7)
    assert store.place(store.ids("all"), "t_7") == 7
    assert store.size("thing") == 12


def test_counters_count_and_roll_back(store: Store) -> None:
    assert [store.count("x"), store.count("x")] == [1, 2]
    with pytest.raises(KeyError), store.transaction():
        store.count("x")
        raise KeyError
    assert store.counted("x") == 2


def test_the_line_is_sorted(store: Store) -> None:
    store.line_up("000000000002.1")

    assert store.first_in_line() == "000000000002.1"
    store.leave_line("000000000002.1")
    assert list(store.line()) == ["000000000005.1"]


def test_forks_do_not_feel_each_other(store: Store) -> None:
    before = snapshot(store)
    pages = _pages(store)
    fork = store.fork()
    assert snapshot(fork) == before

    _list(fork, "t_new", "all", "odd=1")
    _list(fork, "t_3", "all", "odd=1", raw=b'{"changed":1}')
    fork.delete("thing", "t_0")
    fork.keep_numbers("pocket", ())
    assert snapshot(store) == before
    assert _pages(store) == pages

    after = snapshot(fork)
    _list(store, "t_other", "all", "odd=0")
    store.delete("thing", "t_1")
    assert snapshot(fork) == after


def test_a_store_is_made_again_from_its_content(store: Store) -> None:
    _list(store, "t_3", "all", "odd=0")
    store.put("hidden", "secret", b"1")
    store.delete("thing", "t_0")

    again = Store.of(store.content())

    assert snapshot(again) == snapshot(store)
    assert list(again.table("thing")) == list(store.table("thing"))


def test_what_content_gave_does_not_change_with_the_store(store: Store) -> None:
    content, before = store.content(), snapshot(store)

    _list(store, "t_new", "all")

    assert snapshot(Store.of(content)) == before


@pytest.fixture
def attic() -> Iterator[Attic]:
    ATTIC.sweep()
    yield ATTIC
    ATTIC.close()


def _large() -> Store:
    large = Store()
    for number in range(3_000):
        _list(large, f"t_{number}", "all")
    return large


def test_what_a_large_store_leaves_is_swept_up_little_by_little(attic: Attic) -> None:
    store = _large()

    del store

    assert attic.sweep(1_000) == 2, "documents and what is known of them"
    assert attic.sweep(2_500) == 1
    assert attic.sweep(3_000) == 0


def test_sweeping_leaves_alone_what_a_fork_still_shares(attic: Attic) -> None:
    store = _large()
    fork = store.fork()
    before = snapshot(fork)

    del store

    assert attic.sweep(10**6) == 0
    assert snapshot(fork) == before


def test_where_nobody_sweeps_nothing_is_left() -> None:
    store = _large()

    del store

    assert ATTIC._left == []
