"""Refusals about what a request says: its parameters, one by one.

`path` is the parameter as the caller wrote it, with brackets: `items[0][price]`.
Wording marked "assumed" has no recording and no document behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps
from typing import Any

from emulator.kernel.errors.refusal import Refusal, invalid

_INTEGER = "parameter_invalid_integer"


def parameter_unknown(paths: Sequence[str], near: str | None = None) -> Refusal:
    """One or several parameters that the operation does not take; `near` is what was meant."""
    plural = "s" if len(paths) > 1 else ""
    message = f"Received unknown parameter{plural}: {', '.join(paths)}"
    if near is not None:
        message += f". Did you mean {near}?"
    return invalid(message, "parameter_unknown", paths[0])


def parameter_missing(path: str) -> Refusal:
    return invalid(f"Missing required param: {path}.", "parameter_missing", path)


def parameter_invalid_empty(path: str) -> Refusal:
    return invalid(
        f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset "
        f"a parameter; however '{path}' cannot be unset. You should remove '{path}' from your "
        "request or supply a non-empty value.",
        "parameter_invalid_empty",
        path,
    )


def invalid_integer(path: str, value: Any) -> Refusal:
    """Also for whole numbers beyond 64 bits (assumed)."""
    return invalid(f"Invalid integer: {_shown(value)}", _INTEGER, path)


def integer_too_small(path: str, least: int) -> Refusal:
    return invalid(f"This value must be greater than or equal to {least}.", _INTEGER, path)


def integer_too_large(path: str, most: int) -> Refusal:
    return invalid(f"This value must be less than or equal to {most}.", _INTEGER, path)


def below_minimum_charge(path: str) -> Refusal:
    """What a PaymentIntent answers to an amount below 1; the double space is real."""
    return invalid(
        "The amount must be greater than or equal to the minimum charge amount allowed for your "
        "account and the currency set "
        "(https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want to "
        "save a Payment Method for future use without an immediate payment, use a Setup Intent "
        "instead: https://docs.stripe.com/payments/setup-intents",
        _INTEGER,
        path,
    )


def invalid_decimal(path: str, value: Any) -> Refusal:
    return invalid(f"Invalid decimal: {_shown(value)}", None, path)


def invalid_boolean(path: str, value: Any) -> Refusal:
    return invalid(f"Invalid boolean: {_shown(value)}", None, path)


def invalid_enum(path: str, values: Sequence[str]) -> Refusal:
    return invalid(f"Invalid {path}: must be {_choice(values)}", None, path)


def invalid_currency(path: str, value: str, supported: Sequence[str]) -> Refusal:
    listed = ", ".join(supported)
    return invalid(
        f"Invalid currency: {value}. Stripe currently supports these currencies: {listed}",
        None,
        path,
    )


def invalid_object(path: str) -> Refusal:
    return invalid("Invalid object", None, path)


def invalid_array(path: str) -> Refusal:
    return invalid("Invalid array", None, path)


def invalid_string(path: str, value: Any) -> Refusal:
    """Something with parts, or a number of a JSON body, where a text was wanted."""
    return invalid(f"Invalid string: {_shown(value)}", None, path)


def string_too_long(path: str, value: str, most: int) -> Refusal:
    """Short enough values are shown whole, others by their first and last four characters."""
    shown = value if len(value) <= 8 else f"{value[:4]}...{value[-4:]}"
    return invalid(f"Invalid string: {shown}; must be at most {most} characters", None, path)


def string_length(path: str, value: str, most: int) -> Refusal:
    """The older wording, which `phone` and `unit_label` kept."""
    return invalid(f"Invalid string length: {value} must be at most {most} characters", None, path)


def statement_descriptor_too_long(path: str, value: str, most: int) -> Refusal:
    return invalid(
        f"The statement descriptor must be at most {most} characters. "
        f"{value} is {len(value)} characters long.",
        None,
        path,
    )


def array_too_long(path: str, most: int) -> Refusal:
    return invalid(f"Array {path} exceeded maximum {most} allowed elements.", None, path)


def metadata_too_many_keys(path: str, most: int) -> Refusal:
    """Assumed wording."""
    return invalid(f"You can have up to {most} keys in {path}.", None, path)


def metadata_key_too_long(path: str, key: str, most: int) -> Refusal:
    return invalid(
        f"Metadata keys can have up to {most} characters, but you passed in a key that is "
        f"{len(key)} characters. Invalid key: {key}",
        None,
        f"{path}[{key}]",
    )


def metadata_key_brackets(path: str, key: str) -> Refusal:
    """Assumed wording."""
    return invalid(
        f"Metadata keys cannot contain square brackets. Invalid key: {key}",
        None,
        f"{path}[{key}]",
    )


def metadata_value_too_long(path: str, key: str, value: str, most: int) -> Refusal:
    return invalid(
        f"Metadata values can have up to {most} characters, but you passed in a value that is "
        f"{len(value)} characters. Invalid value: {value}",
        None,
        f"{path}[{key}]",
    )


def _choice(values: Sequence[str]) -> str:
    if len(values) == 1:
        return values[0]
    if len(values) == 2:
        return f"one of {values[0]} or {values[1]}"
    return f"one of {', '.join(values[:-1])}, or {values[-1]}"


def _shown(value: Any) -> str:
    """A value as the caller sent it: text as it is, all else as JSON, unless nested without end."""
    if isinstance(value, str):
        return value
    try:
        return dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        return "..."
