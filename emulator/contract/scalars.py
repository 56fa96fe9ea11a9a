"""Checks of single values: form texts, or the typed values of a JSON body."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, Final

from emulator.kernel import files
from emulator.kernel.errors import params

Check = Callable[[Any, str], Any]
Spec = dict[str, Any]

_INTEGER = re.compile(r"-?[0-9]{1,19}")
_LARGEST = 2**63 - 1
_BOOLEANS = {"true": True, "false": False, "True": True, "False": False}
_OLDER_WORDING = {"phone", "unit_label"}
# What a text without a limit of its own may have (documented of /v1, assumed of /v2).
_LONGEST_TEXT: Final = 5_000


def _string(spec: Spec) -> Check:
    most = spec.get("most", _LONGEST_TEXT)

    def bounded(value: Any, path: str) -> str:
        text = _text(value, path)
        if len(text) > most:
            raise _too_long(path, text, most)
        return text

    return bounded


def _text(value: Any, path: str) -> str:
    if value.__class__ is not str:  # a number in JSON is none (/v2, documented as strings)
        raise params.invalid_string(path, value)
    return str(value)


def _too_long(path: str, value: str, most: int) -> Exception:
    name = path.rpartition("[")[2].rstrip("]")
    if name.startswith("statement_descriptor"):
        return params.statement_descriptor_too_long(path, value, most)
    if name in _OLDER_WORDING:
        return params.string_length(path, value, most)
    return params.string_too_long(path, value, most)


def _integer(spec: Spec) -> Check:
    least, most = spec.get("least"), spec.get("most")
    clamp = spec.get("clamp")
    too_small = params.integer_too_small
    refusal = {"minimum_charge": lambda path, _: params.below_minimum_charge(path)}

    def integer(value: Any, path: str) -> int:
        number = _whole(value, path)
        if clamp is not None:
            return int(min(max(number, clamp[0]), clamp[1]))
        if least is not None and number < least:
            raise refusal.get(spec.get("below", ""), too_small)(path, least)
        if most is not None and number > most:
            raise params.integer_too_large(path, most)
        return number

    return integer


def _whole(value: Any, path: str) -> int:
    if value.__class__ is str and _INTEGER.fullmatch(value):
        value = int(value)
    if value.__class__ is not int or not -_LARGEST <= value <= _LARGEST:
        raise params.invalid_integer(path, value)
    return int(value)


def _number(_: Spec) -> Check:
    def number(value: Any, path: str) -> float:
        found = float(_exact(value, path))
        if not isfinite(found):
            raise params.invalid_decimal(path, value)
        return found

    return number


def _decimal(spec: Spec) -> Check:
    places = spec.get("most")

    def decimal(value: Any, path: str) -> str:
        exact = _exact(value, path)
        exponent = exact.as_tuple().exponent
        if places is not None and isinstance(exponent, int) and -exponent > places:
            raise params.invalid_decimal(path, value)
        return str(value)

    return decimal


def _exact(value: Any, path: str) -> Decimal:
    """Digits and a point, as Stripe takes them: no exponent, no infinity, no underscore."""
    text = str(value) if isinstance(value, str | int | float | Decimal) else ""
    if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{0,40}(\.[0-9]{0,40})?", text):
        raise params.invalid_decimal(path, value)
    try:
        return Decimal(text)
    except InvalidOperation:
        raise params.invalid_decimal(path, value) from None


def _boolean(_: Spec) -> Check:
    def boolean(value: Any, path: str) -> bool:
        if value.__class__ is bool:
            return bool(value)
        found = _BOOLEANS.get(value) if isinstance(value, str) else None
        if found is None:
            raise params.invalid_boolean(path, value)
        return found

    return boolean


def _enum(spec: Spec) -> Check:
    values = spec["values"]
    known = frozenset(values)

    def enum(value: Any, path: str) -> str:
        if isinstance(value, dict | list) or value not in known:
            raise params.invalid_enum(path, values)
        return str(value)

    return enum


def _currency(_: Spec) -> Check:
    def currency(value: Any, path: str) -> str:
        supported = files.table("stripe/currencies.json")["currencies"]
        lowered = _text(value, path).lower()
        if lowered not in supported:
            raise params.invalid_currency(path, lowered, supported)
        return lowered

    return currency


def _any(_: Spec) -> Check:
    return lambda value, _path: value


SCALARS: Final[dict[str, Callable[[Spec], Check]]] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "decimal": _decimal,
    "boolean": _boolean,
    "enum": _enum,
    "currency": _currency,
    "file": _any,
    "any": _any,
}
