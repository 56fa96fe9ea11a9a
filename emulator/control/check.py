"""What the availability rules say, asked in a world's name and without creating anything."""

from __future__ import annotations

from typing import Any, Final

from emulator.resources.accounts.state import country_of
from emulator.rules.accounts.questions import NAMES, ask, table
from emulator.world import World

Found = dict[str, Any]

_TEXT: Final = {"type": ["string", "null"]}
# Described here, and checked by the rules themselves, whose refusals name what they know.
BODY: Final[dict[str, Any]] = {
    **dict.fromkeys(NAMES, _TEXT),
    "capabilities": {"type": ["array", "string", "null"], "description": "a list of capabilities"},
}

__all__ = ["BODY", "answer", "ask", "table"]


async def answer(world: World, body: Found) -> Found:
    """POST /_emulator/check: as `ask`, the world's own rule set and platform country unless
    named.
    """
    with world.transaction(world.caller()) as tx:
        own = {"rules": world.setup.settings["availability"], "platform": country_of(tx)}
    return ask({**own, **body})
