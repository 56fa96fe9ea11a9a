"""/_emulator: what the real service cannot do. Thin: the deeds and their table are in `control`.

Which world is meant: the one that the path names (`/_emulator/worlds/NAME/…`), else the one of the
header Emulator-World, else the one of the key.
"""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control
from emulator.control.calls import Call, checked
from emulator.control.openapi import PREFIX, paths
from emulator.control.table import calls
from emulator.kernel.clock import stopwatch
from emulator.kernel.errors import Refusal, requests, worlds
from emulator.web import keys, noting
from emulator.world import World


def routes(control: Control) -> list[Route]:
    """The control API's routes; those of a world are there twice, by key and by name."""
    found = []
    for call in calls(control):
        found += [
            Route(f"{PREFIX}{path}", _run(control, call), methods=[call.method])
            for path in paths(call)
        ]
    return found


def _run(control: Control, call: Call) -> Any:
    async def run(request: Request) -> Response:
        try:
            if call.of == "server":
                return _answer(await call.deed(await _sent(call, request, request.path_params)))
            return await _on_world(control, call, request)
        except Refusal as refusal:
            return _answer({"error": refusal.body()}, refusal.status)

    return run


async def _on_world(control: Control, call: Call, request: Request) -> Response:
    held, began = dict(request.path_params), stopwatch()
    world = _world(control, request, held)
    world.calls += 1
    answer = _answer(await call.deed(world, await _sent(call, request, held)))
    if call.notes and call.method != "GET":
        # As if the key had named the world.
        path = request.url.path.replace(f"{PREFIX}/worlds/{world.name}/", f"{PREFIX}/", 1)
        await noting.note(world, request, answer, began, path)
    return answer


async def _sent(call: Call, request: Request, held: dict[str, Any]) -> dict[str, Any]:
    """What a call is given: what was sent, checked, and what its path holds."""
    body = _body(await request.body(), call)
    return {**_checked(call, request, body), **held}


def _checked(call: Call, request: Request, body: dict[str, Any]) -> dict[str, Any]:
    query = dict(request.query_params)
    if "format" in call.query and "text/plain" in request.headers.get("accept", ""):
        query.setdefault("format", "text")
    if call.whole:
        return {call.whole: body, **checked(call, query, {})}
    if call.raw:
        return {**checked(call, query, {}), **body}
    return checked(call, query, body)


def _world(control: Control, request: Request, held: dict[str, Any]) -> World:
    """The world that a request means; only a path must name one that is there."""
    if "world" in held:
        name = held.pop("world")
        found = control.worlds.find(name)
        if found is None:
            raise worlds.no_such_world(name)
        return found
    named = request.headers.get("emulator-world")
    if named:
        return control.worlds.get(named)
    key = keys.read(request.headers.get("authorization", "").encode() or None)
    return control.worlds.get(key.world)


def _body(raw: bytes, call: Call) -> dict[str, Any]:
    if call.raw:
        return {call.raw: raw}
    if not raw:
        return {}
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise requests.bad_json() from None
    if isinstance(found, list) and call.listed:
        return {call.listed: found}
    if not isinstance(found, dict):
        raise requests.bad_json()
    return found


def _answer(content: dict[str, Any] | str | bytes, status: int = 200) -> Response:
    if isinstance(content, str):
        return Response(content, status, media_type="text/plain")
    if not isinstance(content, bytes):
        content = orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n"
    return Response(content, status, media_type="application/json")
