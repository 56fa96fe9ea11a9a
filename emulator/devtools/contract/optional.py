"""Which fields of objects may be left out: read off the SDK for Node, kept in `schemas/node/`, and
put into the facts that the SDK for Python gives.

The file names the SDK it comes from, and for each object the dotted paths of what is `left_out`
where there is nothing to show, and of what may be left out or null, `either`. What it does not name
is always there. Recorded answers of /v1 agree: none holds null where it says `left_out`. Objects of
/v2 are not in it, because there what is not shown is null (documented).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson

from emulator.devtools.contract.declarations import Declarations, Hash
from emulator.kernel import files

Spec = dict[str, Any]

FILE: Final = "node/optional.json"
_KINDS: Final = {(True, False): "left_out", (True, True): "either"}


def declared(package: Path, facts: dict[str, Spec]) -> bytes:
    """The file, from an installed SDK for Node (`node_modules/stripe`) and the facts of objects."""
    found, declarations = {}, Declarations(package)
    for name, fact in sorted(facts.items()):
        own = None if name.startswith("v2.") else declarations.hash(name)
        if own is not None:
            found[name] = _by_kind(declarations, fact["fields"], own)
    version = (package / "VERSION").read_text(encoding="utf-8").strip()
    rows = [b'"sdk": ' + orjson.dumps(version)]
    rows += [
        orjson.dumps(name) + b": " + orjson.dumps(each) for name, each in found.items() if each
    ]
    return b"{\n" + b",\n".join(rows) + b"\n}\n"


def _by_kind(declarations: Declarations, fields: dict[str, Spec], own: Hash) -> Spec:
    found: Spec = {}
    for path, kind in _walk(declarations, fields, own, ""):
        found.setdefault(kind, []).append(path)
    return {kind: sorted(paths) for kind, paths in sorted(found.items())}


def _walk(
    declarations: Declarations, fields: dict[str, Spec], own: Hash, before: str
) -> Iterator[tuple[str, str]]:
    scopes, members = own
    for name, spec in fields.items():
        member = members.get(name)
        if member is None:
            continue
        kind = _KINDS.get((member.optional, member.nullable))
        if kind is not None:
            yield f"{before}{name}", kind
        inner = fields_of(spec)
        within = declarations.within(scopes, member) if inner else None
        if within is not None:
            yield from _walk(declarations, inner, within, f"{before}{name}.")


def fields_of(spec: Spec) -> dict[str, Spec]:
    """The fields of a hash, of those in an array or a map, or of one that is a choice."""
    while spec["type"] in {"array", "map"}:
        spec = spec["items" if spec["type"] == "array" else "values"]
    found: dict[str, Spec] = spec.get("fields", {})
    return found


def refine(facts: dict[str, Spec]) -> None:
    """Mark in facts what the file tells: a field that is left out is not null, and `optional`; one
    that may be either is `nullable` and `optional`.
    """
    told: Spec = orjson.loads((files.schemas() / FILE).read_bytes())
    for name, fact in facts.items():
        kinds = told.get(name, {})
        for path in kinds.get("left_out", ()):
            _mark(fact["fields"], path, nullable=False)
        for path in kinds.get("either", ()):
            _mark(fact["fields"], path, nullable=True)


def _mark(fields: dict[str, Spec], path: str, *, nullable: bool) -> None:
    *outer, last = path.split(".")
    for step in outer:
        fields = fields_of(fields[step])
    spec = fields[last]
    if not spec.get("nullable"):
        return
    spec["optional"] = True
    if not nullable:
        del spec["nullable"]
