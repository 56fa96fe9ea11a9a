"""/oauth: what connect.stripe.com answers. The page is for people, the other two for servers."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control
from emulator.control.people import connecting
from emulator.control.people.connecting import Asked
from emulator.kernel import ids
from emulator.kernel.errors import Refusal
from emulator.kernel.errors import oauth as refusals
from emulator.web import forms, keys
from emulator.web.pages import authorizing
from emulator.world import World

_TYPES = {"": "standard", "/express": "express"}


def routes(control: Control) -> list[Route]:
    """The three addresses, and the authorize page of Express beside them."""
    found = [
        Route("/oauth/token", _server(control, connecting.token), methods=["POST"]),
        Route("/oauth/deauthorize", _server(control, connecting.deauthorize), methods=["POST"]),
    ]
    for prefix, type_ in _TYPES.items():
        show, act = _page(control, type_)
        path = f"{prefix}/oauth/authorize"
        found += [Route(path, show, methods=["GET"]), Route(path, act, methods=["POST"])]
    return found


def _page(control: Control, type_: str) -> tuple[Any, Any]:
    def asked(request: Request) -> Asked:
        params = forms.decode(request.url.query.encode())
        try:
            return connecting.read(control.worlds, params, type_)
        except Refusal as refusal:
            refusal.extra["state"] = params.get("state")
            raise

    async def show(request: Request) -> Response:
        try:
            return authorizing.question(asked(request))
        except Refusal as refusal:
            return _refused(refusal)

    async def act(request: Request) -> Response:
        try:
            wanted = asked(request)
            request.state.world = wanted.world
            return authorizing.answered(wanted, forms.decode(await request.body()))
        except Refusal as refusal:
            return _refused(refusal)

    return show, act


def _server(control: Control, deed: Any) -> Any:
    """An address for servers: the world is the one of the secret key."""

    async def run(request: Request) -> Response:
        try:
            params = await _params(request)
            world = request.state.world = _world(control, request, params)
            world.catch_up()
            return _json(deed(world, params), world=world)
        except Refusal as refusal:
            return _refused(refusal, getattr(request.state, "world", None))

    return run


async def _params(request: Request) -> dict[str, Any]:
    body = await request.body()
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        sent = forms.decode_multipart(body, request.headers["content-type"].encode())
    else:
        sent = forms.decode(body)
    return forms.decode(request.url.query.encode()) | sent


def _world(control: Control, request: Request, params: dict[str, Any]) -> World:
    header = request.headers.get("authorization")
    secret = params.get("client_secret")
    if not header and not secret:
        raise refusals.no_authentication()
    try:
        key = keys.of_text(str(secret)) if not header else keys.read(header.encode())
    except Refusal as refusal:
        raise refusals.bad_authentication(refusal.message) from None
    if key.kind not in {"sk", "rk"} or key.token:
        raise refusals.not_a_secret_key()
    return control.worlds.get(key.world)


def _refused(refusal: Refusal, world: World | None = None) -> Response:
    body = {"error": refusal.type, "error_description": refusal.message}
    if refusal.extra.get("state") is not None:
        body["state"] = refusal.extra["state"]
    return _json(body, refusal.status, world)


def _json(body: dict[str, Any], status: int = 200, world: World | None = None) -> Response:
    headers = {"Cache-Control": "no-cache, no-store"}
    if world is not None:
        world.requests += 1
        name = f"request/{world.requests}"
        headers["Request-Id"] = "req_" + ids.letters(world.setup.seed, name, 14)
    raw = orjson.dumps(body, option=orjson.OPT_INDENT_2) + b"\n"
    return Response(raw, status, headers, "application/json")
