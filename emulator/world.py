"""The composition root: the one place where clock, ids, store and answers are chosen and joined."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from emulator import contract
from emulator.contract import versions
from emulator.kernel.clock import Clock
from emulator.kernel.errors import Refusal
from emulator.kernel.errors import worlds as refusals
from emulator.kernel.errors.refusal import CARD
from emulator.kit import Caller, Doc, Setup, Tx, agenda, answers
from emulator.kit.expansion import Expander
from emulator.kit.log import RequestLog
from emulator.ledger import SOURCE_TYPES, balance_of, risk_of
from emulator.resources import RESOURCES, found_platform
from emulator.store import Store

_LOG: Final = logging.getLogger("emulator.world")
_MOST_JOBS: Final = 1_000_000
# What a world can be called, by whatever names it: a key, a path, a header, a call.
NAME: Final = r"^[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,199}$"
_NAME: Final = re.compile(NAME)

EXPANDER: Final = Expander(RESOURCES)


@dataclass(frozen=True, slots=True)
class Profile:
    """How a world begins.

    seed: goes into every id. start: the instant that its clock shows, and where it stands still
    unless it `runs` or has a rate; None for the machine's time. frozen: whether the clock stands
    still. rate: emulated seconds per second, 0 for a clock that is not accelerated. country: the
    platform's. availability: the rule set.
    """

    seed: str = "0"
    start: int | None = None
    frozen: bool = False
    country: str = "US"
    availability: str = "overview"
    settings: Doc = field(default_factory=dict)
    runs: bool = False
    rate: float = 0.0

    def clock(self) -> Clock:
        clock = Clock.real() if self.start is None else Clock.frozen(self.start)
        if self.rate:
            clock.set_mode("accelerated", self.rate)
        elif self.runs:
            clock.set_mode("real")
        elif self.frozen:
            clock.set_mode("frozen")
        return clock


class Transaction:
    """`with world.transaction(caller) as tx:`; a class, because every request passes
    through one.
    """

    __slots__ = ("_store", "_tx", "_world")

    def __init__(self, world: World, tx: Tx) -> None:
        self._world, self._tx, self._store = world, tx, world.setup.store

    def __enter__(self) -> Tx:
        self._store.begin()
        return self._tx

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        if problem is not None and not (isinstance(problem, Refusal) and problem.keep):
            self._roll_back(problem)
            return
        if self._tx.held:
            self._tx.finish()
        self._store.commit()
        if self._tx.told and self._world.on_commit:
            self._world.on_commit(self._world)

    def _roll_back(self, problem: BaseException) -> None:
        """Undo everything; but an instruction that had a card decline has been used, even where
        the decline leaves no trace.
        """
        store = self._store
        declined = isinstance(problem, Refusal) and problem.type == CARD
        spent = answers.used(store) if declined else []
        store.rollback()
        for use in spent:
            if store.raw(answers.USED, use["id"]) is None:
                with store.transaction():
                    answers.repeat(store, use)


@dataclass(frozen=True, slots=True)
class Moment:
    """A world as it once was. Its store is shared with the world until one of them writes, and
    nobody writes to this one.

    requests: how many there had been. born: how many documents the platform account took. log:
    what it had been asked.
    """

    setup: Setup
    requests: int
    born: int
    log: RequestLog = field(default_factory=RequestLog)

    def ground(self, name: str) -> Setup:
        """A ground of its own for a world of this name to go on from: its clock shows the same
        instant.
        """
        was = self.setup
        clock = replace(was.clock)
        clock.move_to(was.clock.base)
        return replace(
            was, name=name, store=was.store.fork(), clock=clock, settings=dict(was.settings)
        )


class World:
    """A separate, empty sandbox: its own platform, clock, ids, books and log.

    on_commit: told when something was announced. on_ground: told whenever the world has come to
    stand on another ground. baseline: what a reset returns to; None for the world as it was
    created. moments: those that were given a name. calls: how often it was asked anything but /v1
    and /v2. log: what it was asked.
    """

    def __init__(self, name: str, profile: Profile, begin: Moment | None = None) -> None:
        self.name = name
        self.profile = profile
        self.requests = 0
        self.calls = 0
        self.log = RequestLog()
        self.on_commit: Callable[[World], None] | None = None
        self.on_ground: Callable[[World], None] | None = None
        self.baseline = begin
        self.moments: dict[str, Moment] = {}
        if begin is None:
            self._stand_on(self._found(profile))
        else:
            self.return_to(begin)

    # -- transactions -----------------------------------------------------------------------------

    def transaction(self, caller: Caller, now: int | None = None) -> Transaction:
        """All that happens inside lands together or not at all; a refusal with `keep` lands, too.

        now: the instant at which it happens, when that is not the present.
        """
        tx = Tx(self.setup, caller)
        if now is not None:
            tx.now = now
        return Transaction(self, tx)

    def caller(self, account: str | None = None) -> Caller:
        """Nobody's request: what the world itself does on an account, the platform's
        unless named.
        """
        return Caller(account or self.setup.platform)

    # -- time -------------------------------------------------------------------------------------

    def now(self) -> int:
        return self.setup.clock.now()

    def catch_up(self) -> list[agenda.Due]:
        """Run what has fallen due by now."""
        store = self.setup.store
        if store.first_in_line() is None:
            return []
        return self._run_until(self.now())

    def advance_to(self, instant: int) -> list[agenda.Due]:
        """Go forward in time, running each job when it falls due on the way; what ran
        comes back.
        """
        ran = self._run_until(instant)
        self.setup.clock.move_to(instant)
        return ran

    def is_untouched(self) -> bool:
        """Whether it holds nothing but its platform account: only then may its clock go back."""
        return self.setup.store.counted("sequence") <= self._born

    def restart_at(self, instant: int) -> None:
        """Begin anew at an instant; only for a world that nobody has touched."""
        self._restart(instant, self.setup.settings["country"])

    def restart_in(self, country: str) -> None:
        """Begin anew with the platform in another country; only for a world that nobody has
        touched.
        """
        self._restart(self.now(), country)

    def reset(self) -> None:
        """Back to the baseline, or to the beginning: as it was created."""
        if self.baseline is not None:
            self.return_to(self.baseline)
            return
        self.requests = 0
        self.log = RequestLog().copy(self.log.kept)
        self._stand_on(self._found(self.profile))

    def begin_anew(self, profile: Profile) -> None:
        """Become as a world of this profile is when it is created."""
        self.profile, self.baseline = profile, None
        self.reset()

    def moment(self) -> Moment:
        """This world as it is now, to return to or to make others from; costs next to nothing."""
        setup = self.setup
        clock = replace(setup.clock)
        clock.move_to(setup.clock.now())
        now = replace(setup, store=setup.store.fork(), clock=clock, settings=dict(setup.settings))
        return Moment(now, self.requests, self._born, self.log.copy())

    def return_to(self, moment: Moment) -> None:
        """Become as the world of this moment was, its time included."""
        self.requests, self._born = moment.requests, moment.born
        self.log = moment.log.copy(self.log.kept)
        self._stand_on(moment.ground(self.name))

    # -- the books --------------------------------------------------------------------------------

    def audit(self) -> list[str]:
        """The laws of money that do not hold, each in a sentence: none, unless we have a bug."""
        with self.transaction(self.caller()) as tx:
            return [*tx.book.audit(), *_balance_transactions_agree(tx)]

    # -- inside -----------------------------------------------------------------------------------

    def _stand_on(self, setup: Setup) -> None:
        self.setup = setup
        if self.on_ground:
            self.on_ground(self)

    def _restart(self, start: int, country: str) -> None:
        assert self.is_untouched()
        clock, settings = self.setup.clock, {**self.setup.settings, "country": country}
        chosen = settings["version"] != versions.usual(clock.now())
        if "version" not in self.profile.settings and not chosen:
            del settings["version"]  # it is that of the day on which the world begins
        profile = replace(self.profile, start=start, country=country, settings=settings)
        setup = self._found(profile)
        setup.clock.set_mode(clock.mode, clock.rate)
        self._stand_on(setup)

    def _found(self, profile: Profile) -> Setup:
        seed, clock = f"{profile.seed}/{self.name}", profile.clock()
        settings: dict[str, Any] = {
            "version": versions.usual(clock.now()),
            "country": profile.country,
            "availability": profile.availability,
            **profile.settings,
        }
        setup = Setup(self.name, seed, Store(), clock, settings=settings)
        with setup.store.transaction():
            found_platform(Tx(setup, Caller("")), profile.country)
        self._born = setup.store.counted("sequence")
        return setup

    def _run_until(self, instant: int) -> list[agenda.Due]:
        ran: list[agenda.Due] = []
        while due := agenda.next_due(self.setup.store, until=instant):
            if due.when > self.now():
                self.setup.clock.move_to(due.when)  # what it announces arrives at its own time
            self._run(due)
            ran.append(due)
            assert len(ran) < _MOST_JOBS, "the agenda does not end"
        return ran

    def _run(self, due: agenda.Due) -> None:
        """Run one job in a transaction of its own; one that fails is struck off and logged."""
        try:
            with self.transaction(Caller(due.account), now=due.when) as tx:
                agenda.strike(self.setup.store, due)
                resource = RESOURCES[due.resource]
                subject = tx.find(resource, due.subject)
                if subject is not None:
                    resource.jobs[due.job](tx, subject, **due.more)
        except Exception:  # noqa: BLE001 - a bug of ours; the world goes on
            _LOG.exception("job %s.%s failed (seed %s)", due.resource, due.job, self.setup.seed)
            with self.setup.store.transaction():
                agenda.strike(self.setup.store, due)


def _balance_transactions_agree(tx: Tx) -> Iterator[str]:
    """What each account's balance transactions add up to is what its balance holds."""
    sums: dict[tuple[str, str], int] = {}
    for raw in tx.setup.store.documents().table("balance_transaction").all():
        key = (str(tx.owner(str(raw["id"]))), str(raw["currency"]))
        sums[key] = sums.get(key, 0) + int(raw["net"])
    for (account, currency), net in sums.items():
        pockets = [*(balance_of(account, each) for each in SOURCE_TYPES), risk_of(account)]
        held = sum(tx.book.total(pocket, currency) for pocket in pockets)
        if held != net:
            yield f"{account}: {currency} balance holds {held}, its balance transactions say {net}"


