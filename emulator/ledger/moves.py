"""What can be written into the book: pockets, moves between them, and entries of moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from emulator.ledger.kinds import KINDS, Shown

CARD_NETWORK: Final = "outside/card_network"
BANK: Final = "outside/bank"
EXCHANGE: Final = "outside/exchange"
STRIPE_FEES: Final = "stripe/fees"
# Where money passes through that becomes available before its day, or after it.
EARLY: Final = "stripe/early"
# What Stripe gives and takes of its own accord.
STRIPE: Final = "stripe/own"
RISK: Final = "risk_reserved"


SOURCE_TYPES: Final = ("card", "bank_account", "fpx")


def balance_of(account: str, source_type: str = "card") -> str:
    """The pocket that GET /v1/balance reports for an account: one for what cards and most others
    brought, one more for each further source type.
    """
    return f"{account}/balance" if source_type == "card" else f"{account}/balance.{source_type}"


def source_type_of(pocket: str) -> str:
    """The source type of a balance's pocket; RISK for what is held back against a risk."""
    return pocket.rpartition("/")[2].partition(".")[2] or "card"


def risk_of(account: str) -> str:
    """What Stripe holds back from an account against a risk: a balance of its own."""
    return f"{account}/balance.{RISK}"


def reserve_of(account: str) -> str:
    """What Stripe holds back from a platform for the negative balances of its accounts."""
    return f"{account}/reserve"


def cash_of(account: str) -> str:
    """What customers of an account have sent and no payment is paid with yet."""
    return f"{account}/cash"


def is_outside(pocket: str) -> bool:
    """Whether a pocket lies beyond Stripe's walls, where any sum may stand, even below zero."""
    return pocket.startswith(("outside/", "stripe/"))


# Not frozen: that triples what making one costs, and every payment makes several.
@dataclass(slots=True)
class Move:
    """`amount` (> 0, minor units of `currency`) goes from `source` to `target`, because of `kind`.

    fee: None, or the type of the fee this is (stripe_fee, application_fee): then the giver sees it
    as a fee on the line of the entry that brought it money, and not as a line of its own.
    """

    kind: str
    source: str
    target: str
    amount: int
    currency: str
    fee: str | None = None
    description: str | None = None

    def __post_init__(self) -> None:
        assert self.amount > 0, "a move has a size; its direction is source -> target"
        assert self.source != self.target
        assert self.kind in KINDS, self.kind


@dataclass(slots=True)
class Entry:
    """One cause at one instant; as many moves as it takes.

    available_on: when what is given and taken counts as available; created when None.
    """

    cause: str
    created: int
    available_on: int
    moves: tuple[Move, ...]

    def __post_init__(self) -> None:
        assert self.moves


def as_document(entry: Entry) -> dict[str, Any]:
    """An entry as the book keeps it; spelled out, as serialising the dataclass takes half as long
    again.
    """
    moves = [
        {
            "kind": move.kind,
            "source": move.source,
            "target": move.target,
            "amount": move.amount,
            "currency": move.currency,
            "fee": move.fee,
            "description": move.description,
        }
        for move in entry.moves
    ]
    return {
        "cause": entry.cause,
        "created": entry.created,
        "available_on": entry.available_on,
        "moves": moves,
    }


def from_document(kept: dict[str, Any]) -> Entry:
    """The way back."""
    moves = tuple(Move(**move) for move in kept["moves"])
    return Entry(kept["cause"], kept["created"], kept["available_on"], moves)


@dataclass(slots=True)
class Line:
    """What an entry did to one balance: the raw material of one balance transaction.

    amount: signed, gross; fee: what was kept back; both in minor units of `currency`.
    """

    account: str
    kind: str
    type: str
    category: str
    currency: str
    source_type: str
    amount: int = 0
    fee: int = 0
    fee_details: list[dict[str, Any]] = field(default_factory=list)

    @property
    def net(self) -> int:
        return self.amount - self.fee


def lines(entry: Entry) -> list[Line]:
    """One line for each kind of change on each balance, in the order they were first touched."""
    found: dict[tuple[str, str, str], Line] = {}
    for move in entry.moves:
        kind = KINDS[move.kind]
        if kind.giver and not move.fee:
            _line(found, move, move.source, kind.giver).amount -= move.amount
        if kind.taker and not _is_fee_returned(move):
            _line(found, move, move.target, kind.taker).amount += move.amount
    for move in entry.moves:
        if move.fee:
            _charge_fee(found, move)
    return list(found.values())


def _line(found: dict[tuple[str, str, str], Line], move: Move, pocket: str, shown: Shown) -> Line:
    account, _, place = pocket.rpartition("/")
    assert place.startswith("balance"), f"{move.kind} shows a line on {pocket}: no balance"
    key = (pocket, move.kind, move.currency)
    line = found.get(key)
    if line is None:
        line = found[key] = Line(account, move.kind, *shown, move.currency, source_type_of(pocket))
    return line


def _is_fee_returned(move: Move) -> bool:
    """Whether Stripe gives a fee back: the taker sees it as a negative fee."""
    return bool(move.fee) and move.source == STRIPE_FEES


def _charge_fee(found: dict[tuple[str, str, str], Line], move: Move) -> None:
    back = _is_fee_returned(move)
    account = (move.target if back else move.source).rpartition("/")[0]
    amount = -move.amount if back else move.amount
    line = next(x for x in found.values() if x.account == account and x.currency == move.currency)
    line.fee += amount
    line.fee_details.append(
        {
            "amount": amount,
            "application": None,
            "currency": move.currency,
            "description": move.description,
            "type": move.fee,
        }
    )
