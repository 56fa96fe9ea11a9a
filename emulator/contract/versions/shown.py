"""What objects look like in an older version: found out by showing examples of them in it.

The chain of changes is code, so that nothing else tells what it makes of a shape. What it takes
from every example is not there in that version, what it takes from some may be missing, and what it
adds to every one is always there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any, Final

from emulator.contract.shapes import Spec, schema_of, shape
from emulator.contract.versions.change import Doc, copied, day
from emulator.contract.versions.examples import examples
from emulator.contract.versions.render import nothing, renderer
from emulator.contract.versions.version import Version

Pair = tuple[Doc, Doc]

_END: Final = day("2100-01-01")
_ABSENT: Final[Spec] = {"type": "absent"}
_ANY: Final[Spec] = {"type": "any"}
# What changes look for and facts do not name: a preview of an invoice goes by another kind of id,
# whoever does not control an account sees less of it, and the platform's own events name none.
_TELLING: Final[dict[str, Doc]] = {
    "account": {"business_profile": _ABSENT},
    "event": {"account": _ABSENT},
    "invoice": {"id": "upcoming_in"},
}
_OF_THEIR_OWN: Final = frozenset({"ref", "list", "search"})


def json_schema_in(object_name: str, version: Version, since: int = 0) -> Spec:
    """JSON Schema of what a response in that version may hold; several names are joined by `|`.

    since: the earliest instant (seconds) at which answers are given: fields that came to all
    versions on a day after it may be missing.
    """
    facts = partial(shape_in, version=version, since=since)
    return schema_of(object_name, facts, _definitions(version, since))


@lru_cache(maxsize=8)
def _definitions(_version: Version, _since: int) -> Spec:
    """What has been made of a version's facts so far: most objects stand inside many others."""
    return {}


@lru_cache(maxsize=1024)
def shape_in(object_name: str, version: Version, since: int) -> Spec:
    """The facts of an object as that version shows it from that instant on; a field of the type
    `absent` must not be there.
    """
    facts = shape(object_name)
    renders = [each for now in (since, _END) if (each := renderer(version, now)) is not None]
    if not any(each.turns(object_name) for each in renders):
        return facts
    shown = [*examples(object_name)]
    if object_name in _TELLING:
        shown += [_with(each, _TELLING[object_name]) for each in shown]
    pairs = [(each, render(copied(each), nothing)) for each in shown for render in renders]
    fields = _seen(facts["fields"], pairs)
    for name, spec in facts.get("older", {}).items():
        if name in fields and name not in facts["fields"]:
            fields[name] = {**spec, "nullable": True, "required": fields[name]["required"]}
    return {**facts, "fields": fields}


def _with(example: Doc, telling: Doc) -> Doc:
    """An example with some fields otherwise, or without them."""
    return {name: value for name, value in (example | telling).items() if value is not _ABSENT}


def _seen(fields: Spec, pairs: Sequence[Pair]) -> Spec:
    """The fields of a hash, by what it was and what it is shown as."""
    found = {}
    for name, spec in fields.items():
        there = [(was[name], now.get(name, _ABSENT)) for was, now in pairs if name in was]
        found[name] = _field(spec, there)
    added = {name for _, now in pairs for name in now} - fields.keys()
    for name in sorted(added):
        found[name] = {**_ANY, "required": all(name in now for _, now in pairs)}
    return found


def _field(spec: Spec, there: Sequence[tuple[Any, Any]]) -> Spec:
    kept = [(was, now) for was, now in there if now is not _ABSENT]
    if there and not kept:
        return _ABSENT
    if len(kept) < len(there):
        spec = {**spec, "required": False}
    return _turned(spec, kept)


def _turned(spec: Spec, kept: Sequence[tuple[Any, Any]]) -> Spec:
    """A field that stays: hashes and lists of hashes are looked into."""
    if spec["type"] in _OF_THEIR_OWN or all(was == now for was, now in kept):
        return spec
    if any(was.__class__ is not now.__class__ for was, now in kept):
        return {**_ANY, "required": spec.get("required", False)}
    if spec["type"] == "object":
        hashes = [pair for pair in kept if isinstance(pair[0], dict)]
        return {**spec, "fields": _seen(spec["fields"], hashes)}
    if spec["type"] == "array":
        lists = [pair for pair in kept if isinstance(pair[0], list)]
        items = [pair for was, now in lists for pair in zip(was, now, strict=False)]
        return {**spec, "items": _turned(spec["items"], items)}
    return spec
