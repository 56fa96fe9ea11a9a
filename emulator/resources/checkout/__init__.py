"""What a customer of a store sees: Checkout, payment links, quotes, the portal.

A session: `sessions`, `items` (what is sold), `opening` (how one is made; `customers`, `intents`),
`completing` (what its page does; `subscribing`), `hosted_page` (the page as a browser asks for it).
`payment_links` open sessions; `quotes` say what it would cost; the `portal` is where customers look
after what they have, `portal_flows` the deep links into it.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.checkout import (  # noqa: F401 - importing them declares what they do
    completing,
    hosted_page,
    opening,
)
from emulator.resources.checkout.items import ITEMS
from emulator.resources.checkout.payment_links import PAYMENT_LINKS
from emulator.resources.checkout.portal import CONFIGURATIONS, PORTAL_SESSIONS
from emulator.resources.checkout.quotes import QUOTES
from emulator.resources.checkout.sessions import SESSIONS

RESOURCES: Final[tuple[Resource, ...]] = (
    CONFIGURATIONS,
    ITEMS,
    PAYMENT_LINKS,
    PORTAL_SESSIONS,
    QUOTES,
    SESSIONS,
)
