"""The table of contents. A resource exists when it is listed here."""

from __future__ import annotations

from typing import Final

from emulator.kit import BALANCE_TRANSACTIONS, Resource
from emulator.kit.resource import Handler
from emulator.resources.accounts import ACCOUNTS, found_platform
from emulator.resources.customers import CUSTOMERS
from emulator.resources.events import EVENTS
from emulator.resources.webhook_endpoints import WEBHOOK_ENDPOINTS

_ALL: Final[tuple[Resource, ...]] = (ACCOUNTS, BALANCE_TRANSACTIONS, CUSTOMERS, EVENTS, WEBHOOK_ENDPOINTS)

RESOURCES: Final[dict[str, Resource]] = {resource.name: resource for resource in _ALL}
OPERATIONS: Final[dict[str, Handler]] = {
    key: run for resource in _ALL for key, run in resource.operations.items()
}
PUBLISHABLE: Final[frozenset[str]] = frozenset(
    key for resource in _ALL for key in resource.publishable
)

__all__ = ["OPERATIONS", "PUBLISHABLE", "RESOURCES", "found_platform"]
