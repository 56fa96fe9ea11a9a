"""One Python API over the worlds, used by HTTP, pages, command line and pytest alike."""

from emulator.control.check import ask
from emulator.control.control import Control
from emulator.control.people.authentication import authenticate
from emulator.control.people.onboarding import complete_onboarding

__all__ = ["Control", "ask", "authenticate", "complete_onboarding"]
