"""What a transaction stands on: the parts of a world that everything below it may use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from emulator.contract.versions import NEWEST, Version
from emulator.kernel.clock import Clock
from emulator.store import Store

Doc = dict[str, Any]
Params = dict[str, Any]


@dataclass(slots=True)
class Setup:
    """One world's ground.

    name, seed: both go into every id, so the same seed gives the same bytes. platform: the id of
    the platform's own account; application: the id (ca_…) of its Connect application. settings:
    what the world's owner chose (country, availability, pricing, rates …). watch: where the ids
    of events are noted as they come, while somebody watches. seen: documents that were looked at,
    with the bytes they were read from.
    """

    name: str
    seed: str
    store: Store
    clock: Clock
    platform: str = ""
    application: str = ""
    settings: Doc = field(default_factory=dict)
    watch: list[str] | None = None
    seen: dict[str, tuple[bytes, Doc]] = field(default_factory=dict)


@dataclass(slots=True)
class Caller:
    """Who asks, and how.

    account: the account acted on. connect: whether the platform named it with Stripe-Account.
    publishable: whether a publishable key was used. request, idempotency_key: None for what happens
    by itself. ip: where the request came from. agent: its User-Agent as sent. answers: what this
    one request wants answered (see `answers.py`), None for what is usual. versioned: whether the
    request itself said its version.
    """

    account: str
    version: Version = NEWEST
    connect: bool = False
    publishable: bool = False
    request: str | None = None
    idempotency_key: str | None = None
    ip: str = "127.0.0.1"
    agent: bytes | None = None
    key: str = ""
    answers: list[Doc] | None = None
    versioned: bool = False
