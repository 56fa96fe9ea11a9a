"""Makes what operations name, in the world of a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from emulator.contract.versions import parse, usual
from emulator.fuzzing.line import Line
from emulator.fuzzing.making import Maker
from emulator.scenario import Answered, Asked
from tests.talking import NOW, Answer, Talk


class Spoken(Line):
    """A line that is a conversation. last: the newest answer, whole."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.version = parse(usual(NOW))
        self.last: Answer | None = None

    def ask(self, asked: Asked) -> Answered:
        version = {"stripe_version": asked.version} if asked.version else {}
        self.last = answer = self._sent(asked.method, asked.path, asked.with_, version)
        is_json = answer.headers["content-type"] == "application/json"
        body = answer.json() if is_json else {"text": answer.text}
        return Answered(answer.status_code, answer.content, body)

    def _sent(
        self, method: str, path: str, params: Mapping[str, Any], version: dict[str, str]
    ) -> Answer:
        if method == "GET":
            return self.talk.get(path, params, **version)
        if path.startswith(("/v2/", "/_emulator/")):
            body = orjson.dumps(params)
            return self.talk.send(method, path, body, content_type="application/json", **version)
        if path == "/v1/files":
            return self._upload(params)
        if method == "POST":
            return self.talk.post(path, params, **version)
        return self.talk.delete(path, **version)

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
