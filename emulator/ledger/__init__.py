"""Double entry: pockets, moves, entries, and the book that keeps them."""

from emulator.ledger.book import Book
from emulator.ledger.kinds import KINDS, OWN, own_kind
from emulator.ledger.moves import (
    BANK,
    CARD_NETWORK,
    EARLY,
    EXCHANGE,
    RISK,
    SOURCE_TYPES,
    STRIPE,
    STRIPE_FEES,
    Entry,
    Line,
    Move,
    balance_of,
    cash_of,
    reserve_of,
    risk_of,
)

__all__ = [
    "BANK", "CARD_NETWORK", "EARLY", "EXCHANGE", "KINDS", "OWN", "RISK", "SOURCE_TYPES", "STRIPE",
    "STRIPE_FEES", "Book", "Entry", "Line", "Move", "balance_of", "cash_of", "own_kind",
    "reserve_of", "risk_of",
]  # fmt: skip
