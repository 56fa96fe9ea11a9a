"""What the fuzzer has learned: ids of objects that answers showed, and words worth trying."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from emulator.contract import Operation
from emulator.contract.openapi.links import owners, references
from emulator.resources.stored import facts

_MOST: Final = 4
_DEEPEST: Final = 4
WORDS: Final[Mapping[str, Sequence[str]]] = {
    "account_number": ["000123456789", "000999999992"],
    "country": ["US", "GB", "MX"],
    "email": ["jenny@example.com"],
    "id_number": ["000000000", "222222222"],
    "ip": ["203.0.113.7", "1"],
    "mcc": ["5734", "1"],
    "payment_method": ["pm_card_visa", "pm_card_chargeDeclined"],
    "phone": ["0000000000", "+14155550123"],
    "postal_code": ["94107", "!"],
    "query": ['metadata["k"]:"v"', "created>0", 'status:"open" OR status:"paid"', "-", "a:b"],
    "routing_number": ["110000000", "1"],
    "source": ["tok_visa", "tok_chargeDeclined"],
    "state": ["CA", "XX"],
    "success_url": ["https://shop.example.com"],
    "token": ["tok_visa", "btok_us_verified"],
    "url": ["https://shop.example.com", "http://["],
}


class Pool:
    """The newest ids of each kind of object, and the ids that are gone."""

    def __init__(self) -> None:
        self._ids: dict[str, list[str]] = defaultdict(list)
        self.gone: set[str] = set()

    def learn(self, body: Any) -> None:
        """Note every object that an answer shows."""
        for found in _objects(body, _DEEPEST):
            id_, name = found["id"], found["object"]
            if found.get("deleted"):
                self.gone.add(id_)
            known = self._ids[name]
            if id_ in known:
                known.remove(id_)
            if not found.get("deleted"):
                known.append(id_)
                del known[:-_MOST]

    def known(self, operation: Operation) -> dict[str, Sequence[str]]:
        """Values for what the operation takes, by name."""
        found: dict[str, Sequence[str]] = dict(WORDS)
        named = dict(references(operation.key))
        named |= {place: (name,) for place, name in owners(operation)}
        for name, targets in named.items():
            ids = [id_ for target in targets for id_ in self._ids.get(target, ())]
            if ids:
                found[name] = [*found.get(name, ()), *ids]
        followed = facts.of(operation.returns).get("follows", {})
        for name, told in followed.items():
            if self._ids.get(told["object"]):
                found[name] = list(self._ids[told["object"]])
        if self._ids.get("customer"):
            found.setdefault("customer", list(self._ids["customer"]))
        return found


def _objects(value: Any, left: int) -> Iterator[dict[str, Any]]:
    """Objects with an id, inside out."""
    if left == 0:
        return
    if isinstance(value, dict):
        for inner in value.values():
            yield from _objects(inner, left - 1)
        if isinstance(value.get("id"), str) and isinstance(value.get("object"), str):
            yield value
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner, left - 1)
