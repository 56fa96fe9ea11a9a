"""What a customer of a store sees: Checkout, payment links, the portal."""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.checkout import completing, opening
from emulator.resources.checkout.items import ITEMS
from emulator.resources.checkout.payment_links import PAYMENT_LINKS
from emulator.resources.checkout.portal import CONFIGURATIONS, PORTAL_SESSIONS
from emulator.resources.checkout.sessions import SESSIONS
from emulator.resources.checkout.shipping_rates import SHIPPING_RATES

CHECKOUT: Final[tuple[Resource, ...]] = (
    CONFIGURATIONS,
    ITEMS,
    PAYMENT_LINKS,
    PORTAL_SESSIONS,
    SESSIONS,
    SHIPPING_RATES,
)

# Modules that say what sessions do; importing them is what declares it.
DEEDS: Final = (completing, opening)

__all__ = ["CHECKOUT", "DEEDS"]
