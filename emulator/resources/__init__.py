"""The table of contents. A resource exists when it is listed here.

Files named for things declare resources; files named for deeds (`confirming`) hold what such a
resource does where that is a subject of its own, and what several of them share. By subject:

- connected accounts: accounts account_documents account_links account_profile account_sessions
  account_standing account_state browser_tokens capabilities connections country_specs
  external_accounts imposing login_links onboarding persons; as /v2 sees them: core_account_links
  core_accounts core_persons core_tokens
- customers, and what they pay with: customers customer_changes customer_sources attaching
  bank_accounts cards cash cash_balances debited dressing instruments mandates method_details
  payment_methods sources tokens confirmation_tokens
- a payment, from wish to money: payment_intents offering confirming approving challenges
  authenticating verifying payments limits charges charging capturing portions settling clearing
  telling releasing; setup_intents setting_up setup_attempts
  method_configurations
- what becomes of it: refunds giving_back waiting_refunds disputes withdrawals reviews
- between accounts: transfers receiving application_fees
- balances, in and out: balances balance_settings balance_transactions reserves sweeping payouts
  topups
- what is sold: quotes, and the folders `billing` and `checkout`
- what tax it bears: tax_calculations tax_transactions, and the folder `tax`
- telling, and being let in: events webhook_endpoints core_events event_destinations
  ephemeral_keys files file_links; papers: documents
- everything else, served from the contract alone: the folder `stored`
"""

from __future__ import annotations

from typing import Final

from emulator.kit import BALANCE_TRANSACTIONS, CORE_EVENTS, Resource, searches
from emulator.kit.resource import Handler
from emulator.resources import (
    attaching,
    authenticating,
    balance_transactions,
    capturing,
    charging,
    clearing,
    confirming,
    customer_changes,
    customer_sources,
    refunds,
    releasing,
    setting_up,
    sources,
    sweeping,
    verifying,
)
from emulator.resources.account_links import ACCOUNT_LINKS
from emulator.resources.account_sessions import ACCOUNT_SESSIONS
from emulator.resources.account_state import EXTERNAL_ACCOUNTS, PERSONS
from emulator.resources.accounts import ACCOUNTS, found_platform
from emulator.resources.application_fees import APPLICATION_FEES, FEE_REFUNDS
from emulator.resources.balance_settings import BALANCE_SETTINGS
from emulator.resources.balances import BALANCES
from emulator.resources.bank_accounts import BANK_ACCOUNTS
from emulator.resources.billing import BILLING
from emulator.resources.capabilities import CAPABILITIES
from emulator.resources.cards import CARDS
from emulator.resources.cash import CASH_TRANSACTIONS
from emulator.resources.cash_balances import CASH_BALANCES
from emulator.resources.charges import CHARGES, REFUNDS
from emulator.resources.checkout import CHECKOUT
from emulator.resources.confirmation_tokens import CONFIRMATION_TOKENS
from emulator.resources.core_account_links import CORE_ACCOUNT_LINKS
from emulator.resources.core_accounts import CORE_ACCOUNTS
from emulator.resources.core_persons import CORE_PERSONS
from emulator.resources.core_tokens import ACCOUNT_TOKENS, PERSON_TOKENS
from emulator.resources.country_specs import COUNTRY_SPECS
from emulator.resources.customers import CUSTOMERS
from emulator.resources.disputes import DISPUTES, WARNINGS
from emulator.resources.documents import Content
from emulator.resources.dressing import SOURCES
from emulator.resources.ephemeral_keys import EPHEMERAL_KEYS
from emulator.resources.event_destinations import EVENT_DESTINATIONS
from emulator.resources.events import EVENTS
from emulator.resources.file_links import FILE_LINKS
from emulator.resources.files import FILES
from emulator.resources.login_links import LOGIN_LINKS
from emulator.resources.mandates import MANDATES
from emulator.resources.method_configurations import CONFIGURATIONS
from emulator.resources.payment_intents import PAYMENT_INTENTS
from emulator.resources.payment_methods import PAYMENT_METHODS
from emulator.resources.payouts import PAYOUTS
from emulator.resources.quotes import QUOTES
from emulator.resources.reserves import RESERVE_HOLDS, RESERVE_PLANS, RESERVE_RELEASES
from emulator.resources.reviews import REVIEWS
from emulator.resources.setup_attempts import SETUP_ATTEMPTS
from emulator.resources.setup_intents import SETUP_INTENTS
from emulator.resources.stored import Stored
from emulator.resources.tax import TAX
from emulator.resources.tax_calculations import CALCULATIONS
from emulator.resources.tax_calculations import ITEMS as CALCULATION_ITEMS
from emulator.resources.tax_transactions import ITEMS as TRANSACTION_ITEMS
from emulator.resources.tax_transactions import TRANSACTIONS
from emulator.resources.tokens import TOKENS
from emulator.resources.topups import TOPUPS
from emulator.resources.transfers import REVERSALS, TRANSFERS
from emulator.resources.webhook_endpoints import WEBHOOK_ENDPOINTS

