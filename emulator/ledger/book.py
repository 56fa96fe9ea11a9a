"""Double entry. Money is only ever moved, so it cannot appear, vanish or be half-written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import orjson

from emulator.ledger.moves import Entry, Line, is_outside, lines
from emulator.store import Store

_ENTRIES: Final = "ledger_entry"
_TOTALS: Final = "ledger_total"

Totals = dict[str, int]


class Book:
    """An append-only list of entries, and a running total per pocket that must agree with it.

    A total is kept as {"sum": all of it, "later": {instant: part that is not available before it}}.
    """

    __slots__ = ("_store",)

    def __init__(self, store: Store) -> None:
        self._store = store

    def post(self, entry: Entry) -> list[Line]:
        """Write an entry; what it did to each balance comes back, one line for each."""
        number = self._store.count(_ENTRIES)
        self._store.put(_ENTRIES, f"{number:09d}", orjson.dumps(entry))
        for move in entry.moves:
            self._add(move.source, move.currency, -move.amount, entry)
            self._add(move.target, move.currency, move.amount, entry)
        return lines(entry)

    def total(self, pocket: str, currency: str) -> int:
        """All that a pocket holds, available or not, in minor units."""
        return int(self._read(f"{pocket}/{currency}")["sum"])

    def available(self, pocket: str, currency: str, *, by: int) -> int:
        """What of it is available at the instant `by`, in minor units."""
        total = self._read(f"{pocket}/{currency}")
        return int(
            total["sum"] - sum(part for day, part in total["later"].items() if int(day) > by)
        )

    def currencies(self, pocket: str) -> list[str]:
        """The currencies a pocket ever held, in alphabetical order."""
        start = f"{pocket}/"
        return sorted(
            key[len(start) :] for key in self._store.table(_TOTALS) if key.startswith(start)
        )

    def entries(self) -> Iterator[dict[str, Any]]:
        """Every entry in the order of writing."""
        table = self._store.table(_ENTRIES)
        return (orjson.loads(table[key]) for key in sorted(table))

    def audit(self) -> list[str]:
        """Rebuild every total from the entries. Each string names a law that does not hold: our
        bug.
        """
        rebuilt: Totals = {}
        for entry in self.entries():
            for move in entry["moves"]:
                for pocket, change in (
                    (move["source"], -move["amount"]),
                    (move["target"], move["amount"]),
                ):
                    key = f"{pocket}/{move['currency']}"
                    rebuilt[key] = rebuilt.get(key, 0) + change
        kept = {key: int(self._read(key)["sum"]) for key in self._store.table(_TOTALS)}
        return [broken for law in LAWS for broken in law(rebuilt, kept)]

    def _read(self, key: str) -> dict[str, Any]:
        raw = self._store.raw(_TOTALS, key)
        return orjson.loads(raw) if raw else {"sum": 0, "later": {}}

    def _add(self, pocket: str, currency: str, change: int, entry: Entry) -> None:
        key = f"{pocket}/{currency}"
        total = self._read(key)
        later = {day: part for day, part in total["later"].items() if int(day) > entry.created}
        if entry.available_on > entry.created and not is_outside(pocket):
            day = str(entry.available_on)
            later[day] = later.get(day, 0) + change
        total = {"sum": total["sum"] + change, "later": later}
        self._store.put(_TOTALS, key, orjson.dumps(total))


def nothing_appears_or_vanishes(rebuilt: Totals, _kept: Totals) -> Iterator[str]:
    """All pockets of one currency sum to zero, the ones outside Stripe included."""
    sums: Totals = {}
    for key, amount in rebuilt.items():
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
