"""Refusals about objects: unknown, deleted, in the wrong state, out of the caller's reach."""

from __future__ import annotations

from collections.abc import Sequence

from emulator.kernel.errors.refusal import INVALID, Refusal, invalid


def no_such(kind: str, id_: str, param: str = "id", status: int | None = None) -> Refusal:
    """A missing object: 404 when it is named in the path (`param` is `id`), else 400."""
    status = status or (404 if param == "id" else 400)
    message = f"No such {kind}: '{id_}'"
    if id_.strip(" '\"\t\n") != id_:
        message += ". Make sure you use the exact id without extra whitespace or quotes"
    return Refusal(status, INVALID, message, "resource_missing", param)


def wrong_status(kind: str, verb: str, status: str, allowed: Sequence[str]) -> Refusal:
    """A verb that the object's status does not admit (assumed wording)."""
    article = "an" if kind[:1] in "aeiou" else "a"
    return invalid(
        f"You cannot {verb} this {kind} because it has a status of {status}. Only {article} {kind} "
        f"with one of the following statuses may take this action: {', '.join(allowed)}.",
        "status_transition_invalid",
    )


def nothing_to_clear(field: str, kind: str, id_: str) -> Refusal:
    """There is no discount to take away (assumed wording)."""
    return Refusal(
        404, INVALID, f"No active {field} for {kind}: '{id_}'", "resource_missing", field
    )
