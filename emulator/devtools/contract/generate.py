"""Puts the parts together and writes them, one entry a line, so that changes read well."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

import orjson

from emulator.devtools.contract import corrections, optional
from emulator.devtools.contract.events import events
from emulator.devtools.contract.objects import Objects
from emulator.devtools.contract.operations import Described, operations
from emulator.devtools.contract.source import Source
from emulator.kernel import files

Spec = dict[str, Any]


def declarations(package: Path) -> bytes:
    """What `schemas/node/` holds, from an installed SDK for Node."""
    return optional.declared(package, Objects(Source.installed()).facts())


def read_declarations(package: Path) -> None:
    """Write `schemas/node/` anew."""
    path = files.schemas() / optional.FILE
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(declarations(package))


def write(folder: Path) -> None:
    wanted = generated()
    for name, content in wanted.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for path in sorted(folder.rglob("*.json")):
        if path.relative_to(folder).as_posix() not in wanted:
            path.unlink()


def generated() -> dict[str, bytes]:
    """File name below `schemas/stripe/` → its bytes. The same SDK gives the same bytes."""
    source = Source.installed()
    objects = Objects(source)
    facts = objects.facts()
    optional.refine(facts)
    described = operations(source, objects)
    named = events(source, objects)
    currencies: list[str] = []
    for patch in corrections.patches(files.schemas() / "corrections"):
        corrections.correct(described, patch)
        corrections.correct_objects(facts, patch)
        named["v1"].update({key: {"object": of} for key, of in patch.get("events", {}).items()})
        currencies += patch.get("currencies", [])
    sdk = {"sdk": source.version, "api_version": source.api_version}
    return {
        "source.json": _lines(sdk),
        "operations.json": _lines(_index(described)),
        "events.json": _lines(named),
        "currencies.json": _lines({"currencies": currencies}),
        **_params(described),
        **{f"objects/{name}.json": _lines(fact) for name, fact in facts.items()},
    }


def _index(described: dict[str, Described]) -> Spec:
    index: Spec = {}
    for key, each in sorted(described.items()):
        index[key] = {"returns": each.returns, "kind": each.kind, "params": each.stem}
        if each.until is not None:
            index[key]["until"] = each.until
    return index


def _params(described: dict[str, Described]) -> dict[str, bytes]:
    in_order = sorted(described.values(), key=lambda each: (each.stem, each.key))
    return {
        f"params/{stem}.json": _lines({each.key: each.params for each in group})
        for stem, group in groupby(in_order, key=lambda each: each.stem)
    }


def _lines(content: Spec) -> bytes:
    """JSON with one line for each entry of the outermost object."""
    rows = [orjson.dumps(key) + b": " + orjson.dumps(value) for key, value in content.items()]
    return b"{\n" + b",\n".join(rows) + b"\n}\n"
