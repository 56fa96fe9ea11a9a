"""Files of `stripe fixtures`, as they are: a list of requests that refer to each other.

`${name:way}`, `${name:way|default}` and `${.env:VARIABLE|default}` become our references; the
environment is read here, once. `api_base` means nothing to an emulator.
"""

from __future__ import annotations

import os
import re
from typing import Any, Final

from emulator.scenario.mistakes import hint, shown
from emulator.scenario.reading import Text
from emulator.scenario.story import Chapter, Doc, Scenario, Step

_QUERY: Final = re.compile(r"\$\{([^|}:]+):([^|}]+)(?:\|([^}]*))?\}")
_METHODS: Final = ("get", "post", "delete")
_KNOWN: Final = frozenset(
    {
        "name",
        "path",
        "method",
        "params",
        "expected_error_type",
        "idempotency_key",
        "context",
        "api_base",
        "headers",
    }
)
_HEADERS: Final = {"stripe-account": "on", "stripe-version": "version", "idempotency-key": "key"}


def is_one(text: Text) -> bool:
    """Whether a file is one of `stripe fixtures`."""
    return isinstance(text.value, dict) and "fixtures" in text.value


def tell(text: Text, name: str) -> Scenario:
    """The requests of the file as a scenario of one chapter."""
    listed = text.value["fixtures"]
    if not isinstance(listed, list):
        raise text.mistake("This must be a list of requests.", ("fixtures",))
    steps = [_step(text, index, each) for index, each in enumerate(listed)]
    about = f"The requests of {text.name.rpartition('/')[2]}"
    return Scenario(name, text.name, about, (Chapter(about, (*steps,)),))


def _step(text: Text, index: int, given: Any) -> Step:
    path = ("fixtures", index)
    if not isinstance(given, dict):
        raise text.mistake("This must be a hash: name, path, method and params.", path)
    for each in given:
        if each not in _KNOWN:
            message = f"A fixture has no {shown(each)}.{hint(each, _KNOWN)}"
            raise text.mistake(message, (*path, each))
    method = str(given.get("method", "")).lower()
    if method not in _METHODS:
        wanted = ", ".join(_METHODS)
        raise text.mistake(f"The method must be one of {wanted}.", (*path, "method"))
    if not isinstance(given.get("path"), str) or not given["path"].startswith("/"):
        raise text.mistake("This request has no path such as /v1/customers.", (*path, "path"))
    params, headers = given.get("params") or {}, given.get("headers") or {}
    for said, value in (("params", params), ("headers", headers)):
        if not isinstance(value, dict):
            raise text.mistake(f"{said} must be a hash.", (*path, said))
    body = {method: given["path"], **_beside(given, params, headers)}
    return Step(method, _ours(body), "when", text, path)


def _beside(given: Doc, params: Doc, headers: Doc) -> Doc:
    """Everything of a fixture but its method and path, under our names."""
    found: Doc = {}
    if "name" in given:
        found["name"] = given["name"]
    if params:
        found["with"] = {name: value for name, value in params.items() if value is not None}
    if given.get("idempotency_key"):
        found["key"] = given["idempotency_key"]
    if given.get("expected_error_type"):
        found["refused"] = {"type": given["expected_error_type"]}
    for name, value in headers.items():
        if name.lower() in _HEADERS:
            found[_HEADERS[name.lower()]] = value
        else:
            found.setdefault("headers", {})[name] = value
    return found


def _ours(value: Any) -> Any:
    """The value with its queries written as references."""
    if isinstance(value, str):
        return _QUERY.sub(_reference, value)
    if isinstance(value, dict):
        return {name: _ours(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_ours(inner) for inner in value]
    return value


def _reference(found: re.Match[str]) -> str:
    name, way, default = found[1], found[2], found[3]
    if name == ".env":
        return os.environ.get(way) or default or ""
    return f"${{{name}.{way}{'' if default is None else '|' + default}}}"
