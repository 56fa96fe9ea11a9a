"""What is given back to a payer.

Read `refunds`, `pending_refunds` (how they go on), `giving_back` (how their money moves).
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.charges.charges import REFUNDS
from emulator.resources.refunds import refunds  # noqa: F401 - importing it declares what it does

RESOURCES: Final[tuple[Resource, ...]] = (REFUNDS,)
