"""A delivery that is under way when its world is reset, restored or copied."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from emulator.kit import outbox
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.events.webhook_endpoints import create
from emulator.web.app import Application
from emulator.world import World

_ANSWERED = {"ok": True, "status": 200, "body": "", "error": None, "milliseconds": 1}


class _Slow:
    """A receiver that answers when it is told to. arrived: how many deliveries it has seen."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.arrived = 0

    async def post(self, _listener: Any, _body: bytes) -> Any:
        self.arrived += 1
        await self.may_answer.wait()
        return dict(_ANSWERED)


def _statuses(world: World) -> list[str]:
    setup = world.setup
    found = [outbox.delivery(setup, id_) for id_ in setup.store.ids(outbox.DELIVERIES)]
    return [each["status"] for each in found if each]


def _customer(world: World) -> None:
    with world.transaction(world.caller()) as tx:
        tx.save(CUSTOMERS, tx.new(CUSTOMERS), event="customer.created")


async def _listen(app: Application, world: World) -> _Slow:
    slow = _Slow()
    posting: Any = app.control.courier.posting
    posting.post = slow.post
    await app.control.courier.start()
    with world.transaction(world.caller()) as tx:
        create(tx, {"url": "http://slow.test", "enabled_events": ["*"]})
    return slow


Deed = Callable[[Application, World], Awaitable[Any]]


async def _reset(app: Application, world: World) -> None:
    await app.control.keeper.reset(world, {})


async def _restore(app: Application, world: World) -> None:
    await app.control.keeper.restore(world, {"snapshot": "before"})


@pytest.mark.parametrize(("deed", "left"), [(_reset, []), (_restore, ["succeeded"])])
def test_it_writes_nothing_into_what_the_world_is_now(
    app: Application, world: World, deed: Deed, left: list[str]
):
    async def play() -> None:
        slow = await _listen(app, world)
        slow.may_answer.set()
        _customer(world)
        await app.control.courier.flush(world)
        await app.control.keeper.snapshot(world, {"name": "before"})
        slow.may_answer.clear()
        _customer(world)
        await asyncio.sleep(0.01)
        assert _statuses(world) == ["succeeded", "pending"]

        await deed(app, world)
        before = world.setup.store.content()
        slow.may_answer.set()
        await app.control.courier.flush(world)
        assert _statuses(world) == left
        assert world.setup.store.content() == before
        await app.control.courier.stop()

    asyncio.run(play())


def test_a_copy_sends_again_what_was_under_way(app: Application, world: World):
    async def play() -> None:
        slow = await _listen(app, world)
        _customer(world)
        await asyncio.sleep(0.01)
        await app.control.keeper.fork(world, {"name": "branch"})
        await asyncio.sleep(0.01)
        assert slow.arrived == 2
        slow.may_answer.set()
        branch = app.worlds.get("branch")
        for each in (world, branch):
            await app.control.courier.flush(each)
            assert _statuses(each) == ["succeeded"]
        await app.control.courier.stop()

    asyncio.run(play())
