"""What customers used, counted from what a platform tells.

Read `meters`, `core_meter_events` (the same for /v2), `alerts`; `usage_records` are the older way.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.usage import (  # noqa: F401 - importing it declares what it does
    core_meter_events,
)
from emulator.resources.usage.alerts import ALERTS
from emulator.resources.usage.meters import METER_EVENTS, METERS, SUMMARIES
from emulator.resources.usage.usage_records import SUMMARIES as USAGE_SUMMARIES
from emulator.resources.usage.usage_records import USAGE_RECORDS

RESOURCES: Final[tuple[Resource, ...]] = (
    ALERTS,
    METERS,
    METER_EVENTS,
    SUMMARIES,
    USAGE_RECORDS,
    USAGE_SUMMARIES,
)
