"""Worlds as things: made with a profile, kept as they are, returned to, copied, carried away."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from typing import Any, Final

from emulator import __version__
from emulator.control import settings
from emulator.control.calls import Found, Params, Schema
from emulator.control.clocks import INSTANT, instant
from emulator.kernel.clock import Clock
from emulator.kernel.errors import worlds as refusals
from emulator.kit import Setup
from emulator.store import Store, files
from emulator.world import NAME, Moment, Profile, World, Worlds

_FORMAT: Final = 1
_NAME: Final[Schema] = {
    "type": "string",
    "pattern": NAME,
    "description": "a name of up to 200 letters, digits, dots, dashes, underscores and tildes",
}
NAMED: Final[Schema] = {"name": _NAME}
PROFILE: Final[Schema] = {
    **NAMED,
    "seed": {"type": "string", "maxLength": 200, "description": "a text"},
    "start": INSTANT,
    "clock": {
        "enum": ["real", "frozen", "accelerated"],
        "description": "real, frozen or accelerated",
    },
    "rate": {
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 1_000_000,
        "description": "a number above 0 and at most 1000000",
    },
    "country": settings.SCHEMA["country"],
    "availability": settings.SCHEMA["availability"],
    "settings": {
        "type": "object",
        "description": "a hash of settings, as POST /_emulator/settings takes them",
    },
}


class Keeper:
    """Keeps the worlds of a server.

    expire_after: after how many seconds of the machine's time a world that nobody uses is
    forgotten; 0 for never.
    """

    def __init__(self, worlds: Worlds) -> None:
        self.worlds = worlds
        self.expire_after = 0.0
        self._uses: dict[str, tuple[int, float]] = {}

    def forget_unused(self, now: float) -> None:
        """Forget the worlds that nobody has used for so long. now: any seconds that only grow."""
        if not self.expire_after:
            return
        worlds = {world.name: world for world in self.worlds.all()}
        self._uses = {name: use for name, use in self._uses.items() if name in worlds}
        for name, world in worlds.items():
            uses = world.requests + world.calls
            before, since = self._uses.get(name, (None, now))
            if before != uses:
                self._uses[name] = uses, now
            elif now - since >= self.expire_after:
                self.worlds.drop(name)

    async def show_all(self, _params: Params) -> Found:
        """GET /worlds: every world that came to be."""
        return {"data": [shown(world) for world in self.worlds.all()]}

    async def create(self, params: Params) -> Found:
        """POST /worlds: a world with a profile of its own; what is left out is the server's."""
        self._check_free(params["name"])
        usual = self.worlds.profile
        profile = replace(
            usual,
            **{
                name: params[name] for name in ("seed", "country", "availability") if name in params
            },
            **_time(params),
        )
        for name in ("country", "availability"):
            settings.check(name, getattr(profile, name))
        world = World(params["name"], profile)
        if "settings" in params:
            await settings.change(world, params["settings"])
            world.profile = replace(profile, settings={**world.setup.settings})
        return shown(self.worlds.add(world))

    async def show(self, world: World, _params: Params) -> Found:
        """GET /worlds/{world}."""
        return shown(world)

    async def delete(self, world: World, _params: Params) -> Found:
        """DELETE /worlds/{world}: it is gone; its name names an empty one from now on."""
        self.worlds.drop(world.name)
        return {"name": world.name, "deleted": True}

    async def reset(self, world: World, _params: Params) -> Found:
        """POST /reset: as it was created, or as the scenario that it began with left it."""
        world.reset()
        return {"world": world.name, "now": world.now()}

    # -- moments ----------------------------------------------------------------------------------

    async def snapshots(self, world: World, _params: Params) -> Found:
        """GET /snapshots: the names of those that were taken, with the instants they show."""
        return {"data": [_named(name, each) for name, each in world.moments.items()]}

    async def snapshot(self, world: World, params: Params) -> Found:
        """POST /snapshots: keep the world as it is now, under a name; an older one of the name
        goes.
        """
        world.moments[params["name"]] = world.moment()
        return _named(params["name"], world.moments[params["name"]])

    async def restore(self, world: World, params: Params) -> Found:
        """POST /snapshots/{snapshot}/restore: as it was then, its time included."""
        world.return_to(self._moment(world, params["snapshot"]))
        return shown(world)

    async def forget(self, world: World, params: Params) -> Found:
        """DELETE /snapshots/{snapshot}."""
        self._moment(world, params["snapshot"])
        del world.moments[params["snapshot"]]
        return {"name": params["snapshot"], "deleted": True}

    async def fork(self, world: World, params: Params) -> Found:
        """POST /fork: another world that goes on from here; neither feels the other."""
        self._check_free(params["name"])
        return self._settle_in(World(params["name"], world.profile, world.moment()))

    # -- files ------------------------------------------------------------------------------------

    async def export(self, world: World, _params: Params) -> bytes:
        """GET /export: the whole world as a file that TinyDB opens, as it is now; writing it does
        not hold other requests up.
        """
        content, head = world.setup.store.content(), _head(world)
        return await asyncio.to_thread(files.written, content, head)

    async def take_in(self, params: Params) -> Found:
        """POST /worlds/import: a world from such a file, under its own name or another one."""
        try:
            moment, name, profile = _read(params["file"])
        except (ValueError, KeyError, TypeError) as problem:
            raise refusals.bad_world_file(str(problem)) from None
        name = params.get("name", name)
        self._check_free(name)
        return self._settle_in(World(name, profile, moment))

    # -- inside -----------------------------------------------------------------------------------

    def _check_free(self, name: str) -> None:
        if self.worlds.find(name) is not None:
            raise refusals.world_exists(name)

    def _settle_in(self, world: World) -> Found:
        self.worlds.add(world)
        return shown(world)

    def _moment(self, world: World, name: str) -> Moment:
        found = world.moments.get(name)
        if found is None:
            raise refusals.no_such_snapshot(name, [*world.moments])
        return found


