"""What a dated change is: how requests and answers differ for callers of an older version.

A change is told for those who ask in a version before `version`: its `response` turns a document
of the shape that holds from then on into the one before, its `request` turns old parameters into
new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date as calendar
from typing import Any

from emulator.contract.order import put

Doc = dict[str, Any]
Params = dict[str, Any]
Fetch = Callable[[str, Doc], Sequence[Any]]
Response = Callable[[Doc, Fetch], None]
Request = Callable[[Params], None]

_EPOCH = calendar(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Change:
    """One dated difference.

    version: the date it came with. objects: whose documents `response` turns back; `error` stands
    for the object of a refusal, `deleted` for what a deletion leaves of any object. operations:
    whose parameters `request` turns forward. retroactive: it reached every version on that day, so
    a world that lives later never shows the old shape. since: the old shape had this only from that
    day on. came: the version in which the old shape came; those before had neither. beta: shown to
    those who name it, and `version` is empty.
    """

    version: str
    about: str
    objects: tuple[str, ...] = ()
    response: Response | None = None
    operations: tuple[str, ...] = ()
    request: Request | None = None
    retroactive: bool = False
    since: str = ""
    came: str = ""
    beta: str = ""


def drop(doc: Doc, *keys: str) -> None:
    """Take keys away, those that are there."""
    for key in keys:
        doc.pop(key, None)


def rename(doc: Doc, old: str, new: str) -> None:
    """Move a value to another key, if it is there."""
    if old in doc:
        put(doc, **{new: doc.pop(old)})


def as_discounts(place: Params, *keys: str) -> None:
    """What named a coupon or a promotion code alone names one of the discounts; an empty one takes
    them away.
    """
    for key in keys:
        if key not in place:
            continue
        named = place.pop(key)
        if named:
            place["discounts"] = [*(place.get("discounts") or ()), {key: named}]
        else:
            place.setdefault("discounts", None)


def inline(url: str, found: Iterable[Any]) -> Doc:
    """The list that stands inside an object: its first ten, and how many there are."""
    items = list(found)
    return {
        "object": "list",
        "data": items[:10],
        "has_more": len(items) > 10,
        "total_count": len(items),
        "url": url,
    }


def copied(value: Any) -> Any:
    """A JSON value that shares nothing with this one."""
    if isinstance(value, dict):
        return {key: copied(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [copied(inner) for inner in value]
    return value


def day(date: str) -> int:
    """The instant at which a day (`YYYY-MM-DD`) begins, in seconds."""
    return (calendar.fromisoformat(date).toordinal() - _EPOCH) * 86400
