"""Customers: who pays.

Read `customers` (what one is), `customer_balance` (what they have to their credit, or owe) and
`cash` (what they have sent by bank); `clocks` are a time of their own, `ephemeral_keys` let a
mobile client act for one. How customers are made and changed takes what they pay with and what they
are subscribed to, and stands in `billing/`.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.customers.cash import CASH_TRANSACTIONS
from emulator.resources.customers.clocks import CLOCKS
from emulator.resources.customers.customer_balance import BALANCE_CHANGES
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.customers.ephemeral_keys import EPHEMERAL_KEYS

RESOURCES: Final[tuple[Resource, ...]] = (
    BALANCE_CHANGES,
    CASH_TRANSACTIONS,
    CLOCKS,
    CUSTOMERS,
    EPHEMERAL_KEYS,
)