def neighbours(tx: Tx) -> Callable[[str, Doc], Sequence[Doc]]:
    """What older shapes show inside an object and newer ones do not: asked for as
    `charge.refunds`.
    """

    def fetch(what: str, doc: Doc) -> Sequence[Doc]:
        name, _, field_ = what.rpartition(".")
        resource = RESOURCES.get(name)
        if resource is None or field_ not in resource.includes:
            return ()
        owner = tx.owner(str(doc.get("id"))) or tx.account
        found = resource.includes[field_](tx.on(owner), _unexpanded(name, doc))
        if isinstance(found, dict):
            return list(found["data"]) if "data" in found else [found]
        return found or ()

    return fetch


def may_name(text: str) -> bool:
    """Whether a world can be called so."""
    return _NAME.fullmatch(text) is not None


def _unexpanded(name: str, doc: Doc) -> Doc:
    """The document with ids where something stands whole that a caller asked to see."""
    known = contract.expandable(name)
    whole = [
        field_
        for field_, value in doc.items()
        if value.__class__ is dict and "id" in value and field_ in known
    ]
    return {**doc, **{field_: doc[field_]["id"] for field_ in whole}} if whole else doc


class Worlds:
    """Every world of this server, by name. A world comes to be when it is first asked for.

    beginnings: what the worlds of some names begin as, and under "" what all others do.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.on_commit: Callable[[World], None] | None = None
        self.on_ground: Callable[[World], None] | None = None
        self.beginnings: dict[str, Moment] = {}
        self._worlds: dict[str, World] = {}

    def get(self, name: str) -> World:
        """The world of this name, made on first use."""
        world = self._worlds.get(name)
        if world is None:
            begin = self.beginnings.get(name) or self.beginnings.get("")
            world = self.add(World(name, self.profile, begin))
        return world

    def find(self, name: str) -> World | None:
        """The world of this name, if it came to be."""
        return self._worlds.get(name)

    def add(self, world: World) -> World:
        """Take in a world that was made elsewhere; its name must be one, and free."""
        if not may_name(world.name):
            raise refusals.bad_name(world.name)
        assert world.name not in self._worlds
        self._worlds[world.name] = world
        world.on_commit, world.on_ground = self.on_commit, self.on_ground
        if self.on_ground:
            self.on_ground(world)
        return world

    def drop(self, name: str) -> None:
        """Forget a world; its name names an empty one from now on."""
        del self._worlds[name]

    def all(self) -> list[World]:
        return list(self._worlds.values())
