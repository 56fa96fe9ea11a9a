"""What a test may do to a server from outside, in one place: HTTP, pages, command line and pytest
use it alike.
"""

from __future__ import annotations

from emulator import __version__
from emulator.contract import operations
from emulator.contract.versions import NEWEST
from emulator.control.calls import Found, Params
from emulator.control.clocks import Clocks
from emulator.control.requests import Requests
from emulator.control.scenarios import Stage
from emulator.control.webhooks import Webhooks
from emulator.control.worlds import Keeper
from emulator.resources import OPERATIONS
from emulator.webhooks import Courier
from emulator.world import World, Worlds


class Control:
    """Acts on worlds. Calls return what can be written as JSON; mistakes are refused with a 4xx."""

    def __init__(self, worlds: Worlds) -> None:
        self.worlds = worlds
        self.courier = Courier(worlds)
        self.webhooks = Webhooks(self.courier)
        self.clocks = Clocks(self.courier)
        self.keeper = Keeper(worlds)
        self.stage = Stage()
        self.requests = Requests()

    async def health(self, _params: Params) -> Found:
        """Whether the server answers: it does."""
        return {"status": "ok", "version": __version__}

    async def info(self, _params: Params) -> Found:
        """Which version this is, and which operations are modelled and which stored."""
        known = operations()
        return {
            "version": __version__,
            "api_version": NEWEST.text,
            "availability": self.worlds.profile.availability,
            "country": self.worlds.profile.country,
            "worlds": len(self.worlds.all()),
            "operations": {
                "known": len(known),
                "modelled": sum(1 for key in known if key in OPERATIONS),
                "stored": sum(1 for key in known if key not in OPERATIONS),
            },
            "modelled": sorted(key for key in known if key in OPERATIONS),
            "stored": sorted(key for key in known if key not in OPERATIONS),
        }

    async def audit(self, world: World, _params: Params) -> Found:
        """Rebuild the books from their entries; `holds` is false only if the emulator has a bug."""
        broken = world.audit()
        return {"world": world.name, "holds": not broken, "broken": broken}
