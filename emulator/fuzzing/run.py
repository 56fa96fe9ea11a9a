"""A run: every operation with the least it takes, then made-up requests and stories until the time
is over, and now and then a look at the whole world.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from itertools import islice
from typing import Final

from emulator.contract import Operation, current, find, operations
from emulator.contract.versions import NEWEST, Version
from emulator.fuzzing import cases, recipes, shrinking
from emulator.fuzzing.checks import Fault, Watch, of_answer
from emulator.fuzzing.line import Exchange, Line, NotMade
from emulator.fuzzing.making import Maker
from emulator.fuzzing.pool import Pool
from emulator.fuzzing.report import Finding, Report
from emulator.kernel import ids
from emulator.kernel.clock import stopwatch
from emulator.resources.stored.plans import plan
from emulator.scenario import Answered, Asked

_REMEMBERED: Final = 20_000
_LOOK_EVERY: Final = 40
_STORY_EVERY: Final = 8
_TRIES: Final = {"positive": 4, "negative": 2}
_STORY: Final = (3, 8)
_ON_ONE: Final = 20
_USES_UP: Final = frozenset({"verb", "delete"})


@dataclass(frozen=True, slots=True)
class Plan:
    """seconds: when to stop. only: a pattern of paths or keys. every: of the variations of each
    operation only one in so many is tried. version: what is asked in, and what the platform is of,
    so that its events are told in it.
    """

    seed: int = 0
    seconds: float = 60.0
    only: str = "*"
    every: int = 1
    version: Version = NEWEST


class Run:
    """fresh: a line to another, empty world, for shrinking."""

    def __init__(self, plan: Plan, line: Line, witness: Line, fresh: Callable[[], Line]) -> None:
        self._plan, self._line = plan, line
        self._fresh = lambda: self._in_version(fresh())
        self._keys = [key for key in current(plan.version.date) if _wanted(key, plan.only)]
        self._pool = Pool()
        self._journal: deque[Exchange] = deque(maxlen=_REMEMBERED)
        self._known: set[tuple[str, str]] = set()
        self._began = stopwatch()
        self.report = Report(plan.seed, len(self._keys))
        _furnish(witness)
        self._in_version(line)
        since = line.got("/_emulator/clock")["now"]
        self._judge = partial(of_answer, since=since)
        line.listener = self._heard
        self._maker = Maker(line)
        self._watch = Watch(line, witness, self._pool, since)

    def go(self) -> Report:
        """Until the time is over; the first sweep over all operations is always made. Webhooks are
        held, for their addresses are made up.
        """
        self._line.made("/_emulator/webhooks", {"mode": "hold"})
        recipes.funded(self._line)
        self._sweep()
        self._sweep_on_an_account()
        turn = 0
        while not self._is_over():
            for key in self._shuffled(turn):
                if self._is_over():
                    break
                self._try(operations()[key], turn)
            turn += 1
        self._look()
        return self.report

    def _in_version(self, line: Line) -> Line:
        line.version = self._plan.version
        line.made("/_emulator/settings", {"version": line.version.text})
        return line

    # -- what is asked ----------------------------------------------------------------------------

    def _sweep(self) -> None:
        """Each operation with the least it takes; what takes away comes last."""
        for key in sorted(self._keys, key=lambda key: (key.startswith("DELETE"), key)):
            try:
                self._maker.perform(operations()[key])
            except NotMade:
                continue
        self._look()

    def _sweep_on_an_account(self) -> None:
        """The same with Stripe-Account, on one that may do all that a platform's accounts do."""
        self._line.account = recipes.payee(self._line)
        try:
            self._sweep()
        finally:
            self._line.account = None

    def _try(self, operation: Operation, turn: int) -> None:
        chance = int(ids.fraction(str(self._plan.seed), f"{operation.key}/{turn}") * 2**32)
        known = self._pool.known(operation)
        if turn == 0:
            self._vary(operation)
        cases.of_operation(operation, known, chance, _TRIES, self._line)
        if chance % _STORY_EVERY == 0:
            self._tell(operation, chance)
        if chance % _LOOK_EVERY == 0:
            self._line.send("POST", "/_emulator/clock", {"advance": "1d"})
            self._look()

    def _vary(self, operation: Operation) -> None:
        """One thing more than the least at a time; on objects made anew where a request uses them
        up, and now and then elsewhere.
        """
        now, path = self._line.send("GET", "/_emulator/clock").body["now"], ""
        often = 1 if plan(operation).deed in _USES_UP else _ON_ONE
        varied = islice(self._maker.variations(operation, now), None, None, self._plan.every)
        with suppress(NotMade):
            for number, params in enumerate(varied):
                if number % often == 0:
                    path = self._maker.path(operation)
                    self._maker.prepare(operation, path)
                self._line.send(operation.method, path, params)

    def _tell(self, operation: Operation, chance: int) -> None:
        """A few stories along the links around an operation."""
        there = current(self._line.version.date)
        area = [key for key in there if there[key].stem == operation.stem]
        known = self._pool.known(operation)
        cases.stories(area, known, chance, _STORY, self._line)

    def _shuffled(self, turn: int) -> Iterable[str]:
        seed = f"{self._plan.seed}/{turn}"
        return sorted(self._keys, key=lambda key: ids.fraction(seed, key))

    def _is_over(self) -> bool:
        return stopwatch() - self._began > self._plan.seconds

    # -- what is heard ----------------------------------------------------------------------------

    def _heard(self, exchange: Exchange) -> None:
        asked, answered = exchange
        if asked.path.startswith("/_emulator"):
            return
        self._journal.append(exchange)
        self._count(asked, answered)
        if answered.status == 200:
            self._pool.learn(answered.body)
        fault = self._judge(exchange)
        if fault is not None:
            self._found(fault)

    def _count(self, asked: Asked, answered: Answered) -> None:
        statuses = self.report.statuses
        statuses[answered.status] = statuses.get(answered.status, 0) + 1
        found = find(asked.method, asked.path.partition("?")[0])
        if found is not None and found.operation.key in self._keys:
            self.report.reached.add(found.operation.key)
            if answered.status == 200:
                self.report.answered.add(found.operation.key)

    def _look(self) -> None:
        for fault in self._watch.look():
            self._found(fault)

    def _found(self, fault: Fault) -> None:
        """Keep one finding of each kind for each operation, with what brings it about."""
        if (fault.check, fault.operation) in self._known:
            return
        self._known.add((fault.check, fault.operation))
        steps = shrinking.reduced(list(self._journal), fault, self._fresh, self._judge)
        story = None if steps is None else shrinking.scenario(steps, fault)
        self.report.findings.append(Finding(fault, story))


def _wanted(key: str, pattern: str) -> bool:
    path = key.partition(" ")[2]
    return fnmatchcase(key, pattern) or fnmatchcase(path, pattern) or path.startswith(pattern)


def _furnish(witness: Line) -> None:
    """Give the witness something to lose; its time stands still."""
    witness.made("/_emulator/clock", {"mode": "frozen"})
    witness.made("/v1/customers", {"email": "witness@example.com"})
    witness.made("/v1/payment_intents", {"amount": 1_000, "currency": "usd"})
    witness.made("/v1/radar/value_lists", {"alias": "witness", "name": "Witness"})
