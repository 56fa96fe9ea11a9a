"""Examples of objects: documents that their facts allow, from the barest to the fullest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from emulator.contract.shapes import Spec, shape
from emulator.contract.versions.change import Doc

_WAYS: Final = 6
_DEEPEST: Final = 2
_PLAIN: Final = {
    "string": "text",
    "decimal": "1",
    "integer": 1,
    "number": 1.0,
    "boolean": True,
    "any": {},
}


def examples(name: str) -> Iterator[Doc]:
    """The barest (nulls and empty lists), then full ones, each with other values of the enums and
    another kind of what may be of several.
    """
    for way in range(_WAYS):
        yield _Example(way).of(name, _DEEPEST)


class _Example:
    def __init__(self, way: int) -> None:
        self._bare, self._way = way == 0, max(0, way - 1)

    def of(self, name: str, left: int) -> Doc:
        """left: how many objects deep. What lies deeper is only hinted at."""
        if left == 0:
            return {"id": "text"}
        doc = self._hash(shape(name)["fields"], left)
        return {"id": doc.pop("id"), **doc} if "id" in doc else doc

    def _hash(self, fields: Spec, left: int) -> Doc:
        kept = {n: spec for n, spec in fields.items() if not (self._bare and _is_left_out(spec))}
        return {name: self._value(spec, left) for name, spec in kept.items()}

    def _value(self, spec: Spec, left: int) -> Any:
        if self._bare and spec.get("nullable"):
            return None
        match spec["type"]:
            case "object":
                return self._hash(spec["fields"], left)
            case "array":
                return [] if self._bare else [self._value(spec["items"], left)]
            case "map":
                return {} if self._bare else {"key": self._value(spec["values"], left)}
            case "union":
                return self._value(self._pick(spec["any_of"]), left)
            case "enum":
                return self._pick(spec["values"])
            case "ref":
                return self.of(spec["object"], left - 1)
            case "list" | "search":
                items = [] if self._bare else [self.of(self._pick(spec["of"]), left - 1)]
                return {"object": "list", "data": items, "has_more": False, "url": "text"}
        return _PLAIN[spec["type"]]

    def _pick(self, choices: list[Any]) -> Any:
        return choices[self._way % len(choices)]


def _is_left_out(spec: Spec) -> bool:
    return bool(spec.get("on_request")) or not (spec.get("required") or spec.get("nullable"))
