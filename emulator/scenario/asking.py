"""What a step asks of the emulator. The player is given a function that asks; how requests travel
is none of its business.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Doc = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request.

    with_: its parameters, as a nested hash; body: what is sent instead of them. who: secret,
    publishable, restricted, nobody, or a key. account, key, version: what the headers
    Stripe-Account, Idempotency-Key and Stripe-Version say.
    """

    method: str
    path: str
    with_: Doc = field(default_factory=dict)
    who: str = "secret"
    account: str | None = None
    key: str | None = None
    version: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer. status: 0 when the connection was closed without one. body: read from JSON; of
    another kind of answer `location`, the `query` of that, or `text`.
    """

    status: int
    raw: bytes
    body: Any

    @property
    def error(self) -> Doc:
        """The error that the body holds, with the status beside it."""
        found = self.body.get("error") if isinstance(self.body, dict) else None
        if isinstance(found, str):  # as OAuth writes it
            found = {**self.body, "code": found}
        return {"status": self.status, **(found if isinstance(found, dict) else {})}


Ask = Callable[[Asked], Awaitable[Answered]]
