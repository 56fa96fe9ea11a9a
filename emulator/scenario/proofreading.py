"""What can be known to be wrong with a scenario before it is played: names that nothing has, paths
and event types that do not exist, matchers that match nothing.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import Any, Final

from emulator import contract
from emulator.contract import event_types, operations
from emulator.contract.nearest import nearest
from emulator.kernel.instants import spoken
from emulator.scenario import matching, references
from emulator.scenario.mistakes import hint, shown
from emulator.scenario.story import Scenario, Step

BUILT_IN: Final = frozenset({"world", "now", "start"})
WHO: Final = ("secret", "publishable", "restricted", "nobody")
NEXT: Final = re.compile(r"next(?: ([a-z_.]+))?")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_LEGACY_EVENTS: Final = frozenset({"payment.created"})
_SETTLES: Final = ("is", "are", "refused", "events")


def proofread(scenario: Scenario) -> None:
    """Raise the first mistake, in the order in which the story is played."""
    known = set(BUILT_IN)
    for step in scenario.steps:
        _references(step, known)
        _matchers(step)
        _CHECKS.get(step.verb, _nothing)(step)
        if "name" in step.body:
            name = str(step.body["name"])
            if _NAME.fullmatch(name) is None or name in BUILT_IN | {"row"}:
                raise step.mistake(f"{shown(name)} cannot be a name here.", "name")
            known.add(name)


def _references(step: Step, known: set[str]) -> None:
    for found in references.references(step.body):
        if not found.is_well_formed:
            message = f"${{{found.text}}} is no reference. Write ${{name.field}}."
            raise step.mistake(message, *found.path)
        if found.name == "row":
            raise step.mistake("There is no row here: only a step with `each` has rows.")
        if found.name not in known and not found.has_default:
            message = f"${{{found.text}}}: nothing before this step is called {found.name}."
            raise step.mistake(message + hint(found.name, known), *found.path)


def _matchers(step: Step) -> None:
    for name in _SETTLES:
        if name in step.body:
            for message, path in matching.mistakes(step.body[name], (name,)):
                raise step.mistake(message, *path)


def _nothing(_step: Step) -> None:
    """Nothing more can be wrong with such a step."""


def _request(step: Step) -> None:
    """The path exists, unless a refusal is what the step is about."""
    path = str(step.body[step.verb]).partition("?")[0]
    if "as" in step.body:
        _who(step)
    _check_body(step)
    if "refused" in step.body or not path.startswith(("/v1", "/v2")):
        return
    plain = str(references.replace(path, lambda _: "x"))
    method = step.verb.upper()
    if contract.find(method, plain) is None:
        near = _nearest(method, plain)
        also = f" Did you mean {near}?" if near else ""
        raise step.mistake(f"Stripe has no {method} {path}.{also}", step.verb)


def _check_body(step: Step) -> None:
    """At most one of the ways to say what is sent."""
    said = [name for name in ("with", "body", "base64") if name in step.body]
    if len(said) > 1 and step.verb == "post":
        raise step.mistake(f"{said[1]} is sent as it is: {said[0]} cannot go with it.", said[0])
    try:
        b64decode(step.body.get("base64", ""), validate=True)
    except ValueError:
        raise step.mistake("This is no Base64.", "base64") from None


def _nearest(method: str, path: str) -> str | None:
    known = [key.partition(" ")[2] for key in operations()]
    there = re.sub(r"/x(?=/|$)", "/{id}", path)
    if any(contract.find(each, path) for each in ("GET", "POST", "DELETE") if each != method):
        return next(f"{m} {path}" for m in ("GET", "POST", "DELETE") if contract.find(m, path))
    return nearest(there, {re.sub(r"\{[^}]*\}", "{id}", each) for each in known})


def _who(step: Step) -> None:
    who = str(step.body["as"])
    if who not in WHO and "${" not in who and "_test_" not in who:
        near = hint(who, WHO)
        raise step.mistake(f"{shown(who)} is nobody who could ask.{near}", "as")


def _until(step: Step) -> None:
    value = step.body["until"]
    if isinstance(value, int) or "${" in value or NEXT.fullmatch(value):
        return
    if spoken(value) is None and value not in _events():
        message = f"{shown(value)} is no time, no `next …` and no type of event."
        raise step.mistake(message + _near(value), "until")


def _happenings(step: Step, name: str) -> None:
    for type_, path in _types(step.body.get(name, [])):
        if type_ not in _events():
            message = f"Stripe announces nothing of type {shown(type_)}.{_near(type_)}"
            raise step.mistake(message, name, *path)


def _types(entries: list[Any]) -> Iterator[tuple[str, tuple[int | str, ...]]]:
    for index, entry in enumerate(entries):
        if isinstance(entry, str):
            yield entry, (index,)
        elif isinstance(entry.get("type"), str):
            yield entry["type"], (index, "type")


def _near(type_: str) -> str:
    near = nearest(type_, sorted(_events()))
    return f" Did you mean {near}?" if near else ""


def _events() -> frozenset[str]:
    return event_types() | _LEGACY_EVENTS


_CHECKS: Final[dict[str, Callable[[Step], None]]] = {
    "get": _request,
    "post": _request,
    "delete": _request,
    "until": _until,
    "events": lambda step: _happenings(step, "events"),
    "deliveries": lambda step: _happenings(step, "are"),
    "mailbox": lambda step: _happenings(step, "are"),
}
