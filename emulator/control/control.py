"""What a test may do to a world from outside: look at it, reset it, move its clock, check its
books.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from emulator import __version__
from emulator.contract import operations
from emulator.contract.versions import NEWEST
from emulator.control.webhooks import Webhooks
from emulator.kernel.errors import control as refusals
from emulator.kernel.errors.requests import parameters_exclusive
from emulator.kit import agenda
from emulator.resources import OPERATIONS
from emulator.webhooks import Courier
from emulator.world import World, Worlds

Found = dict[str, Any]

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION: Final = re.compile(r"(\d{1,9})([smhdw])")
_MODES: Final = ("real", "frozen", "accelerated")
_LAST_INSTANT: Final = 4_102_444_800  # the year 2100


class Control:
    """Acts on worlds. Everything returns plain JSON-ready dicts; mistakes are refused
    with a 400.
    """

    def __init__(self, worlds: Worlds) -> None:
        self.worlds = worlds
        self.courier = Courier(worlds)
        self.webhooks = Webhooks(self.courier)

    def health(self) -> Found:
        """Whether the server answers: it does."""
        return {"status": "ok", "version": __version__}

    def info(self) -> Found:
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

    async def reset(self, world: World, body: Found) -> Found:
        """Make the world as it was when it was created."""
        _only(body, ())
        world.reset()
        return {"world": world.name, "now": world.now()}

    async def audit(self, world: World, body: Found) -> Found:
        """Rebuild the books from their entries; `holds` is false only if the emulator has a bug."""
        _only(body, ())
        broken = world.audit()
        return {"world": world.name, "holds": not broken, "broken": broken}

    async def clock(self, world: World, body: Found) -> Found:
        """What time it is in the world, how time passes, and what is due next."""
        _only(body, ())
        clock = world.setup.clock
        return {
            "now": world.now(),
            "mode": clock.mode,
            "rate": clock.rate if clock.mode == "accelerated" else None,
            "due": [_shown(due) for due in agenda.upcoming(world.setup.store, 20)],
        }

    async def set_clock(self, world: World, body: Found) -> Found:
        """Set the instant or the mode, or advance; what fell due on the way has run when this
        answers.
        """
        _only(body, ("now", "mode", "rate", "advance"))
        mode, rate = _mode(body, world), _rate(body, world)
        ran: list[agenda.Due] = world.catch_up()
        instant = _wanted(body, world)
        if instant is not None:
            ran += await self._move(world, instant)
        if mode != world.setup.clock.mode or rate != world.setup.clock.rate:
            world.setup.clock.set_mode(mode, rate)
        await self.courier.flush(world)
        return {**await self.clock(world, {}), "ran": [_shown(due) for due in ran]}

    async def _move(self, world: World, instant: int) -> list[agenda.Due]:
        """Go to an instant, stopping wherever something falls due, so that what is announced there
        is delivered at its own time.
        """
        if instant < world.now():
            if not world.is_untouched():
                raise refusals.clock_backwards(world.now(), instant)
            world.restart_at(instant)
            return []
        await self.courier.flush(world)
        ran: list[agenda.Due] = []
        while due := agenda.next_due(world.setup.store, until=instant):
            ran += world.advance_to(max(due.when, world.now()))
            await self.courier.flush(world)
        return ran + world.advance_to(instant)


def _mode(body: Found, world: World) -> Any:
    mode = body.get("mode", world.setup.clock.mode)
    if mode not in _MODES:
        raise refusals.bad_control_value("mode", "one of real, frozen, or accelerated")
    return mode


def _wanted(body: Found, world: World) -> int | None:
    """The instant that the clock is to show, or None when only its mode is to change."""
    now, advance = body.get("now"), body.get("advance")
    if now is not None and advance is not None:
        raise parameters_exclusive("now", "advance")
    if now is not None:
        return _instant("now", now)
    if advance is not None:
        return _instant("advance", world.now() + _seconds(advance))
    return None


def _rate(body: Found, world: World) -> float:
    rate = body.get("rate", world.setup.clock.rate)
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 < rate <= 1_000_000:
        raise refusals.bad_control_value("rate", "a number above 0 and at most 1000000")
    return float(rate)


def _instant(param: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LAST_INSTANT:
        raise refusals.bad_control_value(param, "unix seconds before the year 2100")
    return value


def _seconds(value: Any) -> int:
    """Seconds in `3d`, `90s`, or a plain number of seconds."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LAST_INSTANT:
        return value
    found = _DURATION.fullmatch(str(value))
    if found is None or int(found[1]) * _UNITS[found[2]] > _LAST_INSTANT:
        raise refusals.bad_duration(str(value))
    return int(found[1]) * _UNITS[found[2]]


def _only(body: Found, known: Iterable[str]) -> None:
    names = [*known]
    if unknown := [name for name in body if name not in names]:
        raise refusals.unknown_control_params(unknown, names)


def _shown(due: agenda.Due) -> Found:
    return {
        "when": due.when,
        "job": f"{due.resource}.{due.job}",
        "object": due.subject,
        "account": due.account,
    }
