"""schemas/COVERAGE.md says what is true now: `python -m emulator.devtools.coverage` writes it."""

from __future__ import annotations

from emulator.contract import operations
from emulator.devtools import coverage
from emulator.resources import OPERATIONS, STORED


def test_the_coverage_table_is_up_to_date():
    assert coverage.path().read_text("utf-8") == coverage.table()


def test_every_operation_has_something_that_answers_it():
    for key in operations():
        assert callable(OPERATIONS.get(key) or STORED.handler(key))
