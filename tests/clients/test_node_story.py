"""The story told by the official SDK for Node: its tests run under `node --test`, beside a server
of ours.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.clients.npm import installed
from tests.clients.process import running

_HERE: Final = Path(__file__).parent / "node"
_RUN_SECONDS: Final = 300


@pytest.fixture(scope="module")
def project() -> Path:
    """A folder outside the repository with the tests and what `npm ci` installs for them."""
    untold = "the story of the SDK for Node is not told"
    return installed(_HERE, "connect-emulator-node", untold)


def test_the_story_with_the_sdk_for_node(project: Path) -> None:
    with running() as base:
        told = subprocess.run(
            ["node", "--test", "--test-reporter=spec"],
            cwd=project,
            env={**os.environ, "EMULATOR_URL": base, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=_RUN_SECONDS,
            check=False,
        )
    assert told.returncode == 0, told.stdout[-20_000:] + told.stderr[-2_000:]
