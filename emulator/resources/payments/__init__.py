"""A payment, from the wish to the money.

Read `payment_intents`, `confirming` (how one moves on), `authorising` (one attempt to charge),
`settling` (how the money moves). What stands in between: `limits`, `approving`, `challenges`,
`authenticating`, `verifying`, `reviews`. What comes later: `capturing`, `async_capture`,
`clearing`, `releasing`. Without an intent: `charging`; from what a customer has sent by bank:
`cash`, `cash_balances`. To charge somebody later: `setup_intents`, `setting_up`, `setup_attempts`.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.payments import (
    authenticating,
    capturing,
    charging,
    clearing,
    confirming,
    releasing,
    setting_up,
    verifying,
)
from emulator.resources.payments.cash import CASH_TRANSACTIONS
from emulator.resources.payments.cash_balances import CASH_BALANCES
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.resources.payments.reviews import REVIEWS
from emulator.resources.payments.setup_attempts import SETUP_ATTEMPTS
from emulator.resources.payments.setup_intents import SETUP_INTENTS

# Modules that say what some of these resources do; importing them is what declares it.
DEEDS: Final = (
    authenticating,
    capturing,
    charging,
    clearing,
    confirming,
    releasing,
    setting_up,
    verifying,
)

RESOURCES: Final[tuple[Resource, ...]] = (
    CASH_BALANCES,
    CASH_TRANSACTIONS,
    PAYMENT_INTENTS,
    REVIEWS,
    SETUP_ATTEMPTS,
    SETUP_INTENTS,
)
