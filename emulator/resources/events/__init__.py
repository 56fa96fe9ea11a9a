"""Telling: what happened, and where somebody wants to hear of it.

Of /v1 `events` (sent again by `resending`), `webhook_endpoints` and, for Stripe's command line,
`cli_sessions`; of /v2 `core_events`, which are thin, and `event_destinations`, which hear either.
How they are delivered stands in `emulator/webhooks`.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import CORE_EVENTS, Resource
from emulator.resources.events import resending  # noqa: F401 - importing it declares what it does
from emulator.resources.events.cli_sessions import CLI_SESSIONS
from emulator.resources.events.event_destinations import EVENT_DESTINATIONS
from emulator.resources.events.events import EVENTS
from emulator.resources.events.webhook_endpoints import WEBHOOK_ENDPOINTS

RESOURCES: Final[tuple[Resource, ...]] = (
    CLI_SESSIONS,
    CORE_EVENTS,
    EVENTS,
    EVENT_DESTINATIONS,
    WEBHOOK_ENDPOINTS,
)