def _time(params: Params) -> Found:
    """How a new world's clock begins, as far as it was said."""
    found: Found = {}
    if "start" in params:
        found["start"] = instant("start", params["start"])
    if "rate" in params or params.get("clock") == "accelerated":
        return {**found, "rate": float(params.get("rate", 1.0))}
    if "clock" in params:
        found |= {"frozen": params["clock"] == "frozen", "runs": params["clock"] == "real"}
    return found


def shown(world: World) -> Found:
    """A world as the control API shows it."""
    setup = world.setup
    return {
        "name": world.name,
        "key": f"sk_test_{world.name}",
        "now": world.now(),
        "clock": setup.clock.mode,
        "platform": setup.platform,
        "country": setup.settings["country"],
        "availability": setup.settings["availability"],
        "requests": world.requests,
        "objects": setup.store.counted("sequence"),
        "snapshots": [*world.moments],
    }


def _named(name: str, moment: Moment) -> Found:
    store = moment.setup.store
    now = int(moment.setup.clock.base)
    return {"name": name, "now": now, "objects": store.counted("sequence")}


def _head(world: World) -> Found:
    """What a world says of itself in a file."""
    moment = world.moment()
    setup = moment.setup
    return {
        "format": _FORMAT,
        "version": __version__,
        "name": world.name,
        "seed": setup.seed,
        "platform": setup.platform,
        "application": setup.application,
        "settings": setup.settings,
        "clock": {"now": int(setup.clock.base), "mode": setup.clock.mode, "rate": setup.clock.rate},
        "requests": moment.requests,
        "born": moment.born,
        "profile": asdict(world.profile),
    }


def _read(found: Any) -> tuple[Moment, str, Profile]:
    """What a file holds: the moment, the name and the profile of its world."""
    content, head = files.from_tables(found)
    if head["format"] != _FORMAT:
        raise ValueError(f"its format is {head['format']}, and this version reads {_FORMAT}")
    store = Store.of(content)
    if store.raw("account", head["platform"]) is None:
        raise ValueError("its platform account is missing")
    told = head["clock"]
    clock = Clock.frozen(int(told["now"]))
    clock.set_mode(told["mode"], float(told["rate"]))
    setup = Setup(
        str(head["name"]),
        str(head["seed"]),
        store,
        clock,
        platform=str(head["platform"]),
        application=str(head["application"]),
        settings=dict(head["settings"]),
    )
    moment = Moment(setup, int(head["requests"]), int(head["born"]))
    return moment, setup.name, Profile(**head["profile"])
