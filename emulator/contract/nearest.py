"""Which known name an unknown one was meant to be.

Stripe's hints follow the usual spelling correction of Ruby programs: names that start alike are
considered, those a few edits away are preferred. Checked against the hints on record.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

_LONGEST = 100


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The best of `known` for `name`, or None when nothing is like it."""
    if len(name) > _LONGEST:
        return None
    least = 0.834 if len(name) > 3 else 0.77
    alike = sorted(
        (other for other in known if likeness(name, other) >= least),
        key=lambda other: (-likeness(name, other), other),
    )
    few = ceil(len(name) * 0.25)
    for other in alike:
        if edits(name, other) <= few:
            return other
    return next((other for other in alike if edits(name, other) < min(len(name), len(other))), None)


def likeness(one: str, two: str) -> float:
    """Jaro-Winkler: 1 for equal texts, more for a common beginning."""
    shorter, longer = sorted((one, two), key=len)
    pairs = _common(shorter, longer)
    if not pairs:
        return 0.0
    swapped = sum(a != b for a, b in zip(*_in_order(shorter, longer, pairs), strict=True)) // 2
    count = len(pairs)
    jaro = (count / len(one) + count / len(two) + (count - swapped) / count) / 3
    start = 0
    while start < min(4, len(shorter)) and shorter[start] == longer[start]:
        start += 1
    return jaro + start * 0.1 * (1 - jaro)


def _common(shorter: str, longer: str) -> list[tuple[int, int]]:
    """Positions of equal characters that stand close enough to each other."""
    reach = max(len(longer) // 2 - 1, 0)
    taken: set[int] = set()
    pairs = []
    for i, character in enumerate(shorter):
        for j in range(max(0, i - reach), min(len(longer), i + reach + 1)):
            if j not in taken and longer[j] == character:
                taken.add(j)
                pairs.append((i, j))
                break
    return pairs


def _in_order(shorter: str, longer: str, pairs: list[tuple[int, int]]) -> tuple[str, str]:
    left = "".join(shorter[i] for i, _ in pairs)
    right = "".join(longer[j] for j in sorted(j for _, j in pairs))
    return left, right


def edits(one: str, two: str) -> int:
    """Levenshtein: how many characters to add, drop or change."""
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        above, row[0] = row[0], i
        for j, b in enumerate(two, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (a != b))
    return row[-1]
