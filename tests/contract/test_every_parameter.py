"""Every parameter of every operation refuses what is not of its type, and says which one it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from emulator.contract import coerce, operations
from emulator.contract.specs import Fields, Spec, fields_in, sent_fields
from emulator.contract.versions import NEWEST
from emulator.kernel.errors import Refusal

_DEEPEST: Final = 3
_HASH: Final = {"nope_": "1"}
# What does not fit a type, as a form would send it.
_WRONG: Final[dict[str, list[Any]]] = {
    "integer": ["abc", "1.5", "1e3", str(2**70), _HASH, ["1"]],
    "number": ["abc", "1e3", "nan", _HASH],
    "decimal": ["abc", "1e5", _HASH],
    "boolean": ["maybe", "2", _HASH],
    "enum": ["nope_", _HASH],
    "currency": ["zzz", _HASH],
    "string": [_HASH, ["x"]],
    "object": ["x", ["x"]],
    "array": ["x", _HASH],
    "map": ["x", ["x"]],
}
_STEMS: Final = sorted({each.stem for each in operations().values()})

Path = tuple[str, ...]


def _places(fields: Fields, path: Path = ()) -> Iterator[tuple[Path, Spec]]:
    """Every parameter with the way to it, `0` where the way leads into an array."""
    for name, spec in fields.items():
        yield (*path, name), spec
        if len(path) < _DEEPEST and spec["type"] == "object":
            yield from _places(spec["fields"], (*path, name))
        elif len(path) < _DEEPEST and spec["type"] == "array":
            inner = spec["items"]
            if inner["type"] == "object":
                yield from _places(inner["fields"], (*path, name, "0"))


def _sent(path: Path, value: Any) -> dict[str, Any]:
    for step in reversed(path):
        value = {step: value}
    assert isinstance(value, dict)
    return value


def _named(path: Path) -> str:
    return path[0] + "".join(f"[{step}]" for step in path[1:])


@pytest.mark.parametrize("stem", _STEMS)
def test_what_is_not_of_its_type_is_refused_by_name(stem: str):
    for operation in operations().values():
        if operation.stem != stem:
            continue
        known = fields_in(sent_fields(operation), NEWEST.date)
        for path, spec in _places(known):
            for wrong in _WRONG.get(spec["type"], ()):
                with pytest.raises(Refusal) as refused:
                    coerce(operation, _sent(path, wrong), NEWEST.date)
                refusal = refused.value
                if refusal.code != "parameter_missing":  # a parameter before it, which is required
                    assert str(refusal.param).startswith(_named(path)), (operation.key, path, wrong)


@pytest.mark.parametrize("stem", _STEMS)
def test_an_unknown_parameter_is_refused_by_its_whole_name(stem: str):
    for operation in operations().values():
        if operation.stem != stem:
            continue
        known = fields_in(sent_fields(operation), NEWEST.date)
        hashes = [path for path, spec in _places(known) if spec["type"] == "object"]
        for path in [(), *hashes]:
            with pytest.raises(Refusal) as refused:
                coerce(operation, _sent((*path, "nope_"), "1"), NEWEST.date)
            assert refused.value.code == "parameter_unknown"
            assert refused.value.param == _named((*path, "nope_"))


@pytest.mark.parametrize("stem", _STEMS)
def test_what_is_required_is_missed_by_its_whole_name(stem: str):
    for operation in operations().values():
        known = fields_in(sent_fields(operation), NEWEST.date)
        first = next((name for name, spec in known.items() if spec.get("required")), None)
        if operation.stem != stem or first is None:
            continue
        with pytest.raises(Refusal) as refused:
            coerce(operation, {}, NEWEST.date)
        assert (refused.value.code, refused.value.param) == ("parameter_missing", first)
