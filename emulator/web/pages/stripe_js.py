"""Stripe.js and Connect.js for browsers that have only this server: each one script, made of files
in `web/stripe_js`, at any address that the real one has on its own host.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control
from emulator.control.people import checkout, elements
from emulator.kernel.errors import Refusal
from emulator.kit import Doc
from emulator.resources.accounts import connections
from emulator.web import forms, keys
from emulator.world import World

_FOLDER: Final = Path(__file__).resolve().parent.parent / "stripe_js"
# The scripts, each made of files in this order.
_SCRIPTS: Final = {
    "stripe": "asking checking fields telling face element group paying checkout stripe",
    "connect": "asking connect",
}
# What Stripe.js tells of who pays for a session.
_CHOICE: Final[dict[str, type]] = dict.fromkeys(("promotion_code", "shipping_rate"), str)
_PAYER: Final[dict[str, type]] = {
    **dict.fromkeys(("email", "payment_method", "phone", "return_url"), str),
    **dict.fromkeys(("address", "shipping_details"), dict),
}
_HEADERS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-cache",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Timing-Allow-Origin": "*",
}


def routes(control: Control) -> list[Route]:
    """The script, and what it asks beside the API."""

    @_told
    async def methods(request: Request) -> object:
        return {"types": _offered(control, request)}

    @_told
    async def session(request: Request) -> object:
        sent = forms.decode(await request.body() or request.url.query.encode())
        return _session(_world(control, request, sent), sent)

    path = "/_emulator/stripe.js"
    return [
        Route(f"{path}/session", session, methods=["GET"]),
        Route(f"{path}/session", session, methods=["POST"]),
        Route(f"{path}/methods", methods, methods=["GET"]),
        *(
            Route(f"/_emulator/{name}.js{rest}", partial(_script, name), methods=["GET"])
            for name in _SCRIPTS
            for rest in ("", "/{rest:path}")
        ),
    ]


def _told(answer: Callable[[Request], Awaitable[object]]) -> Callable[[Request], Any]:
    """What is found, or the refusal, as JSON."""

    async def told(request: Request) -> Response:
        try:
            return _json(await answer(request))
        except Refusal as refusal:
            return _json({"error": refusal.body()}, refusal.status)

    return told


@cache
def _text(script: str) -> str:
    """The files as one; what they name stays among them."""
    files = _SCRIPTS[script].split()
    return "\n".join((_FOLDER / f"{name}.js").read_text("utf-8") for name in files)


def _script(name: str, request: Request) -> Response:
    """The script knows the address that it was asked at: a browser test that answers for
    js.stripe.com with it keeps that of js.stripe.com in the page.
    """
    here = str(request.base_url).rstrip("/")
    world = request.headers.get("emulator-world")
    address = orjson.dumps(f"{here}/w/{world}" if world else here).decode()
    body = f'(() => {{\n"use strict";\nconst HERE = {address};\n{_text(name)}\n}})();\n'
    return Response(body, headers=_HEADERS, media_type="text/javascript")


def _offered(control: Control, request: Request) -> list[str]:
    asked = dict(request.query_params)
    world, key = _world(control, request, asked), asked["key"]
    given = connections.access(world.setup, key)  # a key that OAuth gave out for an account
    return elements.offered(
        world,
        key,
        asked.get("account") or (given["account"] if given else None),
        asked.get("currency", "").lower(),
        manual=asked.get("manual") == "true",
        reuse=asked.get("reuse") == "true",
    )


def _session(world: World, sent: Doc) -> Doc:
    """A session as its page is shown; before that it is changed or submitted, where somebody
    chooses or pays.
    """
    id_ = checkout.opened_by(world, str(sent.get("secret", "")))
    if isinstance(sent.get("choice"), dict):
        checkout.choose(world, id_, _known(sent["choice"], _CHOICE))
    if isinstance(sent.get("payer"), dict):
        checkout.submit_patiently(world, id_, _known(sent["payer"], _PAYER))
    seen = checkout.look(world, id_)
    asked = checkout.question(world, id_)
    return {"session": seen.session, "lines": seen.lines, "shipping": seen.shipping, "asked": asked}


def _known(sent: Doc, kinds: dict[str, type]) -> Doc:
    return {name: sent[name] for name, kind in kinds.items() if type(sent.get(name)) is kind}


def _world(control: Control, request: Request, sent: Doc) -> World:
    key = keys.of_text(str(sent.get("key", "")))
    world = control.worlds.get(request.headers.get("emulator-world") or key.world)
    request.state.world = world
    return world


def _json(found: object, status: int = 200) -> Response:
    return Response(orjson.dumps(found), status, _HEADERS, "application/json")
