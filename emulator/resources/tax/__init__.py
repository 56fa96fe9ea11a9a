"""Stripe Tax: where an account collects tax, and what it comes to.

Read `settings`, `registrations`, `assessing` (what a sale bears), then `calculations` and
`transactions` for platforms that make their own checkout. By hand: `tax_rates`. Who is known to a
tax office: `tax_ids`.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.tax import assessing  # noqa: F401 - importing it declares what it does
from emulator.resources.tax.calculations import CALCULATIONS
from emulator.resources.tax.calculations import ITEMS as CALCULATION_ITEMS
from emulator.resources.tax.registrations import REGISTRATIONS
from emulator.resources.tax.settings import TAX_SETTINGS
from emulator.resources.tax.tax_ids import TAX_IDS
from emulator.resources.tax.tax_rates import TAX_RATES
from emulator.resources.tax.transactions import ITEMS as TRANSACTION_ITEMS
from emulator.resources.tax.transactions import TRANSACTIONS

RESOURCES: Final[tuple[Resource, ...]] = (
    CALCULATIONS,
    CALCULATION_ITEMS,
    REGISTRATIONS,
    TAX_IDS,
    TAX_RATES,
    TAX_SETTINGS,
    TRANSACTIONS,
    TRANSACTION_ITEMS,
)
