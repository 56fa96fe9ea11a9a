"""The address of a file link: the file itself, for whoever knows it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control
from emulator.control.people import downloads
from emulator.web.pages.visiting import readable, world_of

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def routes(control: Control) -> list[Route]:
    """The file; there is no page around it."""

    @readable
    async def fetch(request: Request) -> Response:
        found = downloads.fetch(world_of(control, request), request.path_params["token"])
        return Response(found.body, media_type=found.type.decode(), headers=_HEADERS)

    return [Route("/_emulator/links/{world}/{token}", fetch, methods=["GET"])]
