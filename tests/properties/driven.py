"""A platform that is driven through the API at random: what may be asked of it, and what holds
whatever was asked.
"""

from __future__ import annotations

import logging
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.properties.ledgers import Ledgers
from tests.properties.quick import Quick
from tests.resources.market import Doc, books_hold, on


class Problems(logging.Handler):
    """What the emulator would only have logged: a job or a request that broke."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(self.format(record))


class Driven(RuleBasedStateMachine):
    """A world of its own, and what each account's balance transactions sum to."""

    def __init__(self, seed: str) -> None:
        super().__init__()
        self.talk = Quick(seed=seed)
        self.ledgers = Ledgers(self.talk)
        self.problems = Problems()
        logging.getLogger("emulator").addHandler(self.problems)

    def owners(self) -> list[str | None]:
        """Whose balances there are; None is the platform."""
        raise NotImplementedError

    @rule(duration=st.sampled_from(("10s", "1h", "1d", "2d", "8d")))
    def wait(self, duration: str) -> None:
        self.talk.advance(duration)

    # -- what always holds ------------------------------------------------------------------------

    @invariant()
    def every_balance_is_the_sum_of_its_transactions(self) -> None:
        for account in self.owners():
            self.ledgers.check(account)

    @invariant()
    def nothing_broke(self) -> None:
        assert self.problems.found == []

    def teardown(self) -> None:
        self.talk.advance("30d")
        self.every_balance_is_the_sum_of_its_transactions()
        logging.getLogger("emulator").removeHandler(self.problems)
        self.nothing_broke()
        assert books_hold(self.talk)

    # -- for the rules ----------------------------------------------------------------------------

    def ask(self, path: str, params: Doc, account: str | None, *, allowed: bool) -> Any:
        """What was made, or None when it was rightly refused and moved nothing."""
        made = self.attempt(path, params, account)
        assert (made is not None) == allowed, (path, params, made)
        return made

    def attempt(self, path: str, params: Doc, account: str | None) -> Any:
        """What was made, or None when it was refused: then nothing moved."""
        before = self._moved()
        answer = self.talk.post(path, params, **on(account))
        assert answer.status_code in {200, 400}, (path, params, answer.text)
        if answer.status_code == 200:
            return answer.json()
        assert self._moved() == before
        return None

    def _moved(self) -> int:
        for account in self.owners():
            self.ledgers.read(account)
        return self.ledgers.seen
