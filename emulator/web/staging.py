"""A stage for a scenario: a world of its own, in this process or on a server."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from emulator.scenario import Report, Result, Scenario
from emulator.scenario import play as play_in
from emulator.web import asking
from emulator.web.app import build
from emulator.world import Profile, Worlds

_NO_NAME: Final = re.compile(r"[^A-Za-z0-9_-]+")


async def play(
    scenario: Scenario, url: str | None = None, on_step: Callable[[Result], None] | None = None
) -> Report:
    """Play a scenario in a fresh world that is named like it."""
    world = _NO_NAME.sub("-", scenario.name)[:100] or "scenario"
    if url is not None:
        async with asking.remotely(url, world) as ask:
            await asking.reset(ask)
            return await play_in(scenario, ask, on_step)
    app = build(Worlds(Profile(seed=scenario.seed, start=scenario.start, frozen=True)))
    async with asking.courier(app):
        return await play_in(scenario, asking.locally(app, world), on_step)
