"""One Python API over the worlds, used by HTTP, pages, command line and pytest alike."""

from emulator.control import onboarding
from emulator.control.control import Control

__all__ = ["Control", "onboarding"]
