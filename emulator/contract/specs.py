"""The parameters of an operation as one API version knows them.

A spec is a JSON object with a `type`: string, currency, integer, number, boolean, decimal, enum
(`values`), object (`fields`), array (`items`), map (`values`), union (`any_of`), file or any.
Flags: `required`, `unset` (an empty text clears it), `nullable` (/v2), `least`, `most` (of the
number, the text's length, the array's, a decimal's places), `clamp` (nearest of a range), `below`
(the refusal under `least`). `until` and `since` bound the versions that know the parameter, and
`before` maps a version to what was different before it; `preview` marks what only previews know.

A version is written as its date here, `2025-04-30`, and a preview as `2025-04-30.preview`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from emulator.contract.operations import Operation
from emulator.kernel import files

Spec = dict[str, Any]
Fields = dict[str, Spec]

PREVIEW = ".preview"
EXPAND: Spec = {"type": "array", "items": {"type": "string"}}
# What next_page_url carries; the SDKs follow that address and do not name it as a parameter.
PAGE: Spec = {"type": "string"}


def sent_fields(operation: Operation) -> Fields:
    """Everything any version of the operation takes; `expand` only in /v1, which takes it
    always, `page` in the lists of /v2.
    """
    fields: Fields = files.table(f"stripe/params/{operation.stem}.json")[operation.key]
    if not operation.path.startswith("/v2/"):
        return {**fields, "expand": EXPAND}
    return {**fields, "page": PAGE} if operation.kind == "list" else fields


class Versions:
    """The versions at which a set of parameters changes, so that few are compiled."""

    __slots__ = ("dates",)

    def __init__(self, fields: Fields) -> None:
        self.dates = sorted(set(_dates({"fields": fields})))

    def index(self, version: str) -> int:
        spans = bisect_right(self.dates, version) if self.dates else 0
        return 2 * spans + version.endswith(PREVIEW)


def _dates(spec: Spec) -> Iterator[str]:
    for key in ("until", "since"):
        if spec.get(key):
            yield spec[key]
    yield from spec.get("before", ())
    for inner in _inner(spec):
        yield from _dates(inner)


def _inner(spec: Spec) -> Iterator[Spec]:
    yield from spec.get("fields", {}).values()
    yield from spec.get("any_of", ())
    for key in ("items", "values"):
        if isinstance(spec.get(key), dict):
            yield spec[key]


def fields_in(fields: Fields, version: str) -> Fields:
    """What `version` knows of `fields`, all the way down, with unions of objects made one
    object.
    """
    return {name: _spec_in(spec, version) for name, spec in fields.items() if _known(spec, version)}


def _known(spec: Spec, version: str) -> bool:
    until: str | None = spec.get("until")
    since: str = spec.get("since", "")
    if spec.get("preview") and not version.endswith(PREVIEW):
        return False
    return since <= version and (until is None or version < until)


def _spec_in(spec: Spec, version: str) -> Spec:
    for date, different in spec.get("before", {}).items():
        if version < date:
            spec = {**spec, **different}
            break
    kind = spec["type"]
    if kind == "object":
        return {**spec, "fields": fields_in(spec["fields"], version)}
    if kind == "array":
        return {**spec, "items": _spec_in(spec["items"], version)}
    if kind == "map":
        return {**spec, "values": _spec_in(spec["values"], version)}
    if kind == "union":
        return {**spec, "any_of": _joined([_spec_in(each, version) for each in spec["any_of"]])}
    return spec


def _joined(choices: list[Spec]) -> list[Spec]:
    objects = [each for each in choices if each["type"] == "object"]
    if len(objects) < 2:
        return choices
    return [each for each in choices if each["type"] != "object"] + [_one(objects)]


def _one(objects: list[Spec]) -> Spec:
    """One object that takes what any of `objects` takes and requires what all of them require."""
    fields: Fields = {}
    for each in objects:
        for name, spec in each["fields"].items():
            both = fields.get(name)
            if both is not None and both["type"] == spec["type"] == "enum":
                values = dict.fromkeys([*both["values"], *spec["values"]])
                spec = {**spec, "values": list(values)}  # noqa: PLW2901
            fields[name] = spec
    common = [name for name in fields if all(_requires(each, name) for each in objects)]
    return {
        "type": "object",
        "fields": {
            name: {**spec, "required": name in common} for name, spec in sorted(fields.items())
        },
    }


def _requires(spec: Spec, name: str) -> bool:
    return bool(spec["fields"].get(name, {}).get("required"))


def unknown(fields: Fields, sent: dict[str, Any], path: str = "") -> Iterator[tuple[str, Fields]]:
    """Each parameter in `sent` that `fields` lacks: its path, and what is known beside it."""
    for name, value in sent.items():
        where = f"{path}[{name}]" if path else name
        spec = fields.get(name)
        if spec is None:
            yield where, fields
        else:
            yield from _unknown_in(spec, value, where)


def _unknown_in(spec: Spec, value: Any, path: str) -> Iterator[tuple[str, Fields]]:
    kind = spec["type"]
    if kind == "union":
        for each in spec["any_of"]:
            if each["type"] in {"object", "array"}:
                yield from _unknown_in(each, value, path)
    elif kind == "object" and isinstance(value, dict):
        yield from unknown(spec["fields"], value, path)
    elif kind == "array":
        for key, item in elements(value):
            yield from _unknown_in(spec["items"], item, f"{path}[{key}]")
    elif kind == "map" and isinstance(value, dict):
        for key, item in value.items():
            yield from _unknown_in(spec["values"], item, f"{path}[{key}]")


def elements(value: Any) -> list[tuple[int | str, Any]]:
    """The items of a list, or of a dict whose keys are digits, in order of their positions."""
    if isinstance(value, list):
        return list(enumerate(value))
    if isinstance(value, dict) and all(is_index(key) for key in value):
        return sorted(value.items(), key=lambda item: int(item[0]))
    return []


def is_index(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) < 10
