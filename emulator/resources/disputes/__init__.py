"""What a payer's bank takes back, or warns of.

Read `disputes`; `withdrawals` says how their money moves. Before them come
`early_fraud_warnings`.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.disputes.disputes import DISPUTES
from emulator.resources.disputes.early_fraud_warnings import WARNINGS

RESOURCES: Final[tuple[Resource, ...]] = (DISPUTES, WARNINGS)
