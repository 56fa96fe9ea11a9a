"""Makes what operations name, in the world of a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from emulator.fuzzing.line import Line
from emulator.fuzzing.making import Maker
from emulator.scenario import Answered
from tests.talking import Answer, Talk


class Spoken(Line):
    """A line that is a conversation. last: the newest answer, whole."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.last: Answer | None = None

    def send(self, method: str, path: str, params: Mapping[str, Any] | None = None) -> Answered:
        self.last = answer = self._sent(method, path, params)
        is_json = answer.headers["content-type"] == "application/json"
        body = answer.json() if is_json else {"text": answer.text}
        return Answered(answer.status_code, answer.content, body)

    def _sent(self, method: str, path: str, params: Mapping[str, Any] | None) -> Answer:
        if method == "GET":
            return self.talk.get(path, params)
        if path.startswith(("/v2/", "/_emulator/")):
            body = orjson.dumps(params or {})
            return self.talk.send(method, path, body, content_type="application/json")
        if path == "/v1/files":
            return self._upload(params or {})
        return self.talk.post(path, params) if method == "POST" else self.talk.delete(path)

    def _upload(self, params: Mapping[str, Any]) -> Answer:
        return self.talk.client.post(
            "/v1/files",
            data={"purpose": params["purpose"]},
            files={"file": ("receipt.pdf", b"%PDF-1.4", "application/pdf")},
            headers={"authorization": f"Bearer {self.talk.key}"},
        )


class Made(Maker):
    """A maker whose answers can be looked at whole."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.spoken = Spoken(talk)
        super().__init__(self.spoken)

    def answer(self, method: str, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        self.spoken.send(method, path, params)
        assert self.spoken.last is not None
        return self.spoken.last
