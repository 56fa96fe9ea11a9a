"""Specs compiled to functions: what was sent goes in, the typed value or a Refusal comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from emulator.contract.scalars import SCALARS
from emulator.contract.specs import Fields, Spec, elements
from emulator.kernel.errors import Refusal, params

Check = Callable[[Any, str], Any]

_METADATA_KEYS = 50
_METADATA_KEY_LENGTH = 40
_METADATA_VALUE_LENGTH = 500


def compiled(name: str, spec: Spec) -> Check:
    """The check of one parameter; `name` matters only for `metadata`."""
    check = metadata if name == "metadata" and spec["type"] == "map" else _by_type(spec)
    unset = bool(spec.get("unset")) or check is metadata
    nullable = unset or bool(spec.get("nullable")) or not spec.get("required")

    def parameter(value: Any, path: str) -> Any:
        if value == "":
            return None if unset else _empty(path)
        if value is None:
            return None if nullable else _empty(path)
        return check(value, path)

    def clearable(value: Any, path: str) -> Any:
        return None if value in ([""], {"0": ""}) else parameter(value, path)

    return clearable if unset and spec["type"] == "array" else parameter


def _empty(path: str) -> NoReturn:
    raise params.parameter_invalid_empty(path)


def _by_type(spec: Spec) -> Check:
    kind = spec["type"]
    if kind in SCALARS:
        return SCALARS[kind](spec)
    nested: dict[str, Callable[[Spec], Check]] = {
        "object": Shape.of,
        "array": _array,
        "map": _map,
        "union": _union,
    }
    return nested[kind](spec)


class Shape:
    """An object with declared fields. Cheap when all is well; in declared order when not."""

    __slots__ = ("fields", "required")

    def __init__(self, fields: Fields) -> None:
        self.fields = {name: compiled(name, spec) for name, spec in fields.items()}
        self.required = tuple(name for name, spec in fields.items() if spec.get("required"))

    @classmethod
    def of(cls, spec: Spec) -> Shape:
        return cls(spec["fields"])

    def __call__(self, sent: Any, path: str) -> dict[str, Any]:
        if sent.__class__ is not dict:
            raise params.invalid_object(path)
        if not sent and not self.required:
            return {}
        try:
            typed = self._typed(sent, path)
        except (Refusal, KeyError):
            typed = self._in_order(sent, path)
        return typed

    def _typed(self, sent: dict[str, Any], path: str) -> dict[str, Any]:
        fields = self.fields
        if path:
            typed = {name: fields[name](value, f"{path}[{name}]") for name, value in sent.items()}
        else:
            typed = {name: fields[name](value, name) for name, value in sent.items()}
        for name in self.required:
            typed[name]
        return typed

    def _in_order(self, sent: dict[str, Any], path: str) -> dict[str, Any]:
        """Something is wrong: find what Stripe would name first."""
        lost = [_under(path, name) for name in sent if name not in self.fields]
        if lost:
            raise params.parameter_unknown(lost)
        typed = {}
        for name, check in self.fields.items():
            if name in sent:
                typed[name] = check(sent[name], _under(path, name))
            elif name in self.required:
                raise params.parameter_missing(_under(path, name))
        return typed


def _under(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _array(spec: Spec) -> Check:
    item = compiled("", {"required": True, **spec["items"]})
    most = spec.get("most")

    def array(value: Any, path: str) -> list[Any]:
        if value.__class__ is not list and value.__class__ is not dict:
            raise params.invalid_array(path)
        found = elements(value)
        if len(found) != len(value):
            raise params.invalid_array(path)
        if most is not None and len(found) > most:
            raise params.array_too_long(path, most)
        return [item(each, f"{path}[{key}]") for key, each in found]

    return array


def _map(spec: Spec) -> Check:
    check = compiled("", spec["values"])

    def mapping(value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise params.invalid_object(path)
        return {key: check(each, f"{path}[{key}]") for key, each in value.items()}

    return mapping


def _union(spec: Spec) -> Check:
    """Parts go to the alternative that has parts; a text to the first that takes it.

    An enum is tried last, so that a refusal speaks of the type when there is one.
    """
    nested = [each for each in spec["any_of"] if each["type"] in {"object", "array", "map"}]
    plain = [each for each in spec["any_of"] if each not in nested]
    plain.sort(key=lambda each: each["type"] == "enum")
    with_parts = [_by_type(each) for each in nested]
    without = [_by_type(each) for each in plain]

    def union(value: Any, path: str) -> Any:
        checks = with_parts if isinstance(value, dict | list) else without
        refused: Refusal | None = None
        for check in checks or without or with_parts:
            try:
                return check(value, path)
            except Refusal as refusal:
                refused = refused or refusal
        assert refused is not None
        raise refused

    return union


def metadata(value: Any, path: str) -> dict[str, Any]:
    """Texts by key. An empty text, or None in /v2, stays: it means that the key goes away."""
    if not isinstance(value, dict):
        raise params.invalid_object(path)
    if len(value) > _METADATA_KEYS:
        raise params.metadata_too_many_keys(path, _METADATA_KEYS)
    return {key: _metadata_value(key, each, path) for key, each in value.items()}


def _metadata_value(key: str, value: Any, path: str) -> Any:
    if len(key) > _METADATA_KEY_LENGTH:
        raise params.metadata_key_too_long(path, key, _METADATA_KEY_LENGTH)
    if "[" in key or "]" in key:
        raise params.metadata_key_brackets(path, key)
    if value is None:
        return None
    if value.__class__ is not str:
        raise params.invalid_string(_under(path, key), value)
    if len(value) > _METADATA_VALUE_LENGTH:
        raise params.metadata_value_too_long(path, key, value, _METADATA_VALUE_LENGTH)
    return value
