"""A world's time: to look at, to move, to let pass faster or not at all."""

from __future__ import annotations

from typing import Any, Final

from emulator.control.calls import Found, Params, Schema
from emulator.kernel import instants
from emulator.kernel.errors import control as refusals
from emulator.kernel.errors.requests import parameters_exclusive
from emulator.kit import agenda
from emulator.webhooks import Courier
from emulator.world import World

_NEXT: Final = "next"
_SHOWN: Final = 20

INSTANT: Final[Schema] = {
    "type": ["integer", "string"],
    "minimum": 0,
    "maximum": instants.LAST,
    "description": "unix seconds before the year 2100, or a time such as 2026-03-01T12:00:00Z",
}
BODY: Final[Schema] = {
    "now": INSTANT,
    "mode": {
        "enum": ["real", "frozen", "accelerated"],
        "description": "one of real, frozen, or accelerated",
    },
    "rate": {
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 1_000_000,
        "description": "a number above 0 and at most 1000000",
    },
    "advance": {
        "type": ["string", "integer"],
        "description": "a duration such as 90s, 15m, 12h, 3d or 2w, seconds, or next",
    },
}


class Clocks:
    """Moves the clocks of worlds."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier

    async def show(self, world: World, _params: Params) -> Found:
        """GET /clock: what time it is, how time passes, and what is due next."""
        clock = world.setup.clock
        return {
            "now": world.now(),
            "mode": clock.mode,
            "rate": clock.rate if clock.mode == "accelerated" else None,
            "due": [_shown(due) for due in agenda.upcoming(world.setup.store, _SHOWN)],
        }

    async def change(self, world: World, params: Params) -> Found:
        """POST /clock: set the instant or the mode, or advance; what fell due on the way has run
        when this answers, and every webhook has been tried once.
        """
        clock = world.setup.clock
        mode, rate = params.get("mode", clock.mode), float(params.get("rate", clock.rate))
        ran = world.catch_up()
        wanted = _wanted(params, world)
        if wanted is not None:
            ran += await self.move(world, wanted)
        clock = world.setup.clock
        if (mode, rate) != (clock.mode, clock.rate):
            clock.set_mode(mode, rate)
        await self._courier.flush(world)
        return {**await self.show(world, {}), "ran": [_shown(due) for due in ran]}

    async def move(self, world: World, to: int) -> list[agenda.Due]:
        """Go to an instant, stopping wherever something falls due, so that what is announced there
        is delivered at its own time.
        """
        if to < world.now():
            if not world.is_untouched():
                raise refusals.clock_backwards(world.now(), to)
            world.restart_at(to)
            return []
        await self._courier.flush(world)
        ran: list[agenda.Due] = []
        while due := agenda.next_due(world.setup.store, until=to):
            ran += world.advance_to(max(due.when, world.now()))
            await self._courier.flush(world)
        return ran + world.advance_to(to)


def instant(param: str, value: Any) -> int:
    """Seconds since the epoch from a number, or from an ISO 8601 time (UTC unless it says)."""
    found = value if isinstance(value, int) else instants.spoken(value)
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        found = int(value[:20])
    if found is None or not 0 <= found <= instants.LAST:
        raise refusals.bad_control_value(param, str(INSTANT["description"]))
    return found


def seconds(value: Any) -> int:
    """Seconds in `3d`, `90s`, or a plain number of seconds."""
    if isinstance(value, int) and 0 <= value <= instants.LAST:
        return value
    found = instants.duration(str(value))
    if found is None:
        raise refusals.bad_duration(str(value))
    return found


def _wanted(params: Params, world: World) -> int | None:
    """The instant that the clock is to show, or None when only its mode is to change."""
    now, advance = params.get("now"), params.get("advance")
    if now is not None and advance is not None:
        raise parameters_exclusive("now", "advance")
    if now is not None:
        return instant("now", now)
    if advance == _NEXT:
        due = agenda.next_due(world.setup.store)
        return None if due is None else max(due.when, world.now())
    return None if advance is None else instant("advance", world.now() + seconds(advance))


def _shown(due: agenda.Due) -> Found:
    return {
        "when": due.when,
        "job": f"{due.resource}.{due.job}",
        "object": due.subject,
        "account": due.account,
    }
