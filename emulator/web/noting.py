"""What is asked outside of /v1 and /v2 goes into its world's log, too, where it changes something:
calls of the control API, pages on which people act, OAuth.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.kernel.clock import stopwatch
from emulator.web.answers import Answer
from emulator.web.inbound import Inbound
from emulator.world import World


def kept(routes: Iterable[Route]) -> list[Route]:
    """The routes, what is posted to them being noted by the world that they find it is for: they
    leave it in `request.state.world`.
    """
    return [
        Route(route.path, _noting(route.endpoint), methods=["POST"])
        if route.methods == {"POST"}
        else route
        for route in routes
    ]


async def note(
    world: World, request: Request, answer: Response, began: float, path: str = ""
) -> None:
    """Note a request and its answer. path: as it is to stand in the log, when not as sent."""
    inbound = Inbound(request.scope, await request.body())
    inbound.path = path or inbound.path
    log, store = world.log, world.setup.store
    taken = Answer(answer.status_code, bytes(answer.body), [])
    key = f"sk_test_{world.name}"
    place, platform = store.counted("sequence"), world.setup.platform
    id_, took, now = f"control_{log.total + 1}", stopwatch() - began, world.now()
    log.add(inbound, inbound.body, id_, key, platform, taken, took, now, place)


def _noting(endpoint: Any) -> Any:
    async def run(request: Request) -> Response:
        began = stopwatch()
        answer: Response = await endpoint(request)
        world = getattr(request.state, "world", None)
        if world is not None:
            await note(world, request, answer, began)
        return answer

    return run
