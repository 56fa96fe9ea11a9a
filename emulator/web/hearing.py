"""The request log of a world as a scenario can ask it again: forms read, keys and headers named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from emulator.control.requests import Recorded, recorded
from emulator.kernel.errors import Refusal
from emulator.web import asking, forms, keys
from emulator.web.inbound import account_named
from emulator.world import World

if TYPE_CHECKING:  # loaded when somebody records: most servers record nothing
    from emulator.scenario import Heard

_KINDS: Final = {"sk": "secret", "pk": "publishable", "rk": "restricted"}
_PREFIX: Final = "/_emulator"
_SKIPPED: Final = ("/requests", "/worlds", "/snapshots", "/scenarios", "/fork", "/export", "/world")
_RESET: Final = f"{_PREFIX}/reset"
_NAMED: Final = {b"stripe-version", b"idempotency-key"}
_OURS: Final = (b"emulator-answer", b"emulator-fault")
_FORM: Final = b"application/x-www-form-urlencoded"


def heard(world: World) -> list[Heard]:
    """What a world was asked since it began or was reset, oldest first."""
    found: list[Heard] = []
    for each in recorded(world):
        path = _path(each, world)
        if path == _RESET:
            found = []
        elif not _is_skipped(each, path):
            found.append(_heard(each, path, world))
    return found


def _path(each: Recorded, world: World) -> str:
    """The path, without the world that it may name."""
    path = each.sent.target.partition("?")[0]
    return path.replace(f"{_PREFIX}/worlds/{world.name}/", f"{_PREFIX}/", 1)


def _is_skipped(each: Recorded, path: str) -> bool:
    """Whether a call of the control API changes nothing of what is asked later."""
    if not path.startswith(_PREFIX):
        return False
    return each.sent.method == "GET" or path.removeprefix(_PREFIX).startswith(_SKIPPED)


def _heard(each: Recorded, path: str, world: World) -> Heard:
    headers = {name.lower(): value for name, value in each.sent.headers}
    named = {name: _text(headers.get(name)) for name in _NAMED}
    with_ = _params(each, path, headers.get(b"content-type", b""))
    more: dict[bytes, bytes] = {name: headers[name] for name in _OURS if name in headers}
    if with_ is None and not headers.get(b"content-type", _FORM).startswith(_FORM):
        more[b"content-type"] = headers[b"content-type"]
    from emulator.scenario import Heard  # noqa: PLC0415

    return Heard(
        each.sent.method,
        each.sent.target if with_ is None else path,
        with_,
        each.sent.body,
        _who(each, headers.get(b"authorization"), world),
        account_named(headers),
        named[b"idempotency-key"],
        named[b"stripe-version"] or None,
        {name.decode().title(): str(_text(value)) for name, value in more.items()},
        0 if each.lost else each.status,
        _json(each.answer),
        each.at,
    )


def _params(each: Recorded, path: str, kind: bytes) -> dict[str, Any] | None:
    """The parameters as a nested hash; None when a hash would not send the same."""
    query = each.sent.target.partition("?")[2]
    try:
        if path.startswith(("/v2", _PREFIX)) and each.sent.method == "POST":
            return None if query else forms.decode_json(each.sent.body)
        if each.sent.body and not kind.startswith(_FORM):
            return None
        body = query.encode() if each.sent.method in {"GET", "DELETE"} else each.sent.body
        sent = forms.decode(body)
        with_: dict[str, Any] = _plain(sent)
        again = forms.decode(asking.form(with_).encode())
    except Refusal:
        return None
    whole = not query or each.sent.method in {"GET", "DELETE"}
    return with_ if whole and _plain(again) == with_ else None


def _plain(value: Any) -> Any:
    """Hashes that count from 0 as lists, and texts that are numbers or truth values as those."""
    if isinstance(value, dict):
        if value and list(value) == [str(index) for index in range(len(value))]:
            return [_plain(inner) for inner in value.values()]
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if value in {"true", "false"}:
        return value == "true"
    if isinstance(value, str) and value.isdecimal() and value.isascii() and len(value) < 16:
        return int(value) if str(int(value)) == value else value
    return value


def _who(each: Recorded, authorization: bytes | None, world: World) -> str:
    if authorization is None:
        return "nobody"
    try:
        key = keys.read(authorization)
    except Refusal:
        return each.key or "nobody"
    if key.token or key.kind not in _KINDS:
        return key.text
    return _KINDS[key.kind] if key.world == world.name else "secret"


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "replace")


def _json(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
