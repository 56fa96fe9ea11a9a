"""Where a page is: the world that its address names; and what a refusal looks like there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from emulator.control import Control
from emulator.kernel.errors import Refusal
from emulator.kernel.errors import worlds as refusals
from emulator.web.pages import layout
from emulator.world import World

Answer = Callable[[Request], Awaitable[Response]]


def world_of(control: Control, request: Request) -> World:
    """The world in the path; a page never makes one."""
    name = request.path_params["world"]
    world = control.worlds.find(name)
    if world is None:
        raise refusals.no_such_world(name)
    request.state.world = world
    return world


def readable(answer: Answer) -> Answer:
    """A page whose refusals are pages, too."""

    @wraps(answer)
    async def answered(request: Request) -> Response:
        try:
            return await answer(request)
        except Refusal as refusal:
            return layout.refused(refusal)

    return answered
