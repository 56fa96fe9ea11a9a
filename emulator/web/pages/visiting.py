"""Where a page is: the world that its address names."""

from __future__ import annotations

from starlette.requests import Request

from emulator.control import Control
from emulator.kernel.errors import worlds as refusals
from emulator.world import World


def world_of(control: Control, request: Request) -> World:
    """The world in the path; a page never makes one."""
    name = request.path_params["world"]
    world = control.worlds.find(name)
    if world is None:
        raise refusals.no_such_world(name)
    request.state.world = world
    return world
