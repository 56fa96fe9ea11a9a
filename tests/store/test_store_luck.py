"""Whatever happens to a store, its indexes and pages say what its documents say, a rollback leaves
no trace, and forks do not feel each other.
"""

from __future__ import annotations

from random import Random

import pytest

from emulator.store import Store

_IDS = [f"t_{number}" for number in range(40)]


def _check(store: Store) -> None:
    """Its indexes and pages say what its documents say."""
    content = store.content()
    listed = sorted(content["listed"].items(), key=lambda item: item[1][0])
    for key in ("all", "even", "odd", "late"):
        ids = [id_ for id_, entry in listed if key in entry[3]]
        raws = [content["tables"]["thing"][id_] for id_ in ids]
        assert list(store.ids(key)) == ids
        assert [*store.raws(key, "thing", 0, len(ids))] == raws[::-1]
        assert [*store.raws(key, "thing", 3, 9)] == raws[3:9][::-1]
        assert [store.position(key, id_) for id_ in ids] == [*range(len(ids))]


def _write(luck: Random, store: Store) -> None:
    id_, number = luck.choice(_IDS), luck.randrange(1000)
    deed = luck.randrange(12)
    if deed == 0:
        store.delete("thing", id_)
    elif deed == 1:
        store.keep_numbers(id_, (number,))
    elif deed == 2 and store.entry(id_):
        store.put_listed("thing", id_, b"{}", "acct", 0, ())
    else:
        keys = ("all", "odd" if number % 2 else "even", *(["late"] if number > 500 else []))
        store.put_listed("thing", id_, b'{"n":%d}' % number, "acct", number, keys)


def _many(luck: Random, store: Store) -> None:
    for _ in range(luck.randrange(8)):
        _write(luck, store)


@pytest.mark.parametrize("seed", range(24))
def test_any_mix_of_writes_rollbacks_and_forks(seed: int) -> None:
    luck = Random(seed)
    stores, held = [Store()], [Store().content()]
    for _ in range(120):
        at = luck.randrange(len(stores))
        deed = luck.randrange(4)
        if deed == 0:
            stores.append(stores[at].fork())
            held.append(held[at])
        elif deed == 1:
            stores[at].begin()
            _many(luck, stores[at])
            if luck.random() < 0.3:
                _check(stores[at])
            stores[at].rollback()
        else:
            _many(luck, stores[at])
            held[at] = stores[at].content()
        if luck.random() < 0.3:  # not always: looking changes how lists are kept
            _check(stores[at])
        assert stores[at].content() == held[at]

    for store, content in zip(stores, held, strict=True):
        _check(store)
        assert store.content() == content
