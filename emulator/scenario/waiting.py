"""`until`: let time pass up to an instant, the next due thing, or an event."""

from __future__ import annotations

from typing import Final, Protocol

from emulator.kernel.instants import spoken
from emulator.scenario.asking import Doc
from emulator.scenario.looking import Fails
from emulator.scenario.proofreading import NEXT

_MOST_MOVES: Final = 2_000


class Waiter(Protocol):
    """What is needed of a player in order to wait. awaited: the events for which steps waited."""

    @property
    def awaited(self) -> set[str]: ...

    async def clock(self) -> Doc: ...

    async def move(self, instant: int) -> Doc: ...

    async def announced(self, on: str) -> list[Doc]: ...


async def wait(waiter: Waiter, until: int | str, on: str | None) -> Doc:
    """Move the clock. Returns what it then says, with all that ran on the way."""
    instant = until if isinstance(until, int) else spoken(str(until))
    if instant is not None:
        return await waiter.move(instant)
    found = NEXT.fullmatch(str(until))
    if found:
        return await _next(waiter, found[1] or "", on)
    return await _event(waiter, str(until), on or "platform")


async def _next(waiter: Waiter, of: str, on: str | None) -> Doc:
    """Up to the next due job whose name begins like that."""
    ran: list[Doc] = []
    for _ in range(_MOST_MOVES):
        clock = await waiter.clock()
        if not clock["due"]:
            break
        for due in clock["due"]:
            if due["job"].startswith(of) and on in {None, due["account"]}:
                moved = await waiter.move(max(due["when"], clock["now"]))
                return {**moved, "ran": [*ran, *moved["ran"]]}
        last = clock["due"][-1]["when"]
        ran += (await waiter.move(max(last, clock["now"])))["ran"]
    raise Fails(f"Nothing of {of or 'any kind'} is going to happen.")


async def _event(waiter: Waiter, type_: str, on: str) -> Doc:
    """From one due thing to the next, until one of them has announced an event of this type. One of
    this very instant is as good, if nobody has waited for it before.
    """
    clock = {**await waiter.clock(), "ran": []}
    began = clock["now"]
    for _ in range(_MOST_MOVES):
        found = [each for each in await waiter.announced(on) if each["type"] == type_]
        fresh = [each["id"] for each in found if each["created"] >= began]
        if not waiter.awaited.issuperset(fresh):
            waiter.awaited.update(fresh)
            return clock
        if not clock["due"]:
            break
        moved = await waiter.move(max(clock["due"][0]["when"], clock["now"]))
        clock = {**moved, "ran": [*clock["ran"], *moved["ran"]]}
    raise Fails(f"Nothing that is due announces {type_} on {on}.")
