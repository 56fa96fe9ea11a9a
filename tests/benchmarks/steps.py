"""How many steps a request takes inside the server: function calls, counted in this process.

A count is the same on every machine and under any load, so it shows at once when something was
added to the way of every request. It says nothing about how long a step takes.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from emulator.web.api import Api
from emulator.web.inbound import Inbound
from emulator.world import Profile, Worlds
from tests.benchmarks import traffic
from tests.benchmarks.report import Report
from tests.benchmarks.traffic import Call

_NOON: Final = 1_788_000_000
_WARM: Final = 120


@dataclass(frozen=True, slots=True)
class Path:
    """A kind of request, and how many function calls it may take."""

    what: str
    call: Call
    most: int


PATHS: Final = (
    Path("create a customer", traffic.customer(), 355),
    Path("create and confirm a card payment", traffic.payment(), 1_240),
    Path("list 100 customers", traffic.pages(100)[0], 170),
)


def count(report: Report) -> None:
    """Count every path and report it."""
    api = Api(Worlds(Profile(start=_NOON, frozen=True)))
    for path in PATHS:
        for _ in range(_WARM):  # what is compiled or remembered is, and lists are long
            _answer(api, path.call)
        found = _calls_of(api, path.call)
        what = f"function calls to {path.what}"
        report.most(what, "", f"{found:,}", found=found, most=path.most, unit="calls")


def _calls_of(api: Api, call: Call) -> int:
    counted = 0

    def one(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    sys.setprofile(one)
    try:
        _answer(api, call)
    finally:
        sys.setprofile(None)
    return counted


def _answer(api: Api, call: Call) -> None:
    at = urlsplit(call.path)
    headers = [(name.lower().encode(), value.encode()) for name, value in call.headers().items()]
    scope = {
        "method": call.method,
        "path": at.path,
        "query_string": at.query.encode(),
        "headers": headers,
    }
    answer = api.answer(Inbound(scope, (call.body or "").encode()))
    assert answer.status == 200, answer.body
