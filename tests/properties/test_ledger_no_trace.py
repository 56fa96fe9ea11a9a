"""A handler that breaks, wherever it breaks, leaves the world as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.kit import Caller, Tx
from emulator.resources.accounts.state import ACCOUNTS
from emulator.resources.transfers import transfers
from emulator.store import Store
from emulator.world import Profile, World
from tests.store.test_store import snapshot


class Broken(Exception):
    """The fault that is planted."""


class Fuse:
    """Lets a store take so many writes, then breaks the next one."""

    def __init__(self, store: Store, writes: int) -> None:
        self.left = writes
        self._put = store.put

    def __call__(self, *args: Any) -> None:
        if self.left == 0:
            raise Broken
        self.left -= 1
        self._put(*args)


def _world() -> tuple[World, str]:
    """A world in which the platform holds nothing and one account may be debited."""
    world = World("main", Profile(seed="trace", start=1_772_366_400, frozen=True))
    controller = {"losses": {"payments": "application"}}
    with world.transaction(world.caller()) as tx:
        id_ = tx.new_id("acct", 15, dated=False)
        fields = {"country": "US", "default_currency": "usd", "controller": controller}
        tx.save(ACCOUNTS, tx.new(ACCOUNTS, id_, **fields))
    return world, id_


def _break(store: Store, fuse: Fuse) -> None:
    """Have every write go through the fuse."""
    vars(store)["put"] = fuse


def _debit(tx: Tx) -> None:
    own = tx.platform
    transfers.make(tx, amount=500, currency="usd", destination=own, description="rent")


def _writes() -> int:
    """How many writes the debit takes when nothing breaks."""
    world, account = _world()
    store, count = world.setup.store, 10_000
    fuse = Fuse(store, count)
    _break(store, fuse)
    with world.transaction(Caller(account)) as tx:
        _debit(tx)
    return count - fuse.left


WRITES = _writes()


def test_the_debit_writes_a_good_deal() -> None:
    assert WRITES > 10


@given(st.integers(0, WRITES - 1))
def test_a_fault_at_any_write_leaves_no_trace(number: int) -> None:
    world, account = _world()
    store = world.setup.store
    before = snapshot(store)
    _break(store, Fuse(store, number))

    with pytest.raises(Broken), world.transaction(Caller(account)) as tx:
        _debit(tx)

    assert snapshot(store) == before
    vars(store).pop("put")
    assert world.audit() == []


def test_what_does_not_break_stays() -> None:
    world, account = _world()
    before = snapshot(world.setup.store)

    with world.transaction(Caller(account)) as tx:
        _debit(tx)

    assert snapshot(world.setup.store) != before
    assert world.audit() == []
