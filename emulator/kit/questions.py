"""The closed table of what `Tx.ask` may ask, as data in `schemas/emulator/questions.json`.

A question is about an outcome that Stripe takes from the outside world: an issuer, a bank, a
verification, the receiver of a webhook. Most answers are texts of a closed list; some follow a
pattern and are listed by an example (`status:500`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from emulator.contract import shape
from emulator.kernel import files
from emulator.rules import cards, debits, payouts


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    about: what an instruction's `where` may match. names: which of these name the very thing, so
    that the instruction overrules Stripe's magic values, too. answers: every answer, patterns by
    their example. patterns: example -> regular expression. later: whether it is asked only after
    the request that made the thing.
    """

    name: str
    text: str
    about: tuple[str, ...]
    names: tuple[str, ...]
    usual: str
    answers: tuple[str, ...]
    patterns: dict[str, str]
    later: bool

    def names_none(self, where: Iterable[str]) -> bool:
        """Whether none of these keys names the very thing."""
        return set(where).isdisjoint(self.names)

    def takes(self, answer: str) -> bool:
        """Whether this is one of its answers."""
        if answer in self.answers and answer not in self.patterns:
            return True
        return any(re.fullmatch(pattern, answer) for pattern in self.patterns.values())


@cache
def questions() -> dict[str, Question]:
    """Every question by name."""
    rows = files.table("emulator/questions.json")["questions"]
    return {name: _read(name, row) for name, row in rows.items()}


def _read(name: str, row: dict[str, Any]) -> Question:
    patterns: dict[str, str] = row.get("patterns", {})
    more = _LISTS[row["from"]]() if "from" in row else ()
    answers = dict.fromkeys([*row["answers"], *more, *patterns])
    return Question(
        name,
        row["text"],
        (*dict.fromkeys(["account", *row["about"]]),),
        (*row["names"],),
        row["usual"],
        (*answers,),
        patterns,
        row.get("later", False),
    )


def _requirement_errors() -> tuple[str, ...]:
    requirements = shape("account")["fields"]["requirements"]["fields"]
    codes: list[str] = requirements["errors"]["items"]["fields"]["code"]["values"]
    return (*codes,)


_LISTS = {
    "debit failures": debits.failure_codes,
    "declines": cards.declines,
    "payout failures": lambda: (*payouts.FAILURES,),
    "requirement errors": _requirement_errors,
}
