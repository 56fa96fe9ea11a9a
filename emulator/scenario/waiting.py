"""`until`: let time pass up to an instant, the next due thing, or an event."""

from __future__ import annotations

from typing import Final, Protocol

from emulator.scenario.asking import Doc
from emulator.scenario.looking import Fails
from emulator.scenario.proofreading import NEXT
from emulator.scenario.story import seconds

_MOST_MOVES: Final = 2_000


class Waiter(Protocol):
    """What is needed of a player in order to wait."""

    async def clock(self) -> Doc: ...

    async def move(self, instant: int) -> Doc: ...

    async def announced(self, on: str) -> list[Doc]: ...


async def wait(waiter: Waiter, until: int | str, on: str | None) -> Doc:
    """Move the clock. Returns what it then says, with all that ran on the way."""
    instant = until if isinstance(until, int) else seconds(until)
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
    """From one due thing to the next, until one of them has announced an event of this type."""
    before = _count(await waiter.announced(on), type_)
    ran: list[Doc] = []
    for _ in range(_MOST_MOVES):
        clock = await waiter.clock()
        if not clock["due"]:
            break
        moved = await waiter.move(max(clock["due"][0]["when"], clock["now"]))
        ran += moved["ran"]
        if _count(await waiter.announced(on), type_) > before:
            return {**moved, "ran": ran}
    raise Fails(f"Nothing that is due announces {type_} on {on}.")


def _count(events: list[Doc], type_: str) -> int:
    return sum(1 for each in events if each["type"] == type_)
