"""What clients and networks do to a connection: answered or let go, and never a word in the log."""

from __future__ import annotations

import gzip
import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.clients.process import running

_KEY: Final = b"Authorization: Bearer sk_test_wire\r\nHost: a\r\n"
_UPGRADE: Final = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
_CHUNKED: Final = b"Transfer-Encoding: chunked\r\n"
_FORM: Final = b"Content-Type: application/x-www-form-urlencoded\r\n"
_AT_ONCE: Final = struct.pack("ii", 1, 0)


def _asked(method: bytes, path: bytes, more: bytes = b"", version: bytes = b"1.1") -> bytes:
    return method + b" " + path + b" HTTP/" + version + b"\r\n" + _KEY + more + b"\r\n"


def _posted(body: bytes, more: bytes = b"") -> bytes:
    length = b"Content-Length: %d\r\n" % len(body)
    return _asked(b"POST", b"/v1/customers", _FORM + length + more) + body


_LIST: Final = _asked(b"GET", b"/v1/customers")
_MADE: Final = _posted(b"name=Ada")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wire") / "log"


@pytest.fixture(scope="module")
def port(log: Path) -> Iterator[int]:
    with log.open("w") as written, running(stderr=written) as base:
        yield int(base.rpartition(":")[2])


@contextmanager
def _connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        yield connection


def _until(port: int, sent: bytes, count: int) -> list[int]:
    """The statuses of so many answers on a connection that stays open."""
    with _connected(port) as connection:
        connection.sendall(sent)
        got = b""
        while len(found := re.findall(rb"HTTP/1\.1 (\d+) ", got)) < count:
            got += connection.recv(65_536)
    return [int(each) for each in found]


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        (_LIST * 5, [200] * 5),
        ((_MADE + _LIST) * 3, [200] * 6),
        (_asked(b"HEAD", b"/_emulator/health") + _LIST, [200, 200]),
        (_asked(b"OPTIONS", b"/v1/customers") + _LIST, [200, 200]),
        (_asked(b"PUT", b"/v1/customers") + _LIST, [404, 200]),
        (_asked(b"GET", b"/nowhere", _UPGRADE), [404]),
        (_asked(b"GET", b"/v1/customers", _UPGRADE), [200]),
        (_asked(b"GET", b"/v1/customers", version=b"1.0"), [200]),
        (
            _asked(b"POST", b"/v1/customers", _FORM + _CHUNKED) + b"8\r\nname=Ada\r\n0\r\n\r\n",
            [200],
        ),
        (_asked(b"POST", b"/v1/customers", _CHUNKED) + b"zz\r\n", [400]),
        (_posted(gzip.compress(b"name=Ada"), b"Content-Encoding: gzip\r\n"), [400]),
        (_asked(b"GET", b"/v1/customers/" + b"a" * 60_000), [404]),
        (_asked(b"GET", b"/v1/customers/" + b"a" * 70_000), [400]),
        (_asked(b"GET", b"/v1/customers/%ff%00"), [404]),
        (_asked(b"GET", b"/v1/customers", b"X: " + b"a" * 100_000 + b"\r\n"), [200]),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400]),
        (b"\x16\x03\x01\x02\x00\x01", [400]),
    ],
)
def test_what_arrives_is_answered(port: int, sent: bytes, statuses: list[int]):
    assert _until(port, sent, len(statuses)) == statuses


def test_a_client_that_asks_first_whether_to_go_on(port: int):
    waits = b"Expect: 100-continue\r\nContent-Length: 8\r\n"
    with _connected(port) as connection:
        connection.sendall(_asked(b"POST", b"/v1/customers", _FORM + waits))
        assert connection.recv(65_536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"name=Ada")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("sent", [_LIST[:20], _MADE[:-3], _MADE[:-20]])
def test_half_a_request_is_not_carried_out(port: int, sent: bytes):
    before = _newest(port)
    with _connected(port) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert _newest(port) == before


def _newest(port: int) -> bytes:
    with _connected(port) as connection:
        connection.sendall(_asked(b"GET", b"/v1/customers?limit=1", version=b"1.0"))
        got = b"".join(iter(lambda: connection.recv(65_536), b""))
    return got.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("sent", [_LIST, _MADE, _LIST * 200])
def test_a_client_that_does_not_stay_for_the_answer(port: int, sent: bytes):
    for _ in range(20):
        with _connected(port) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            connection.sendall(sent)
    assert _until(port, _LIST, 1) == [200]


def test_nothing_of_all_that_is_in_the_log(port: int, log: Path):
    assert _until(port, _LIST, 1) == [200]
    assert log.read_text() == ""
