"""Refusals of the control API with codes of our own, which no page of Stripe's explains."""

from __future__ import annotations

from emulator.kernel.errors.refusal import INVALID, Refusal


def ours(message: str, code: str, param: str | None = None, status: int = 400) -> Refusal:
    """Stripe's shape, our words and our code."""
    return Refusal(status, INVALID, message, code, param, documented=False)


def perhaps(near: str | None) -> str:
    """The end of a message about a name that is none: the one that may have been meant."""
    return f" Did you mean {near}?" if near else ""
