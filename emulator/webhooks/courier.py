"""The courier: takes waiting deliveries out of each world and brings them to their endpoints.

A delivery that fails is tried again on the world's clock: its next try is a job on the agenda,
which puts it back among the waiting ones. What is under way when a world is reset or restored
finds another ground under it and writes nothing there.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final, NamedTuple

import orjson

from emulator.kit import Setup, outbox
from emulator.resources.events.event_destinations import EVENT_DESTINATIONS
from emulator.resources.events.webhook_endpoints import WEBHOOK_ENDPOINTS
from emulator.webhooks import delivering, mailbox
from emulator.webhooks.delivering import Fate
from emulator.webhooks.lines import Lines, Sent, corrected
from emulator.webhooks.posting import Posting, payload
from emulator.world import World, Worlds

_FLUSH_SECONDS: Final = 60
# How long a delivery that is to be overtaken waits for the next one, on the world's clock.
_OVERTAKING_SECONDS: Final = 60

Delivery = dict[str, Any]
Task = asyncio.Task[None]


class Trip(NamedTuple):
    """One delivery on its way. setup: the ground of the world when it set out. box: the mailbox it
    is for; None when it goes over the network.
    """

    world: World
    setup: Setup
    delivery: Delivery
    listener: Delivery
    box: str | None

    @property
    def is_stranded(self) -> bool:
        """Whether the world was reset or restored while this was under way."""
        return self.world.setup is not self.setup


class Courier:
    """Sends what waits, in every world, each delivery in a task of its own."""

    def __init__(self, worlds: Worlds) -> None:
        self.posting = Posting()
        self.lines = Lines(self._correct)
        self._worlds = worlds
        self._running: dict[str, set[Task]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        worlds.on_commit = self.send_waiting
        worlds.on_ground = self.take_over

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()

    async def stop(self) -> None:
        for task in [task for tasks in self._running.values() for task in tasks]:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self.posting.close()

    async def flush(self, world: World) -> None:
        """Return when everything that waits in a world has been tried once."""
        self.send_waiting(world)
        while tasks := self._running.get(world.name):
            await asyncio.wait(tasks, timeout=_FLUSH_SECONDS)

    def send_waiting(self, world: World) -> None:
        """Something was announced, or is due again: see to each delivery that waits."""
        setup = world.setup
        for id_ in [*setup.store.ids(outbox.WAITING)]:
            delivery = outbox.delivery(setup, id_)
            if delivery is not None:
                self.send(world, delivery)

    def take_over(self, world: World) -> None:
        """What was under way when the ground on which this world now stands was copied is sent
        again from here.
        """
        setup = world.setup
        self.lines.settle(world)
        under_way = [*setup.store.ids(outbox.UNDER_WAY)]
        with setup.store.transaction():
            for id_ in under_way:
                if delivery := outbox.delivery(setup, id_):
                    outbox.keep_delivery(setup, delivery, outbox.WAITING)
        self.send_waiting(world)

    def send(
        self,
        world: World,
        delivery: Delivery,
        *,
        anyway: bool = False,
        behind: Task | None = None,
    ) -> Task | None:
        """Let a delivery have its fate, or, anyway, go out now; the task that brings it, if there
        is one. behind: what it must not overtake.
        """
        setup = world.setup
        raw = setup.store.raw(outbox.LISTENERS, delivery["endpoint"])
        event = outbox.event(setup, delivery["event"])
        listener = orjson.loads(raw) if raw else None
        if event is None or listener is None or not (listener["enabled"] or anyway):
            self._settle(world, delivery, "dropped")
            return None
        trip = Trip(world, setup, delivery, listener, mailbox.name_of(listener["url"]))
        if self._loop is None and trip.box is None:
            return None  # nobody serves: it waits
        fate = delivering.SEND
        if not anyway:
            fate = delivering.fate(world, delivery, event, listener["url"])
        if fate.word in {"send", "duplicate"}:
            return self._go(trip, 2 if fate.word == "duplicate" else 1, behind)
        self._keep_from_going(trip, fate)
        return None

    # -- going out --------------------------------------------------------------------------------

    def _go(self, trip: Trip, times: int, behind: Task | None) -> Task | None:
        task = None
        if trip.box is not None:
            for _ in range(times):
                self._drop_in(trip, trip.box)
        else:
            assert self._loop is not None
            with trip.setup.store.transaction():
                outbox.keep_delivery(trip.setup, trip.delivery, outbox.UNDER_WAY)
            task = self._loop.create_task(self._bring(trip, times, behind))
            tasks = self._running.setdefault(trip.world.name, set())
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        self._let_overtaken_follow(trip, task)
        return task

    async def _bring(self, trip: Trip, times: int, behind: Task | None) -> None:
        if behind is not None:
            await asyncio.wait([behind])
        attempt: Delivery = {"ok": False}
        for _ in range(times):
            event = outbox.event(trip.setup, trip.delivery["event"])
            if trip.is_stranded or event is None:
                return
            attempt = await self._try(trip, event)
            if trip.is_stranded:
                return
            trip.delivery["attempts"].append({"at": trip.world.now(), **attempt})
        self._settle(trip.world, trip.delivery, "succeeded" if attempt["ok"] else "failed")

    async def _try(self, trip: Trip, event: Delivery) -> Delivery:
        setup, delivery, listener = trip.setup, trip.delivery, trip.listener
        body = payload(trip.world, event, listener)
        self.posting.remember(setup, delivery, listener, body)
        if outbox.is_line(listener["id"]):
            return await self.lines.send(trip.world, setup, delivery, listener)
        return await self.posting.post(listener, body)

    def _drop_in(self, trip: Trip, name: str, status: int | None = None) -> None:
        """A delivery into a mailbox of this process, which takes no time."""
        world, setup, delivery = trip.world, trip.setup, trip.delivery
        event, entry = outbox.event(setup, delivery["event"]), setup.store.entry(delivery["event"])
        assert event is not None
        assert entry is not None
        body = payload(world, event, trip.listener)
        letter = {
            "event": delivery["event"],
            "type": event["type"],
            "account": entry[2],
            "endpoint": delivery["endpoint"],
            "at": world.now(),
            "body": body.decode(),
        }
        self.posting.remember(setup, delivery, trip.listener, body)
        status = mailbox.take(setup, name, letter, status)
        self._answered(trip, status)

    # -- not going out ----------------------------------------------------------------------------

    def _keep_from_going(self, trip: Trip, fate: Fate) -> None:
        world, delivery, word = trip.world, trip.delivery, fate.word
        if word == delivering.HOLD:
            delivery["status"] = "held"
            with trip.setup.store.transaction():
                outbox.keep_delivery(trip.setup, delivery, outbox.HELD)
        elif word == "reorder":
            delivery.update(status="held", overtaken=True, passed=True)
            self._later(world, delivery, _OVERTAKING_SECONDS)
        elif word == "delay":
            delivery.update(status="delayed", passed=True)
            self._later(world, delivery, fate.number)
        elif word == "drop":
            self._note(world, delivery, error="lost on the way, as was asked for")
            self._settle(world, delivery, "dropped")
        elif word == "timeout":
            self._note(world, delivery, error="no answer in time, as was asked for")
            self._settle(world, delivery, "failed")
        elif trip.box is not None:
            self._drop_in(trip, trip.box, fate.number)
        else:
            self._answered(trip, fate.number)

    def _answered(self, trip: Trip, status: int) -> None:
        """Something answered without a network being asked."""
        ok = 200 <= status < 300
        self._note(trip.world, trip.delivery, ok=ok, status=status)
        self._settle(trip.world, trip.delivery, "succeeded" if ok else "failed")

    def _let_overtaken_follow(self, trip: Trip, first: Task | None) -> None:
        """What was to be overtaken by this delivery goes out behind it."""
        setup, delivery = trip.setup, trip.delivery
        if delivery.get("overtaken") or not setup.store.size(delivering.TABLE):
            return
        for id_ in [*setup.store.ids(outbox.HELD)]:
            held = outbox.delivery(setup, id_)
            if held and held.get("overtaken") and held["endpoint"] == delivery["endpoint"]:
                self.send(trip.world, held, anyway=True, behind=first)

    # -- writing down -----------------------------------------------------------------------------

    def _note(
        self,
        world: World,
        delivery: Delivery,
        *,
        ok: bool = False,
        status: int | None = None,
        error: str | None = None,
    ) -> None:
        """A try that needed no network."""
        seen = {"ok": ok, "status": status, "body": "", "error": error, "milliseconds": 0}
        delivery["attempts"].append({"at": world.now(), **seen})

    def _settle(self, world: World, delivery: Delivery, outcome: str) -> None:
        """Write down how a try ended; a failed one gets its next try, if there is one left."""
        for passing in ("passed", "overtaken"):
            delivery.pop(passing, None)
        pauses = delivering.retries(world.setup, delivery["endpoint"])
        failed = sum(1 for attempt in delivery["attempts"] if not attempt["ok"])
        if outcome == "failed" and failed <= len(pauses):
            delivery["status"] = "retrying"
            self._later(world, delivery, pauses[failed - 1])
            return
        delivery["status"] = outcome
        with world.setup.store.transaction():
            outbox.keep_delivery(world.setup, delivery)

    def _correct(self, sent: Sent, answer: Delivery) -> None:
        """An application has answered what its line had said it has."""
        delivery = outbox.delivery(sent.setup, sent.delivery)
        if delivery is None or delivery["status"] not in {"succeeded", "failed"}:
            return
        attempt = corrected(delivery["attempts"][sent.place], answer)
        delivery["attempts"][sent.place] = attempt
        delivery["status"] = "succeeded" if attempt["ok"] else "failed"
        with sent.setup.store.transaction():
            outbox.keep_delivery(sent.setup, delivery)

    def _later(self, world: World, delivery: Delivery, seconds: int) -> None:
        """Put a delivery on the agenda; the one that is to be overtaken stays among the held."""
        endpoint = delivery["endpoint"]
        with world.transaction(world.caller()) as tx:
            place = outbox.HELD if delivery["status"] == "held" else None
            outbox.keep_delivery(world.setup, delivery, place)
            owner = tx.on(tx.owner(endpoint) or tx.account)
            when = world.now() + seconds
            v1 = endpoint.startswith(WEBHOOK_ENDPOINTS.prefix)
            resource = WEBHOOK_ENDPOINTS if v1 else EVENT_DESTINATIONS
            owner.later(when, resource, "try_again", endpoint, delivery=delivery["id"])
