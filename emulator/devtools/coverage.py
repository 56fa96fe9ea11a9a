"""`python -m emulator.devtools.coverage`: write schemas/COVERAGE.md, and print the share that is
modelled.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from emulator.contract import Operation, operations
from emulator.kernel import files
from emulator.resources import OPERATIONS

_HEAD = """# Coverage

Every operation of the contract answers. *Modelled* operations behave as Stripe's: money moves,
things happen later, rules refuse. *Stored* ones are served from the contract alone: what is sent is
checked, kept and comes back, statuses and events follow the tables in `schemas/stored/`, and
nothing else happens; their answers carry the header `Emulator-Fidelity: stored`, and `--strict`
refuses them.

"""


def path() -> Path:
    return files.schemas() / "COVERAGE.md"


def table() -> str:
    """The document: the sums, then the operations of each area with their fidelity."""
    everything = list(operations().values())
    lines = [
        _HEAD + summary() + "\n",
        "| area | operations | modelled | stored |",
        "|---|---|---|---|",
    ]
    for name, group in _areas(everything):
        modelled = sum(each.key in OPERATIONS for each in group)
        lines.append(f"| {name} | {len(group)} | {modelled} | {len(group) - modelled} |")
    for name, group in _areas(everything):
        lines += [f"\n## {name}\n", "| operation | fidelity |", "|---|---|"]
        lines += [f"| `{each.key}` | {_fidelity(each)} |" for each in group]
    return "\n".join(lines) + "\n"


def summary() -> str:
    known = len(operations())
    modelled = sum(key in OPERATIONS for key in operations())
    share = f"{100 * modelled / known:.1f}%"
    return (
        f"{known} operations: {modelled} modelled ({share}), {known - modelled} stored, 0 absent."
    )


def _areas(everything: list[Operation]) -> list[tuple[str, list[Operation]]]:
    """Operations by the first words of their paths, test helpers beside what they help."""
    in_order = sorted(everything, key=lambda each: (_area(each), each.path, each.method))
    return [(name, list(group)) for name, group in groupby(in_order, key=_area)]


def _area(operation: Operation) -> str:
    steps = [step for step in operation.path.split("/") if step and step != "test_helpers"]
    depth = 3 if steps[0] == "v2" else 2
    return "/" + "/".join(steps[:depth])


def _fidelity(operation: Operation) -> str:
    gone = f", until {operation.until}" if operation.until else ""
    return ("modelled" if operation.key in OPERATIONS else "stored") + gone


if __name__ == "__main__":
    path().write_text(table(), "utf-8")
    print(summary())
