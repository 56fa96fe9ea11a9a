"""Recorded exchanges with Stripe, out of the files that test suites keep: cassettes of VCR (Ruby)
and of vcrpy, and HAR.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from emulator.kernel import instants
from emulator.scenario.mistakes import Path
from emulator.scenario.reading import Text

Doc = dict[str, Any]


class Exchange(NamedTuple):
    """One request and what was answered.

    host: where it went. target: path and query. headers and answered: by lower-case name. answer:
    the hash that the body held, or None. at: when, in unix seconds, or None when nothing says so.
    path: where it stands in the file.
    """

    method: str
    host: str
    target: str
    headers: dict[str, str]
    body: str
    status: int
    answered: dict[str, str]
    answer: Doc | None
    at: int | None
    path: Path


def are_in(text: Text) -> bool:
    """Whether a file holds recorded exchanges."""
    return _kind(text.value) is not None


def of(text: Text) -> Iterator[Exchange]:
    """The exchanges of a file, in its order; a `Mistake` when one is no request and answer."""
    kind = _kind(text.value)
    assert kind is not None
    way, read = kind
    listed: Any = text.value
    for name in way:
        listed = listed[name]
    for index, each in enumerate(listed):
        path: Path = (*way, index)
        try:
            yield read(each, path)
        except (KeyError, TypeError, ValueError, AttributeError):
            message = "This is no request with its answer, as VCR, vcrpy or HAR keep them."
            raise text.mistake(message, path) from None


def _kind(value: Any) -> tuple[tuple[str, ...], Callable[[Any, Path], Exchange]] | None:
    """Where a file keeps its exchanges, and how each is read."""
    for way, read in _KINDS.items():
        found = value
        for name in way:
            found = found.get(name) if isinstance(found, dict) else None
        if isinstance(found, list):
            return way, read
    return None


def _of_cassette(each: Any, path: Path) -> Exchange:
    """VCR and vcrpy: headers are lists of values, a body is a text or holds one as `string`."""
    request, response = each["request"], each["response"]
    answered = _headers(response["headers"])
    said = each.get("recorded_at") or answered.get("date")
    return _exchange(
        (request["method"], request["uri"]),
        _headers(request["headers"]),
        _text(request.get("body")),
        (int(response["status"]["code"]), answered, _text(response.get("body"))),
        _instant(said),
        path,
    )


def _of_har(each: Any, path: Path) -> Exchange:
    """HAR: headers are a list of names with values."""
    request, response = each["request"], each["response"]
    headers, answered = (
        {str(pair["name"]).lower(): str(pair["value"]) for pair in side["headers"]}
        for side in (request, response)
    )
    return _exchange(
        (request["method"], request["url"]),
        headers,
        _text(request.get("postData", {}).get("text")),
        (int(response["status"]), answered, _text(response["content"].get("text"))),
        _instant(each.get("startedDateTime")),
        path,
    )


def _exchange(
    asked: tuple[str, str],
    headers: dict[str, str],
    body: str,
    came: tuple[int, dict[str, str], str],
    at: int | None,
    path: Path,
) -> Exchange:
    method, url = asked
    status, answered, answer = came
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    host = parts.hostname or ""
    return Exchange(
        method.upper(), host, target, headers, body, status, answered, _hash(answer), at, path
    )


def _headers(found: Mapping[str, Any] | None) -> dict[str, str]:
    return {
        str(name).lower(): str(value[0] if isinstance(value, list) and value else value)
        for name, value in (found or {}).items()
    }


def _text(body: Any) -> str:
    if isinstance(body, Mapping):
        if "string" not in body:
            return urlencode(body)
        body = body["string"]
    return "" if body is None else str(body)


def _hash(text: str) -> Doc | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _instant(said: Any) -> int | None:
    """Of `Wed, 01 Mar 2023 12:00:00 GMT`, or of an ISO 8601 time."""
    try:
        return int(parsedate_to_datetime(str(said)).timestamp())
    except (ValueError, OverflowError):
        return instants.spoken(str(said))


_KINDS: Final[dict[tuple[str, ...], Callable[[Any, Path], Exchange]]] = {
    ("http_interactions",): _of_cassette,
    ("interactions",): _of_cassette,
    ("log", "entries"): _of_har,
}
