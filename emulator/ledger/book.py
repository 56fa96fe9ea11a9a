"""Double entry. Money is only ever moved, so it cannot appear, vanish or be half-written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import orjson

from emulator.ledger.moves import Entry, Line, as_document, from_document, is_outside, lines
from emulator.store import Numbers, Store

_ENTRIES: Final = "ledger_entry"
_TOTALS: Final = "ledger/"

Totals = dict[str, int]


class Book:
    """An append-only list of entries, and a running total per pocket that must agree with it.

    A total is kept as numbers under the pocket's name: all of it, then pairs of an instant and the
    part that is not available before it.
    """

    __slots__ = ("_store",)

    def __init__(self, store: Store) -> None:
        self._store = store

    def post(self, entry: Entry) -> list[Line]:
        """Write an entry; what it did to each balance comes back, one line for each."""
        number = self._store.count(_ENTRIES)
        self._store.put(_ENTRIES, _key(number), orjson.dumps(as_document(entry)))
        for move in entry.moves:
            self._add(move.source, move.currency, -move.amount, entry)
            self._add(move.target, move.currency, move.amount, entry)
        return lines(entry)

    def total(self, pocket: str, currency: str) -> int:
        """All that a pocket holds, available or not, in minor units."""
        total = self._store.numbers(f"{_TOTALS}{pocket}/{currency}")
        return total[0] if total else 0

    def available(self, pocket: str, currency: str, *, by: int) -> int:
        """What of it is available at the instant `by`, in minor units."""
        total = self._store.numbers(f"{_TOTALS}{pocket}/{currency}")
        if not total:
            return 0
        return total[0] - sum(part for day, part in _pairs(total) if day > by)

    def currencies(self, pocket: str) -> list[str]:
        """The currencies a pocket ever held, in alphabetical order."""
        start = f"{_TOTALS}{pocket}/"
        return sorted(key[len(start) :] for key in self._store.numbered() if key.startswith(start))

    def count(self) -> int:
        """How many entries there are."""
        return self._store.counted(_ENTRIES)

    def entries(self, after: int = 0) -> Iterator[tuple[int, Entry]]:
        """The entries behind the first so many, each with its number, in the order of writing."""
        for number in range(after + 1, self.count() + 1):
            raw = self._store.raw(_ENTRIES, _key(number))
            if raw is not None:
                yield number, from_document(orjson.loads(raw))

    def audit(self) -> list[str]:
        """Rebuild every total from the entries. Each string names a law that does not hold: our
        bug.
        """
        rebuilt: Totals = {}
        for _, entry in self.entries():
            for move in entry.moves:
                for pocket, change in ((move.source, -move.amount), (move.target, move.amount)):
                    key = f"{pocket}/{move.currency}"
                    rebuilt[key] = rebuilt.get(key, 0) + change
        kept = {
            key.removeprefix(_TOTALS): self._store.numbers(key)[0]
            for key in self._store.numbered()
            if key.startswith(_TOTALS)
        }
        return [broken for law in LAWS for broken in law(rebuilt, kept)]

    def _add(self, pocket: str, currency: str, change: int, entry: Entry) -> None:
        key = f"{_TOTALS}{pocket}/{currency}"
        total = self._store.numbers(key) or (0,)
        created, later = entry.created, total[1:]
        if later and min(later[::2]) <= created:
            later = tuple(n for day, part in _pairs(total) if day > created for n in (day, part))
        if entry.available_on > created and not is_outside(pocket):
            later = _with(later, entry.available_on, change)
        self._store.keep_numbers(key, (total[0] + change, *later))


def _key(number: int) -> str:
    return f"{number:09d}"


def _pairs(total: Numbers) -> Iterator[tuple[int, int]]:
    """The instants of a total with the parts that are not available before them."""
    return zip(total[1::2], total[2::2], strict=True)


def _with(later: Numbers, day: int, change: int) -> Numbers:
    """Pairs of instants and parts with a change to one of them."""
    days = later[::2]
    if day not in days:
        return (*later, day, change)
    at = 2 * days.index(day) + 1
    return (*later[:at], later[at] + change, *later[at + 1 :])


def nothing_appears_or_vanishes(_rebuilt: Totals, kept: Totals) -> Iterator[str]:
    """All pockets of one currency sum to zero, the ones outside Stripe included."""
    sums: Totals = {}
    for key, amount in kept.items():
        currency = key.rpartition("/")[2]
        sums[currency] = sums.get(currency, 0) + amount
    yield from (f"{c}: the pockets sum to {s}, not to zero" for c, s in sums.items() if s)


def totals_follow_entries(rebuilt: Totals, kept: Totals) -> Iterator[str]:
    """Each running total is the sum of the moves into and out of its pocket."""
    for key in rebuilt.keys() | kept.keys():
        if rebuilt.get(key, 0) != kept.get(key, 0):
            yield f"{key}: the total says {kept.get(key, 0)}, the entries {rebuilt.get(key, 0)}"


def fees_are_never_negative(_rebuilt: Totals, kept: Totals) -> Iterator[str]:
    """Stripe never gives back more in fees than it took."""
    yield from (f"{k}: {v}" for k, v in kept.items() if k.startswith("stripe/fees/") and v < 0)


Law = Callable[[Totals, Totals], Iterator[str]]
LAWS: Final[tuple[Law, ...]] = (
    nothing_appears_or_vanishes,
    totals_follow_entries,
    fees_are_never_negative,
)
