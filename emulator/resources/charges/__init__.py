"""Charges: what was taken from a payer, as all that moves money knows it.

Read `charges`; `portions` says what each account gets of several captures of one, `telling` what is
told of one a moment later. How a charge is made stands in `payments/`.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.charges import telling
from emulator.resources.charges.charges import CHARGES

# A module that says what some of these resources do; importing it is what declares it.
DEEDS: Final = (telling,)

RESOURCES: Final[tuple[Resource, ...]] = (CHARGES,)
