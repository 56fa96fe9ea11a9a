"""Requests' parameters as the SDKs write them: nested forms, query strings, multipart, JSON."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import PurePath
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson
from python_multipart.multipart import MultipartParser, parse_options_header

from emulator.kernel.errors import Refusal, requests

Sent = dict[str, Any]

_MOST_PARAMETERS = 1_000
_MOST_LEVELS = 12


def decode(text: bytes) -> Sent:
    """`a[b][0]=x&c[]=y` to {"a": {"b": {"0": "x"}}, "c": ["y"]}; scalars stay strings."""
    if not text:
        return {}
    try:
        pairs = text.decode("utf-8").split("&")
    except UnicodeDecodeError:
        raise requests.bad_encoding() from None
    if len(pairs) > _MOST_PARAMETERS:
        raise requests.too_many_parameters(_MOST_PARAMETERS)
    sent: Sent = {}
    for pair in pairs:
        written, _, value = pair.partition("=")
        name, steps = _name(written)
        if "%" in value or "+" in value:
            value = _plain(value)
        if steps:
            _nest(sent, steps, value, name)
        elif name in sent and isinstance(sent[name], dict | list):
            raise requests.conflicting_parameters(name)
        elif name:
            sent[name] = value
    return sent


def _plain(text: str) -> str:
    spaced = text.replace("+", " ")
    if "%" not in spaced:
        return spaced
    try:
        return unquote_to_bytes(spaced).decode()  # a third of what unquote_plus takes
    except UnicodeDecodeError:
        raise requests.bad_encoding() from None


@lru_cache(maxsize=2048)
def _name(written: str) -> tuple[str, tuple[str, ...]]:
    """A parameter's encoded name as it was meant, and its steps.

    Remembered, because clients use few names and spell them out each time.
    """
    name = _plain(written)
    return name, _steps(name)


def _steps(name: str) -> tuple[str, ...]:
    """What the brackets of a name say, from the outside to the inside; empty without brackets."""
    at = name.find("[")
    if at <= 0:
        return ()
    steps = (name[:at], *(step.rstrip("]") for step in name[at + 1 :].split("[")))
    if len(steps) > _MOST_LEVELS:
        raise requests.too_deep()
    return steps


def _put(sent: Sent, name: str, value: Any) -> None:
    """Place one parameter whose name was not encoded."""
    steps = _steps(name)
    if steps:
        _nest(sent, steps, value, name)
    elif isinstance(sent.get(name), dict | list):
        raise requests.conflicting_parameters(name)
    else:
        sent[name] = value


def _nest(node: Sent, steps: Sequence[str], value: Any, name: str) -> None:
    """Walk down the steps of a name, making hashes on the way, and place the value at the end."""
    for at, step in enumerate(steps[:-1]):
        if steps[at + 1] == "":
            _append(node, step, steps[at + 2 :], value, name)
            return
        inner = node.setdefault(step, {})
        if not isinstance(inner, dict):
            raise requests.conflicting_parameters(name)
        node = inner
    if isinstance(node.get(steps[-1]), dict | list):
        raise requests.conflicting_parameters(name)
    node[steps[-1]] = value


def _append(node: Sent, step: str, deeper: Sequence[str], value: Any, name: str) -> None:
    """`a[]=x` appends; `a[][b]=x` begins a new hash when the last one has a `b` already."""
    items = node.setdefault(step, [])
    if not isinstance(items, list) or (deeper and deeper[0] == ""):
        raise requests.conflicting_parameters(name)
    if not deeper:
        items.append(value)
        return
    if not items or not isinstance(items[-1], dict) or not _has_room(items[-1], deeper):
        items.append({})
    _nest(items[-1], deeper, value, name)


def _has_room(item: Sent, deeper: Sequence[str]) -> bool:
    """Whether what `deeper` names is still missing in a hash, or is an array that can grow."""
    for at, step in enumerate(deeper):
        if step not in item:
            return True
        item = item[step]
        if not isinstance(item, dict):
            return isinstance(item, list) and len(deeper) > at + 1 and deeper[at + 1] == ""
    return False


def decode_json(body: bytes) -> Sent:
    """A JSON object, as /v2 takes it."""
    if not body:
        return {}
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise requests.bad_json() from None
    if not isinstance(sent, dict):
        raise requests.bad_json()
    return sent


def decode_multipart(body: bytes, content_type: bytes) -> Sent:
    """A multipart form; a file becomes {"filename", "type", "content"}."""
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if not boundary:
        raise requests.bad_multipart()
    parts = _Parts()
    try:
        parser = MultipartParser(boundary, parts.callbacks())  # type: ignore[arg-type]
        parser.write(body)
        parser.finalize()
        return parts.sent()
    except Refusal:
        raise
    except Exception:  # noqa: BLE001 - the library raises many kinds, and all mean a broken body
        raise requests.bad_multipart() from None


class _Parts:
    """Collects what the parser calls back with."""

    def __init__(self) -> None:
        self._parts: list[tuple[dict[bytes, bytes], bytearray]] = []
        self._field = b""
        self._value = b""
        self._headers: dict[bytes, bytes] = {}
        self._content = bytearray()
        self._whole = False

    def callbacks(self) -> dict[str, Any]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._add("_field", data[start:end]),
            "on_header_value": lambda data, start, end: self._add("_value", data[start:end]),
            "on_header_end": self._end_header,
            "on_part_data": lambda data, start, end: self._content.extend(data[start:end]),
            "on_part_end": lambda: self._parts.append((self._headers, self._content)),
            "on_end": lambda: setattr(self, "_whole", True),
        }

    def _begin(self) -> None:
        self._headers, self._content = {}, bytearray()

    def _add(self, name: str, data: bytes) -> None:
        setattr(self, name, getattr(self, name) + data)

    def _end_header(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field = self._value = b""

    def sent(self) -> Sent:
        if not self._whole:
            raise requests.bad_multipart()
        found: Sent = {}
        for headers, content in self._parts:
            _, options = parse_options_header(headers.get(b"content-disposition", b""))
            name = options.get(b"name", b"").decode("utf-8")
            _put(found, name, self._part(headers, options, bytes(content)))
        return found

    @staticmethod
    def _part(headers: dict[bytes, bytes], options: dict[bytes, bytes], content: bytes) -> Any:
        if b"filename" not in options:
            return content.decode("utf-8")
        return {
            "filename": PurePath(options[b"filename"].decode("utf-8", "replace")).name,
            "type": headers.get(b"content-type", b"application/octet-stream").decode("latin-1"),
            "content": content,
        }
