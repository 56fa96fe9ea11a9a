"""How tests talk to an emulator: over HTTP, without a socket, with the world of one key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote_plus

import httpx2
from starlette.testclient import TestClient

NOW: Final = 1_772_366_400  # Sunday 1 March 2026, 12:00:00 UTC
KEY: Final = "sk_test_main"

Answer = httpx2.Response


class Talk:
    """One key's conversation with an emulator. Bodies are nested dicts, sent as Stripe's
    SDKs do.
    """

    def __init__(self, client: TestClient, key: str = KEY) -> None:
        self.client = client
        self.key = key

    def as_key(self, key: str) -> Talk:
        """The same emulator, under another key."""
        return Talk(self.client, key)

    def send(self, method: str, path: str, body: bytes = b"", /, **headers: str) -> Answer:
        """Any request; `stripe_account=…` becomes the header Stripe-Account."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        names.setdefault("authorization", f"Bearer {self.key}")
        return self.client.request(method, path, content=body, headers=names)

    def get(self, path: str, params: Mapping[str, Any] | None = None, /, **headers: str) -> Answer:
        query = form(params or {}).decode()
        return self.send("GET", f"{path}?{query}" if query else path, b"", **headers)

    def post(self, path: str, params: Mapping[str, Any] | None = None, /, **headers: str) -> Answer:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return self.send("POST", path, form(params or {}), **headers)

    def delete(self, path: str, /, **headers: str) -> Answer:
        return self.send("DELETE", path, b"", **headers)

    def made(self, path: str, params: Mapping[str, Any] | None = None, /, **headers: str) -> Any:
        """What a successful POST answers."""
        return _ok(self.post(path, params, **headers))

    def got(self, path: str, params: Mapping[str, Any] | None = None, /, **headers: str) -> Any:
        """What a successful GET answers."""
        return _ok(self.get(path, params, **headers))

    def control(self, name: str, body: Any = None) -> Answer:
        """GET /_emulator/name, or POST when there is a body."""
        names = {"Authorization": f"Bearer {self.key}"}
        if body is None:
            return self.client.get(f"/_emulator/{name}", headers=names)
        return self.client.post(f"/_emulator/{name}", json=body, headers=names)

    def advance(self, duration: str) -> Any:
        return _ok(self.control("clock", {"advance": duration}))

    def customer(self, **params: Any) -> Any:
        return self.made("/v1/customers", params)

    def account(self) -> str:
        """The id of a fresh connected account."""
        capabilities = {"card_payments": {"requested": True}, "transfers": {"requested": True}}
        params = {"type": "custom", "country": "US", "capabilities": capabilities}
        return str(self.made("/v1/accounts", params)["id"])


def form(params: Mapping[str, Any]) -> bytes:
    """A nested dict as a form: {"a": {"b": 1}, "c": ["x"]} to a[b]=1&c[0]=x."""
    pairs = [f"{_quoted(name)}={quote_plus(value)}" for name, value in _flat(params)]
    return "&".join(pairs).encode()


def _quoted(name: str) -> str:
    return quote_plus(name, safe="[]")


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}[{key}]" if name else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _flat(inner, f"{name}[{index}]")
    elif isinstance(value, bool):
        yield name, str(value).lower()
    else:
        yield name, str(value)


def error(answer: Answer, status: int) -> Any:
    """The error object of an answer that has this status."""
    assert answer.status_code == status, answer.text
    return answer.json()["error"]


def _ok(answer: Answer) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()
