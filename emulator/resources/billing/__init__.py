"""Billing: what is sold, and what customers owe for it again and again.

The table of contents; `resources/__init__.py` takes it over.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.billing import catalogue
from emulator.resources.billing.coupons import COUPONS
from emulator.resources.billing.discounts import DISCOUNTS
from emulator.resources.billing.plans import PLANS
from emulator.resources.billing.prices import PRICES
from emulator.resources.billing.products import PRODUCTS
from emulator.resources.billing.promotion_codes import PROMOTION_CODES
from emulator.resources.billing.tax_rates import TAX_RATES

# Modules that say what some of these resources do; importing them is what declares it.
DEEDS: Final = (catalogue,)

BILLING: Final[tuple[Resource, ...]] = (
    COUPONS,
    DISCOUNTS,
    PLANS,
    PRICES,
    PRODUCTS,
    PROMOTION_CODES,
    TAX_RATES,
)
