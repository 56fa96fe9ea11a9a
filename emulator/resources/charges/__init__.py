"""Charges: what was taken from a payer, as all that moves money knows it.

Read `charges`; `portions` says what each account gets of several captures of one. How a charge is
made stands in `payments/`.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.charges.charges import CHARGES

RESOURCES: Final[tuple[Resource, ...]] = (CHARGES,)
