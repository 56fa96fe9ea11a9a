"""A store's content as a file that TinyDB opens.

Each table is there under its name, its documents under numbers, as stock TinyDB wants them. A
document whose id does not name its place carries the place as `_key`; bytes that are no document
are kept as text or in base 64. Tables that begin with `_` hold what the store knows beside them.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from typing import Any, Final

import orjson

from emulator.store.store import Content

Row = dict[str, Any]
Tables = dict[str, dict[str, Row]]

_KEY: Final = "_key"
_TEXT: Final = "_text"
_BYTES: Final = "_base64"
_HEAD: Final = "_world"
_LISTED: Final = "_listed"
_COUNTERS: Final = "_counters"
_NUMBERS: Final = "_numbers"
_LINE: Final = "_line"
_OWN: Final = frozenset({_HEAD, _LISTED, _COUNTERS, _NUMBERS, _LINE})


def written(content: Content, head: Row) -> bytes:
    """A store's content, and what its world says of itself, as such a file. Row by row, so that a
    thread that writes leaves time for others.
    """
    return b"{%s}" % b",".join(_table(name, rows) for name, rows in _tables(content, head))


def _tables(content: Content, head: Row) -> Iterator[tuple[str, Iterable[Row]]]:
    """A store's content as TinyDB's tables."""
    for name, documents in content["tables"].items():
        yield name, (_row(key, raw) for key, raw in documents.items())
    yield _HEAD, [head]
    yield (
        _LISTED,
        (
            {"id": id_, "place": place, "created": created, "account": account, "keys": [*keys]}
            for id_, (place, created, account, keys) in content["listed"].items()
        ),
    )
    yield _COUNTERS, ({"name": n, "count": c} for n, c in content["counters"].items())
    yield _NUMBERS, ({"name": n, "numbers": [*c]} for n, c in content["numbers"].items())
    yield _LINE, ({"key": key} for key in content["line"])


def _table(name: str, rows: Iterable[Row]) -> bytes:
    numbered = (b'"%d":%s' % (number, orjson.dumps(row)) for number, row in enumerate(rows, 1))
    return b"%s:{%s}" % (orjson.dumps(name), b",".join(numbered))


def from_tables(found: Any) -> tuple[Content, Row]:
    """The way back; ValueError, with the reason, when something is amiss."""
    if not isinstance(found, dict) or not isinstance(found.get(_HEAD), dict):
        raise ValueError(f"there is no table {_HEAD} in it")  # noqa: TRY004 - a file, not a caller
    try:
        return _content(found), next(iter(found[_HEAD].values()))
    except (KeyError, TypeError, AttributeError, StopIteration) as problem:
        raise ValueError(f"{type(problem).__name__}: {problem}") from None


def _content(found: Tables) -> Content:
    return Content(
        tables={
            name: dict(_document(row) for row in rows.values())
            for name, rows in found.items()
            if name not in _OWN
        },
        listed={
            str(row["id"]): (
                int(row["place"]),
                int(row["created"]),
                str(row["account"]),
                tuple(map(str, row["keys"])),
            )
            for row in found[_LISTED].values()
        },
        counters={str(row["name"]): int(row["count"]) for row in found[_COUNTERS].values()},
        numbers={str(row["name"]): tuple(row["numbers"]) for row in found[_NUMBERS].values()},
        line=[str(row["key"]) for row in found[_LINE].values()],
    )


def _row(key: str, raw: bytes) -> Row:
    """A document as it is, where that brings back the same bytes."""
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        found = None
    if isinstance(found, dict) and orjson.dumps(found) == raw and not _marks(found):
        return found if found.get("id") == key else {**found, _KEY: key}
    try:
        return {_TEXT: raw.decode(), _KEY: key}
    except UnicodeDecodeError:
        return {_BYTES: b64encode(raw).decode(), _KEY: key}


def _marks(found: Row) -> bool:
    return any(mark in found for mark in (_KEY, _TEXT, _BYTES))


def _document(row: Row) -> tuple[str, bytes]:
    row = dict(row)
    key = str(row.pop(_KEY) if _KEY in row else row["id"])
    if _TEXT in row:
        return key, str(row[_TEXT]).encode()
    if _BYTES in row:
        return key, b64decode(row[_BYTES], validate=True)
    return key, orjson.dumps(row)
