"""uvicorn's HTTP protocol with one change: the head and the body of an answer leave in
one write.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from emulator.web.inbound import HANG_UP


class Joining:
    """A transport that gathers what is written within one turn of the event loop.

    uvicorn writes an answer's head and body separately: two system calls, two packets, and a client
    that wakes up twice. Everything else about the transport is the real one's.
    """

    __slots__ = ("_inner", "_parts", "_soon")

    def __init__(self, inner: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._inner = inner
        self._parts: list[bytes] = []
        self._soon = loop.call_soon

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def write(self, data: bytes) -> None:
        if not self._parts:
            self._soon(self._flush)
        self._parts.append(data)

    def close(self) -> None:
        self._flush()
        self._inner.close()

    def _flush(self) -> None:
        if self._parts:
            parts, self._parts = self._parts, []
            if not self._inner.is_closing():  # the connection may have been cut since
                self._inner.writelines(parts)


class Protocol(HttpToolsProtocol):
    """What uvicorn makes one of for each connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Every scope of this connection carries its state: how a fault may cut it off.
        self.app_state = {**self.app_state, HANG_UP: cast("asyncio.Transport", transport).abort}
        joining = Joining(cast("asyncio.Transport", transport), self.loop)
        super().connection_made(cast("asyncio.Transport", joining))
