"""Bringing one delivery to its address: over HTTP, or into a mailbox of this process."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import orjson

from emulator.contract import versions
from emulator.contract.versions import Version
from emulator.kernel.clock import machine_seconds, stopwatch
from emulator.kit import Setup, outbox
from emulator.webhooks.signing import headers
from emulator.world import World, neighbours

if TYPE_CHECKING:
    import httpx2

_TIMEOUT_SECONDS: Final = 30
_AT_ONCE: Final = 4
_SHOWN_BODY: Final = 2_000
_REMEMBERED: Final = 500
# The version since which events of connected accounts name a context.
_CONTEXT: Final = "2025-04-30"
_ACCOUNT: Final = "2017-05-25"

Delivery = dict[str, Any]


class Posting:
    """A client for every world, a few deliveries at once to each address, and a memory of what was
    sent lately.
    """

    def __init__(self) -> None:
        self._client: httpx2.AsyncClient | None = None
        # Receivers in tests are small servers: a few deliveries at once to each are enough.
        self._doors: dict[str, asyncio.Semaphore] = {}
        self._sent: deque[tuple[Setup, str, int, Delivery]] = deque(maxlen=_REMEMBERED)

    async def close(self) -> None:
        if self._client:
            await self._client.aclose()

    async def post(self, listener: Delivery, body: bytes) -> Delivery:
        """One try: any 2xx is success; a redirect is not followed and counts as failure."""
        door = self._doors.setdefault(listener["url"], asyncio.Semaphore(_AT_ONCE))
        async with door:
            return await self._post(listener, body)

    def remember(self, setup: Setup, delivery: Delivery, listener: Delivery, body: bytes) -> None:
        """Keep a request for the log, until so many later ones were sent."""
        signed = headers(body, listener["secret"], int(machine_seconds()))
        request = {"url": listener["url"], "headers": signed, "body": body.decode()}
        self._sent.append((setup, delivery["id"], len(delivery["attempts"]), request))

    def remembered(self, setup: Setup, delivery: str) -> dict[int, Delivery]:
        """The requests of a delivery that are remembered, by the number of the try from 0."""
        return {
            number: request
            for of, id_, number, request in self._sent
            if of is setup and id_ == delivery
        }

    async def _post(self, listener: Delivery, body: bytes) -> Delivery:
        began = stopwatch()
        signed = headers(body, listener["secret"], int(machine_seconds()))
        try:
            answer = await self._connection().post(listener["url"], content=body, headers=signed)
            ok = 200 <= answer.status_code < 300
            seen = {"status": answer.status_code, "body": answer.text[:_SHOWN_BODY], "error": None}
        except Exception as problem:  # noqa: BLE001 - whatever is raised, the try has failed
            ok = False
            seen = {"status": None, "body": "", "error": f"{type(problem).__name__}: {problem}"}
        return {"ok": ok, **seen, "milliseconds": round((stopwatch() - began) * 1000)}

    def _connection(self) -> httpx2.AsyncClient:
        if self._client is None:
            import httpx2  # noqa: PLC0415 - a heavy import, and most runs deliver nothing

            self._client = httpx2.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False)
        return self._client


def payload(world: World, event: Delivery, listener: Delivery) -> bytes:
    """The event as this endpoint reads it: its version, and `account` when it comes from another
    one; of a thin event, what happened to what: the rest is fetched.
    """
    if listener["thin"]:
        told = {name: value for name, value in event.items() if name not in {"changes", "data"}}
        return orjson.dumps(told)
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
            event = _of_another(event, tx.account, version)
    return orjson.dumps(event, option=orjson.OPT_INDENT_2)


def _of_another(event: Delivery, account: str, version: Version) -> Delivery:
    """The event of a connected account, which says so, under another name before 2017-05-25; with
    a `context` to ask in since 2025-04-30 (documented).
    """
    name = "user_id" if version.before(_ACCOUNT) else "account"
    head = {"id": event["id"], "object": event["object"], name: account}
    head["api_version"] = event["api_version"]
    if not version.before(_CONTEXT):
        head["context"] = account
    return head | {name: value for name, value in event.items() if name not in head}
