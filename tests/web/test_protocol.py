"""How answers leave: head and body in one write, in order, and uvicorn's own way where it must."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from emulator.web.protocol import Protocol

_TURNS = 6


class Line(asyncio.Transport):
    """A connection that keeps what is written to it, write by write."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.closed = False

    def write(self, data: Any) -> None:
        self.writes.append(bytes(data))

    def writelines(self, list_of_data: Iterable[Any]) -> None:
        self.writes.append(b"".join(list_of_data))

    def pause_reading(self) -> None:
        """Everything is here already."""

    def resume_reading(self) -> None:
        """Nothing more comes."""

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


async def answers(scope: Any, _receive: Any, send: Any) -> None:
    """`/<n>` is answered with n letters; a query names a header to add: `name=value`."""
    body = b"x" * int(scope["path"][1:])
    headers = [(b"content-length", b"%d" % len(body))]
    name, _, value = scope["query_string"].partition(b"=")
    if name:
        headers.append((name, value.replace(b"%0A", b"\n")))
    if scope["method"] == "PUT":
        headers = []
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if scope["method"] == "PATCH":
        raise AssertionError("a bug")
    await send({"type": "http.response.body", "body": body})


def sent(request: bytes, then: Callable[[Protocol], object] = lambda _: None) -> Line:
    """What a connection brings after a request. then: done when it is answered, and before that is
    written.
    """

    async def run() -> Line:
        config = Config(answers, lifespan="off", log_config=None, access_log=False)
        config.load()
        line, state = Line(), ServerState()
        protocol = Protocol(config, state, {}, asyncio.get_running_loop())
        protocol.connection_made(line)
        protocol.data_received(request)
        answered = False
        for _ in range(_TURNS):
            await asyncio.sleep(0)
            if state.total_requests and not answered:
                answered = True
                then(protocol)
        protocol.timeout_keep_alive_handler()
        return line

    return asyncio.run(run())


def asked(path: str, method: str = "GET", more: str = "") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: here\r\n{more}\r\n".encode()


@pytest.mark.parametrize("size", [0, 500, 16 * 1024 - 1, 16 * 1024, 100_000])
def test_an_answer_leaves_in_one_write(size: int):
    (written,) = sent(asked(f"/{size}")).writes
    head, _, body = written.partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [b"HTTP/1.1 200 OK", b"content-length: %d" % size]
    assert body == b"x" * size


def test_answers_leave_in_the_order_of_the_requests():
    line = sent(asked("/20000") + asked("/1") + asked("/2"))
    assert [each.rpartition(b"\n")[2] for each in line.writes] == [b"x" * 20_000, b"x", b"xx"]


def test_the_last_answer_of_a_connection_says_so_and_closes_it():
    line = sent(asked("/1", more="Connection: close\r\n"))
    assert b"connection: close" in line.writes[0]
    assert line.closed


def test_an_application_may_ask_to_close():
    line = sent(asked("/1?connection=close"))
    assert b"connection: close" in line.writes[0]
    assert line.closed


def test_a_server_that_stops_sends_what_it_has_answered():
    line = sent(asked("/3"), Protocol.shutdown)
    assert [each[-3:] for each in line.writes] == [b"xxx"]
    assert line.closed


def test_nothing_is_written_to_a_connection_that_was_cut():
    assert not sent(asked("/3"), lambda protocol: protocol.transport.close()).writes


def test_only_the_head_answers_to_head():
    assert b"".join(sent(asked("/7", "HEAD")).writes).endswith(b"content-length: 7\r\n\r\n")


def test_without_a_length_the_answer_comes_in_chunks():
    assert b"".join(sent(asked("/3", "PUT")).writes).endswith(b"\r\n\r\n3\r\nxxx\r\n0\r\n\r\n")


def test_a_header_smuggles_in_no_other():
    line = sent(asked("/1?x-name=a%0Ax-other:b"))
    assert not line.writes
    assert line.closed


def test_an_exception_between_head_and_body_is_a_500():
    line = sent(asked("/1", "PATCH"))
    assert line.writes[0].startswith(b"HTTP/1.1 500 ")
