"""Turns documents of the newest shape into what a caller of an older version sees."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

from emulator.contract import previous
from emulator.contract.shapes import nested, object_names
from emulator.contract.versions.change import Change, Doc, Fetch, copied, day
from emulator.contract.versions.changes import CHANGES
from emulator.contract.versions.fields import days, turns
from emulator.contract.versions.version import NEWEST, Version, names, parse

Step = Callable[[Doc, Fetch], None]
Steps = dict[str, tuple[Step, ...]]

# What is known by a key of its own, not by its `object`.
_BY_KEY = ("deleted", "error")
# How an event says in which version it is told.
_NAMED = re.compile(rb'"object":"event","api_version":"([^"]+)"')

# What a fetch may be asked for, about which document, and what it answers (newest shapes).
NEEDS = {
    "payment_intent.charges": "all charges of the intent, newest first",
    "payment_intent.invoice": "the invoice it pays, or none",
    "charge.refunds": "all refunds of the charge, newest first",
    "charge.invoice": "the invoice it pays, or none",
    "charge.dispute": "the dispute it names",
    "balance_transaction.sourced_transfers": "transfers made with it as their source_transaction",
    "customer.sources": "all sources of the customer, newest first",
    "customer.subscriptions": "its subscriptions that have not ended, newest first",
    "customer.tax_ids": "its tax ids, newest first",
    "account.keys": "{secret, publishable} where the account's creation is answered, else none",
    "plan.aggregate_usage": "how its usage without a meter is counted",
    "price.aggregate_usage": "the same",
    "discount.coupon": "the coupon it comes from",
    "promotion_code.coupon": "the coupon it gives",
    "checkout.session.display_items": "what it sells, as it was displayed before it had lines",
    "invoice.attributes": "{application_fee_amount, charge, discount, out_of_band, "
    "payment_intent, transfer_data}",
    "invoice.number": "the number that a draft is to get, as {number}",
    "subscription.discount": "its first discount, or none",
    "line_item.tax_rates": "the tax rates of the line",
    "line_item.price": "its price",
    "line_item.plan": "its price as a plan",
    "invoiceitem.price": "its price",
    "invoiceitem.plan": "its price as a plan",
    "plan.tiers": "its tiers, or none",
    "plan.product": "the product it belongs to",
}


def nothing(_kind: str, _doc: Doc) -> tuple[Any, ...]:
    """A fetch for documents that need none of their neighbours."""
    return ()


class Render:
    """How documents are shown in one older version.

    Called as render(doc, fetch) with a document of its own, which it may change; nested objects are
    found by their `object`. `fetch(kind, doc)` answers the documents (newest shape) that old shapes
    carry inside; the kinds are `NEEDS`.
    """

    __slots__ = ("_kinds", "_marks", "_names", "_traces", "_visit")

    def __init__(self, steps: Steps) -> None:
        self._names = frozenset(steps)
        self._traces: dict[str, tuple[bytes, ...]] = {}
        kinds = "|".join(map(re.escape, sorted(steps)))
        self._kinds = re.compile(f'"object":"(?:{kinds})"'.encode())
        self._marks = tuple(b'"%b":' % mark.encode() for mark in _BY_KEY if mark in steps)
        self._visit = _visitor(steps)

    def __call__(self, doc: Doc, fetch: Fetch) -> Doc:
        self._visit(doc, fetch)
        return doc

    def turns(self, kind: str) -> bool:
        """Whether documents of that kind are turned, whatever stands inside them."""
        return kind in self._names

    def traces(self, kind: str, without: Iterable[str]) -> tuple[bytes, ...] | None:
        """What the compact JSON of documents of that kind holds one of, if any of them may be shown
        otherwise than as it is; None where more may tell.

        without: its fields that are not there as long as nobody expands them.
        """
        if kind not in object_names():
            return None
        found = self._traces.get(kind)
        if found is None:
            names = sorted(self._names & nested(kind, frozenset(without)))
            found = (*(b'"object":"%b"' % name.encode() for name in names), *self._marks)
            self._traces[kind] = found
        return found

    def touches(self, raw: bytes) -> bool:
        """Whether a document may be shown otherwise than as it is, judged by its compact JSON:
        most objects are the same in most versions, and need not be parsed to see that.
        """
        if self._kinds.search(raw):
            return True
        return bool(self._marks) and any(mark in raw for mark in self._marks)


class Teller:
    """How events are shown when they are asked for, one or a list: each in the version that it
    names, whatever the caller speaks (documented). To be used as a `Render`.
    """

    __slots__ = ("_now",)

    def __init__(self, now: int) -> None:
        self._now = now

    def __call__(self, doc: Doc, fetch: Fetch) -> Doc:
        for event in doc["data"] if doc["object"] == "list" else (doc,):
            own = renderer(parse(event["api_version"]), self._now) if event["api_version"] else None
            if own is not None:
                own(event, fetch)
        return doc

    def touches(self, raw: bytes) -> bool:
        """Whether an event may be shown otherwise than as it is, judged by its compact JSON."""
        named = _NAMED.search(raw)
        if named is None:
            return True
        own = renderer(parse(named[1].decode()), self._now)
        return own is not None and own.touches(raw)


def renderer(version: Version, now: int) -> Render | None:
    """How a document is shown in that version at that instant (seconds of the world's clock).

    None: exactly as stored. In a world that lives before the version was published, it is shown as
    on the last day on which it was the newest: what a caller with a clock of its own expects.
    """
    if version.date == NEWEST.date and not version.betas:
        return None

    if now < day(version.date):
        now = _last_moment(version.date)
    return _compiled(version.date, version.betas, _era(now))


@cache
def _last_moment(date: str) -> int:
    """The second before the version that followed the one of a date was published."""
    later = [name[:10] for name in names() if name[:10] > date]
    return day(later[0] if later else date) - 1


@cache
def _turns() -> tuple[int, ...]:
    """The instants at which what old versions see changes."""
    dates = days() | {change.version for change in CHANGES if change.retroactive}
    return tuple(sorted(day(date) for date in dates | {c.since for c in CHANGES if c.since}))


def _era(now: int) -> int:
    """The last turn that has come."""
    turns = _turns()
    index = bisect_right(turns, now)
    return turns[index - 1] if index else 0


@lru_cache(maxsize=512)
def _compiled(date: str, betas: tuple[str, ...], now: int) -> Render | None:
    steps: dict[str, list[Step]] = {}
    for change in CHANGES:
        if change.response is not None and applies(change, date, betas, now):
            for name in change.objects:
                steps.setdefault(name, []).append(change.response)
    for name, found in turns(date, now).items():
        steps.setdefault(name, []).extend(_without_fetch(turn) for turn in found)
    if not steps:
        return None
    return Render({name: tuple(found) for name, found in steps.items()})


def _without_fetch(turn: Callable[[Doc], None]) -> Step:
    return lambda doc, _: turn(doc)


def applies(change: Change, date: str, betas: tuple[str, ...], now: int) -> bool:
    """Whether a caller of that version's date, with these betas, sees it turned back then."""
    if change.beta:
        return change.beta in betas
    if not change.came <= date < change.version:
        return False
    if change.retroactive:
        return now < day(change.version)
    return not change.since or now >= day(change.since)


def _visitor(steps: Steps) -> Callable[[Doc, Fetch], None]:
    """Parents first: what a change puts into an object is of the newest shape and comes next."""

    def visit(place: Doc, fetch: Fetch) -> None:
        kind = place.get("object")
        was = _as_it_was(place) if kind == "event" else None
        if kind is not None or "deleted" in place or "error" in place:
            _turn(place, kind, steps, fetch)
        for key, value in place.items():
            if value.__class__ is dict:
                if key != "metadata":
                    visit(value, fetch)
            elif value.__class__ is list:
                for item in _hashes(value):
                    visit(item, fetch)
        if was is not None:
            visit(was, fetch)
            _tell(place["data"], was)

    return visit


def _hashes(items: list[Any]) -> Iterator[Doc]:
    for item in items:
        if isinstance(item, dict):
            yield item
        elif isinstance(item, list):
            yield from _hashes(item)


def _turn(place: Doc, kind: Any, steps: Steps, fetch: Fetch) -> None:
    if isinstance(kind, str) and "deleted" not in place:
        for step in steps.get(kind, ()):
            step(place, fetch)
    elif "deleted" in place:
        for step in steps.get("deleted", ()):
            step(place, fetch)
    elif "error" in place and isinstance(place["error"], dict):
        for step in steps.get("error", ()):
            step(place["error"], fetch)


def _as_it_was(place: Doc) -> Doc | None:
    """The object of an event as it was before, where the event says what changed: taken out."""
    data = place.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("previous_attributes"), dict):
        return None

    was: Doc = copied(previous.before(data["object"], data.pop("previous_attributes")))
    return was


def _tell(data: Doc, was: Doc) -> None:
    """What changed is told in the words of the version: both objects are, and are compared."""
    data["previous_attributes"] = previous.differences(was, data["object"]) or {}
