"""How balances, events and deliveries are compared with what a scenario expects of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from emulator.scenario.asking import Doc
from emulator.scenario.matching import Difference, matches

_SHOWN: Final = 30
POCKETS: Final = ("available", "pending", "connect_reserved")


class Fails(Exception):
    """A step that did not go as it should. differences: in detail."""

    def __init__(self, message: str, found: Sequence[Difference] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.differences = found


def of_balance(expected: Doc, balance: Doc) -> tuple[Doc, Doc]:
    """What is expected, made whole with zeros, and the balance in the same form: currency ->
    available, pending, connect_reserved.
    """
    found: Doc = {currency: dict.fromkeys(POCKETS, 0) for currency in expected}
    for pocket in POCKETS:
        for part in balance.get(pocket, ()):
            sums = found.setdefault(part["currency"], dict.fromkeys(POCKETS, 0))
            sums[pocket] += part["amount"]
    whole = {
        currency: {pocket: expected.get(currency, {}).get(pocket, 0) for pocket in POCKETS}
        for currency in found
    }
    return whole, found


def of_delivery(delivery: Doc) -> Doc:
    """A delivery in the form in which scenarios speak of it: attempts are a count."""
    tries = delivery.get("attempts", [])
    return {**delivery, "tries": tries, "attempts": len(tries)}


def in_order(
    expected: Sequence[Any], found: Sequence[Doc], *, exactly: bool
) -> int | list[Difference]:
    """How many of what was found are used up by what was expected, in that order; or the
    differences.

    Others may stand between, unless it has to be `exactly` that.
    """
    at = 0
    for index, wanted in enumerate(expected):
        like = {"type": wanted} if isinstance(wanted, str) else wanted
        here = at
        while here < len(found) and not matches(like, found[here]):
            if exactly:
                break
            here += 1
        if here >= len(found) or not matches(like, found[here]):
            return [_gone(index, wanted, found[at:])]
        at = here + 1
    if exactly and at < len(found):
        return [Difference("", "nothing more", _types(found[at:]))]
    return at


def _gone(index: int, wanted: Any, rest: Sequence[Doc]) -> Difference:
    return Difference(f"[{index}]", str(wanted), _types(rest) or "nothing more", (index,))


def _types(found: Sequence[Doc]) -> str:
    listed = ", ".join(str(each.get("type", each.get("id", "?"))) for each in found[:_SHOWN])
    return f"{listed} …" if len(found) > _SHOWN else listed
