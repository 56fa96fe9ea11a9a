"""Idempotency keys: the first answer is kept for 24 hours of the world's time and given again.

Kept in the world's store under account and key. Source: Stripe's documented rules; parameter
errors, 401, 409 and 429 are not kept, declines and refusals of state are.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final, NamedTuple

from emulator.kernel.errors import Refusal, requests
from emulator.store import Store

_TABLE: Final = "idempotency"
_KEPT_SECONDS: Final = 24 * 3600
_LONGEST: Final = 255


Place = tuple[str, str | None, str]  # world, Stripe-Account, key


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


def fingerprint(method: str, path: str, body: bytes, content_type: bytes) -> str:
    """What must be the same for two requests to be the same; a multipart boundary need not be."""
    _, marked, boundary = content_type.partition(b"boundary=")
    if marked:
        body = body.replace(boundary.strip(b'" '), b"")
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
    place = f"{account}|{key}"
    if store.raw(_TABLE, place) is not None:
        store.delete(_TABLE, place)  # it is over, and its successor the youngest of all
    head = f"{now} {answer.status} {answer.request} {mark}\n".encode()
    store.put(_TABLE, place, head + answer.body)
    for over in _over(store, now):
        store.delete(_TABLE, over)


def _over(store: Store, now: int) -> list[str]:
    """The places of answers that are not kept any longer; places stand in order of time."""
    found: list[str] = []
    table = store.table(_TABLE)
    for place in table:
        if now - int(table[place].partition(b" ")[0]) < _KEPT_SECONDS:
            break
        found.append(place)
    return found


class InFlight:
    """Which request holds a key: the first that began to arrive under it and is not
    answered yet.
    """

    def __init__(self) -> None:
        self._holders: dict[Place, object] = {}

    def enter(self, place: Place, request: object) -> None:
        """Let a request hold the key of this place, unless another one does."""
        self._holders.setdefault(place, request)

    def holds(self, place: Place, request: object) -> bool:
        """Whether no other request holds the key of this place."""
        return self._holders.get(place, request) is request

    def leave(self, place: Place, request: object) -> None:
        if self._holders.get(place) is request:
            del self._holders[place]


def has_begun(refusal: Refusal) -> bool:
    """Whether a refusal by a handler came after the request began: not when it said something
    wrong.

    Observed: state errors and declines carry Stripe-Should-Retry: false, bad parameters do not,
    and of unknown ids only those that are looked up late. Only what has begun is given again to the
    same key.
    """
    if refusal.begun is not None:
        return refusal.begun
    code = refusal.code or ""
    if code == "resource_missing" or code.startswith("parameter_"):
        return False
    return refusal.status not in {401, 409, 429, 501}
