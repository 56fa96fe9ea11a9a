"""How scenarios ask: the application called without a socket, or a server by its address.

Both send what an SDK would: forms for /v1, in parts where a file goes along, JSON for /v2 and
/_emulator, and answer with what a client would see.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

import orjson

from emulator.contract import find
from emulator.contract.specs import sent_fields
from emulator.scenario import Answered, Ask, Asked
from emulator.web.inbound import Receive, Scope, Send

App = Callable[[Scope, Receive, Send], Awaitable[None]]

_KINDS: Final = {"secret": "sk", "publishable": "pk", "restricted": "rk"}
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"
_PARTS: Final = "multipart/form-data"
_BOUNDARY: Final = "connect-emulator-7MA4YWxkTrZu0gW"
_KEPT: Final = "-._~/%:@!$&'()*+,;="


class _Sent(NamedTuple):
    """A request as it travels. query: without its question mark."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


def locally(app: App, world: str) -> Ask:
    """Ask an application in this process, with the keys of one world. Its courier must be
    running.
    """

    async def ask(asked: Asked) -> Answered:
        sent = _sent(asked, world)
        scope = {
            "type": "http",
            "method": sent.method,
            "path": unquote(sent.path),
            "raw_path": sent.path.encode(),
            "query_string": sent.query.encode(),
            "headers": [(n.lower().encode(), v.encode()) for n, v in sent.headers.items()],
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 80),
            "scheme": "http",
            "http_version": "1.1",
            "root_path": "",
            "extensions": {},
        }
        return await _called(app, scope, sent.body)

    return ask


@asynccontextmanager
async def remotely(url: str, world: str) -> AsyncIterator[Ask]:
    """Ask the server at an address, with the keys of one world."""
    import httpx2  # noqa: PLC0415 - heavy, and scenarios mostly play in this process

    async with httpx2.AsyncClient(base_url=url, timeout=60, trust_env=False) as client:

        async def ask(asked: Asked) -> Answered:
            sent = _sent(asked, world)
            target = f"{sent.path}?{sent.query}" if sent.query else sent.path
            try:
                found = await client.request(
                    sent.method, target, content=sent.body, headers=sent.headers
                )
            except httpx2.RemoteProtocolError:
                return _dropped()
            except (httpx2.TransportError, httpx2.InvalidURL) as problem:
                raise ConnectionError(str(problem)) from None
            return _answered(found.status_code, dict(found.headers), found.content)

        yield ask


def form(value: Any) -> str:
    """A nested hash as SDKs send it: {"a": {"b": 1}, "c": ["x"]} as a[b]=1&c[0]=x."""
    pairs = (
        f"{quote_plus(name, safe='[]')}={quote_plus(part, errors='replace')}"
        for name, part in _flat(value, "")
    )
    return "&".join(pairs)


# -- inside ---------------------------------------------------------------------------------------


def _sent(asked: Asked, world: str) -> _Sent:
    path, _, query = asked.path.partition("?")
    headers: dict[str, str] = {}
    if asked.who != "nobody":
        kind = _KINDS.get(asked.who)
        headers["Authorization"] = f"Bearer {f'{kind}_test_{world}' if kind else asked.who}"
    named = {
        "Stripe-Account": asked.account,
        "Idempotency-Key": asked.key,
        "Stripe-Version": asked.version,
    }
    headers |= {name: value for name, value in named.items() if value is not None}
    body = b""
    if asked.body is not None:
        body, headers["Content-Type"] = asked.body, _FORM
    elif asked.method in {"GET", "DELETE"}:
        query = "&".join(part for part in (query, form(asked.with_)) if part)
    elif asked.path.startswith(("/v2", "/_emulator")):
        body, headers["Content-Type"] = orjson.dumps(asked.with_), _JSON
    else:
        body, headers["Content-Type"] = _written(asked, path)
    if body:
        headers["Content-Length"] = str(len(body))
    safe_query = quote(query, safe=_KEPT + "?[]", errors="replace")
    path = quote(path, safe=_KEPT, errors="replace")
    more = {name.title(): value for name, value in asked.headers.items()}
    return _Sent(asked.method, path, safe_query, headers | more, body)


def _written(asked: Asked, path: str) -> tuple[bytes, str]:
    """A form and its kind: in parts where the operation takes files. What a file holds is told as
    text.
    """
    found = find(asked.method, path)
    fields = sent_fields(found.operation) if found else {}
    files = {name for name, spec in fields.items() if spec["type"] == "file"}
    if not files:
        return form(asked.with_).encode(), _FORM
    parts = bytearray()
    for name, value in _flat(asked.with_, ""):
        said = f'form-data; name="{quote(name, safe="[]")}"'
        if name in files:
            said += '; filename="file"'
        parts += f"--{_BOUNDARY}\r\nContent-Disposition: {said}\r\n\r\n".encode()
        parts += value.encode(errors="replace") + b"\r\n"
    return bytes(parts + f"--{_BOUNDARY}--\r\n".encode()), f"{_PARTS}; boundary={_BOUNDARY}"


async def _called(app: App, scope: dict[str, Any], body: bytes) -> Answered:
    """Call the application as a server does, and gather what it sends."""
    status, headers, parts = 0, {}, []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = {n.decode("latin-1"): v.decode("latin-1") for n, v in message["headers"]}
        elif message["type"] == "http.response.body":
            parts.append(bytes(message.get("body", b"")))

    with suppress(ConnectionResetError):  # a fault that hangs up
        await app(scope, receive, send)
    return _answered(status, headers, b"".join(parts)) if status else _dropped()


def _answered(status: int, headers: Mapping[str, str], raw: bytes) -> Answered:
    known = {name.lower(): value for name, value in headers.items()}
    if "location" in known:
        query = dict(parse_qsl(urlsplit(known["location"]).query))
        return Answered(status, raw, {"location": known["location"], "query": query})
    try:
        return Answered(status, raw, orjson.loads(raw))
    except orjson.JSONDecodeError:
        return Answered(status, raw, {"text": raw.decode("utf-8", "replace")})


def _dropped() -> Answered:
    message = "The connection was closed without an answer."
    error = {"type": "connection_dropped", "message": message}
    return Answered(0, b"", {"error": error})


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}[{key}]" if name else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _flat(inner, f"{name}[{index}]")
    elif isinstance(value, bool):
        yield name, str(value).lower()
    else:
        yield name, "" if value is None else str(value)
