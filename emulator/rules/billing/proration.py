"""How much of a price falls on the rest of its period: by the second, rounded half up."""

from __future__ import annotations

from emulator.kernel.currency import share


def rest(amount: int, begin: int, end: int, when: int) -> int:
    """The share of `amount` that falls on what is left of a period at an instant."""
    left = min(max(end - when, 0), end - begin)
    return share(amount, left, end - begin)
