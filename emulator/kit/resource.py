"""How a resource is declared. A declaration is data: nothing runs until a request arrives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from re import Pattern
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from emulator.kit.lifecycle import Lifecycle
from emulator.kit.setup import Doc

if TYPE_CHECKING:
    from emulator.kit.tx import Tx

Handler = Callable[..., Any]
H = TypeVar("H", bound=Handler)
Job = Callable[..., object]
J = TypeVar("J", bound=Job)
Follower = Callable[["Tx", Doc], object]
F = TypeVar("F", bound=Follower)
Include = Callable[["Tx", Doc], Any]


@dataclass(slots=True)
class Resource:
    """One of Stripe's resources.

    name: its `object`, also its table. prefix, id_length: of its ids; dated ids carry the account's
    letters, plain ones do not. kind: what messages call it ("No such <kind>"). param: the parameter
    they blame when its id stands in a path. filters: fields that lists can be narrowed by.
    ranges: fields of which lists can ask for a value or for bounds, as they can of `created`.
    editable: fields that an update sets. view: how a stored document is shown, where time has a
    say. varies: what is found in the JSON of the documents in which it may have a say; None when
    that is not known. includes: fields that are only there when expanded. tombstone: whether a
    deleted one can still be retrieved. holds: what the objects of its table call themselves, when
    not its name. named: whether clients may choose ids (`gold`), so that two accounts may have the
    same. within: the field that says what an object is a part of, kept for the index and never
    shown.
    """

    name: str
    prefix: str
    id_length: int = 24
    dated: bool = True
    kind: str = ""
    param: str = "id"
    filters: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    editable: tuple[str, ...] = ()
    lifecycle: Lifecycle | None = None
    view: Callable[[Tx, Doc], Doc] | None = None
    varies: Pattern[bytes] | None = None
    includes: dict[str, Include] = field(default_factory=dict)
    tombstone: bool = False
    holds: tuple[str, ...] = ()
    named: bool = False
    within: str = ""
    operations: dict[str, Handler] = field(default_factory=dict)
    publishable: set[str] = field(default_factory=set)
    jobs: dict[str, Job] = field(default_factory=dict)
    followers: dict[str, list[Follower]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kind = self.kind or self.name.replace("_", " ")
        if self.within:
            self.filters = (*self.filters, self.within)
            self.view = self.view or self._without_whole

    def _without_whole(self, _tx: Tx, doc: Doc) -> Doc:
        """A part as it is shown: without what it is within."""
        doc.pop(self.within, None)
        return doc

    def on(self, *keys: str, publishable: bool = False) -> Callable[[H], H]:
        """Declare what an operation does: called as run(tx, params, *ids), ids in the order of the
        path.

        publishable: whether a publishable key may call it.
        """

        def declare(run: H) -> H:
            for key in keys:
                assert key not in self.operations, key
                self.operations[key] = run
                if publishable:
                    self.publishable.add(key)
            return run

        return declare

    def job(self, run: J) -> J:
        """Declare work that `Tx.later` may put on the agenda under the function's own name: called
        as run(tx, subject, **more).
        """
        self.jobs[run.__name__] = run
        return run

    def when(self, *told: str) -> Callable[[F], F]:
        """Declare what follows, elsewhere, from an object's coming into a state; or from what else
        is told with `tell`. Followers run in the order they were declared in.
        """

        def declare(run: F) -> F:
            for name in told:
                self.followers.setdefault(name, []).append(run)
            return run

        return declare

    def tell(self, tx: Tx, what: str, doc: Doc) -> None:
        """Let those who follow know."""
        for run in self.followers.get(what, ()):
            run(tx, doc)

    def shown(self, tx: Tx, raw: bytes) -> bytes | Doc:
        """A stored document as it is shown now: its bytes where nothing has to change in them."""
        if self.view is None or (self.varies is not None and not self.varies.search(raw)):
            return raw
        return self.view(tx, orjson.loads(raw))

    def place(self, account: str, id_: str) -> str:
        """Where an object of an account stands in the store: under its id, which is the world's
        own, unless clients choose ids.
        """
        return f"{account}/{self.name}/{id_}" if self.named else id_

    def sources(self, then: str) -> list[str]:
        """The states from which it can come to `then`."""
        assert self.lifecycle is not None
        return self.lifecycle.sources(then)

    def allows(self, thing: Doc, then: str) -> bool:
        assert self.lifecycle is not None
        return self.lifecycle.allows(thing["status"], then)

    def index_keys(self, account: str, doc: Doc) -> tuple[str, ...]:
        """The index keys a document stands under."""
        whole = f"{self.name}/{account}"
        if not self.filters:
            return (whole,)
        return (
            whole,
            *[
                f"{whole}/{name}={value}"
                for name in self.filters
                if (value := doc.get(name)) is not None
            ],
        )
