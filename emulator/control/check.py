"""What the availability rules say, asked in a world's name and without creating anything."""

from __future__ import annotations

from typing import Any

from emulator.resources.account_state import country_of
from emulator.rules.accounts.questions import ask, table
from emulator.world import World

Found = dict[str, Any]

__all__ = ["answer", "ask", "table"]


async def answer(world: World, body: Found) -> Found:
    """POST /_emulator/check: as `ask`, the world's own rule set and platform country unless
    named.
    """
    with world.transaction(world.caller()) as tx:
        own = {"rules": world.setup.settings["availability"], "platform": country_of(tx)}
    return ask({**own, **body})
