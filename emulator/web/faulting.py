"""Faults on their way through HTTP: waiting without holding anybody up, and hanging up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from emulator.control import faults
from emulator.kernel.errors import Refusal
from emulator.web.answers import Answer
from emulator.web.inbound import HANG_UP, Inbound, Receive, Scope
from emulator.web.keys import Key
from emulator.world import World


class Dropped(ConnectionResetError):
    """The connection is closed without an answer; where there is none, the caller gets this."""


class Request(Protocol):
    """What a fault needs of a request."""

    def answer(self) -> Answer: ...

    def turn_away(self, refusal: Refusal) -> Answer: ...

    def lose(self, refusal: Refusal) -> Answer: ...

    def vanish(self, answer: Answer | None) -> None: ...


def strike(world: World, key: Key, inbound: Inbound) -> faults.Struck | None:
    """What is to go wrong with a request, if anything; a header that says nothing is refused."""
    asked = faults.Asked(
        inbound.method, inbound.path, inbound.account, key.text, inbound.idempotency_key
    )
    try:
        return faults.strike(world, asked, inbound.fault)
    except Refusal as refusal:
        return faults.Struck(refusal=refusal)


async def suffer(struck: faults.Struck, opened: Callable[[], Request]) -> Answer:
    """The answer to a request that was struck; `Dropped` when there is to be none.

    The request is opened when its turn comes, after the wait, and carried out without a pause.
    """
    if struck.wait:
        await asyncio.sleep(struck.wait)
    request, answer = opened(), None
    if struck.after or not (struck.refusal or struck.cut):
        answer = request.answer()
        if struck.refusal is not None:
            answer = request.lose(struck.refusal)
    elif struck.refusal is not None:
        answer = request.turn_away(struck.refusal)
    if struck.cut:
        request.vanish(answer)
    if struck.wait_after:
        await asyncio.sleep(struck.wait_after)
    if answer is None or struck.cut:
        raise Dropped
    return answer


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Close the connection at once, and return when it is closed."""
    abort = scope.get("state", {}).get(HANG_UP)
    if abort is None:
        raise Dropped
    abort()
    while (await receive())["type"] != "http.disconnect":
        pass
