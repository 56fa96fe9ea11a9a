"""The table of contents. A resource exists when its subject's folder lists it.

Files named for things declare resources; files named for deeds (`confirming`) hold what such a
resource does where that is a subject of its own, and what several of them share. Each folder says
in its `__init__.py` what to read first. Folders import from those below them only:

- `stored`: everything that no other folder models, served from the contract alone
- `terminal`: payments in person: readers, and the cards that are held to them
- `checkout`: what a customer of a store sees: Checkout, payment links, quotes, the portal
- `billing`: how subscriptions begin, go from period to period, change and end
- `subscription_invoices`: what their invoices say: periods, usage, prorations
- `invoices`: what a customer owes, and how it is paid
- `usage`: meters and what they count
- `subscriptions`: what a customer has agreed to pay again and again
- `tax`: what tax a sale bears, tax ids and rates
- `products`: what is sold: products, prices, plans, coupons, shipping rates
- `balances`: what an account holds, payouts and top-ups
- `refunds`: what is given back to a payer
- `disputes`: what a payer's bank takes back, or warns of
- `setups`: setup intents: getting ready to charge somebody later
- `payments`: payment intents, and how charges are made
- `transfers`: between accounts: transfers and application fees; reserves
- `charges`: what was taken from a payer
- `core`: connected accounts as /v2 sees them
- `accounts`: connected accounts, their persons, capabilities, external accounts, onboarding
- `payment_methods`: what customers pay with, tokens and sources included
- `customers`: who pays
- `events`: what is told, and to whom
- `files`: what is uploaded, and papers
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.kit.resource import Handler
from emulator.resources import (
    accounts,
    balances,
    billing,
    charges,
    checkout,
    core,
    customers,
    disputes,
    events,
    files,
    invoices,
    payment_methods,
    payments,
    products,
    refunds,
    setups,
    subscriptions,
    tax,
    terminal,
    transfers,
    usage,
)
from emulator.resources.accounts.accounts import found_platform
from emulator.resources.files.papers import Content
from emulator.resources.stored import Stored

_ALL: Final[tuple[Resource, ...]] = (
    *accounts.RESOURCES,
    *balances.RESOURCES,
    *billing.RESOURCES,
    *charges.RESOURCES,
    *checkout.RESOURCES,
    *core.RESOURCES,
    *customers.RESOURCES,
    *disputes.RESOURCES,
    *events.RESOURCES,
    *files.RESOURCES,
    *invoices.RESOURCES,
    *payment_methods.RESOURCES,
    *payments.RESOURCES,
    *products.RESOURCES,
    *refunds.RESOURCES,
    *setups.RESOURCES,
    *subscriptions.RESOURCES,
    *tax.RESOURCES,
    *terminal.RESOURCES,
    *transfers.RESOURCES,
    *usage.RESOURCES,
)

RESOURCES: Final[dict[str, Resource]] = {resource.name: resource for resource in _ALL}

OPERATIONS: Final[dict[str, Handler]] = {
    key: run for resource in _ALL for key, run in resource.operations.items()
}
PUBLISHABLE: Final[frozenset[str]] = frozenset(
    key for resource in _ALL for key in resource.publishable
)

# What none of them models is served from the contract.
STORED: Final = Stored(RESOURCES)

__all__ = ["OPERATIONS", "PUBLISHABLE", "RESOURCES", "STORED", "Content", "found_platform"]
