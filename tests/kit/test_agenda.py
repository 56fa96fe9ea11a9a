"""What is still to happen: in order, each in a transaction of its own, never in the way of the
rest.
"""

from __future__ import annotations

import logging
from typing import Any

import pytest

from emulator.kit import Doc, Tx, agenda
from emulator.resources.customers.customers import CUSTOMERS
from emulator.store import Store
from emulator.world import Profile, World
from tests.talking import NOW


@pytest.fixture
def world() -> World:
    return World("main", Profile(start=NOW, frozen=True))


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Jobs of customers that write down when they ran and what with."""
    found: list[Any] = []

    def call(tx: Tx, doc: Doc, word: str | None = None) -> None:
        found.append((tx.now - NOW, word))

    def stumble(tx: Tx, doc: Doc) -> None:
        tx.save(CUSTOMERS, {**tx.get(CUSTOMERS, doc["id"]), "name": "half"})
        raise ZeroDivisionError

    def again(tx: Tx, doc: Doc) -> None:
        found.append(tx.now - NOW)
        tx.later(tx.now + 10, CUSTOMERS, "again", doc["id"])

    for job in (call, stumble, again):
        monkeypatch.setitem(CUSTOMERS.jobs, job.__name__, job)
    return found


def _customer(world: World) -> str:
    with world.transaction(world.caller()) as tx:
        return str(tx.save(CUSTOMERS, tx.new(CUSTOMERS))["id"])


def _later(world: World, seconds: int, job: str, subject: str, **more: Any) -> None:
    with world.transaction(world.caller()) as tx:
        tx.later(NOW + seconds, CUSTOMERS, job, subject, **more)


def test_jobs_run_in_the_order_of_their_instants(world: World, done: list[Any]):
    customer = _customer(world)
    for seconds in (30, 10, 20):
        _later(world, seconds, "call", customer, word=str(seconds))
    ran = world.advance_to(NOW + 25)
    assert done == [(10, "10"), (20, "20")]
    assert [(due.when - NOW, due.job, due.subject) for due in ran] == [
        (10, "call", customer),
        (20, "call", customer),
    ]
    assert world.now() == NOW + 25
    world.advance_to(NOW + 30)
    assert done[-1] == (30, "30")


def test_jobs_of_one_instant_run_in_the_order_they_were_added(world: World, done: list[Any]):
    customer = _customer(world)
    for word in "cab":
        _later(world, 10, "call", customer, word=word)
    world.advance_to(NOW + 10)
    assert [word for _, word in done] == ["c", "a", "b"]


def test_a_job_is_due_at_its_instant_and_not_before(world: World, done: list[Any]):
    _later(world, 10, "call", _customer(world))
    assert world.advance_to(NOW + 9) == []
    assert len(world.advance_to(NOW + 10)) == 1
    assert world.advance_to(NOW + 11) == []


def test_what_should_have_happened_already_happens_at_once(world: World, done: list[Any]):
    _later(world, -50, "call", _customer(world))
    assert len(world.catch_up()) == 1
    assert done == [(0, None)]


def test_a_job_may_put_itself_on_the_agenda_again(world: World, done: list[Any]):
    _later(world, 10, "again", _customer(world))
    world.advance_to(NOW + 35)
    assert done == [10, 20, 30]


def test_a_job_whose_object_is_gone_is_struck_off(world: World, done: list[Any]):
    _later(world, 10, "call", "cus_gone")
    assert len(world.advance_to(NOW + 10)) == 1
    assert done == []


def test_a_job_that_fails_leaves_nothing_and_the_next_ones_run(
    world: World, done: list[Any], caplog: pytest.LogCaptureFixture
):
    customer = _customer(world)
    _later(world, 10, "stumble", customer)
    _later(world, 10, "call", customer)
    with caplog.at_level(logging.ERROR):
        world.advance_to(NOW + 10)
    assert done == [(10, None)]
    assert "job customer.stumble failed" in caplog.text
    with world.transaction(world.caller()) as tx:
        assert tx.get(CUSTOMERS, customer)["name"] is None
    assert agenda.upcoming(world.setup.store) == []


def test_a_refused_transaction_takes_its_jobs_with_it(world: World, done: list[Any]):
    customer = _customer(world)
    with pytest.raises(ZeroDivisionError), world.transaction(world.caller()) as tx:
        tx.later(NOW + 10, CUSTOMERS, "call", customer)
        raise ZeroDivisionError
    assert world.advance_to(NOW + 10) == []


def test_an_unknown_job_is_our_mistake(world: World):
    with pytest.raises(AssertionError, match="no job fly"):
        _later(world, 10, "fly", "cus_1")


def test_the_agenda_tells_the_next_ones_first():
    store = Store()
    for when in (300, 100, 200):
        agenda.add(store, when, "customer", "call", "cus_1", "acct_1", {})
    assert [due.when for due in agenda.upcoming(store, 2)] == [100, 200]
    first = agenda.next_due(store)
    assert first is not None
    agenda.strike(store, first)
    assert agenda.next_due(store, until=199) is None
    assert [due.when for due in agenda.upcoming(store)] == [200, 300]
