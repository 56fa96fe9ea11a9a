"""The table of contents. A resource exists when it is listed here."""

from __future__ import annotations

from typing import Final

from emulator.kit import BALANCE_TRANSACTIONS, Resource
from emulator.kit.resource import Handler
from emulator.resources import (
    attaching,
    confirming,
    customer_changes,
    customer_sources,
    refunds,
    releasing,
)
from emulator.resources.account_state import EXTERNAL_ACCOUNTS, PERSONS
from emulator.resources.accounts import ACCOUNTS, found_platform
from emulator.resources.application_fees import APPLICATION_FEES, FEE_REFUNDS
from emulator.resources.bank_accounts import BANK_ACCOUNTS
from emulator.resources.cards import CARDS
from emulator.resources.charges import CHARGES, REFUNDS
from emulator.resources.customers import CUSTOMERS
from emulator.resources.disputes import DISPUTES, WARNINGS
from emulator.resources.dressing import SOURCES
from emulator.resources.events import EVENTS
from emulator.resources.payment_intents import PAYMENT_INTENTS
from emulator.resources.payment_methods import PAYMENT_METHODS
from emulator.resources.tokens import TOKENS
from emulator.resources.transfers import REVERSALS, TRANSFERS
from emulator.resources.webhook_endpoints import WEBHOOK_ENDPOINTS

# Modules that say what some of these resources do; importing them is what declares it.
DEEDS: Final = (attaching, confirming, customer_changes, customer_sources, refunds, releasing)

_ALL: Final[tuple[Resource, ...]] = (
    ACCOUNTS,
    APPLICATION_FEES,
    BALANCE_TRANSACTIONS,
    BANK_ACCOUNTS,
    CARDS,
    CHARGES,
    CUSTOMERS,
    DISPUTES,
    EVENTS,
    EXTERNAL_ACCOUNTS,
    FEE_REFUNDS,
    PAYMENT_INTENTS,
    PAYMENT_METHODS,
    PERSONS,
    REFUNDS,
    REVERSALS,
    SOURCES,
    TOKENS,
    TRANSFERS,
    WARNINGS,
    WEBHOOK_ENDPOINTS,
)

RESOURCES: Final[dict[str, Resource]] = {resource.name: resource for resource in _ALL}
OPERATIONS: Final[dict[str, Handler]] = {
    key: run for resource in _ALL for key, run in resource.operations.items()
}
PUBLISHABLE: Final[frozenset[str]] = frozenset(
    key for resource in _ALL for key in resource.publishable
)

__all__ = ["OPERATIONS", "PUBLISHABLE", "RESOURCES", "found_platform"]
