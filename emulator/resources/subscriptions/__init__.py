"""Subscriptions: what a customer has agreed to pay, again and again.

Read `subscriptions` (what one is), `billing_modes` (how its changes are reckoned), `picking` (what
a request wants to subscribe to) and `entitlements` (which features one gives). How it begins,
changes and ends stands in `billing/`.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.subscriptions.entitlements import ENTITLEMENTS
from emulator.resources.subscriptions.subscriptions import ITEMS, SUBSCRIPTIONS

RESOURCES: Final[tuple[Resource, ...]] = (ENTITLEMENTS, ITEMS, SUBSCRIPTIONS)
