"""Refusals of instructions that say how a question is to be answered. Not Stripe's words."""

from __future__ import annotations

from collections.abc import Sequence

from emulator.kernel.errors.ours import ours, perhaps
from emulator.kernel.errors.refusal import Refusal

_UNKNOWN = "parameter_unknown"
_SHOWN = 12


def no_such_question(name: str, near: str | None) -> Refusal:
    return ours(
        f"Nothing here asks {name!r}.{perhaps(near)} See GET /_emulator/questions.",
        _UNKNOWN,
        "question",
    )


def no_such_answer(question: str, answer: str, near: str | None, known: Sequence[str]) -> Refusal:
    listed = ", ".join(known[:_SHOWN]) + (" …" if len(known) > _SHOWN else "")
    return ours(
        f"{answer!r} is no answer to {question}.{perhaps(near)} Answers: {listed}.",
        "parameter_invalid",
        "answer",
    )


def no_such_condition(question: str, key: str, near: str | None, known: Sequence[str]) -> Refusal:
    return ours(
        f"{question} is not asked about {key!r}.{perhaps(near)} It knows: {', '.join(known)}.",
        _UNKNOWN,
        "where",
    )


def header_unreadable(text: str) -> Refusal:
    return ours(
        f"The header Emulator-Answer cannot be read: {text!r}. Write question=answer, several with "
        "commas between them, such as card.charge=insufficient_funds.",
        "parameter_invalid",
        "Emulator-Answer",
    )


def no_such_instruction(id_: str) -> Refusal:
    return ours(f"No instruction {id_} waits here.", "resource_missing", "id", 404)
