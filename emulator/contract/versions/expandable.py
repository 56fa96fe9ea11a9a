"""Fields that could be expanded and went with a version: `schemas/versions/expandable.json`."""

from __future__ import annotations

from functools import cache

from emulator.kernel import files


def went(kind: str, field: str, date: str) -> bool:
    """Whether objects of that name had such a field once, and have none in the version of a date
    (`YYYY-MM-DD`).
    """
    until = _table().get((kind, field))
    return until is not None and until <= date


@cache
def _table() -> dict[tuple[str, str], str]:
    rows = files.table("versions/expandable.json")["went"]
    return {(row["object"], row["field"]): row["until"] for row in rows}
