"""The request log: what it says of each request, and how little it holds of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from emulator.kit.log import RequestLog

Headers = list[tuple[bytes, bytes]]


def _add(log: RequestLog, headers: Headers, path: str = "/v1/customers", query: bytes = b"") -> Any:
    asked: Any = SimpleNamespace(method="GET", path=path, query=query, headers=headers)
    log.add(asked, b"", f"req_{log.total}", "sk_test_a", "acct_1", None, 0.5, 7, 0)
    return log.noted()[-1]


def test_every_request_has_its_own_headers() -> None:
    log = RequestLog()
    told: list[Headers] = [
        [(b"host", b"a"), (b"idempotency-key", b"one")],
        [(b"host", b"a"), (b"idempotency-key", b"two")],
        [(b"host", b"a")],
        [(b"host", b"a")],
        [(b"accept", b"*"), (b"host", b"a")],
        [],
    ]
    for headers in told:
        _add(log, list(headers))

    assert [each.headers for each in log.noted()] == told
    assert log.noted()[1].header(b"idempotency-key") == b"two"
    assert log.noted()[2].header(b"idempotency-key") is None


def test_what_a_client_says_each_time_is_held_once() -> None:
    log = RequestLog()
    first = _add(log, [(b"host", b"a"), (b"user-agent", bytes(1000)), (b"x", b"1")])
    second = _add(log, [(b"host", b"a"), (b"user-agent", bytes(1000)), (b"x", b"2")])
    third = _add(log, [(b"host", b"a"), (b"user-agent", bytes(1000)), (b"x", b"2")])

    assert second.headers[1] is first.headers[1]
    assert third.headers is second.headers


def test_what_is_noted_comes_back_in_order_and_the_oldest_goes() -> None:
    log = RequestLog()
    log.keep(2)
    for number in range(3):
        _add(log, [], f"/{number}", b"limit=1" if number else b"")

    assert [(each.number, each.target) for each in log.noted()] == [
        (2, "/1?limit=1"),
        (3, "/2?limit=1"),
    ]
    assert [each.number for each in log.noted(2)] == [3]
    assert not log.noted()[0].lost
