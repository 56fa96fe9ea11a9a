"""Setting up: getting ready to charge somebody later.

Read `setup_intents` (what one is), `setting_up` (how one moves on), `setup_attempts` (each try).
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.setups import setting_up  # noqa: F401 - importing it declares what it does
from emulator.resources.setups.setup_attempts import SETUP_ATTEMPTS
from emulator.resources.setups.setup_intents import SETUP_INTENTS

RESOURCES: Final[tuple[Resource, ...]] = (SETUP_ATTEMPTS, SETUP_INTENTS)
