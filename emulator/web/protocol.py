"""uvicorn's HTTP protocol with one change: the head and the body of an answer leave in
one write.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from emulator.web import sockets
from emulator.web.inbound import HANG_UP

# Of shorter bodies a copy takes less time than a second piece of memory to gather from.
_LARGE: Final = 16 * 1024
# Headers that have a say in how an answer is sent.
_OF_THE_WAY: Final = frozenset({b"connection", b"transfer-encoding"})


class Cycle(RequestResponseCycle):
    """One request and its answer.

    uvicorn writes an answer's head and body separately: two system calls, two packets, and a client
    that wakes up twice. Here the head waits for the body. An answer that is not an ordinary one (in
    several pieces, of a length not told, the last of its connection) goes uvicorn's own way.
    """

    _start: dict[str, Any] | None = None

    async def send(self, message: Any) -> None:
        """ASGI's `send`."""
        start, self._start = self._start, None
        if message["type"] == "http.response.start" and not self.response_started:
            self._start = message
            return
        if start is not None:
            head = self._head(start, message)
            if head is not None:
                self._write(head, message["body"])
                return
            await super().send(cast("Any", start))
        await super().send(message)

    def _head(self, start: dict[str, Any], message: dict[str, Any]) -> bytes | None:
        """The head of an ordinary answer with that body; None when it is not one."""
        headers = [*self.default_headers, *start["headers"]]
        if (
            (b"content-length", b"%d" % len(message.get("body", b""))) not in headers
            or message.get("more_body")
            or not self.keep_alive
            or self.disconnected
            or self.access_log
            or self.flow.write_paused
            or self.scope["method"] == "HEAD"
        ):
            return None
        lines = [b"%b: %b\r\n" % pair for pair in headers if pair[0] not in _OF_THE_WAY]
        head = b"%b%b\r\n" % (STATUS_LINE[start["status"]], b"".join(lines))
        # A line more than there are headers would be one that a value has smuggled in.
        ends = head.count(b"\n") == head.count(b"\r") == len(headers) + 2
        return head if ends and len(lines) == len(headers) else None

    def _write(self, head: bytes, body: bytes) -> None:
        """Write in the loop's next turn: one after the other, the answers of this turn wake a
        client that waits for several of them once.
        """
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        pieces = (head + body,) if len(body) < _LARGE else (head, body)
        asyncio.get_running_loop().call_soon(self._leave, pieces)
        self.message_event.set()
        self.on_response()

    def _leave(self, pieces: tuple[bytes, ...]) -> None:
        if not self.transport.is_closing():  # the connection may have been cut since
            self.transport.writelines(pieces)


class Protocol(HttpToolsProtocol):
    """What uvicorn makes one of for each connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Every scope of this connection carries its state: how a fault may cut it off.
        self.app_state = {**self.app_state, HANG_UP: cast("asyncio.Transport", transport).abort}
        super().connection_made(cast("asyncio.Transport", transport))

    def shutdown(self) -> None:
        """Asked to end the connection: after what is to be written in this turn."""
        self.loop.call_soon(super().shutdown)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        cycle.__class__ = Cycle
        super()._start_asgi_task(cycle, app)

    def _should_upgrade_to_ws(self) -> bool:
        """Only where there is a socket: elsewhere the wish for one is ignored, as HTTP allows."""
        return sockets.is_one(self.url) and super()._should_upgrade_to_ws()


def on_upgrade(**connection: Any) -> asyncio.Protocol:
    """What a connection becomes that is to be a WebSocket. Few do: its library is imported when the
    first one does.
    """
    from uvicorn.protocols.websockets import websockets_sansio_impl as found  # noqa: PLC0415

    return found.WebSocketsSansIOProtocol(**connection)
