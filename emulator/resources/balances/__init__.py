"""What an account holds, and how it leaves and comes in.

Read `balances`, `settings`, `payouts`, `automatic_payouts` (what happens as time passes),
`topups`; `transactions` are the lines behind every balance, `exchange_rates` what they are
converted at.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import BALANCE_TRANSACTIONS, Resource
from emulator.resources.balances import (  # noqa: F401 - importing them declares what they do
    automatic_payouts,
    transactions,
)
from emulator.resources.balances.balances import BALANCES
from emulator.resources.balances.exchange_rates import EXCHANGE_RATES
from emulator.resources.balances.payouts import PAYOUTS
from emulator.resources.balances.settings import BALANCE_SETTINGS
from emulator.resources.balances.topups import TOPUPS

RESOURCES: Final[tuple[Resource, ...]] = (
    BALANCES,
    BALANCE_SETTINGS,
    BALANCE_TRANSACTIONS,
    EXCHANGE_RATES,
    PAYOUTS,
    TOPUPS,
)
