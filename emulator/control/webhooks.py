"""Webhooks under control: hold them, let them go, lose or repeat some, wait for one."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import orjson

from emulator.control.calls import Found, Params, Schema
from emulator.kernel import ids
from emulator.kernel.clock import stopwatch
from emulator.kernel.errors import webhooks as refusals
from emulator.kernel.instants import DAY
from emulator.kit import outbox
from emulator.webhooks import Courier, delivering, feed, mailbox
from emulator.webhooks.posting import payload
from emulator.world import World

_POLL_SECONDS: Final = 0.01
_USUAL_WAIT: Final = 5
_LONGEST_WAIT: Final = 120
_MOST: Final = 1000


_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": 255}
_EVENT: Final = {**_TEXT, "description": "the id of an event (evt_…)"}
_ENDPOINT: Final = {**_TEXT, "description": "the id of a webhook endpoint (we_…)"}
_ACCOUNT: Final = {**_TEXT, "description": "the id of an account (acct_…)"}
_TYPE: Final = {**_TEXT, "description": "an event type such as payout.failed, or payout.*"}
_LIMIT: Final = {
    "type": "integer",
    "minimum": 1,
    "maximum": _MOST,
    "description": f"a whole number from 1 to {_MOST}",
}
_SECONDS: Final = {
    "type": "number",
    "minimum": 0,
    "maximum": _LONGEST_WAIT,
    "description": f"seconds of the machine's time, at most {_LONGEST_WAIT}",
}
_SHARE: Final = {
    "oneOf": [
        {"type": "null"},
        {"type": "number", "minimum": 0, "maximum": 1},
        {
            "type": "object",
            "properties": {"next": {"type": "integer", "minimum": 1, "maximum": 1_000_000}},
            "required": ["next"],
            "additionalProperties": False,
        },
    ],
    "description": 'a share from 0 to 1, {"next": how many}, or null',
}

CHANGE: Final[Schema] = {
    "endpoint": _ENDPOINT,
    "mode": {
        "enum": [delivering.AT_ONCE, delivering.HOLD, None],
        "description": "at_once or hold",
    },
    "schedule": {"enum": [*delivering.SCHEDULES, None], "description": "test, live or null"},
    **dict.fromkeys(delivering.CHAOS, _SHARE),
    "delay_by": {
        "type": ["integer", "null"],
        "minimum": 0,
        "maximum": 30 * DAY,
        "description": "whole seconds of the world's time, at most 30 days",
    },
}
DELIVER: Final[Schema] = {
    "type": _TYPE,
    "account": _ACCOUNT,
    "endpoint": _ENDPOINT,
    "event": _EVENT,
    "limit": _LIMIT,
    "order": {
        "enum": ["oldest", "newest", "shuffled"],
        "description": "oldest, newest or shuffled",
    },
    "times": {"type": "integer", "minimum": 1, "maximum": 10, "description": "1 to 10"},
}
RESEND: Final[Schema] = {"event": _EVENT, "endpoint": _ENDPOINT}
WAIT: Final[Schema] = {
    "type": _TYPE,
    "account": _ACCOUNT,
    "endpoint": _ENDPOINT,
    "timeout": _SECONDS,
    "after": {**_TEXT, "description": "the id of an event, of which only later ones count"},
}
FOLLOW: Final[Schema] = {
    "type": _TYPE,
    "account": _ACCOUNT,
    "after": {"type": "integer", "minimum": 0, "description": "a `cursor` of an earlier answer"},
    "wait": _SECONDS,
    "limit": _LIMIT,
}
LOG: Final[Schema] = {
    "endpoint": _ENDPOINT,
    "event": _EVENT,
    "type": _TYPE,
    "status": {
        "enum": ["pending", "held", "delayed", "retrying", "succeeded", "failed", "dropped"],
        "description": "a status such as held, retrying, succeeded, failed or dropped",
    },
    "limit": _LIMIT,
}
ANSWER: Final[Schema] = {
    "status": {
        "type": "integer",
        "minimum": 200,
        "maximum": 599,
        "description": "an HTTP status from 200 to 599",
    },
    "times": {"type": "integer", "minimum": 1, "description": "a whole number from 1"},
}


class Webhooks:
    """What the control API does with the webhooks of a world."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier

    async def show(self, world: World, _params: Params) -> Found:
        """GET /webhooks: how the world delivers, its endpoints, and what is held."""
        setup = world.setup
        rows = [orjson.loads(raw) for raw in setup.store.table(outbox.LISTENERS).values()]
        held = [outbox.delivery(setup, id_) for id_ in setup.store.ids(outbox.HELD)]
        return {
            "world": _choice(world, delivering.WORLD),
            "endpoints": [
                {
                    **{name: value for name, value in row.items() if name != "secret"},
                    **_choice(world, row["id"]),
                    "held": sum(1 for each in held if each and each["endpoint"] == row["id"]),
                }
                for row in rows
            ],
            "held": len(held),
            "mailboxes": mailbox.names(setup),
        }

    async def change(self, world: World, params: Params) -> Found:
        """POST /webhooks: how the world, or one endpoint, delivers from now on. What was held goes
        out when the mode is at_once again.
        """
        changes = dict(params)
        scope = changes.pop("endpoint", delivering.WORLD)
        if scope != delivering.WORLD:
            _listener(world, scope)
        with world.setup.store.transaction():
            delivering.choose(world.setup, scope, changes)
        if "mode" in changes and changes["mode"] != delivering.HOLD:
            self._release(world, scope)
        return await self.show(world, {})

    async def deliver(self, world: World, params: Params) -> Found:
        """POST /webhooks/deliver: what is held and fits goes out, one after the other; the log of
        it comes back when all have been tried.
        """
        setup = world.setup
        chosen = [
            delivery
            for id_ in [*setup.store.ids(outbox.HELD)]
            if (delivery := outbox.delivery(setup, id_)) and _fits(world, delivery, params)
        ]
        chosen = _ordered(world, chosen, params.get("order", "oldest"))[
            : params.get("limit", _MOST)
        ]
        for _ in range(params.get("times", 1)):
            await self._send(world, chosen)
        return {"data": [self._shown(world, each["id"]) for each in chosen]}

    async def resend(self, world: World, params: Params) -> Found:
        """POST /webhooks/resend: an event goes out again, to the endpoints that had it or to the
        one that is named, whether that listens to it or not.
        """
        setup, event = world.setup, params["event"]
        if outbox.event(setup, event) is None:
            raise refusals.no_such_event(event)
        if "endpoint" in params:
            listener = _listener(world, params["endpoint"])
            if outbox.delivery(setup, f"{event}.{listener['id']}") is None:
                with setup.store.transaction():
                    outbox.deliver_to(setup, event, listener["id"], world.now())
            places = [f"{event}.{listener['id']}"]
        else:
            places = [*setup.store.ids(f"{outbox.DELIVERIES}/event={event}")]
        if not places:
            raise refusals.nobody_heard(event)
        await self._send(world, [each for id_ in places if (each := outbox.delivery(setup, id_))])
        return {"data": [self._shown(world, id_) for id_ in places]}

    async def wait(self, world: World, params: Params) -> Found:
        """GET or POST /webhooks/wait: the first event of a type that has arrived, as soon as there
        is one; 408 when there is none in time. Where nobody listens, it need only have happened.
        """
        after = params.get("after")
        place = feed.place(world, after) if after else 0
        if place is None:
            raise refusals.no_such_event(str(after))
        if "endpoint" in params:
            _listener(world, params["endpoint"])
        wanted = feed.Wanted(params["type"], params.get("account"), params.get("endpoint"), place)
        timeout = params.get("timeout", _USUAL_WAIT)
        began = stopwatch()
        while True:
            for _, id_ in feed.since(world.setup, wanted):
                delivery = feed.arrived(world.setup, id_, wanted.endpoint)
                if delivery is not None:
                    return {"event": feed.shown(world.setup, id_), "delivery": delivery or None}
            if stopwatch() - began >= timeout:
                seen = feed.told(world.setup, wanted)
                held = len(world.setup.store.ids(outbox.HELD))
                raise refusals.waited_in_vain(wanted.type or "*", timeout, seen, held)
            await asyncio.sleep(_POLL_SECONDS)

    async def follow(self, world: World, params: Params) -> Found:
        """GET /events: what happened after a cursor on every account; with `wait`, as soon as there
        is something. Each with the bytes that a receiver reads, to be signed with `secret`.
        """
        limit = params.get("limit", 100)
        wanted = feed.Wanted(
            params.get("type"), params.get("account"), None, params.get("after", 0)
        )
        began, seen = stopwatch(), -1
        found: list[tuple[int, str]] = []
        while not found:
            if feed.now(world) != seen:
                seen = feed.now(world)
                if seen < wanted.after:
                    wanted = wanted._replace(after=0)  # the world began anew meanwhile
                found = feed.since(world.setup, wanted)[:limit]
            if found or stopwatch() - began >= params.get("wait", 0):
                break
            await asyncio.sleep(_POLL_SECONDS)
        cursor = found[-1][0] if found else max(wanted.after, seen)
        return {
            "cursor": cursor,
            "secret": outbox.listening_secret(world.setup),
            "data": [_followed(world, id_) for _, id_ in found],
        }

    async def log(self, world: World, params: Params) -> Found:
        """GET /deliveries: newest first, each with its attempts, what was sent and what came
        back.
        """
        setup = world.setup
        key = outbox.DELIVERIES
        for name in ("endpoint", "event"):
            if name in params:
                key = f"{outbox.DELIVERIES}/{name}={params[name]}"
        found: list[Found] = []
        for id_ in reversed(setup.store.ids(key)):
            delivery = outbox.delivery(setup, id_)
            if delivery and _fits(world, delivery, params):
                found.append(self._shown(world, id_))
            if len(found) == params.get("limit", 100):
                break
        return {"data": found}

    # -- mailboxes --------------------------------------------------------------------------------

    async def letters(self, world: World, params: Params) -> Found:
        """GET /webhooks/mailbox/{name}: what lies there, oldest first."""
        wanted = params.get("type", "*")
        found = mailbox.letters(world.setup, params["name"])
        return {"data": [each for each in found if feed.fits(each["type"], wanted)]}

    async def answer(self, world: World, params: Params) -> Found:
        """POST /webhooks/mailbox/{name}: what it answers from now on."""
        name, status, times = params["name"], params["status"], params.get("times")
        mailbox.answer_with(world.setup, name, status, times)
        return {"name": name, "status": status, "times": times}

    async def empty(self, world: World, params: Params) -> Found:
        """DELETE /webhooks/mailbox/{name}: throw its letters away."""
        name = params["name"]
        return {"name": name, "deleted": mailbox.empty(world.setup, name)}

    # -- inside -----------------------------------------------------------------------------------

    def _release(self, world: World, scope: str) -> None:
        """Put what was held back among what waits; what is still to be held stays."""
        setup = world.setup
        with setup.store.transaction():
            for id_ in [*setup.store.ids(outbox.HELD)]:
                delivery = outbox.delivery(setup, id_)
                if delivery and scope in {delivering.WORLD, delivery["endpoint"]}:
                    delivery["status"] = "pending"
                    outbox.keep_delivery(setup, delivery, outbox.WAITING)
        self._courier.send_waiting(world)

    async def _send(self, world: World, deliveries: list[Found]) -> None:
        for delivery in deliveries:
            task = self._courier.send(world, delivery, anyway=True)
            if task is not None:
                await asyncio.wait([task])

    def _shown(self, world: World, id_: str) -> Found:
        delivery = outbox.delivery(world.setup, id_) or {}
        requests = self._courier.posting.remembered(world.setup, id_)
        event = outbox.event(world.setup, delivery.get("event", ""))
        attempts = [
            {**attempt, "request": requests.get(number)}
            for number, attempt in enumerate(delivery.get("attempts", ()))
        ]
        return {
            **delivery,
            "type": event["type"] if event else None,
            "attempts": attempts,
        }


