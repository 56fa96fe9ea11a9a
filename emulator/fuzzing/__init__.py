"""The fuzzer: made-up requests of every operation, and what must hold of the answers.

Needs schemathesis, which the extra `test` installs.
"""

from emulator.fuzzing.line import Line
from emulator.fuzzing.report import Finding, Report
from emulator.fuzzing.run import Plan, Run

__all__ = ["Finding", "Line", "Plan", "Report", "Run"]
