"""Tx and its parts: ids, states, what is announced, who hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.kernel.errors import Refusal, requests
from emulator.kit import Lifecycle, Resource, Tx, outbox
from emulator.resources.customers.customers import CUSTOMERS
from emulator.world import Profile, World
from tests.talking import NOW

LIFE = Lifecycle(
    "new", {("new", "paid"): "payout.paid", ("new", "lost"): None, ("paid", "lost"): None}
)
THINGS = Resource("payout", prefix="po", lifecycle=LIFE)


@pytest.fixture
def world() -> World:
    return World("main", Profile(start=NOW, frozen=True))


def _events(world: World) -> list[Any]:
    with world.transaction(world.caller()) as tx:
        return [event["type"] for event in tx.all(Resource("event", prefix="evt"))]


# -- states ----------------------------------------------------------------------------------------


def test_a_lifecycle_knows_its_steps():
    assert LIFE.allows("new", "paid")
    assert not LIFE.allows("paid", "new")
    assert LIFE.announces("new", "paid") == "payout.paid"
    assert LIFE.announces("new", "lost") is None
    assert LIFE.sources("lost") == ["new", "paid"]


def test_a_step_that_is_not_there_is_our_mistake():
    with pytest.raises(AssertionError, match="no step paid -> new"):
        LIFE.announces("paid", "new")


def test_a_step_moves_and_announces(world: World):
    with world.transaction(world.caller()) as tx:
        doc = tx.save(THINGS, tx.new(THINGS, status="new"))
        assert THINGS.allows(doc, "paid")
        assert tx.step(THINGS, doc, "paid")["status"] == "paid"
    assert _events(world) == ["payout.paid"]


# -- what is told after what ----------------------------------------------------------------------


def test_an_event_waits_until_another_is_told(world: World):
    with world.transaction(world.caller()) as tx:
        first, last = tx.new(THINGS, status="new"), tx.new(CUSTOMERS)
        tx.behind(last["id"]).save(CUSTOMERS, tx.new(CUSTOMERS), event="customer.updated")
        tx.behind(first["id"]).save(CUSTOMERS, last, event="customer.created")
        tx.step(THINGS, first, "paid")
        tx.delete(CUSTOMERS, last, event="customer.deleted")
    told = ["customer.deleted", "customer.updated", "customer.created", "payout.paid"]
    assert _events(world) == told


def test_what_waits_in_vain_is_told_at_the_end_as_it_was_then(world: World):
    with world.transaction(world.caller()) as tx:
        doc = tx.behind("po_never").save(CUSTOMERS, tx.new(CUSTOMERS), event="customer.created")
        doc = tx.save(CUSTOMERS, doc | {"name": "Ada"})
    with world.transaction(world.caller()) as tx:
        (event,) = tx.all(Resource("event", prefix="evt"))
    assert (event["type"], event["data"]["object"]["name"]) == ("customer.created", None)


def test_what_waits_in_a_rehearsal_is_never_told(world: World):
    with world.transaction(world.caller()) as tx:
        behind = tx.behind("po_never")
        behind.save(CUSTOMERS, tx.new(CUSTOMERS), event="customer.created")
        with tx.rehearsal():
            behind.save(CUSTOMERS, tx.new(CUSTOMERS), event="customer.deleted")
    assert _events(world) == ["customer.created"]


# -- all or nothing --------------------------------------------------------------------------------


def _attempt(world: World, refusal: Refusal) -> None:
    with pytest.raises(Refusal), world.transaction(world.caller()) as tx:
        tx.save(CUSTOMERS, tx.new(CUSTOMERS), event="customer.created")
        raise refusal


def test_a_refusal_drops_everything_and_its_ids(world: World):
    _attempt(world, requests.bad_json())
    assert _events(world) == []
    with world.transaction(world.caller()) as tx:
        fresh = tx.new(CUSTOMERS)["id"]
    with World("main", Profile(start=NOW, frozen=True)).transaction(world.caller()) as other:
        assert other.new(CUSTOMERS)["id"] == fresh


def test_a_refusal_that_keeps_keeps(world: World):
    refusal = requests.bad_json()
    refusal.keep = True
    _attempt(world, refusal)
    assert _events(world) == ["customer.created"]


def test_a_commit_is_told_of_only_when_somebody_is_to_hear_of_it(world: World):
    told: list[World] = []
    world.on_commit = told.append
    _listens(world, "we_1", world.setup.platform, ["customer.updated"])
    with world.transaction(world.caller()) as tx:
        doc = tx.save(CUSTOMERS, tx.new(CUSTOMERS), event="customer.created")
    assert told == []
    with world.transaction(world.caller()) as tx:
        tx.save(CUSTOMERS, doc, event="customer.updated")
    assert told == [world]


# -- ids -------------------------------------------------------------------------------------------


def test_an_objects_id_carries_its_account(world: World):
    with world.transaction(world.caller()) as tx:
        id_ = tx.new_id("po")
        assert (len(id_), id_[:4]) == (27, "po_1")
        assert tx.account[-10:] in id_
        assert tx.account[-10:] not in tx.new_id("cus", 14, dated=False)


def test_ids_of_one_payment_are_kin(world: World):
    with world.transaction(world.caller()) as tx:
        first = tx.first_id("pi")
        kin = tx.kin_id("ch", first)
        assert first.startswith("pi_3")
        assert kin[3:20] == first[3:20]
        assert kin[20:] != first[20:]
        assert len(kin) == len(first)
        assert tx.kin_id("re", "cus_123").startswith("re_1")


def test_counts_of_one_prefix_do_not_move_another(world: World):
    with world.transaction(world.caller()) as tx:
        plain = tx.new_id("po")
    with World("main", Profile(start=NOW, frozen=True)).transaction(world.caller()) as tx:
        tx.new_id("evt")
        assert tx.new_id("po") == plain


# -- who hears -------------------------------------------------------------------------------------


@pytest.fixture
def connected(world: World) -> str:
    return world.setup.platform[:-4] + "0000"


def _heard(tx: Tx, type_: str) -> list[str]:
    return [listener["id"] for listener in outbox.listeners(tx.setup, type_, tx.account)]


def _listens(
    world: World, id_: str, account: str, events: list[str], *, connect: bool = False
) -> None:
    outbox.listen(
        world.setup,
        {
            "id": id_,
            "account": account,
            "api_version": None,
            "enabled_events": events,
            "from": ["other_accounts" if connect else "self"],
            "thin": False,
            "enabled": True,
        },
    )


def test_an_endpoint_hears_its_own_account_or_the_connected_ones(world: World, connected: str):
    platform = world.setup.platform
    _listens(world, "own", platform, ["customer.created"])
    _listens(world, "all", platform, ["*"])
    _listens(world, "connect", platform, ["*"], connect=True)
    _listens(world, "theirs", connected, ["*"])
    with world.transaction(world.caller()) as tx:
        assert _heard(tx, "customer.created") == ["own", "all"]
        assert _heard(tx, "customer.updated") == ["all"]
        assert _heard(tx.on(connected), "customer.created") == ["connect", "theirs"]


def test_what_waits_is_dropped_when_its_endpoint_goes(world: World):
    _listens(world, "we_1", world.setup.platform, ["*"])
    with world.transaction(world.caller()) as tx:
        tx.save(CUSTOMERS, tx.new(CUSTOMERS), event="customer.created")
        (event,) = tx.told
    assert outbox.unfinished(world.setup, event) == 1
    with world.transaction(world.caller()):
        outbox.stop_listening(world.setup, "we_1")
    assert outbox.unfinished(world.setup, event) == 0
    assert world.setup.store.ids(outbox.WAITING) == ()