def _choice(world: World, scope: str) -> Found:
    usual = {"mode": delivering.AT_ONCE, "schedule": "test"} if scope == delivering.WORLD else {}
    return {**usual, **delivering.chosen(world.setup, scope)}


def _listener(world: World, endpoint: str) -> Any:
    raw = world.setup.store.raw(outbox.LISTENERS, endpoint)
    if raw is None:
        raise refusals.no_such_endpoint(endpoint)
    return orjson.loads(raw)


def _fits(world: World, delivery: Found, params: Params) -> bool:
    if params.get("status") not in {None, delivery["status"]}:
        return False
    if any(params.get(name) not in {None, delivery[name]} for name in ("endpoint", "event")):
        return False
    entry = world.setup.store.entry(delivery["event"])
    if params.get("account") is not None and (entry is None or entry[2] != params["account"]):
        return False
    event = outbox.event(world.setup, delivery["event"])
    kind = event["type"] if event else ""
    return feed.fits(kind, params.get("type", "*"))


def _ordered(world: World, found: list[Found], order: str) -> list[Found]:
    if order == "newest":
        return found[::-1]
    if order == "shuffled":
        seed = world.setup.seed
        return sorted(found, key=lambda each: ids.fraction(seed, f"webhook/order/{each['id']}"))
    return found


def _followed(world: World, event: str) -> Found:
    """An event as the feed shows it; payload: as an endpoint of its side would read it."""
    shown = feed.shown(world.setup, event)
    account = shown.pop("account", None)
    thin = shown["object"] != "event"
    reader = {"api_version": None, "account": world.setup.platform, "thin": thin}
    return {
        "id": event,
        "type": shown["type"],
        "created": shown["created"],
        "account": account,
        "payload": payload(world, shown, reader).decode(),
    }
