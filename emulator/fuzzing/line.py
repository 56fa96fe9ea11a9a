"""The line on which the fuzzer asks: one world of an application in this process, or of a server.

Every request that travels is noted with its answer, so that a finding can be told from its
beginning.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from emulator.contract.versions import NEWEST, Version
from emulator.scenario import Answered, Ask, Asked

Listener = Callable[["Exchange"], None]


class NotMade(Exception):
    """What should have been made was refused; the text says what and why."""


class Exchange(NamedTuple):
    """One request and its answer."""

    asked: Asked
    answered: Answered


class Line:
    """Asks one after the other. version: what is asked in unless a request names another one.
    account: the connected account on which it is asked. listener: hears every exchange.
    """

    def __init__(self, ask: Ask, loop: asyncio.AbstractEventLoop) -> None:
        self._ask = ask
        self._loop = loop
        self.version: Version = NEWEST
        self.account: str | None = None
        self.listener: Listener | None = None

    def ask(self, asked: Asked) -> Answered:
        asked = asked if asked.version else replace(asked, version=self.version.text)
        if self.account is not None and not asked.path.startswith("/_emulator"):
            asked = replace(asked, account=self.account)
        answered = self._loop.run_until_complete(self._ask(asked))
        if self.listener is not None:
            self.listener(Exchange(asked, answered))
        return answered

    def send(self, method: str, path: str, params: Mapping[str, Any] | None = None) -> Answered:
        return self.ask(Asked(method, path, dict(params or {})))

    def made(
        self, path: str, params: Mapping[str, Any] | None = None, version: str = NEWEST.text
    ) -> Any:
        """What a POST answers that must succeed, usually in the newest words."""
        return self._must(Asked("POST", path, dict(params or {}), version=version))

    def got(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """What a GET answers that must succeed, in the newest words."""
        return self._must(Asked("GET", path, dict(params or {}), version=NEWEST.text))

    def first(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """The first of a list: of what is there, the newest."""
        found = self.got(path, {**(params or {}), "limit": 1})["data"]
        if not found:
            raise NotMade(f"GET {path}: nothing is there")
        return found[0]

    def _must(self, asked: Asked) -> Any:
        found = self.ask(asked)
        if found.status != 200:
            raise NotMade(
                f"{asked.method} {asked.path}: {found.status} {found.error.get('message')}"
            )
        return found.body
