"""A small keep-alive client that fills pipelines: seeds worlds, and stands in where wrk is
absent.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import httptools
import uvloop

_LINES = 8
_DEPTH = 16


@dataclass(slots=True)
class Tally:
    """What came back. sample: the body of every `every`-th answer, when that is not 0."""

    every: int = 0
    answers: int = 0
    failures: int = 0
    seconds: float = 0.0
    sample: list[bytes] = field(default_factory=list)
    first_failure: bytes = b""

    def add(self, status: int, body: bytes) -> None:
        """Count one answer."""
        if not 200 <= status < 300:
            self.failures += 1
            self.first_failure = self.first_failure or body
        elif self.every and self.answers % self.every == 0:
            self.sample.append(body)
        self.answers += 1


class Line(asyncio.Protocol):
    """One connection that keeps `depth` requests under way."""

    def __init__(self, source: Iterator[bytes], tally: Tally, depth: int) -> None:
        self._source = source
        self._tally = tally
        self._depth = depth
        self._under_way = 0
        self._body: list[bytes] = []
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._fill()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)
        self._fill()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server hung up"))

    # httptools calls these:

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        self._tally.add(self._parser.get_status_code(), b"".join(self._body))
        self._body.clear()
        self._under_way -= 1

    def _fill(self) -> None:
        assert self._transport is not None
        batch = []
        while self._under_way < self._depth and (raw := next(self._source, None)) is not None:
            batch.append(raw)
            self._under_way += 1
        if batch:
            self._transport.write(b"".join(batch))
        elif not self._under_way and not self.done.done():
            self.done.set_result(None)
            self._transport.close()


def send_all(
    port: int, source: Iterator[bytes], *, every: int = 0, lines: int = _LINES, depth: int = _DEPTH
) -> Tally:
    """Send everything that the source yields; returns when every answer is there."""
    tally = Tally(every)
    began = time.perf_counter()
    uvloop.run(_pump(port, source, tally, lines, depth))
    tally.seconds = time.perf_counter() - began
    return tally


async def _pump(port: int, source: Iterator[bytes], tally: Tally, lines: int, depth: int) -> None:
    loop = asyncio.get_running_loop()
    opened = [
        await loop.create_connection(lambda: Line(source, tally, depth), "127.0.0.1", port)
        for _ in range(lines)
    ]
    await asyncio.gather(*(line.done for _, line in opened))


def for_a_while(calls: list[bytes], mark: bytes, seconds: float) -> Iterator[bytes]:
    """The calls over and over until the time is up, a fresh number in place of each mark."""
    until = time.perf_counter() + seconds
    number = time.time_ns() % 10**15
    while time.perf_counter() < until:
        for raw in calls:
            number += 1
            yield raw.replace(mark, b"%016d" % number) if mark in raw else raw
            if number % 64 == 0 and time.perf_counter() >= until:
                return
