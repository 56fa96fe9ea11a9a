"""Whatever happens to a store, its indexes and pages say what its documents say, a rollback leaves
no trace, and forks do not feel each other.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from emulator.store import Store

_IDS = [f"t_{number}" for number in range(40)]


def _seen(store: Store) -> dict[str, Any]:
    """All that it holds and shows; wrong where an index or a page disagrees with the documents."""
    content = store.content()
    listed = sorted(content["listed"].items(), key=lambda item: item[1][0])
    for key in ("all", "even", "odd", "late"):
        ids = [id_ for id_, entry in listed if key in entry[3]]
        raws = [content["tables"]["thing"][id_] for id_ in ids]
        assert list(store.ids(key)) == ids
        assert store.raws(key, "thing", 0, len(ids)) == raws[::-1]
        assert store.raws(key, "thing", 3, 9) == raws[3:9][::-1]
        assert [store.position(key, id_) for id_ in ids] == [*range(len(ids))]
    return {**content}


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


@pytest.mark.parametrize("seed", range(12))
def test_any_mix_of_writes_rollbacks_and_forks(seed: int) -> None:
    luck = Random(seed)
    stores = [Store()]
    seen = [_seen(stores[0])]
    for _ in range(120):
        at = luck.randrange(len(stores))
        deed = luck.randrange(4)
        if deed == 0:
            stores.append(stores[at].fork())
            seen.append(seen[at])
        elif deed == 1:
            stores[at].begin()
            _many(luck, stores[at])
            if luck.random() < 0.5:
                _seen(stores[at])
            stores[at].rollback()
        else:
            _many(luck, stores[at])
            seen[at] = _seen(stores[at])
        assert _seen(stores[at]) == seen[at]

    assert [_seen(store) for store in stores] == seen
