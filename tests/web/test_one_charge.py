"""Many requests at once under one idempotency key are one charge."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlsplit

import orjson

from tests.clients.process import running
from tests.talking import form

_REQUESTS = 200
_HEADERS = {
    "Authorization": "Bearer sk_test_crowd",
    "Content-Type": "application/x-www-form-urlencoded",
}
_PARAMS = {
    "amount": 1_000,
    "currency": "usd",
    "confirm": True,
    "payment_method": "pm_card_bypassPending",
    "payment_method_types": ["card"],
}


def test_two_hundred_requests_with_one_key_make_one_charge() -> None:
    with running() as address:
        host = urlsplit(address).netloc
        gate = Barrier(_REQUESTS)

        def pay(_number: int) -> tuple[int, str | None, bytes]:
            line = HTTPConnection(host, timeout=60)
            line.connect()
            gate.wait(60)
            try:
                headers = {**_HEADERS, "Idempotency-Key": "one"}
                line.request("POST", "/v1/payment_intents", form(_PARAMS), headers)
                answer = line.getresponse()
                return answer.status, answer.headers.get("Idempotent-Replayed"), answer.read()
            finally:
                line.close()

        with ThreadPoolExecutor(_REQUESTS) as crowd:
            answers = list(crowd.map(pay, range(_REQUESTS)))
        (charge,) = _listed(host, "/v1/charges")
        (line,) = _listed(host, "/v1/balance_transactions")

    assert {status for status, _, _ in answers} <= {200, 409}
    made = Counter(replayed for status, replayed, _ in answers if status == 200)
    assert made[None] == 1
    assert len({body for status, _, body in answers if status == 200}) == 1
    assert (charge["amount"], line["net"]) == (1_000, 941)


def _listed(host: str, path: str) -> list[dict[str, int]]:
    line = HTTPConnection(host, timeout=60)
    try:
        line.request("GET", path, headers=_HEADERS)
        found: list[dict[str, int]] = orjson.loads(line.getresponse().read())["data"]
        return found
    finally:
        line.close()
