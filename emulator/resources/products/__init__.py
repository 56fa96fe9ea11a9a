"""What is sold, and for how much.

Read `products`, `prices` and their older view, `plans`, and `product_changes` (how products are
made with their prices); `features` are what a product lets its buyers do. What is taken off:
`coupons`, `promotion_codes`, `discounts`. What sending costs: `shipping_rates`.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.products import (  # noqa: F401 - importing it declares what it does
    product_changes,
)
from emulator.resources.products.coupons import COUPONS
from emulator.resources.products.discounts import DISCOUNTS
from emulator.resources.products.features import FEATURES, PRODUCT_FEATURES
from emulator.resources.products.plans import PLANS
from emulator.resources.products.prices import PRICES
from emulator.resources.products.products import PRODUCTS
from emulator.resources.products.promotion_codes import PROMOTION_CODES
from emulator.resources.products.shipping_rates import SHIPPING_RATES

RESOURCES: Final[tuple[Resource, ...]] = (
    COUPONS,
    DISCOUNTS,
    FEATURES,
    PLANS,
    PRICES,
    PRODUCTS,
    PRODUCT_FEATURES,
    PROMOTION_CODES,
    SHIPPING_RATES,
)
