"""What a handler may do to the world, and the only way it may do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from emulator.contract.blanks import blank
from emulator.contract.order import in_order
from emulator.contract.previous import differences
from emulator.contract.versions import Version
from emulator.kernel import ids
from emulator.kernel.errors import Refusal, objects
from emulator.kit import agenda, announcing, answers
from emulator.kit.resource import Resource
from emulator.kit.setup import Caller, Doc, Setup
from emulator.ledger import Book

_KIN_LENGTH = 16
_MOST_SEEN = 256
# Besides *.updated, the events that say what was there before.
_TELL_BEFORE = frozenset({"charge.refunded"})


class Tx:
    """One request or one due job: every change in it lands together or not at all.

    A Tx looks at the world as one account; `on` gives the same transaction as another account sees
    it. told: ids of the events that somebody is to hear of when it has ended. held: events that
    wait, under the id of the object of which another is to be told first.
    """

    __slots__ = (
        "_behind",
        "_caller",
        "_outside",
        "_read",
        "account",
        "book",
        "held",
        "now",
        "setup",
        "told",
    )

    def __init__(self, setup: Setup, caller: Caller) -> None:
        self.setup = setup
        self._caller = caller
        self.account = caller.account
        self.now = setup.clock.now()
        self.book = Book(setup.store)
        self.told: list[str] = []
        self._read: dict[str, Doc] = {}
        self._outside: int | None = None
        self._behind: str | None = None
        self.held: dict[str, list[announcing.Held]] = {}

    # -- who asks ---------------------------------------------------------------------------------

    @property
    def caller(self) -> Caller:
        return self._caller

    @property
    def version(self) -> Version:
        """The API version the caller speaks."""
        return self._caller.version

    @property
    def platform(self) -> str:
        return self.setup.platform

    @property
    def is_platform(self) -> bool:
        """Whether this looks at the world as the platform itself."""
        return self.account == self.setup.platform

    def on(self, account: str) -> Tx:
        """The same transaction, acting on another account."""
        if account == self.account:
            return self
        return self._like(account, self.now, self._outside)

    def at(self, instant: int) -> Tx:
        """The same transaction at another instant: that of a test clock's objects."""
        if instant == self.now:
            return self
        outside = self.now if self._outside is None else self._outside
        return self._like(self.account, instant, outside)

    def outside(self) -> Tx:
        """The same transaction at the world's own time, whatever a test clock shows."""
        if self._outside is None:
            return self
        return self._like(self.account, self._outside, None)

    def behind(self, id_: str) -> Tx:
        """The same transaction, whose events wait until one about that object has been told: what
        comes of a charge follows `charge.succeeded`, though the charge that is told knows of it.
        """
        other = self._like(self.account, self.now, self._outside)
        other._behind = id_  # noqa: SLF001 - one class
        return other

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """What is done inside is undone when it ends, events and all: to see what would come."""
        told, watch, self.setup.watch = len(self.told), self.setup.watch, None
        held = {id_: [*waiting] for id_, waiting in self.held.items()}
        try:
            with self.setup.store.rehearsal():
                yield
        finally:
            del self.told[told:]
            self.held.clear()
            self.held.update(held)
            self.setup.watch = watch
            self._read.clear()

    def _like(self, account: str, now: int, outside: int | None) -> Tx:
        other = Tx.__new__(Tx)
        other.setup, other.account = self.setup, account
        other._caller, other._read = self._caller, self._read  # noqa: SLF001 - one class
        other.now, other.book, other.told = now, self.book, self.told
        other._outside = outside  # noqa: SLF001 - one class
        other._behind, other.held = self._behind, self.held  # noqa: SLF001 - one class
        return other

    # -- ids --------------------------------------------------------------------------------------

    def new_id(self, prefix: str, length: int = 24, *, dated: bool = True) -> str:
        """A fresh id; a dated one carries the last ten letters of the account it belongs to."""
        count = self.setup.store.count(f"id/{prefix}")
        name = f"{prefix}/{count}"
        if not dated:
            return f"{prefix}_{ids.letters(self.setup.seed, name, length)}"
        random = ids.letters(self.setup.seed, name, 13)
        return f"{prefix}_1{random[:5]}{self.account[-10:]}{random[5:]}"

    def first_id(self, prefix: str) -> str:
        """The id of the object that begins a payment: its kin will share what it begins with."""
        count = self.setup.store.count(f"id/{prefix}")
        random = ids.letters(self.setup.seed, f"{prefix}/{count}", 13)
        return f"{prefix}_3{random[:5]}{self.account[-10:]}{count % 3}{random[6:]}"

    def kin_id(self, prefix: str, of: str) -> str:
        """A fresh id of the same payment as `of`, or an ordinary one when `of` is no payment's."""
        body = of.partition("_")[2]
        if len(body) != 24 or body[0] != "3":
            return self.new_id(prefix)
        count = self.setup.store.count(f"id/{prefix}")
        random = ids.letters(self.setup.seed, f"{prefix}/{count}", 7)
        return f"{prefix}_{body[: _KIN_LENGTH + 1]}{random}"

    def secret(self, name: str, length: int) -> str:
        """Letters that look random and are a function of the seed and `name`."""
        return ids.letters(self.setup.seed, name, length)

    def digits(self, name: str, length: int) -> str:
        """Digits that look random and are a function of the seed and `name`."""
        return ids.digits(self.setup.seed, name, length)

    def chance(self, name: str) -> float:
        """A number from 0 up to 1, a function of the seed and `name`."""
        return ids.fraction(self.setup.seed, name)

    # -- documents --------------------------------------------------------------------------------

    def new(self, resource: Resource, id_: str | None = None, **fields: Any) -> Doc:
        """A blank object of this kind with an id, the present instant and the given fields; not yet
        saved.
        """
        doc = blank(resource.name)
        doc["id"] = id_ or self.new_id(resource.prefix, resource.id_length, dated=resource.dated)
        if "created" in doc:
            doc["created"] = self.now
        doc.update(fields)
        return doc

    def find(self, resource: Resource, id_: str) -> Doc | None:
        """An object of this account, or None."""
        raw = self.raw(resource, id_)
        return None if raw is None else orjson.loads(raw)

    def raw(self, resource: Resource, id_: str) -> bytes | None:
        """The stored bytes of an object of this account, or None."""
        if resource.named:
            return self.setup.store.raw(resource.name, resource.place(self.account, id_))
        entry = self.setup.store.entry(id_)
        if entry is None or entry[2] != self.account:
            return None
        return self.setup.store.raw(resource.name, id_)

    def get(self, resource: Resource, id_: str, param: str | None = None) -> Doc:
        """An object of this account; refused as Stripe does when there is none, or it was deleted.

        param: what the refusal blames: the resource's own parameter (404) unless another is named
        (400).
        """
        found = self.find(resource, id_)
        if found is None or found.get("deleted"):
            raise self.missing(resource, id_, param)
        return found

    def missing(self, resource: Resource, id_: str, param: str | None = None) -> Refusal:
        """The refusal for an id that names nothing here."""
        status = 404 if param is None else 400
        return objects.no_such(resource.kind, id_, param or resource.param, status)

    def peek(self, resource: Resource, id_: str) -> Doc | None:
        """An object of any account, to look at and not to change: what is looked at often (the
        account of every payment) is parsed once as long as its bytes stay the same.
        """
        raw = self.setup.store.raw(resource.name, id_)
        if raw is None:
            return None
        seen = self.setup.seen
        known = seen.get(id_)
        if known is not None and known[0] is raw:
            return known[1]
        if len(seen) >= _MOST_SEEN:
            seen.clear()
        found: Doc = orjson.loads(raw)
        seen[id_] = (raw, found)
        return found

    def owner(self, id_: str) -> str | None:
        """The account an object belongs to, whichever it is."""
        entry = self.setup.store.entry(id_)
        return entry[2] if entry else None

    def locate(self, resource: Resource, id_: str, param: str | None = None) -> tuple[Tx, Doc]:
        """An object of any account, and the transaction as its account sees it; refused (404) when
        there is none, or it was deleted.

        param: what named it, where that is not called as the resource is.
        """
        mine = self.on(self.owner(id_) or "")
        found = mine.find(resource, id_)
        if found is None or found.get("deleted"):
            raise objects.no_such(resource.kind, id_, param or resource.name, 404)
        return mine, found

    def save(self, resource: Resource, doc: Doc, event: str | None = None) -> Doc:
        """Store the object and, with `event`, record what tells the world about it."""
        doc = in_order(doc)
        if event is None:
            self._put(resource, doc)
            return doc
        tells = event.endswith(".updated") or event in _TELL_BEFORE
        before = self.raw(resource, doc["id"]) if tells else None
        raw = self._put(resource, doc)
        previous = differences(orjson.loads(before), doc) if before else None
        self.emit(event, doc, previous=previous, raw=raw)
        return doc

    def keep(self, resource: Resource, doc: Doc) -> Doc:
        """Store an object that stands in no list and is not announced; it is found by its id."""
        place = resource.place(self.account, doc["id"])
        created = doc.get("created") or self.now
        raw = orjson.dumps(in_order(doc))
        self.setup.store.put_listed(resource.name, place, raw, self.account, created, ())
        return doc

    def step(self, resource: Resource, doc: Doc, then: str) -> Doc:
        """Move the object to its next state and announce it."""
        assert resource.lifecycle is not None
        event = resource.lifecycle.announces(doc["status"], then)
        doc["status"] = then
        saved = self.save(resource, doc, event=event)
        if resource.followers:
            resource.tell(self, then, saved)
        return saved

    def delete(self, resource: Resource, doc: Doc, event: str | None = None) -> Doc:
        """Remove the object; what a client sees of it from now on is `deleted: true`, or
        nothing.
        """
        gone = {"id": doc["id"], "object": doc["object"], "deleted": True}
        store, place = self.setup.store, resource.place(self.account, doc["id"])
        if resource.tombstone:
            raw = orjson.dumps(gone)
            store.put_listed(resource.name, place, raw, self.account, self.now, ())
        else:
            store.delete(resource.name, place)
        if event:
            self.emit(event, doc)
        return gone

    def all(self, resource: Resource, **only: Any) -> Iterator[Doc]:
        """This account's objects of a kind, newest first, narrowed by one indexed field at most."""
        key = self.key(resource, only)
        table = self.setup.store.table(resource.name)
        for id_ in reversed(self.setup.store.ids(key)):
            yield orjson.loads(table[id_])

    def key(self, resource: Resource, only: Doc) -> str:
        """The index key of this account's objects, or of those where one declared field has a
        value.
        """
        key = f"{resource.name}/{self.account}"
        for name, value in only.items():
            assert name in resource.filters, f"{resource.name} has no index on {name}"
            key += f"/{name}={value}"
        return key

    # -- private notes -----------------------------------------------------------------------------

    def hidden(self, id_: str) -> Doc:
        """What is kept of an object but never shown (numbers, outcomes); {} when nothing is."""
        found = self._read.get(id_)
        if found is None:
            raw = self.setup.store.raw("hidden", id_)
            found = self._read[id_] = {} if raw is None else orjson.loads(raw)
        return dict(found)

    def hide(self, id_: str, notes: Doc) -> None:
        """Keep notes about an object that no answer shows."""
        self._read.pop(id_, None)
        self.setup.store.put("hidden", id_, orjson.dumps(notes))

    def unhide(self, id_: str) -> None:
        """Forget what was kept of it."""
        self._read.pop(id_, None)
        self.setup.store.delete("hidden", id_)

    # -- announcing, and what is to come -----------------------------------------------------------

    def emit(
        self, type: str, doc: Doc, *, previous: Doc | None = None, raw: bytes | None = None
    ) -> None:
        """Record an event on this account with the object as it is now."""
        if self._behind is not None:
            held = announcing.Held(self, type, raw or orjson.dumps(doc), previous)
            self.held.setdefault(self._behind, []).append(held)
            return
        announcing.announce(self, type, doc, previous, raw)
        if self.held:
            announcing.release(self.held, str(doc.get("id")))

    def finish(self) -> None:
        """What waited for an event that did not come is told as well."""
        announcing.release_all(self.held)

    def later(self, when: int, resource: Resource, job: str, subject: str, **more: Any) -> None:
        """Put a job on the agenda. When the clock gets there, run(tx, subject, **more) has a
        transaction of its own.
        """
        assert job in resource.jobs, f"{resource.name} has no job {job}"
        agenda.add(
            self.setup.store, max(when, self.now), resource.name, job, subject, self.account, more
        )

    def ask(
        self,
        question: str,
        usual: str,
        about: Callable[[], Doc],
        *,
        magic: bool | None = None,
    ) -> str:
        """Let the world decide an outcome that Stripe would take from the outside.

        question: one of `questions.py`. about: what it is about, read only when somebody has asked
        for another outcome than usual. magic: whether a value of test mode decided `usual`.
        """
        if self._caller.answers is None and not self.setup.store.table(answers.WAITING):
            return usual
        return answers.decide(self, question, usual, about(), magic=magic)

    # -- inside ------------------------------------------------------------------------------------

    def _put(self, resource: Resource, doc: Doc) -> bytes:
        raw = orjson.dumps(doc)
        created = doc.get("created")
        if created.__class__ is not int:  # /v2 writes it as a text
            created = self.now
        if self._outside is not None:  # lists stand in the order of the world's own time
            created = self._outside
        keys = resource.index_keys(self.account, doc)
        place = resource.place(self.account, doc["id"]) if resource.named else doc["id"]
        self.setup.store.put_listed(resource.name, place, raw, self.account, created, keys)
        return raw
