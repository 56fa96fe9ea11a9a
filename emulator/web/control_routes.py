"""/_emulator: what the real service cannot do. Thin: the deeds are in `control`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control, authentication, check, onboarding, settings, trace
from emulator.control.calls import Call, checked
from emulator.control.table import calls
from emulator.kernel.errors import Refusal, requests
from emulator.web import keys
from emulator.world import World

Deed = Callable[[World, dict[str, Any]], Awaitable[dict[str, Any]]]


def routes(control: Control) -> list[Route]:
    """The control API's routes."""

    async def health(_: Request) -> Response:
        return _json(control.health())

    async def info(_: Request) -> Response:
        return _json(control.info())

    return [
        Route("/_emulator/health", health),
        Route("/_emulator/info", info),
        _of_world(control, "/_emulator/clock", "GET", control.clock),
        _of_world(control, "/_emulator/clock", "POST", control.set_clock),
        _of_world(control, "/_emulator/reset", "POST", control.reset),
        _of_world(control, "/_emulator/audit", "GET", control.audit),
        _of_world(control, "/_emulator/settings", "GET", settings.show),
        _of_world(control, "/_emulator/settings", "POST", settings.change),
        Route("/_emulator/trace/{id}", _trace(control)),
        _of_world(control, "/_emulator/check", "POST", check.answer),
        _of_world(control, "/_emulator/authenticate", "POST", authentication.answer),
        _of_world(control, "/_emulator/onboard", "POST", onboarding.answer_all),
        *(_declared(control, call) for call in calls(control)),
    ]


def _declared(control: Control, call: Call) -> Route:
    """The route of a call that is declared in the control API's table."""

    async def run(request: Request) -> Response:
        try:
            key = keys.read(request.headers.get("authorization", "").encode() or None)
            body = _body(await request.body(), call.listed)
            sent = checked(call, dict(request.query_params), body)
            world = control.worlds.get(key.world)
            return _json(await call.deed(world, {**sent, **request.path_params}))
        except Refusal as refusal:
            return _json({"error": refusal.body()}, refusal.status)

    return Route(f"/_emulator{call.path}", run, methods=[call.method])


def _of_world(control: Control, path: str, method: str, deed: Deed) -> Route:
    """A route that acts on the world of the key in Authorization."""

    async def run(request: Request) -> Response:
        try:
            key = keys.read(request.headers.get("authorization", "").encode() or None)
            body = _body(await request.body())
            return _json(await deed(control.worlds.get(key.world), body))
        except Refusal as refusal:
            return _json({"error": refusal.body()}, refusal.status)

    return Route(path, run, methods=[method])


def _trace(control: Control) -> Callable[[Request], Awaitable[Response]]:
    """GET /_emulator/trace/{id}, as JSON or, with ?format=text or Accept: text/plain, as text."""

    async def run(request: Request) -> Response:
        try:
            key = keys.read(request.headers.get("authorization", "").encode() or None)
            found = trace.trace(control.worlds.get(key.world), request.path_params["id"])
        except Refusal as refusal:
            return _json({"error": refusal.body()}, refusal.status)
        asked = request.query_params.get("format")
        plain = "text/plain" in request.headers.get("accept", "")
        if asked == "text" or (plain and asked is None):
            return Response(trace.as_text(found), media_type="text/plain")
        return _json(found)

    return run


def _body(raw: bytes, listed: str = "") -> dict[str, Any]:
    if not raw:
        return {}
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise requests.bad_json() from None
    if isinstance(found, list) and listed:
        return {listed: found}
    if not isinstance(found, dict):
        raise requests.bad_json()
    return found


def _json(content: dict[str, Any], status: int = 200) -> Response:
    raw = orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n"
    return Response(raw, status, media_type="application/json")
