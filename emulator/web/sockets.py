"""WebSockets: lines to Stripe's command line, which opens one for each session that it asked for.

The address names the world, the header `Websocket-Id` the session. A line that is asked for with
another id is refused; the command line then asks for a session anew.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import Final
from urllib.parse import unquote_to_bytes

import orjson

from emulator.control import Control
from emulator.control.tailing import Tail
from emulator.kernel.errors import Refusal
from emulator.kernel.errors import webhooks as refusals
from emulator.kit import outbox
from emulator.web.inbound import Receive, Scope, Send
from emulator.webhooks import stripecli
from emulator.webhooks.lines import Line
from emulator.world import World

_ADDRESS: Final = re.compile(rb"/w/([^/]+)/subscribe/acct_\w+")
# A tail looks for new requests so often, and everybody whether their world is still there.
_PAUSE_SECONDS: Final = 0.05
_REFUSE: Final = "websocket.http.response"


def is_one(target: bytes) -> bool:
    """Whether this, a request's path and query, is the address of a socket."""
    return _ADDRESS.fullmatch(target.partition(b"?")[0]) is not None


async def speak(control: Control, scope: Scope, receive: Receive, send: Send) -> None:
    """One client, from its connecting to its going away."""
    await receive()
    try:
        world, session = _find(control, scope)
    except Refusal as refusal:
        await _refuse(refusal, scope, send)
        return
    await send({"type": "websocket.accept"})
    lines = control.courier.lines
    line = lines.open(world, session)
    writing = [asyncio.create_task(_pass_on(line, send))]
    writing.append(asyncio.create_task(_watch(control, line, send)))
    try:
        while (message := await receive())["type"] != "websocket.disconnect":
            line.hear(message.get("text") or "")
    finally:
        lines.close(line)
        for task in writing:
            task.cancel()
        await asyncio.wait(writing)


def _find(control: Control, scope: Scope) -> tuple[World, dict[str, str]]:
    address = _ADDRESS.fullmatch(scope.get("raw_path") or scope["path"].encode())
    if address is not None:
        world = control.worlds.find(unquote_to_bytes(address[1]).decode("utf-8", "replace"))
        id_ = dict(scope["headers"]).get(b"websocket-id", b"").decode("latin-1")
        session = outbox.session(world.setup, id_) if world else None
        if world is not None and session is not None:
            return world, session
    raise refusals.unknown_line()


async def _refuse(refusal: Refusal, scope: Scope, send: Send) -> None:
    """An answer in place of the connection, where the server can give one."""
    if _REFUSE not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close"})
        return
    body = orjson.dumps({"error": refusal.body()})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": f"{_REFUSE}.start", "status": refusal.status, "headers": headers})
    await send({"type": f"{_REFUSE}.body", "body": body})


async def _pass_on(line: Line, send: Send) -> None:
    """Send what is to go along the line, in its order."""
    while True:
        await send({"type": "websocket.send", "text": await line.outgoing.get()})


async def _watch(control: Control, line: Line, send: Send) -> None:
    """Tell of requests, when that is what the client wants, and end with the world."""
    tail = Tail(line.world, line.session)
    while control.worlds.find(line.world.name) is line.world:
        for text in tail.news():
            line.outgoing.put_nowait(text)
        await asyncio.sleep(_PAUSE_SECONDS)
    with suppress(Exception):  # whoever is gone need not be told
        await send({"type": "websocket.close", "code": stripecli.GOING_AWAY})
