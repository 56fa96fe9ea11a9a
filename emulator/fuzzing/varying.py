"""The least that an operation takes, and one thing more: each optional parameter, each value of a
choice, each text that clears, each expansion, one at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from emulator.contract import Operation, expandable, object_names
from emulator.contract.specs import Fields, Spec
from emulator.kernel.instants import DAY

Params = dict[str, Any]
Value = Callable[[str, Spec], Any]

_MANY: Final = 12
_LARGE: Final = 10**12
_MONTH: Final = 30 * DAY
_INSTANTS: Final = ("_at", "_by", "_on", "_date", "_time", "_start", "_end", "after", "before")
_ALSO_INSTANTS: Final = frozenset({"from", "to", "start", "end", "billing_cycle_anchor"})
_SOME: Final[Mapping[str, Sequence[Any]]] = {
    "boolean": (True, False),
    "currency": ("usd", "eur", "jpy"),
    "decimal": ("0", "1", "2.5"),
}


class Variations:
    """value: what a parameter of a name and a spec is usually given, with all that it requires.
    now: the world's time, for instants.
    """

    def __init__(self, value: Value, now: int) -> None:
        self._value, self._now = value, now

    def around(self, fields: Fields, given: Params) -> Iterator[Params]:
        """given with one parameter more or another value of one, all the way down."""
        for name, spec in fields.items():
            for value in self._values(name, spec, given.get(name)):
                yield {**given, name: value, **self._beside(fields, given, value)}

    def _beside(self, fields: Fields, given: Params, value: Any) -> Params:
        """A kind that has a hash of its own name needs it: {"type": "file", "file": {…}}."""
        if not isinstance(value, str) or value in given or value not in fields:
            return {}
        own = fields[value]
        return {value: self._value(value, own)} if own["type"] == "object" else {}

    def _values(self, name: str, spec: Spec, kept: Any) -> Iterator[Any]:
        """kept: what stands there already; what is inside it stays."""
        if spec.get("unset"):
            yield ""
        if spec.get("nullable"):
            yield None
        if spec["type"] in {"object", "array", "map", "union"}:
            yield from self._nested(name, spec, kept)
        else:
            yield from self._plain(name, spec, kept)

    def _nested(self, name: str, spec: Spec, kept: Any) -> Iterator[Any]:
        match spec["type"]:
            case "object":
                held = kept if isinstance(kept, dict) else self._required(spec["fields"])
                if held:
                    yield held
                yield from self.around(spec["fields"], held)
            case "array":
                first = kept[0] if isinstance(kept, list) and kept else None
                yield from ([each] for each in self._values(name, spec["items"], first))
            case "map":
                yield from ({"key": each} for each in self._values(name, spec["values"], None))
            case "union":
                for each in spec["any_of"]:
                    yield from self._values(name, each, kept)

    def _plain(self, name: str, spec: Spec, kept: Any) -> Iterator[Any]:
        match spec["type"]:
            case "enum":
                values = spec["values"]
                yield from values if len(values) <= _MANY or name == "type" else values[:_MANY]
            case "integer" | "number":
                yield from self._numbers(name, spec)
            case kind if kind in _SOME:
                yield from _SOME[kind]
            case _:
                yield kept if isinstance(kept, str) else self._value(name, spec)

    def _numbers(self, name: str, spec: Spec) -> Iterator[int]:
        bounds = spec.get("least"), 0, 1, 100, spec.get("most", _LARGE)
        yield from dict.fromkeys(each for each in bounds if each is not None)
        if name.endswith(_INSTANTS) or name in _ALSO_INSTANTS:
            yield from (self._now - _MONTH, self._now + _MONTH)

    def _required(self, fields: Fields) -> Params:
        return {n: self._value(n, s) for n, s in fields.items() if s.get("required")}


def expansions(operation: Operation) -> Iterator[str]:
    """What can be asked to stand whole in an answer."""
    before = "data." if operation.kind in {"list", "search"} else ""
    for name in operation.returns.split("|"):
        if name in object_names() and operation.path.startswith("/v1/"):
            yield from (f"{before}{path}" for path in expandable(name))
