"""Idempotency keys: the first answer is kept for 24 hours of the world's time and given again.

Kept in the world's store under account and key. Source: Stripe's documented rules; parameter errors, 401,
409 and 429 are not kept, declines and refusals of state are.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final, NamedTuple

from emulator.kernel.errors import Refusal, requests
from emulator.store import Store

_TABLE: Final = "idempotency"
_KEPT_SECONDS: Final = 24 * 3600
_LONGEST: Final = 255


class Kept(NamedTuple):
    """The answer that a key once got."""

    status: int
    request: str
    body: bytes


def check(key: str) -> None:
    """Refuse a key that Stripe would not take."""
    if not key.strip():
        raise requests.idempotency_key_empty()
    if len(key) > _LONGEST:
        raise requests.idempotency_key_long(len(key))


def fingerprint(method: str, path: str, body: bytes) -> str:
    """What must be the same for two requests to be the same."""
    return blake2b(b"\0".join((method.encode(), path.encode(), body)), digest_size=16).hexdigest()


def find(store: Store, account: str, key: str, mark: str, now: int) -> Kept | None:
    """The answer kept under this key, if any; a refusal when it belongs to another request."""
    raw = store.raw(_TABLE, f"{account}|{key}")
    if raw is None:
        return None
    head, _, body = raw.partition(b"\n")
    at, status, request, kept_mark = head.decode().split(" ")
    if now - int(at) >= _KEPT_SECONDS:
        return None
    if kept_mark != mark:
        raise requests.idempotency_mismatch(key)
    return Kept(int(status), request, body)


def keep(store: Store, account: str, key: str, mark: str, now: int, answer: Kept) -> None:
    """Keep an answer; the oldest ones that nobody can ask for any more go."""
    table = store.table(_TABLE)
    head = f"{now} {answer.status} {answer.request} {mark}\n".encode()
    store.delete(_TABLE, f"{account}|{key}")
    store.put(_TABLE, f"{account}|{key}", head + answer.body)
    while table:
        oldest = next(iter(table))
        if now - int(table[oldest].partition(b" ")[0]) < _KEPT_SECONDS:
            return
        store.delete(_TABLE, oldest)


class InFlight:
    """The keys whose request has begun to arrive and is not answered yet."""

    def __init__(self) -> None:
        self._keys: set[str] = set()

    def enter(self, scope: str, key: str) -> None:
        if f"{scope}|{key}" in self._keys:
            raise requests.idempotency_in_use(key)
        self._keys.add(f"{scope}|{key}")

    def leave(self, scope: str, key: str) -> None:
        self._keys.discard(f"{scope}|{key}")


def is_kept(refusal: Refusal) -> bool:
    """Whether a refusal is given again to the same key."""
    return refusal.status not in {401, 409, 429, 501}
