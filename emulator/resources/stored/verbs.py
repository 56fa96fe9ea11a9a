"""What a verb does to a stored object: as declared, or as its name and the shape suggest."""

from __future__ import annotations

from typing import Any, Final

from emulator.contract.specs import Spec
from emulator.kernel.errors import objects
from emulator.kit import Doc, Params, Resource
from emulator.resources.stored import facts
from emulator.resources.stored.shaping import Shaping

Rule = dict[str, Any]
_NOTES: Final = ("status_transitions",)


def rule(name: str, verb: str) -> Rule:
    """`set`: what changes. `from`: the statuses that admit it. `stamp`: where its instant goes.
    `event`: what tells of it.
    """
    known = facts.of(name)
    declared: Rule | None = {**known.get("happens", {}), **known.get("verbs", {})}.get(verb)
    fields = facts.fields(name)
    found = {**_suggested(fields, verb), **(declared or {})}
    event = facts.event(name, facts.past(verb)) or facts.event(name, "updated")
    return {"set": {}, "stamp": [], "event": event, **found}


def _suggested(fields: dict[str, Spec], verb: str) -> Rule:
    """A status or an instant that is called after the verb."""
    past = facts.past(verb)
    found: Rule = {}
    statuses = fields.get("status", {}).get("values", ())
    for status in (past, verb):
        if status in statuses:
            found = {"set": {"status": status}}
            break
    instant = f"{past}_at"
    if instant in fields:
        found["stamp"] = [instant]
    for note in _NOTES:
        if instant in fields.get(note, {}).get("fields", {}):
            found["stamp"] = [f"{note}.{instant}"]
    return found


def take(shaping: Shaping, resource: Resource, doc: Doc, verb: str, params: Params) -> Rule:
    """Do to `doc` what the verb does, and keep what was sent with it; the rule that held."""
    found = rule(resource.name, verb)
    _refuse(found, resource, doc, verb)
    shaping.lay(doc, {name: value for name, value in params.items() if name != "status"})
    shaping.lay(doc, found["set"])
    shaping.stamp(doc, found["stamp"])
    return found


def _refuse(found: Rule, resource: Resource, doc: Doc, verb: str) -> None:
    """A status that does not admit the verb: one that is not named, or the one it leads to."""
    status = doc.get("status")
    if not isinstance(status, str):
        return
    target = found["set"].get("status")
    values = facts.fields(resource.name).get("status", {}).get("values", [])
    allowed = found.get("from")
    if allowed is None and target == status and "from" not in found:
        allowed = [each for each in values if each != target]
    if allowed is not None and status not in allowed:
        words = verb.replace("/", " ").replace("_", " ")
        raise objects.wrong_status(resource.kind, words, status, allowed)
