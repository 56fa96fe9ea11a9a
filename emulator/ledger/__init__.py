"""Double entry: pockets, moves, entries, and the book that keeps them."""

from emulator.ledger.book import Book
from emulator.ledger.kinds import KINDS
from emulator.ledger.moves import (
    BANK,
    CARD_NETWORK,
    EARLY,
    EXCHANGE,
    SOURCE_TYPES,
    STRIPE_FEES,
    Entry,
    Line,
    Move,
    balance_of,
    cash_of,
    reserve_of,
)

__all__ = [
    "BANK", "CARD_NETWORK", "EARLY", "EXCHANGE", "KINDS", "SOURCE_TYPES", "STRIPE_FEES", "Book",
    "Entry", "Line", "Move", "balance_of", "cash_of", "reserve_of",
]  # fmt: skip
