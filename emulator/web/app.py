"""The ASGI application: /v1 and /v2 go straight to the API, everything else to Starlette."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import unquote, unquote_to_bytes

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from emulator.control import Control
from emulator.control.openapi import PREFIX
from emulator.control.requests import Sent
from emulator.control.table import calls, meant
from emulator.kernel.clock import stopwatch
from emulator.kernel.errors import Refusal, requests
from emulator.kernel.errors.control import no_such_call
from emulator.store import ATTIC
from emulator.web import control_routes, noting, oauth, sockets
from emulator.web.answers import FOR_BROWSERS, Answer
from emulator.web.api import Api
from emulator.web.asking import locally
from emulator.web.faulting import Dropped, hang_up
from emulator.web.hearing import heard
from emulator.web.inbound import Gone, Inbound, Receive, Scope, Send, read_body
from emulator.web.pages import (
    authentication,
    browsing,
    checkout,
    components,
    dashboard,
    downloads,
    invoices,
    mandates,
    onboarding,
    portal,
    receipts,
    reference,
    stripe_js,
)
from emulator.world import World, Worlds

_TICK_SECONDS: Final = 0.1
# The asterisk beside it in FOR_BROWSERS stands for every header but this one.
_PREFLIGHT: Final = [(b"access-control-allow-headers", b"Authorization")]
# `/w/NAME/v1/…`: the world in the path, for apps whose keys cannot be changed.
_NAMED: Final = re.compile(rb"/w/([^/]+)(/.*)")

App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Application:
    """One server: its worlds, its API, its control routes, and the tick that lets time pass."""

    def __init__(self, worlds: Worlds, control: Control) -> None:
        self.worlds = worlds
        self.control = control
        self.api = Api(worlds)
        control.stage.ask_in = lambda world: locally(self, world)
        control.stage.hear = heard
        control.requests.send = self._send_again
        self._pages: App = Starlette(
            routes=[
                *control_routes.routes(control),
                *noting.kept(onboarding.routes(control)),
                *noting.kept(authentication.routes(control)),
                *noting.kept(checkout.routes(control)),
                *noting.kept(portal.routes(control)),
                *noting.kept(invoices.routes(control)),
                *noting.kept(receipts.routes(control)),
                *noting.kept(dashboard.routes(control)),
                *noting.kept(mandates.routes(control)),
                *noting.kept(downloads.routes(control)),
                *noting.kept(oauth.routes(control)),
                *browsing.routes(control),
                *reference.routes(),
                *components.routes(control),
                *noting.kept(stripe_js.routes(control)),
                Route("/", _to_the_index),
            ],
            exception_handlers={404: self._nowhere, 405: self._nowhere, Exception: _broken},
        )
        self._ticking: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind == "http" and scope["path"].startswith(("/v1", "/v2")):
            await self._api(scope, receive, send)
        elif kind == "lifespan":
            await self._lifespan(receive, send)
        elif kind == "websocket":
            await sockets.speak(self.control, scope, receive, send)
        elif kind == "http" and (named := _NAMED.fullmatch(scope.get("raw_path") or b"")):
            await self(_in_world(scope, *named.groups()), receive, send)
        else:
            await self._pages(scope, receive, send)

    def _nowhere(self, request: Request, _problem: Exception) -> Response:
        """A path that is neither the API's nor the control API's, or the wrong method for it."""
        method, path = request.method, request.url.path
        refusal = requests.unknown_url(method, path)
        if path.startswith(f"{PREFIX}/"):
            known = calls(self.control)
            refusal = no_such_call(method, path, meant(method, path.removeprefix(PREFIX), known))
        answer = _plain(refusal)
        return Response(answer.body, answer.status, media_type="application/json")

    async def _api(self, scope: Scope, receive: Receive, send: Send) -> None:
        inbound = Inbound(scope)
        if inbound.method == "OPTIONS":
            await _send(inbound, send, Answer(200, b"", _PREFLIGHT))
            return
        self.api.arrives(inbound)
        try:
            if inbound.announced or inbound.method != "GET":
                inbound.body = await read_body(receive)
            # No await from here on: the transaction runs to its end before any other request
            # starts.
            answer = self.api.answer(inbound)
            if answer.later is not None:
                answer = await answer.later()
        except Refusal as refusal:
            answer = _plain(refusal)
        except Gone:
            return  # half a request must not be carried out
        except Dropped:
            await hang_up(scope, receive)
            return
        finally:
            self.api.leaves(inbound)
        await _send(inbound, send, answer)

    async def _send_again(self, world: World, sent: Sent) -> None:
        """Carry out a request that was made before; who wants to know reads the log."""
        path, _, query = sent.target.partition("?")
        scope = {
            "type": "http",
            "method": sent.method,
            "path": path,
            "query_string": query.encode("latin-1"),
            "headers": [each for each in sent.headers if each[0] != b"emulator-world"],
        }
        body = {"type": "http.request", "body": sent.body}

        async def receive() -> MutableMapping[str, Any]:
            return body

        async def send(_message: MutableMapping[str, Any]) -> None:
            """Nobody waits for it."""

        with suppress(Dropped):
            await self(_in_world(scope, world.name.encode(), path.encode()), receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._ticking = asyncio.create_task(self._tick())
                await self.control.courier.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _tick(self) -> None:
        """Let time pass in the worlds whose clocks run, and sweep up what others left."""
        while True:
            ATTIC.sweep()
            await asyncio.sleep(_TICK_SECONDS)
            self.control.keeper.forget_unused(stopwatch())
            for world in self.worlds.all():
                if world.setup.clock.mode != "frozen":
                    world.catch_up()

    async def _stop(self) -> None:
        if self._ticking:
            self._ticking.cancel()
            with suppress(asyncio.CancelledError):
                await self._ticking
        ATTIC.close()
        await self.control.courier.stop()


def _in_world(scope: Scope, world: bytes, raw: bytes) -> Scope:
    """The request without the world in its path: it is in a header now."""
    headers = [*scope["headers"], (b"emulator-world", unquote_to_bytes(world))]
    path = unquote(raw.decode("latin-1"))
    return {**scope, "path": path, "raw_path": raw, "headers": headers}


def _plain(refusal: Refusal) -> Answer:
    body = orjson.dumps({"error": refusal.body()}, option=orjson.OPT_INDENT_2) + b"\n"
    return Answer(refusal.status, body, [])


def _to_the_index(request: Request) -> Response:
    """Who opens the server's address is told what there is; in a browser, to look around in."""
    reads = "text/html" in request.headers.get("accept", "")
    return RedirectResponse(browsing.HERE if reads else PREFIX)


def _broken(request: Request, _problem: Exception) -> Response:
    """A bug of ours in a page or a control call; Starlette raises it again, into the log."""
    answer = _plain(requests.internal_call(request.method, request.url.path))
    return Response(answer.body, answer.status, media_type="application/json")


async def _send(inbound: Inbound, send: Send, answer: Answer) -> None:
    headers = answer.headers()
    if inbound.browser:
        headers += FOR_BROWSERS
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def build(worlds: Worlds, **options: Any) -> Application:
    """An application over these worlds."""
    return Application(worlds, Control(worlds, **options))
