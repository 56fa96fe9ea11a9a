"""Requests that fit the contract, generated: the least that an operation takes, and what must be
there before it can be sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Any, Final

from emulator.contract import find, operations
from emulator.contract.operations import Operation
from emulator.contract.specs import Fields, Spec, fields_in, sent_fields
from emulator.contract.versions import NEWEST
from emulator.fuzzing.brought import AT, BROUGHT
from emulator.fuzzing.line import Line
from emulator.fuzzing.needs import NEEDS
from emulator.fuzzing.places import PLACES
from emulator.fuzzing.recipes import FITTING, RECIPES, USUAL
from emulator.fuzzing.varying import Variations, expansions
from emulator.resources import STORED
from emulator.resources.stored import facts
from emulator.resources.stored.plans import parents_of, plan
from emulator.scenario import Answered

_PLACES: Final = {**PLACES, **AT}
_RECIPES: Final = {**RECIPES, **BROUGHT}
_PLACE: Final = re.compile(r"{(\w+)}")
_NESTED: Final = ("object", "array", "union", "map")
_PLAIN: Final[Mapping[str, Any]] = {
    "boolean": True,
    "currency": "usd",
    "decimal": "1",
    "file": "%PDF-1.4 some file",
}
_URLS: Final = ("url", "return_url", "refresh_url", "success_url")


def _known(sent: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """What a version knows of what an operation needs."""
    return {
        name: _known(value, fields[name]["fields"])
        if isinstance(value, dict) and "fields" in fields[name]
        else value
        for name, value in sent.items()
        if name in fields
    }


class Maker:
    """Sends operations of one world, making first what they name."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._making: list[str] = []
        self._names = 0
        self._asked: list[Operation] = []

    def variations(self, operation: Operation, now: int) -> Iterator[dict[str, Any]]:
        """What it takes at least, and each variation of that, with fresh objects. now: the world's
        time.
        """
        known = self.line.version.knows
        fields, least = fields_in(sent_fields(operation), known), self.least(operation, known)
        yield least
        yield from Variations(partial(self._meant, operation), now).around(fields, least)
        yield from ({**least, "expand": [path]} for path in expansions(operation))

    def perform(self, operation: Operation) -> Answered:
        """The operation with the least it takes, on objects made for it."""
        path = self.path(operation)
        self.prepare(operation, path)
        return self.line.send(
            operation.method, path, self.least(operation, self.line.version.knows)
        )

    def prepare(self, operation: Operation, path: str) -> None:
        """Bring the object into a status that admits the verb: by another verb that leads there."""
        how = plan(operation)
        known = facts.of(how.object).get("verbs", {})
        allowed = known.get(how.verb, {}).get("from")
        begins = facts.of(how.object).get("start", {}).get("status")
        if how.deed != "verb" or not allowed or begins in allowed:
            return
        for verb, rule in known.items():
            if rule.get("set", {}).get("status") in allowed and begins in rule.get("from", ()):
                other = path.removesuffix(how.verb) + verb
                before = find("POST", other)
                assert before is not None, other
                self.line.send("POST", other, self.least(before.operation))
                return

    def path(self, operation: Operation, inside: Mapping[str, str] | None = None) -> str:
        """The path with ids of fresh objects, each made inside the one before.

        inside: object name -> id of what is to be taken instead of something fresh.
        """
        place = _PLACES.get(operation.key)
        if place is not None and inside is None:
            return place(self.line)
        path, chain = "", dict(inside or {})
        parents = {parent.param: parent for parent in parents_of(operation)}
        for step in operation.path.split("/")[1:]:
            named = _PLACE.fullmatch(step)
            if named is None:
                path += f"/{step}"
                continue
            name = parents["id" if named[1] == "subscription_exposed_id" else named[1]].object
            id_ = (inside or {}).get(name) or self._id(operation, name, path, chain)
            chain[name] = id_
            path += f"/{id_}"
        return path

    def _id(self, operation: Operation, name: str, before: str, chain: Mapping[str, str]) -> str:
        fitting = FITTING.get(operation.key, {}).get(name)
        if fitting is not None:
            return str(fitting(self.line))
        found = find("POST", before)
        if name and name not in _RECIPES and found and found.operation.returns == name:
            return str(self.line.made(before, self.least(found.operation))["id"])
        return self.make(name, chain) if name else f"{operation.stem}_nope"

    def make(self, name: str, inside: Mapping[str, str] | None = None) -> str:
        """A fresh object of this kind; the id of it."""
        recipe = _RECIPES.get(name)
        if recipe is not None:
            return str(recipe(self.line))
        ready = facts.catalogue(name)
        if ready:
            return str(ready[0]["id"])
        operation = creating(name)
        if operation is None or name in self._making:
            return f"{STORED.resource(name).prefix}_nope"
        self._making.append(name)
        try:
            path = self.path(operation, inside)
            return str(self.line.made(path, self.least(operation)).get("id"))
        finally:
            self._making.pop()

    def least(self, operation: Operation, version: str = NEWEST.date) -> dict[str, Any]:
        """What the operation requires, all the way down."""
        fields = fields_in(sent_fields(operation), version)
        found = self._meant(operation, "", {"type": "object", "fields": fields})
        return {**found, **self._filled(_known(NEEDS.get(operation.key, {}), fields))}

    def _meant(self, operation: Operation, name: str, spec: Spec) -> Any:
        """A value for a parameter of an operation."""
        self._asked.insert(0, operation)
        try:
            return self._value(name, spec)
        finally:
            self._asked.pop(0)

    def _filled(self, value: Any) -> Any:
        """What a recipe says, with fresh objects where it names one."""
        if isinstance(value, dict):
            return {name: self._filled(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._filled(inner) for inner in value]
        named = isinstance(value, str) and value.startswith("@")
        return self.make(value[1:]) if named else value

    def _hash(self, fields: Fields) -> dict[str, Any]:
        return {n: self._value(n, s) for n, s in fields.items() if s.get("required")}

    def _value(self, name: str, spec: Spec) -> Any:
        match spec["type"]:
            case "object":
                found = self._hash(spec["fields"])
                return found or (self._one_of(spec["fields"]) if name else {})
            case "array":
                return [self._value(name, spec["items"])]
            case "map":
                return {"key": self._value("value", spec["values"])}
            case "union":
                return self._value(name, spec["any_of"][0])
            case "enum":
                usual = USUAL.get(name)
                return usual if usual in spec["values"] else spec["values"][0]
            case "integer" | "number":
                return max(1, int(spec.get("least", 1)))
            case kind if kind in _PLAIN:
                return _PLAIN[kind]
        return self._text(name)

    def _one_of(self, fields: Fields) -> dict[str, Any]:
        """A hash cannot be sent empty: the plainest of its fields, when none is required."""
        plain = sorted(fields.items(), key=lambda field: field[1]["type"] in _NESTED)
        return {name: self._value(name, spec) for name, spec in plain[:1]}

    def _meanings(self, name: str) -> Iterator[str]:
        """Which objects a parameter may name: what the answer shows under it, then what is called
        so in the family that is being asked.
        """
        for operation in self._asked:
            shown = facts.fields(operation.returns).get(name, {})
            yield from shown.get("expands", ())
            yield shown.get("object", "")
            followed = facts.of(operation.returns).get("follows", {})
            yield followed.get(name, {}).get("object", "")
            yield f"{operation.returns.rpartition('.')[0]}.{name}"
        yield name

    def _text(self, name: str) -> str:
        if name in _URLS:
            return "https://example.com/back"
        if name == "event_name":
            self._names += 1
            return f"event_{self._names}"
        if name == "query":
            return 'metadata["key"]:"value"'
        if "email" in name:
            return "jenny@example.com"
        if name in {"country", "location_country"}:
            return "US"
        for meant in self._meanings(name):
            if meant in _RECIPES or creating(meant) is not None:
                return self.make(meant)
        return f"some {name}"


@cache
def creating(name: str) -> Operation | None:
    """The operation that makes objects of this kind: the one with the shortest path, a test helper
    only when there is no other.
    """
    found = [
        each
        for each in operations().values()
        if each.returns == name and each.method == "POST" and plan(each).deed == "create"
    ]
    return min(found, key=lambda each: (_needs_another(each), len(each.path)), default=None)


def _needs_another(operation: Operation) -> tuple[bool, bool]:
    """Whether an operation needs an object of its own kind (a reversal), or is a test helper."""
    follows = facts.of(operation.returns).get("follows", {})
    required = {name for name, spec in sent_fields(operation).items() if spec.get("required")}
    own = any(follows[name]["object"] == operation.returns for name in follows.keys() & required)
    return own, "test_helpers" in operation.path


def makes_nothing(operation: Operation) -> bool:
    """Whether the path leads to what no request makes (a review, a token of a wallet)."""
    return any(
        parent.object not in _RECIPES
        and creating(parent.object) is None
        and not facts.catalogue(parent.object)
        for parent in parents_of(operation)
    )
