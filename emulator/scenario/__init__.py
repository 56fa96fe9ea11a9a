"""Scenario files: stories that are played against a world, with what must then be so.

Each name is loaded when it is first asked for: a server that plays no scenario starts without all
this.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from emulator.scenario.asking import Answered, Ask, Asked
    from emulator.scenario.loading import below, load, of_bytes, ready, ready_files
    from emulator.scenario.mistakes import Mistake
    from emulator.scenario.player import play
    from emulator.scenario.recording import Beginning, Ending, Heard, written
    from emulator.scenario.report import Report, Result
    from emulator.scenario.story import Scenario

_HOMES: Final = {
    "asking": ("Answered", "Ask", "Asked"),
    "loading": ("below", "load", "of_bytes", "ready", "ready_files"),
    "mistakes": ("Mistake",),
    "player": ("play",),
    "recording": ("Beginning", "Ending", "Heard", "written"),
    "report": ("Report", "Result"),
    "story": ("Scenario",),
}
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Answered",
    "Ask",
    "Asked",
    "Beginning",
    "Ending",
    "Heard",
    "Mistake",
    "Report",
    "Result",
    "Scenario",
    "below",
    "load",
    "of_bytes",
    "play",
    "ready",
    "ready_files",
    "written",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
