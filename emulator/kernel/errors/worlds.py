"""Refusals about worlds as things: their names, their snapshots, the files they come from."""

from __future__ import annotations

from emulator.kernel.errors.refusal import INVALID, Refusal, invalid


def no_such_world(name: str) -> Refusal:
    return Refusal(404, INVALID, f"There is no world {name} here, or not any more.", None, "world")


def bad_name(name: str) -> Refusal:
    return invalid(
        f"No world can be called {name[:200]!r}: a name is 1 to 200 letters, digits, dots, dashes, "
        "underscores and tildes, and does not begin with a dot.",
        None,
        "world",
    )


def world_exists(name: str) -> Refusal:
    return Refusal(
        409,
        INVALID,
        f"There is a world {name} already. Delete it first with DELETE /_emulator/worlds/{name}, "
        "or choose another name.",
        None,
        "name",
    )


def no_such_snapshot(name: str, known: list[str]) -> Refusal:
    return Refusal(
        404,
        INVALID,
        f"This world has no snapshot {name}. It has: {', '.join(known) or 'none'}.",
        None,
        "snapshot",
    )


def bad_world_file(reason: str) -> Refusal:
    return invalid(
        f"This is no world as GET /_emulator/export gives it: {reason[:200]}.", None, "file"
    )
