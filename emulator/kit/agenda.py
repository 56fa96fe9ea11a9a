"""What is still to happen, in the order it will happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

from emulator.store import Store

_TABLE: Final = "agenda"


@dataclass(frozen=True, slots=True)
class Due:
    """A job: `resource`'s job named `job` runs on the object `subject` of `account` at `when`
    (seconds).
    """

    key: str
    when: int
    resource: str
    job: str
    subject: str
    account: str
    more: dict[str, Any]


def add(
    store: Store,
    when: int,
    resource: str,
    job: str,
    subject: str,
    account: str,
    more: dict[str, Any],
) -> None:
    """Put a job on the agenda; jobs of one instant run in the order they were added."""
    key = f"{when:012d}.{store.count(_TABLE):09d}"
    store.put(_TABLE, key, orjson.dumps(Due(key, when, resource, job, subject, account, more)))
    store.line_up(key)


def next_due(store: Store, until: int | None = None) -> Due | None:
    """The earliest job, if it is due by `until`."""
    key = store.first_in_line()
    if key is None or (until is not None and int(key[:12]) > until):
        return None
    return _read(store, key)


def upcoming(store: Store, limit: int = 100) -> list[Due]:
    """The next jobs, earliest first."""
    return [_read(store, key) for key in store.line()[:limit]]


def strike(store: Store, due: Due) -> None:
    """Take a job off the agenda."""
    store.leave_line(due.key)
    store.delete(_TABLE, due.key)


def _read(store: Store, key: str) -> Due:
    raw = store.raw(_TABLE, key)
    assert raw is not None
    return Due(**orjson.loads(raw))
