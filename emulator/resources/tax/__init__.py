"""Stripe Tax: where an account collects tax, and what it comes to.

The table of contents; `resources/__init__.py` takes it over.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.tax import assessing
from emulator.resources.tax.registrations import REGISTRATIONS
from emulator.resources.tax.settings import TAX_SETTINGS

# A module that says what some of these resources do; importing it is what declares it.
DEEDS: Final = (assessing,)

TAX: Final[tuple[Resource, ...]] = (REGISTRATIONS, TAX_SETTINGS)
