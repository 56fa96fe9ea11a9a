"""Receivers inside this process: `https://mailbox.test/NAME` takes webhooks without a network.

A letter is kept in the world's store, so it is rolled back, forked and replayed with everything
else. It is signed anew whenever it is read, so that an SDK believes it however long it lay there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from emulator.kernel.clock import machine_seconds
from emulator.kit import Setup
from emulator.kit.outbox import LISTENERS
from emulator.store import Store
from emulator.webhooks.signing import headers

HOST: Final = "mailbox.test"
_TABLE: Final = "mailbox"
_ANSWERS: Final = "mailbox answer"

Letter = dict[str, Any]


def name_of(url: str) -> str | None:
    """The mailbox that an address names; None when it names a place in the network."""
    if HOST not in url:
        return None
    parts = urlsplit(url)
    return parts.path.strip("/") or "main" if parts.hostname == HOST else None


def take(setup: Setup, name: str, letter: Letter, status: int | None = None) -> int:
    """Put a letter into a mailbox; the status it answers, 200 unless something else was set.

    letter: event, type, account, endpoint, at and body.
    """
    store = setup.store
    with store.transaction():
        status = status or _answer(store, name)
        number = store.count(f"mailbox/{name}")
        kept = {"number": number, **letter, "status": status}
        store.put(_TABLE, f"{name}/{number:09d}", orjson.dumps(kept))
    return status


def letters(setup: Setup, name: str) -> Iterator[Letter]:
    """What lies in a mailbox, oldest first, each with headers under which an SDK opens it now."""
    for id_, raw in setup.store.table(_TABLE).items():
        if id_.rpartition("/")[0] == name:
            letter = orjson.loads(raw)
            secret = _secret(setup, letter["endpoint"])
            signed = headers(letter["body"].encode(), secret, int(machine_seconds()))
            yield {**letter, "headers": signed, "data": orjson.loads(letter["body"])}


def names(setup: Setup) -> list[str]:
    """The mailboxes that hold something."""
    return sorted({id_.rpartition("/")[0] for id_ in setup.store.table(_TABLE)})


def empty(setup: Setup, name: str) -> int:
    """Throw away what lies in a mailbox; how many letters it was."""
    store = setup.store
    gone = [id_ for id_ in store.table(_TABLE) if id_.rpartition("/")[0] == name]
    with store.transaction():
        for id_ in gone:
            store.delete(_TABLE, id_)
    return len(gone)


def answer_with(setup: Setup, name: str, status: int, times: int | None) -> None:
    """From now on a mailbox answers with this status, for so many letters or until told
    otherwise.
    """
    with setup.store.transaction():
        setup.store.put(_ANSWERS, name, orjson.dumps({"status": status, "times": times}))


def _answer(store: Store, name: str) -> int:
    raw = store.raw(_ANSWERS, name)
    if raw is None:
        return 200
    told = orjson.loads(raw)
    if told["times"] is not None:
        if told["times"] <= 1:
            store.delete(_ANSWERS, name)
        else:
            store.put(_ANSWERS, name, orjson.dumps({**told, "times": told["times"] - 1}))
    return int(told["status"])


def _secret(setup: Setup, endpoint: str) -> str:
    raw = setup.store.raw(LISTENERS, endpoint)
    return str(orjson.loads(raw)["secret"]) if raw else ""
