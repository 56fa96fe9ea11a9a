"""What a payer's bank takes back.

Read `disputes`; `withdrawals` says how their money moves.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.disputes.disputes import DISPUTES, WARNINGS

RESOURCES: Final[tuple[Resource, ...]] = (DISPUTES, WARNINGS)
