"""A page that is asked for again leaves as the same bytes; what is remembered stays small."""

from __future__ import annotations

import pytest
from tinydb import where

from emulator.store import Store, Stretch, any_in, joined

_HEAD, _TAIL = b"[", b"]"


@pytest.fixture
def store() -> Store:
    filled = Store()
    for number in range(150):
        filled.put_listed("thing", f"t_{number}", b"%d" % number, "acct", number, ("all",))
    return filled


def page(store: Store, low: int, high: int) -> Stretch:
    found = store.raws("all", "thing", low, high)
    assert isinstance(found, Stretch)
    return found


def test_the_same_page_is_the_same_bytes_until_something_is_written(store: Store):
    first = page(store, 0, 3)
    whole = first.between(_HEAD, _TAIL)

    assert whole == b"[2,1,0]"
    assert page(store, 0, 3) is first
    assert first.between(_HEAD, _TAIL) is whole
    assert first.between(_HEAD, b"]!") == b"[2,1,0]!"

    store.put_listed("thing", "t_1", b"one", "acct", 1, ("all",))
    assert page(store, 0, 3).between(_HEAD, _TAIL) == b"[2,one,0]"


def test_what_was_seen_within_a_transaction_goes_with_it(store: Store):
    store.begin()
    store.delete("thing", "t_1")
    assert page(store, 0, 2) == (b"2", b"0")
    store.rollback()
    assert page(store, 0, 2) == (b"1", b"0")


def test_a_write_through_tinydb_is_seen():
    store = Store()
    for number in range(10):
        store.put_listed("thing", f"t_{number}", b'{"n":%d}' % number, "acct", number, ("all",))
    assert page(store, 0, 2) == (b'{"n":1}', b'{"n":0}')

    store.documents().table("thing").update({"n": 5}, where("n") == 0)

    assert page(store, 0, 2) == (b'{"n":1}', b'{"n":5}')


def test_traces_are_looked_for_in_each_document(store: Store):
    some = page(store, 98, 101)
    for traces, found in (([b"100"], True), ([b"x", b"98"], True), ([b"x"], False), ([], False)):
        assert some.holds(traces) is found
        assert any_in([*some], traces) is found


def test_pages_that_are_not_remembered_do_not_hold_their_bytes(store: Store):
    first = page(store, 0, 3)
    whole = first.between(_HEAD, _TAIL)
    for low in range(40):
        page(store, low, low + 2).between(_HEAD, _TAIL)

    assert page(store, 0, 3) is not first
    assert first.between(_HEAD, _TAIL) == whole
    assert first.between(_HEAD, _TAIL) is not whole


def test_more_than_a_page_is_not_remembered_nor_are_very_long_bytes(store: Store):
    assert store.raws("all", "thing", 0, 101) is not store.raws("all", "thing", 0, 101)

    store.put_listed("thing", "t_1", b"x" * 200_000, "acct", 1, ("all",))
    long = page(store, 0, 3)
    assert long.between(_HEAD, _TAIL) is not long.between(_HEAD, _TAIL)


@pytest.mark.parametrize(
    ("documents", "whole"),
    [([], b"[]"), ([b"1"], b"[1]"), ([b"1", b"2"], b"[1,2]"), ([b"1", b"2", b"3"], b"[1,2,3]")],
)
def test_documents_are_joined_by_commas(documents: list[bytes], whole: bytes):
    assert joined(_HEAD, documents, _TAIL) == whole
