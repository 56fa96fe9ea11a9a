"""Talking to an emulator without a socket or a thread: for tests that ask many thousand times."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx2
import orjson
from starlette.testclient import TestClient

from emulator.web.app import build
from emulator.web.inbound import Inbound
from emulator.world import Profile, World, Worlds
from tests.talking import KEY, NOW, Answer, Talk

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


class Quick(Talk):
    """The same conversation as `Talk`, one function call for each request."""

    def __init__(self, seed: str = "quick") -> None:
        self.app = build(Worlds(Profile(seed=seed, start=NOW, frozen=True)))
        super().__init__(TestClient(self.app), KEY)
        self.world: World = self.app.worlds.get("main")

    def send(self, method: str, path: str, body: bytes = b"", /, **headers: str) -> Answer:
        names = {"authorization": f"Bearer {self.key}", **headers}
        where = urlsplit(path)
        scope = {
            "method": method,
            "path": where.path,
            "query_string": where.query.encode(),
            "client": ("127.0.0.1", 50_000),
            "headers": [
                (name.lower().replace("_", "-").encode(), value.encode())
                for name, value in names.items()
            ],
        }
        answer = self.app.api.answer(Inbound(scope, body))
        return Answer(answer.status, content=answer.body)

    def control(self, name: str, body: Any = None) -> Answer:
        """The books alone; for anything else use `Talk`."""
        assert name == "audit"
        broken = self.world.audit()
        return httpx2.Response(200, json={"broken": broken, "holds": not broken})

    def advance(self, duration: str) -> Any:
        return self.world.advance_to(self.now + int(duration[:-1]) * _UNITS[duration[-1]])

    @property
    def now(self) -> int:
        return self.world.now()

    def read(self, path: str, **headers: str) -> Any:
        """What a GET answers, without an answer around it."""
        return orjson.loads(self.get(path, **headers).content)
