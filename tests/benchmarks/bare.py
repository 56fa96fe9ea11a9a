"""What any Python server must pay: a bare ASGI app under the same uvicorn, without a line of ours.

GET /<size> sends so many fixed bytes; POST parses a form and serialises an object of 45 keys.
Run as a program: `python bare.py PORT`.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson
import uvicorn

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

_FORM_KEYS: Final = 45
_FIXED: Final[dict[str, bytes]] = {}
_FORM: Final[dict[str, Any]] = {
    f"field_{number:02}": (None, number, f"value {number}", True, {"inner": number})[number % 5]
    for number in range(_FORM_KEYS)
}


async def app(scope: Message, receive: Receive, send: Send) -> None:
    """The whole of it."""
    body = await _form(receive) if scope["method"] == "POST" else _fixed(scope["path"])
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _fixed(path: str) -> bytes:
    found = _FIXED.get(path)
    if found is None:
        found = _FIXED[path] = b"x" * int(path.removeprefix("/") or 0)
    return found


async def _form(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    sent = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return orjson.dumps(_FORM | {"sent": sent})


def main(port: int) -> None:
    """Serve on a port with the settings of our own server: httptools, uvloop, no access log."""
    uvicorn.run(
        app,
        port=port,
        http="httptools",
        proxy_headers=False,
        loop="uvloop",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
