"""Scenario files: stories that are played against a world, with what must then be so."""

from emulator.scenario.asking import Answered, Ask, Asked
from emulator.scenario.loading import below, load, of_bytes, ready, ready_files
from emulator.scenario.mistakes import Mistake
from emulator.scenario.player import play
from emulator.scenario.recording import Beginning, Ending, Heard, written
from emulator.scenario.report import Report, Result
from emulator.scenario.story import Scenario

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
