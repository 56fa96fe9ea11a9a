"""Every event type that the code can announce can be triggered.

A new one wants a recipe: a line in `schemas/emulator/triggers/`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from emulator.contract import event_types, operations
from emulator.control.triggers import recipes
from emulator.kernel import files
from emulator.resources import OPERATIONS
from emulator.resources.stored import facts, verbs
from emulator.resources.stored.plans import Plan, plan
from tests.house.rules import modules

# Types that the code seems to announce and that no request leads to.
_NEVER: Final = {
    "issuing_token.updated": "no request makes such a token",
    "source.canceled": "sources fail, here as in Stripe's test mode",
    "source.mandate_notification": "a status is never called so",
    "source.refund_attributes_required": "a status is never called so",
    "source.transaction.created": "a status is never called so",
    "source.transaction.updated": "a status is never called so",
}


def test_every_event_can_be_triggered():
    announced = {*_in_code(), *_stored()} & event_types()
    assert sorted(announced - _NEVER.keys() - {*recipes.event_types()}) == []


def test_what_is_never_announced_has_no_trigger():
    assert _NEVER.keys() & {*recipes.event_types()} == set()


def _in_code() -> Iterator[str]:
    """Every text of the resources that is an event type, or may become one (`f"plan.{what}"`)."""
    for module in modules("emulator/resources", "emulator/kit"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                first, *others = (_pattern(part) for part in node.values)
                if r"\." in first:
                    pattern = re.compile("".join([first, *others]))
                    yield from (each for each in event_types() if pattern.fullmatch(each))


def _pattern(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"


def _stored() -> Iterator[str]:
    """The types that operations announce which are served from the contract."""
    for key, operation in operations().items():
        if key not in OPERATIONS:
            found = _of_plan(plan(operation))
            if found is not None:
                yield found
    for name, of in files.table("stored/objects.json").items():
        yield from (verbs.rule(name, each)["event"] or "" for each in of.get("happens", ()))
    for of in files.table("stored/brought.json").values():
        brought = {row["object"] for rows in of.values() for row in rows if "change" not in row}
        yield from (facts.event(each, "created") or "" for each in sorted(brought))


def _of_plan(how: Plan) -> str | None:
    if how.deed == "create":
        return facts.event(how.object, "created") or facts.event(how.object, "opened")
    if how.deed in {"update", "update_single", "clear"}:
        return facts.event(how.object, "updated")
    if how.deed == "delete":
        return facts.event(how.object, "deleted")
    event: str | None = verbs.rule(how.object, how.verb)["event"] if how.deed == "verb" else None
    return event
