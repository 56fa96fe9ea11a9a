"""What a call of the control API is, and how what it was sent is checked.

A call is declared once: its route, the check of its body and its part of the OpenAPI document all
come from the declaration.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from emulator.contract.nearest import nearest
from emulator.kernel.errors import Refusal
from emulator.kernel.errors import control as refusals

Params = dict[str, Any]
Found = dict[str, Any]
Schema = dict[str, Any]
Deed = Callable[..., Awaitable[Found | str | bytes]]

_TRUE: Final = frozenset({"true", "1", "yes"})
_FALSE: Final = frozenset({"false", "0", "no"})


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One call of the control API.

    name: its operationId. path: below /_emulator. deed: what it does: `deed(world, params)`, or
    `deed(params)` when `of` is "server". body, query: JSON Schemas of what may be sent, by name;
    each `description` completes the sentence "must be …". needs: the names that must be there.
    answer: the JSON Schema of the answer. errors: what is refused, by status. listed: the
    name under which a body that is a list comes; whole: under which any body comes; raw: under
    which its bytes do. free: whether the deed itself checks the body. notes: whether the world's
    request log notes it, as it does what changes a world.
    """

    name: str
    method: str
    path: str
    about: str
    deed: Deed
    of: str = "world"
    body: Schema = field(default_factory=dict)
    query: Schema = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    answer: Schema = field(default_factory=lambda: {"type": "object"})
    errors: dict[int, str] = field(default_factory=dict)
    listed: str = ""
    whole: str = ""
    raw: str = ""
    free: bool = False
    notes: bool = True

    @property
    def holders(self) -> list[str]:
        """The names of the placeholders in its path."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]

    def schema(self) -> Schema:
        """The JSON Schema of everything that may be sent, placeholders left out."""
        return {
            "type": "object",
            "properties": {**self.query, **self.body},
            "required": list(self.needs),
            "additionalProperties": False,
        }


def checked(call: Call, query: dict[str, str], body: Params) -> Params:
    """What was sent, when it is what the call takes; refused with the name of the mistake if not.

    Values in a query are texts: numbers and truth values are read out of them.
    """
    sent: Params = {name: _read(value, call.query.get(name, {})) for name, value in query.items()}
    if unknown := [name for name in query if name not in call.query]:
        raise _unknown(unknown, call.query)
    if call.free:
        return sent | body
    if unknown := [name for name in body if name not in call.body]:
        raise _unknown(unknown, call.body)
    sent |= body
    if call.query or call.body:
        mistakes = sorted(_validator(call).iter_errors(sent), key=_depth)
        if mistakes:
            raise _refusal(mistakes[0])
    return {name: _whole(value) for name, value in sent.items()}


def _whole(value: Any) -> Any:
    """2.0 is a whole number to JSON Schema, and 2 to Python."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items()}
    return value


# By the name of the call: what a call takes is the same on every server.
_VALIDATORS: Final[dict[str, Any]] = {}


def _validator(call: Call) -> Any:
    found = _VALIDATORS.get(call.name)
    if found is None:
        from jsonschema import Draft202012Validator  # noqa: PLC0415 - 70 ms, for these calls alone

        found = _VALIDATORS[call.name] = Draft202012Validator(call.schema())
    return found


def _depth(mistake: Any) -> tuple[int, str]:
    return len(mistake.absolute_path), mistake.json_path


def _refusal(mistake: Any) -> Refusal:
    path = _written(mistake.absolute_path)
    if mistake.validator == "required":
        name = next(name for name in mistake.validator_value if name not in mistake.instance)
        return refusals.missing_control_param(_inside(path, name))
    if mistake.validator == "additionalProperties":
        known = list(mistake.schema.get("properties", ()))
        unknown = [name for name in mistake.instance if name not in known]
        return _unknown([_inside(path, str(name)) for name in unknown], known)
    wanted = mistake.schema.get("description")
    if wanted is None:
        return refusals.bad_control_value(path, f"as its schema says: {mistake.message[:200]}")
    return refusals.bad_control_value(path, wanted)


def _unknown(names: list[str], known: Iterable[str]) -> Refusal:
    known = list(known)
    meant = nearest(names[0].rpartition(".")[2], known)
    return refusals.unknown_control_params(names, known, meant)


def _written(path: Iterable[str | int]) -> str:
    text = ""
    for part in path:
        text = f"{text}[{part}]" if isinstance(part, int) else _inside(text, part)
    return text or "body"


def _inside(path: str, name: str) -> str:
    return name if path in {"", "body"} else f"{path}.{name}"


def _read(text: str, schema: Schema) -> Any:
    """A value of a query as its schema wants it; a text that is none is left for the check."""
    kind = schema.get("type")
    if kind == "boolean" and text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    if kind in ("integer", "number"):
        try:
            return int(text) if kind == "integer" else float(text)
        except ValueError:
            return text
    return text
