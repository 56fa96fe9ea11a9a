"""Documents, indexes, counters, rollback and forks. Knows nothing of Stripe; alone in knowing
TinyDB.
"""

from emulator.store.attic import ATTIC
from emulator.store.postings import Entry
from emulator.store.store import Content, Numbers, Store
from emulator.store.stretches import Stretch, any_in, joined

__all__ = ["ATTIC", "Content", "Entry", "Numbers", "Store", "Stretch", "any_in", "joined"]
