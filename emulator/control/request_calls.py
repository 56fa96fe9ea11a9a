"""The calls about the request log."""

from __future__ import annotations

from typing import Final

from emulator.control import requests as schemas
from emulator.control.calls import Call
from emulator.control.requests import Requests

_NO_REQUEST: Final = {404: "The log holds no request of this id."}


def calls(requests: Requests) -> tuple[Call, ...]:
    """Every call about the request log."""
    return (*_whole(requests), *_single(requests))


def _whole(requests: Requests) -> tuple[Call, ...]:
    return (
        Call(
            "listRequests",
            "GET",
            "/requests",
            "What the world was asked, newest first; after a cursor, as it comes.",
            requests.list_,
            query=schemas.LIST,
        ),
        Call(
            "keepRequests",
            "POST",
            "/requests",
            "Choose how many requests are kept, or all.",
            requests.keep,
            body=schemas.KEEP,
            needs=("keep",),
            notes=False,
        ),
        Call("clearRequests", "DELETE", "/requests", "Forget them.", requests.clear, notes=False),
    )


def _single(requests: Requests) -> tuple[Call, ...]:
    return (
        Call(
            "showRequest",
            "GET",
            "/requests/{id}",
            "One request whole: headers, bodies, and as a curl command.",
            requests.show,
            query=schemas.SHOW,
            errors=_NO_REQUEST,
        ),
        Call(
            "replayRequest",
            "POST",
            "/requests/{id}/replay",
            "The same request once more, as a new one.",
            requests.replay,
            errors=_NO_REQUEST,
            notes=False,
        ),
    )
