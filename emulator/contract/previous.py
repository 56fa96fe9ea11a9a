"""`previous_attributes` of events: what changed, as it was."""

from __future__ import annotations

from typing import Any

Doc = dict[str, Any]


def differences(before: Doc, after: Doc) -> Doc | None:
    """What changed, as it was; nested hashes show only what changed. None: nothing did."""
    changed: Doc = {}
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict) and "object" not in old:
            changed[name] = differences(old, new)
        else:
            changed[name] = old
    return dict(sorted(changed.items())) or None


def before(after: Doc, previous: Doc) -> Doc:
    """The object as it was: what `differences` told, put back. Shares its inner parts with both."""
    found = dict(after)
    for name, old in previous.items():
        new = after.get(name)
        if isinstance(old, dict) and isinstance(new, dict) and "object" not in new:
            found[name] = before(new, old)
        else:
            found[name] = old
    return found
