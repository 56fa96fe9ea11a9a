"""Applies `schemas/corrections/*.json` to what the SDK says.

A file is `{"patches": [patch, …]}`. A patch carries `reason` and `evidence` (observed, documented,
assumed) and one or more of these:

- `operations`: keys, or patterns with `*`; with `params`: path → spec, merged into what is there;
  `kinds` narrows them to lists and the like;
- `everywhere`: name → spec, merged into each parameter of this name and type (or into that of its
  types), at any depth, of the `operations` named in the same patch, or of all;
- `add`: key → {returns, kind, like?, without?, params?, until?}: operations the SDK does not know;
- `objects`: object name → field path → spec; `older`: object name → fields that are gone;
- `gone`: object name → fields, of an object that the SDK does not know any more;
- `events`: type → object; `currencies`: the supported ones, in the API's order.

A spec of null takes the parameter away; a null inside a spec takes that fact away.
"""

from __future__ import annotations

import re
from copy import deepcopy
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import orjson

from emulator.devtools.contract.operations import Described

Spec = dict[str, Any]
EVIDENCE = {"observed", "documented", "assumed"}


def patches(folder: Path) -> list[Spec]:
    """All patches, those that copy an operation last, so that they copy the corrected one."""
    found: list[Spec] = []
    for path in sorted(folder.glob("*.json")):
        found += orjson.loads(path.read_bytes())["patches"]
    for patch in found:
        assert patch["reason"], patch
        assert patch["evidence"] in EVIDENCE, patch
    return sorted(found, key=lambda patch: "add" in patch)


def correct(operations: dict[str, Described], patch: Spec) -> None:
    for key, given in patch.get("add", {}).items():
        operations[key] = _added(operations, key, given)
    patterns = patch.get("operations", ["*"])
    for pattern in patterns:
        assert any(_matches(key, pattern) for key in operations), f"nothing matches {pattern}"
    for key, operation in operations.items():
        kinds = patch.get("kinds", [operation.kind])
        if operation.kind in kinds and any(_matches(key, pattern) for pattern in patterns):
            for path, spec in patch.get("params", {}).items():
                merge(operation.params, path, spec)
            _merge_by_name(operation.params, patch.get("everywhere", {}))


def _merge_by_name(fields: dict[str, Spec], everywhere: dict[str, Spec]) -> None:
    for name, spec in fields.items():
        given = everywhere.get(name)
        for each in (spec, *spec.get("any_of", ())):
            if given is not None and given["type"] == each["type"]:
                each.update(given)
        for inner in (spec, spec.get("items"), *spec.get("any_of", ())):
            if isinstance(inner, dict):
                _merge_by_name(inner.get("fields", {}), everywhere)


def _matches(key: str, pattern: str) -> bool:
    return key == pattern or ("*" in pattern and fnmatchcase(key, pattern))


def _added(operations: dict[str, Described], key: str, given: Spec) -> Described:
    params: dict[str, Spec] = {}
    if "like" in given:
        params = deepcopy(operations[given["like"]].params)
    for name in given.get("without", ()):
        params.pop(name)
    for path, spec in given.get("params", {}).items():
        merge(params, path, spec)
    return Described(key, given["returns"], given["kind"], params, given.get("until"))


def merge(fields: dict[str, Spec], path: str, spec: Spec | None) -> None:
    """Put `spec` at `path`: `card[number]`, or `items[][price]` for what an array holds."""
    *outer, last = re.findall(r"[^\[\]]+", path)
    for name in outer:
        fields = _inside(fields[name])
    if spec is None:
        fields.pop(last, None)
        return
    merged = {**fields.get(last, {}), **deepcopy(spec)}
    fields[last] = {key: value for key, value in merged.items() if value is not None}


def _inside(spec: Spec) -> dict[str, Spec]:
    """The fields of an object, also where it stands in an array or is one of several choices."""
    if spec["type"] == "union":
        spec = next(each for each in spec["any_of"] if each["type"] in {"object", "array"})
    if spec["type"] in {"array", "map"}:
        return _inside(spec["items" if spec["type"] == "array" else "values"])
    fields: dict[str, Spec] = spec.setdefault("fields", {})
    return fields


def correct_objects(facts: dict[str, Spec], patch: Spec) -> None:
    for name, given in patch.get("objects", {}).items():
        for path, spec in given.items():
            merge(facts[name]["fields"], path, spec)
    for name, given in patch.get("gone", {}).items():
        facts[name] = {"object": name, "fields": given}
    for name, given in patch.get("older", {}).items():
        facts[name].setdefault("older", {}).update(given)
