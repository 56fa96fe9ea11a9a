"""Billing: how subscriptions begin, are billed from period to period, change and end.

Read `subscribing` (how one begins; `pending_setups`), `charging_periods` (what its invoices say),
`renewing`, `following` (paid or unpaid). What clients do: `changing`, `prorating`,
`subscription_items`, `resting`, `ending`; `previewing` does it without doing it. What a
subscription will be: `schedules` and their `phases`. Test clocks go by `advancing`; customers, with
all that hangs on them, by `customer_changes`.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.billing import (
    advancing,
    changing,
    customer_changes,
    ending,
    following,
    previewing,
    renewing,
    resting,
    subscribing,
    subscription_items,
)
from emulator.resources.billing.schedules import SCHEDULES

# Modules that say what some of these resources do; importing them is what declares it.
DEEDS: Final = (
    advancing,
    changing,
    customer_changes,
    ending,
    following,
    previewing,
    renewing,
    resting,
    subscribing,
    subscription_items,
)

RESOURCES: Final[tuple[Resource, ...]] = (SCHEDULES,)
