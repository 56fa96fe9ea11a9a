"""Documents, indexes, counters, rollback and forks. Knows nothing of Stripe; alone in knowing
TinyDB.
"""

from emulator.store.postings import Entry
from emulator.store.store import Content, Numbers, Store

__all__ = ["Content", "Entry", "Numbers", "Store"]
