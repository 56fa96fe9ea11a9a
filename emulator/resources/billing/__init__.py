"""Billing: what is sold, and what customers owe for it again and again.

The table of contents; `resources/__init__.py` takes it over.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.billing import (
    advancing,
    catalogue,
    changing,
    ending,
    following,
    granting,
    invoicing,
    line_changes,
    metering,
    previewing,
    renewing,
    resting,
    schedules,
    subscribing,
    subscription_items,
)
from emulator.resources.billing.alerts import ALERTS
from emulator.resources.billing.clocks import CLOCKS
from emulator.resources.billing.coupons import COUPONS
from emulator.resources.billing.credit_grants import GRANTS
from emulator.resources.billing.credit_notes import CREDIT_LINES, CREDIT_NOTES
from emulator.resources.billing.crediting import SUMMARIES as CREDIT_SUMMARIES
from emulator.resources.billing.crediting import TRANSACTIONS as CREDIT_TRANSACTIONS
from emulator.resources.billing.customer_balance import BALANCE_CHANGES
from emulator.resources.billing.discounts import DISCOUNTS
from emulator.resources.billing.entitlements import ENTITLEMENTS
from emulator.resources.billing.features import FEATURES, PRODUCT_FEATURES
from emulator.resources.billing.invoice_items import INVOICE_ITEMS
from emulator.resources.billing.invoice_payments import INVOICE_PAYMENTS
from emulator.resources.billing.invoices import INVOICES
from emulator.resources.billing.lines import LINES
from emulator.resources.billing.meters import METER_EVENTS, METERS, SUMMARIES
from emulator.resources.billing.plans import PLANS
from emulator.resources.billing.prices import PRICES
from emulator.resources.billing.products import PRODUCTS
from emulator.resources.billing.promotion_codes import PROMOTION_CODES
from emulator.resources.billing.schedules import SCHEDULES
from emulator.resources.billing.subscriptions import ITEMS, SUBSCRIPTIONS
from emulator.resources.billing.tax_ids import TAX_IDS
from emulator.resources.billing.tax_rates import TAX_RATES
from emulator.resources.billing.usage_records import SUMMARIES as USAGE_SUMMARIES
from emulator.resources.billing.usage_records import USAGE_RECORDS

# Modules that say what some of these resources do; importing them is what declares it.
DEEDS: Final = (
    advancing,
    catalogue,
    changing,
    ending,
    following,
    granting,
    invoicing,
    line_changes,
    metering,
    previewing,
    renewing,
    resting,
    schedules,
    subscribing,
    subscription_items,
)

BILLING: Final[tuple[Resource, ...]] = (
    ALERTS,
    BALANCE_CHANGES,
    CLOCKS,
    COUPONS,
    CREDIT_LINES,
    CREDIT_NOTES,
    CREDIT_SUMMARIES,
    CREDIT_TRANSACTIONS,
    DISCOUNTS,
    ENTITLEMENTS,
    FEATURES,
    GRANTS,
    INVOICES,
    INVOICE_ITEMS,
    INVOICE_PAYMENTS,
    ITEMS,
    LINES,
    METERS,
    METER_EVENTS,
    USAGE_RECORDS,
    USAGE_SUMMARIES,
    PLANS,
    PRICES,
    PRODUCTS,
    PRODUCT_FEATURES,
    PROMOTION_CODES,
    SCHEDULES,
    SUBSCRIPTIONS,
    SUMMARIES,
    TAX_IDS,
    TAX_RATES,
)
