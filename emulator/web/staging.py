"""A stage for a scenario: a world of its own, in this process or on a server."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from emulator.scenario import Ask, Asked, Report, Result, Scenario
from emulator.scenario import play as play_in
from emulator.web import asking
from emulator.web.app import Application, build
from emulator.world import Moment, Profile, Worlds

_NO_NAME: Final = re.compile(r"[^A-Za-z0-9_-]+")


async def play(
    scenario: Scenario, url: str | None = None, on_step: Callable[[Result], None] | None = None
) -> Report:
    """Play a scenario in a fresh world that is named like it."""
    name = scenario.world or _NO_NAME.sub("-", scenario.name)[:100] or "scenario"
    if url is not None:
        async with asking.remotely(url, name) as ask:
            await _begin(ask, name, scenario)
            return await play_in(scenario, ask, on_step)
    async with _open(scenario, {}) as app:
        return await play_in(scenario, asking.locally(app, name), on_step)


async def prepare(
    scenario: Scenario, name: str, settings: Mapping[str, Any]
) -> tuple[Report, Moment]:
    """Play a scenario for worlds that are to begin as it leaves them. settings: of the server."""
    async with _open(scenario, settings) as app:
        report = await play_in(scenario, asking.locally(app, name))
        return report, app.worlds.get(name).moment()


@asynccontextmanager
async def _open(scenario: Scenario, settings: Mapping[str, Any]) -> AsyncIterator[Application]:
    """An application that no server runs, and that delivers its webhooks all the same."""
    profile = Profile(scenario.seed, scenario.start, frozen=True, settings=dict(settings))
    app = build(Worlds(profile))
    await app.control.courier.start()
    try:
        yield app
    finally:
        await app.control.courier.stop()


async def _begin(ask: Ask, name: str, scenario: Scenario) -> None:
    """Have a server make the world anew, as it is made in this process."""
    usual = Profile()
    await ask(Asked("DELETE", "/_emulator/world"))
    profile = {
        "name": name,
        "seed": scenario.seed,
        "start": scenario.start,
        "clock": "frozen",
        "country": usual.country,
        "availability": usual.availability,
    }
    await ask(Asked("POST", "/_emulator/worlds", profile))
