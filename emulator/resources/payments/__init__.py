"""A payment, from the wish to the money.

Read `payment_intents`, `confirming` (how one moves on), `authorising` (one attempt to charge),
`settling` (how the money moves). What stands in between: `limits`, `next_actions` (what the
customer has to do), `three_d_secure`, `authenticating` (what the customer does), `microdeposits`,
`notifying` (what an Indian card's holder hears), `reviews`. What comes later: `capturing`,
`async_capture`, `clearing`, `releasing`. Without an intent: `legacy_charges`; from what a customer
has sent by bank: `cash_balances`.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.payments import (  # noqa: F401 - importing them declares what they do
    authenticating,
    capturing,
    clearing,
    confirming,
    legacy_charges,
    microdeposits,
    releasing,
)
from emulator.resources.payments.cash_balances import CASH_BALANCES
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.resources.payments.reviews import REVIEWS

RESOURCES: Final[tuple[Resource, ...]] = (CASH_BALANCES, PAYMENT_INTENTS, REVIEWS)
