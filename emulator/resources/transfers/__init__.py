"""Money between accounts of one platform, and money set aside.

Read `transfers` (given), `receiving` (got), `application_fees` (kept by the platform); `reserves`
are what Stripe keeps aside of either for a while.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.transfers.application_fees import APPLICATION_FEES, FEE_REFUNDS
from emulator.resources.transfers.reserves import RESERVE_HOLDS, RESERVE_PLANS, RESERVE_RELEASES
from emulator.resources.transfers.transfers import REVERSALS, TRANSFERS

RESOURCES: Final[tuple[Resource, ...]] = (
    APPLICATION_FEES,
    FEE_REFUNDS,
    RESERVE_HOLDS,
    RESERVE_PLANS,
    RESERVE_RELEASES,
    REVERSALS,
    TRANSFERS,
)
