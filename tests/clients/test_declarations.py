"""`schemas/node` is what the SDK for Node declares, the one that the tests install."""

from __future__ import annotations

from pathlib import Path

from emulator.devtools.contract.generate import declarations
from emulator.devtools.contract.optional import FILE
from emulator.kernel import files
from tests.clients.test_node_story import project

__all__ = ["project"]


def test_what_may_be_left_out_is_what_the_sdk_for_node_declares(project: Path) -> None:
    kept = (files.schemas() / FILE).read_bytes()
    assert declarations(project / "node_modules" / "stripe") == kept
