"""Reading instructions: what a test, a scenario or a header says about how a question is answered.

Whatever is wrong with one is refused with what would have been right.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.contract.nearest import nearest
from emulator.kernel.errors import answers as refusals
from emulator.kernel.errors.control import bad_control_value, check_names
from emulator.kit.questions import Question, questions
from emulator.kit.setup import Doc

FIELDS: Final = ("question", "answer", "where", "times", "after", "chance")
BOUNDS: Final = ("gt", "gte", "lt", "lte")
_MOST: Final = 1_000_000
_LONGEST_LIST: Final = 1_000
_LONGEST_HEADER: Final = 4_000


def check(given: Any) -> Doc:
    """An instruction as it came, checked, with only the fields that were given."""
    if not isinstance(given, dict):
        raise bad_control_value("answers", "an instruction or a list of instructions")
    check_names(given, FIELDS)
    question = _question(given.get("question"))
    _check_answer(question, given.get("answer"))
    _check_where(question, given.get("where"))
    times, after, chance = given.get("times", 1), given.get("after", 0), given.get("chance", 1)
    if times is not None and not _whole(times, least=1):
        raise bad_control_value("times", f"a whole number from 1 to {_MOST}, or null for ever")
    if not _whole(after, least=0):
        raise bad_control_value("after", f"a whole number from 0 to {_MOST}")
    if isinstance(chance, bool) or not isinstance(chance, int | float) or not 0 <= chance <= 1:
        raise bad_control_value("chance", "a number from 0 to 1")
    return given


def read_header(text: str) -> list[Doc]:
    """The answers that one request brings: `card.charge=insufficient_funds, refund.arrive=…`."""
    if len(text) > _LONGEST_HEADER:
        raise refusals.header_unreadable(f"{text[:40]}…")
    found = [_pair(part) for part in text.split(",")]
    return [{**check(each), "used": 0} for each in found]


def _pair(part: str) -> Doc:
    name, equals, answer = part.partition("=")
    if not equals or not name.strip() or not answer.strip():
        raise refusals.header_unreadable(part.strip())
    return {"question": name.strip(), "answer": answer.strip()}


def _question(name: Any) -> Question:
    if not isinstance(name, str):
        raise bad_control_value("question", "one of " + ", ".join(questions()))
    found = questions().get(name)
    if found is None:
        raise refusals.no_such_question(name, nearest(name, questions()))
    return found


def _check_answer(question: Question, answer: Any) -> None:
    if not isinstance(answer, str):
        raise bad_control_value("answer", f"a text, such as {question.answers[-1]}")
    if not question.takes(answer):
        near = nearest(answer, question.answers)
        raise refusals.no_such_answer(question.name, answer, near, question.answers)


def _check_where(question: Question, where: Any) -> None:
    if where is None:
        return
    if not isinstance(where, dict):
        raise bad_control_value("where", "a hash of what has to match")
    for key, wanted in where.items():
        if key not in question.about:
            near = nearest(key, question.about)
            raise refusals.no_such_condition(question.name, key, near, question.about)
        if not _can_match(wanted):
            raise bad_control_value(
                f"where[{key}]",
                "a text, a number, true, false or null, a list of such, or bounds (gt, gte, lt, "
                "lte) for a number",
            )


def _can_match(wanted: Any) -> bool:
    if isinstance(wanted, list):
        return 0 < len(wanted) <= _LONGEST_LIST and all(_is_plain(each) for each in wanted)
    if isinstance(wanted, dict):
        return bool(wanted) and all(
            name in BOUNDS and isinstance(bound, int | float) and not isinstance(bound, bool)
            for name, bound in wanted.items()
        )
    return _is_plain(wanted)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _whole(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= _MOST
