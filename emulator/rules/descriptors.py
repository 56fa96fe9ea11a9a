"""What a cardholder reads on the statement: prefix, `* `, suffix, in 22 capital letters."""

from __future__ import annotations

import re
from typing import Final

from emulator.kernel.errors import cards as errors

LIMIT: Final = 22
SHORTEST: Final = 5
PREFIX_LIMIT: Final = 10
_FORBIDDEN: Final = frozenset("<>\\'\"*")
_SUFFIX: Final = "statement_descriptor_suffix"
_LETTER: Final = re.compile("[A-Za-z]")


def shortened(descriptor: str) -> str:
    """The prefix Stripe makes of a descriptor: its first ten characters (observed)."""
    return descriptor.upper()[:PREFIX_LIMIT].rstrip()


def calculated(
    descriptor: str,
    prefix: str | None = None,
    *,
    suffix: str | None = None,
    given: str | None = None,
) -> str:
    """`calculated_statement_descriptor` of a card charge.

    descriptor, prefix: the settings of the account that is merchant of record. suffix, given: the
    payment's `statement_descriptor_suffix` and `statement_descriptor`; the suffix goes first.
    """
    composed = f"{prefix or shortened(descriptor)}* {suffix}"
    text = composed if suffix else given or descriptor
    return text.upper()[:LIMIT].rstrip()


def check(text: str, param: str = "statement_descriptor", *, least: int = SHORTEST) -> None:
    """Refuse a descriptor too long or short, with characters networks forbid, or no letter."""
    if len(text) > LIMIT:
        raise errors.statement_descriptor_too_long(text, param)
    if len(text) < least:
        raise errors.statement_descriptor_too_short(param)
    if _FORBIDDEN & set(text):
        raise errors.statement_descriptor_characters(param)
    if not _LETTER.search(text):
        raise errors.statement_descriptor_letter(param)


def check_suffix(text: str) -> None:
    """Refuse a suffix with forbidden characters or above the limit; digits alone are fine.

    Whatever does not fit behind the prefix is cut off, not refused (observed).
    """
    if len(text) > LIMIT:
        raise errors.statement_descriptor_too_long(text, _SUFFIX)
    if _FORBIDDEN & set(text):
        raise errors.statement_descriptor_characters(_SUFFIX)