# Modules that say what some of these resources do; importing them is what declares it.
DEEDS: Final = (
    attaching,
    authenticating,
    balance_transactions,
    capturing,
    charging,
    clearing,
    confirming,
    customer_changes,
    customer_sources,
    refunds,
    releasing,
    setting_up,
    sources,
    sweeping,
    verifying,
)

_ALL: Final[tuple[Resource, ...]] = (
    ACCOUNTS,
    ACCOUNT_LINKS,
    ACCOUNT_SESSIONS,
    ACCOUNT_TOKENS,
    APPLICATION_FEES,
    BALANCES,
    BALANCE_SETTINGS,
    BALANCE_TRANSACTIONS,
    BANK_ACCOUNTS,
    *BILLING,
    CALCULATIONS,
    CALCULATION_ITEMS,
    *CHECKOUT,
    CAPABILITIES,
    CARDS,
    CASH_BALANCES,
    CASH_TRANSACTIONS,
    CHARGES,
    CONFIRMATION_TOKENS,
    CORE_ACCOUNTS,
    CORE_ACCOUNT_LINKS,
    CORE_EVENTS,
    CORE_PERSONS,
    COUNTRY_SPECS,
    CUSTOMERS,
    DISPUTES,
    EPHEMERAL_KEYS,
    EVENTS,
    EVENT_DESTINATIONS,
    EXTERNAL_ACCOUNTS,
    FEE_REFUNDS,
    FILES,
    FILE_LINKS,
    MANDATES,
    CONFIGURATIONS,
    LOGIN_LINKS,
    PAYMENT_INTENTS,
    PAYMENT_METHODS,
    PAYOUTS,
    PERSONS,
    PERSON_TOKENS,
    QUOTES,
    REFUNDS,
    RESERVE_HOLDS,
    RESERVE_PLANS,
    RESERVE_RELEASES,
    REVERSALS,
    REVIEWS,
    SETUP_ATTEMPTS,
    SETUP_INTENTS,
    SOURCES,
    *TAX,
    TOKENS,
    TOPUPS,
    TRANSACTIONS,
    TRANSACTION_ITEMS,
    TRANSFERS,
    WARNINGS,
    WEBHOOK_ENDPOINTS,
)

RESOURCES: Final[dict[str, Resource]] = {resource.name: resource for resource in _ALL}
for _name in (
    "charge",
    "customer",
    "invoice",
    "payment_intent",
    "price",
    "product",
    "subscription",
):
    searches(RESOURCES[_name], f"GET /v1/{_name}s/search")

OPERATIONS: Final[dict[str, Handler]] = {
    key: run for resource in _ALL for key, run in resource.operations.items()
}
PUBLISHABLE: Final[frozenset[str]] = frozenset(
    key for resource in _ALL for key in resource.publishable
)

# What none of them models is served from the contract.
STORED: Final = Stored(RESOURCES)

__all__ = ["OPERATIONS", "PUBLISHABLE", "RESOURCES", "STORED", "Content", "found_platform"]
