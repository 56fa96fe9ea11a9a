"""Changes to a recipe, in the grammar of `stripe trigger`: `name:path.to.param=value` to override
or add, `name:param` to remove, `name` to skip. `name:id=…` puts an object that is there in a
step's place.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any, Final, NamedTuple

from emulator.control.calls import Found
from emulator.control.triggers import recipes
from emulator.control.triggers.recipes import Step
from emulator.kernel.errors import triggering as refusals

_SET: Final = "name:path.to.param=value"
_UNSET: Final = "name:path.to.param"


class _Change(NamedTuple):
    """flag: override, add or remove. name: the step's. path: the keys to the parameter."""

    flag: str
    name: str
    path: list[str]
    value: str

    @property
    def gives_an_object(self) -> bool:
        """Whether it puts an object that is there in the step's place."""
        return self.flag != "remove" and self.path == ["id"]


def rewritten(steps: list[Step], body: Found) -> tuple[list[Step], dict[str, str]]:
    """The steps as they are wanted, and by name the ids of objects that take a step's place."""
    changes = [
        _read(flag, text) for flag in ("override", "add", "remove") for text in body.get(flag) or ()
    ]
    skipped = body.get("skip") or []
    _check_names(steps, changes, skipped)
    given = {each.name: each.value for each in changes if each.gives_an_object}
    params = {step.name: deepcopy(step.with_) for step in steps if step.name}
    for change in changes:
        if change.name not in given:
            _change(params[change.name], change)
    found = [replace(step, with_=params.get(step.name, step.with_)) for step in steps]
    for name in skipped:
        found = [*recipes.without(found, name)]
    return found, given


def _check_names(steps: list[Step], changes: list[_Change], skipped: list[str]) -> None:
    names = [step.name for step in steps if step.name]
    asked = [(change.flag, change.name) for change in changes]
    for flag, name in [*asked, *(("skip", name) for name in skipped)]:
        if name not in names:
            raise refusals.no_such_step(flag, name, names)


def _read(flag: str, text: str) -> _Change:
    head, equals, value = text.partition("=")
    name, colon, path = head.partition(":")
    keys = path.split(".")
    wants_value = flag != "remove"
    if not (name and colon and all(keys)) or bool(equals) != wants_value:
        raise refusals.change_unreadable(flag, text, _SET if wants_value else _UNSET)
    return _Change(flag, name, keys, value)


def _change(params: dict[str, Any], change: _Change) -> None:
    *outer, last = change.path
    inside: Any = params
    for key in outer:
        inside = _step_into(inside, key, change)
    if isinstance(inside, list):
        last_index = _index(last, inside, change)
        if change.flag == "remove":
            del inside[last_index]
        elif change.flag == "override":
            inside[last_index] = change.value
    elif change.flag == "remove":
        inside.pop(last, None)
    elif change.flag == "override" or last not in inside:
        inside[last] = change.value


def _step_into(inside: Any, key: str, change: _Change) -> Any:
    if isinstance(inside, list):
        return _container(inside, _index(key, inside, change))
    if change.flag == "remove" and key not in inside:
        return {}
    inside.setdefault(key, {})
    return _container(inside, key)


def _container(inside: Any, key: Any) -> Any:
    if not isinstance(inside[key], dict | list):
        inside[key] = {}
    return inside[key]


def _index(key: str, inside: list[Any], change: _Change) -> int:
    if not key.isdecimal() or int(key) >= len(inside):
        text = f"{change.name}:{'.'.join(change.path)}"
        form = f"a number below {len(inside)} for a place in a list"
        raise refusals.change_unreadable(change.flag, text, form)
    return int(key)
