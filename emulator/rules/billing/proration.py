"""How much of what was charged for a period falls on the rest of it: by the second (documented),
halves rounded up, credits like charges (assumed).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from emulator.kernel.currency import share


@dataclass(frozen=True, slots=True)
class Cost:
    """What something costs, in minor units, before discounts. own, shared: what discounts of the
    item alone and of the whole subscription take off, by discount.
    """

    amount: int
    own: Mapping[str, int] = field(default_factory=dict)
    shared: Mapping[str, int] = field(default_factory=dict)

    @property
    def net(self) -> int:
        """After the discounts."""
        return self.amount - sum(self.own.values()) - sum(self.shared.values())

    def rest(self, begin: int, end: int, when: int) -> Cost:
        """What of it falls on what is left of a period at an instant. The net is rounded once;
        what discounts take off makes up the difference to the whole, the last of them the cent.
        """
        amount, net = rest(self.amount, begin, end, when), rest(self.net, begin, end, when)
        off = amount - net
        parts = [*self.own.items(), *self.shared.items()]
        found: dict[str, int] = {}
        for at, (id_, part) in enumerate(parts):
            last = at == len(parts) - 1
            found[id_] = off if last else rest(part, begin, end, when)
            off -= found[id_]
        own = {id_: found[id_] for id_ in self.own}
        return Cost(amount, own, {id_: found[id_] for id_ in self.shared})

    def back(self) -> Cost:
        """The same, given back."""
        own = {id_: -amount for id_, amount in self.own.items()}
        return Cost(-self.amount, own, {id_: -amount for id_, amount in self.shared.items()})


def rest(amount: int, begin: int, end: int, when: int) -> int:
    """The share of `amount` that falls on what is left of a period at an instant."""
    left = min(max(end - when, 0), end - begin)
    return share(amount, left, end - begin)
