"""Terminal: payments in person, with simulated readers.

Read `readers` (what there is), `acting` (what readers are told to do), `presenting` (what the
person before one does).
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.terminal import (  # noqa: F401 - importing them declares what they do
    acting,
    presenting,
)
from emulator.resources.terminal.readers import CONNECTION_TOKENS, LOCATIONS, READERS

RESOURCES: Final[tuple[Resource, ...]] = (CONNECTION_TOKENS, LOCATIONS, READERS)
