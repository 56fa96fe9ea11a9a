"""Does a file keep to schemas/emulator/scenario.json? The first mistake, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from emulator.kernel import files
from emulator.scenario.mistakes import Mistake, Path, hint, shown
from emulator.scenario.reading import Text

SCHEMA: Final = "emulator/scenario.json"

_KINDS: Final = {
    "object": "a hash",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def check(text: Text) -> None:
    """Raise the mistake that stands first in the file, if there is one."""
    found = sorted(
        (mistake for each in _errors(_validator(), text.value) for mistake in _said(text, each)),
        key=lambda mistake: mistake.place.line,
    )
    if found:
        raise found[0]


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, seldom needed

    return Draft202012Validator(files.load(SCHEMA))


def _errors(validator: Any, value: Any) -> list[Any]:
    """What is wrong with a value; what is missing last, as it may stand there misspelled."""
    found: list[Any] = [*validator.iter_errors(value)]
    return sorted(found, key=lambda error: bool(error.validator == "required"))


def _said(text: Text, error: Any, above: Path = ()) -> Iterator[Mistake]:
    path: Path = (*above, *error.relative_path)
    found, wanted = error.instance, error.validator_value
    if error.validator == "oneOf":
        yield from _in_branch(text, error, path)
    elif error.validator == "additionalProperties" and isinstance(wanted, bool):
        known = error.schema["properties"]
        for name in found:
            if name not in known:
                message = f"Nothing here is called {shown(name)}.{hint(name, known)}"
                yield text.mistake(message, (*path, name))
    elif error.validator == "required":
        missing = next(name for name in wanted if name not in found)
        yield text.mistake(f"{missing} is missing here.", path)
    else:
        yield text.mistake(_unfit(error.validator, wanted, found, error.schema), path)


def _unfit(rule: str, wanted: Any, found: Any, schema: dict[str, Any]) -> str:
    """What is wrong with a single value."""
    match rule:
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            named = " or ".join(_KINDS[kind] for kind in kinds)
            return f"This must be {named}, and is {_kind(found)}."
        case "enum":
            return f"This must be one of {', '.join(wanted)}, and is {shown(found)}."
        case "minLength" | "minItems":
            return "This must not be empty."
        case "maxLength" | "maxItems" | "maximum":
            return f"This is too large: at most {wanted}."
        case "minimum":
            return f"This must be at least {wanted}, and is {shown(found)}."
    return f"This does not fit: {shown(found)}. {schema.get('description', '')}".strip()


def _in_branch(text: Text, error: Any, path: Path) -> Iterator[Mistake]:
    """What is wrong with a step, read as the step that its verb says it is."""
    definitions = files.table(SCHEMA)["$defs"]
    verbs = [branch["$ref"].rpartition("/")[2] for branch in error.validator_value]
    if not isinstance(error.instance, dict):
        return  # said by `type`
    said = [verb for verb in verbs if verb in error.instance]
    if len(said) != 1:
        known = ", ".join(verbs)
        unknown = next((hint(name, verbs) for name in error.instance if name not in _common()), "")
        message = f"A step does one thing: {known}."
        if said:
            message = f"A step does one thing, and this one says {' and '.join(said)}."
        elif unknown.startswith(" Did"):
            message += unknown
        yield text.mistake(message, path)
        return
    branch = definitions[said[0]]
    schema = {**branch, "$defs": definitions}
    for each in _errors(_validator().evolve(schema=schema), error.instance):
        yield from _said(text, each, path)


@cache
def _common() -> frozenset[str]:
    """The names that a request may have beside its verb."""
    return frozenset(files.table(SCHEMA)["$defs"]["post"]["properties"])


def _kind(value: Any) -> str:
    match value:
        case bool():
            return shown(value)
        case dict():
            return "a hash"
        case list():
            return "a list"
        case None:
            return "empty"
    return shown(value)
