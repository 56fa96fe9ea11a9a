"""Billing: how subscriptions begin, go from period to period, change and end.

Read `creating` (how one begins; `terms`, `charging_beginnings`, `pending_setups`), `renewing`,
`thresholds` (billed sooner), `statuses` (paid or unpaid). What clients do: `changing`
(`pending_updates` wait), `subscription_items`, `pausing`, `ending`; `previewing` (and
`previewing_schedules`) does it without doing it. What a subscription will be: `schedules` and their
`phases`. Test clocks go by `advancing`; customers, with all that hangs on them, by
`customer_changes`. What the invoices say stands in `subscription_invoices/`.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.billing import (  # noqa: F401 - importing them declares what they do
    advancing,
    changing,
    creating,
    customer_changes,
    ending,
    pausing,
    pending_updates,
    previewing,
    renewing,
    statuses,
    subscription_items,
    thresholds,
)
from emulator.resources.billing.schedules import SCHEDULES

RESOURCES: Final[tuple[Resource, ...]] = (SCHEDULES,)
