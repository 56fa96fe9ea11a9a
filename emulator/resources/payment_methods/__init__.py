"""What customers pay with.

Read `instruments` (a card or a bank account, and what is kept of it), `payment_methods`, `details`
(what each type says of itself), `attaching` (made, saved to a customer, let go), `mandates`. Which
ones a payment takes: `configurations`, `method_types`. Sent by a browser: `tokens`,
`confirmation_tokens`. The older ways: `cards`, `bank_accounts` and `sources`, which
`customer_sources` hangs on a customer and `legacy` shows as payment methods; `debited_accounts` are
bank accounts as both show them. `presented`: cards that are held to a reader.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.payment_methods import (  # noqa: F401 - importing declares what they do
    attaching,
    customer_sources,
)
from emulator.resources.payment_methods.bank_accounts import BANK_ACCOUNTS
from emulator.resources.payment_methods.cards import CARDS
from emulator.resources.payment_methods.configurations import CONFIGURATIONS
from emulator.resources.payment_methods.confirmation_tokens import CONFIRMATION_TOKENS
from emulator.resources.payment_methods.mandates import MANDATES
from emulator.resources.payment_methods.payment_methods import PAYMENT_METHODS
from emulator.resources.payment_methods.sources import SOURCES
from emulator.resources.payment_methods.tokens import TOKENS

RESOURCES: Final[tuple[Resource, ...]] = (
    BANK_ACCOUNTS,
    CARDS,
    CONFIGURATIONS,
    CONFIRMATION_TOKENS,
    MANDATES,
    PAYMENT_METHODS,
    SOURCES,
    TOKENS,
)
