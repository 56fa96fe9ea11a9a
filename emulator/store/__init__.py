"""Documents, indexes, counters, rollback and forks. Knows nothing of Stripe; alone in knowing
TinyDB.
"""

from emulator.store.store import Entry, Store

__all__ = ["Entry", "Store"]
