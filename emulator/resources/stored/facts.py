"""What the contract cannot tell of stored resources: `schemas/stored/`, read when first asked."""

from __future__ import annotations

from typing import Any, Final

from emulator.contract import event_object, event_types, object_names, shape
from emulator.kernel import files

Facts = dict[str, Any]

_IRREGULAR: Final = {
    "cancel": "canceled",
    "pay": "paid",
    "send": "sent",
    "ship": "shipped",
    "submit": "submitted",
}


def of(name: str) -> Facts:
    """What is declared about one object: `start`, `verbs`, `kind`, `stamp`; {} when nothing."""
    found: Facts = files.table("stored/objects.json").get(name, {})
    return found


def exception(key: str) -> Facts:
    """What is declared about one operation whose path does not say what it does."""
    found: Facts = files.table("stored/operations.json").get(key, {})
    return found


def catalogue(name: str) -> list[Facts] | None:
    """Objects that are there from the beginning and that no request makes, such as tax codes."""
    found: list[Facts] | None = files.table("stored/catalogues.json").get(name)
    return found


def prefix(name: str) -> str:
    """What the ids of an object begin with."""
    known = files.table("stored/prefixes.json")
    return str(known["documented"].get(name) or known["assumed"].get(name) or "")


def fields(name: str) -> Facts:
    """The fields of an object's shape; none for what has no shape."""
    if name not in object_names():
        return {}
    found: Facts = shape(name)["fields"]
    return found


def event(name: str, happening: str) -> str | None:
    """The event type that tells of `created`, `canceled` and so on of an object, if there is
    one.
    """
    if name.startswith("v2."):
        return None  # those events are thin, and nobody tells them yet
    prefixes = (name, name.replace(".", "_", 1))
    for known in (f"{each}.{happening}" for each in prefixes):
        if known in event_types():
            return known
    ends = f".{happening}"
    fitting = [each for each in event_types() if each.endswith(ends) and event_object(each) == name]
    return min(fitting, default=None)


def past(verb: str) -> str:
    """`finalize` to `finalized`, `reply` to `replied`: as statuses and events put it."""
    verb = verb.rpartition("/")[2]
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return f"{verb}d"
    return f"{verb.removesuffix('y')}ied" if verb.endswith("fy") else f"{verb}ed"
