"""The courier: takes waiting deliveries out of each world and brings them to their endpoints.

A delivery that fails is tried again on the world's clock: its next try is a job on the agenda,
which puts it back among the waiting ones. Retry times follow test mode: three tries over a few
hours.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import orjson

from emulator.contract import versions
from emulator.kernel.clock import machine_seconds, stopwatch
from emulator.kit import outbox
from emulator.resources.event_destinations import EVENT_DESTINATIONS
from emulator.resources.webhook_endpoints import WEBHOOK_ENDPOINTS
from emulator.webhooks.signing import signature
from emulator.world import World, Worlds, neighbours

if TYPE_CHECKING:
    import httpx2

_LOG: Final = logging.getLogger("emulator.webhooks")
_TIMEOUT_SECONDS: Final = 30
_FLUSH_SECONDS: Final = 60
_AT_ONCE: Final = 4
RETRY_SECONDS: Final = (3600, 3 * 3600)
_SHOWN_BODY: Final = 2_000

Delivery = dict[str, Any]


class Courier:
    """Sends what waits, in every world, each delivery in a task of its own."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._client: httpx2.AsyncClient | None = None
        self._running: dict[str, set[asyncio.Task[None]]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        # Receivers in tests are small servers: a few deliveries at once to each are enough.
        self._doors: dict[str, asyncio.Semaphore] = {}
        worlds.on_commit = self._committed

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()

    async def stop(self) -> None:
        for task in [task for tasks in self._running.values() for task in tasks]:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self._client:
            await self._client.aclose()

    async def flush(self, world: World) -> None:
        """Return when everything that waits in a world has been tried once."""
        self._committed(world)
        while tasks := self._running.get(world.name):
            await asyncio.wait(tasks, timeout=_FLUSH_SECONDS)

    def log(self, world: World, limit: int = 100) -> list[Delivery]:
        """The newest deliveries of a world, each with its attempts."""
        store = world.setup.store
        ids = store.ids(f"{outbox.DELIVERIES}")[-limit:]
        return [found for id_ in reversed(ids) if (found := outbox.delivery(world.setup, id_))]

    # -- inside -----------------------------------------------------------------------------------

    def _committed(self, world: World) -> None:
        """Something was announced: start a task for each delivery that waits."""
        waiting = world.setup.store.ids(outbox.WAITING)
        if not waiting or self._loop is None:
            return
        tasks = self._running.setdefault(world.name, set())
        for id_ in [*waiting]:
            delivery = outbox.delivery(world.setup, id_)
            assert delivery is not None
            with world.setup.store.transaction():
                outbox.keep_delivery(world.setup, delivery, waiting=False)
            task = self._loop.create_task(self._bring(world, delivery))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    async def _bring(self, world: World, delivery: Delivery) -> None:
        setup = world.setup
        raw = setup.store.raw(outbox.LISTENERS, delivery["endpoint"])
        event = outbox.event(setup, delivery["event"])
        listener = orjson.loads(raw) if raw else None
        if event is None or listener is None or not listener["enabled"]:
            self._settle(world, delivery, "dropped")
            return
        body = _notification(event) if listener["thin"] else _payload(world, event, listener)
        door = self._doors.setdefault(listener["url"], asyncio.Semaphore(_AT_ONCE))
        async with door:
            attempt = await self._try(listener, body)
        if world.setup is not setup:
            return  # the world was reset while this was under way
        delivery["attempts"].append({"at": world.now(), **attempt})
        self._settle(world, delivery, "succeeded" if attempt["ok"] else "failed")

    async def _try(self, listener: Delivery, body: bytes) -> Delivery:
        """One try: any 2xx is success; a redirect is not followed and counts as failure."""
        began = stopwatch()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Accept": "*/*; q=0.5, application/xml",
            "Cache-Control": "no-cache",
            "Stripe-Signature": signature(body, listener["secret"], int(machine_seconds())),
        }
        try:
            client = self._connection()
            answer = await client.post(listener["url"], content=body, headers=headers)
            ok = 200 <= answer.status_code < 300
            seen = {"status": answer.status_code, "body": answer.text[:_SHOWN_BODY], "error": None}
        except Exception as problem:  # noqa: BLE001 - whatever is raised, the try has failed
            ok = False
            seen = {"status": None, "body": "", "error": f"{type(problem).__name__}: {problem}"}
        return {"ok": ok, **seen, "milliseconds": round((stopwatch() - began) * 1000)}

    def _settle(self, world: World, delivery: Delivery, outcome: str) -> None:
        """Write down how a try ended; a failed one gets its next try, if there is one left."""
        tried = len(delivery["attempts"])
        retry = outcome == "failed" and tried <= len(RETRY_SECONDS)
        delivery["status"] = "retrying" if retry else outcome
        with world.transaction(world.caller()) as tx:
            outbox.keep_delivery(world.setup, delivery, waiting=False)
            if retry:
                when = world.now() + RETRY_SECONDS[tried - 1]
                endpoint, id_ = delivery["endpoint"], delivery["id"]
                owner = tx.on(tx.owner(endpoint) or tx.account)
                v1 = endpoint.startswith(WEBHOOK_ENDPOINTS.prefix)
                resource = WEBHOOK_ENDPOINTS if v1 else EVENT_DESTINATIONS
                owner.later(when, resource, "try_again", endpoint, delivery=id_)

    def _connection(self) -> httpx2.AsyncClient:
        if self._client is None:
            import httpx2  # noqa: PLC0415 - a heavy import, and most runs deliver nothing

            self._client = httpx2.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False)
        return self._client


def _payload(world: World, event: Delivery, listener: Delivery) -> bytes:
    """The event as this endpoint reads it: its version, and `account` when it comes from another
    one.
    """
    entry = world.setup.store.entry(event["id"])
    assert entry is not None
    with world.transaction(world.caller(entry[2])) as tx:
        version = versions.parse(listener["api_version"] or world.setup.settings["version"])
        event["api_version"] = version.text
        event["pending_webhooks"] = outbox.unfinished(world.setup, event["id"])
        render = versions.renderer(version, tx.now)
        if render is not None:
            event = render(event, neighbours(tx))
        if entry[2] != listener["account"]:
            event = _with_account(event, tx.account)
    return orjson.dumps(event, option=orjson.OPT_INDENT_2)


def _notification(event: Delivery) -> bytes:
    """A thin event as it is sent: what happened to what; the rest is fetched."""
    told = {name: value for name, value in event.items() if name not in {"changes", "data"}}
    return orjson.dumps(told)


def _with_account(event: Delivery, account: str) -> Delivery:
    head = {"id": event["id"], "object": event["object"], "account": account}
    return head | {name: value for name, value in event.items() if name not in head}
