"""The story told by the official SDK for Node: its tests run under `node --test`, beside a server
of ours.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import pytest

from tests.clients.process import running

_HERE: Final = Path(__file__).parent / "node"
_INSTALL_SECONDS: Final = 180
_RUN_SECONDS: Final = 300
_OFFLINE: Final = ("ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN")


@pytest.fixture(scope="module")
def project() -> Path:
    """A folder outside the repository with the tests and what `npm ci` installs for them."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not here: the story of the SDK for Node is not told")
    lock = (_HERE / "package-lock.json").read_bytes()
    name = f"connect-emulator-node-{hashlib.sha256(lock).hexdigest()[:16]}"
    folder = Path(tempfile.gettempdir()) / name
    folder.mkdir(exist_ok=True)
    for file in [*_HERE.glob("*.js"), *_HERE.glob("package*.json")]:
        shutil.copy(file, folder)
    if not (folder / "node_modules" / "stripe").is_dir():
        _install(npm, folder)
    return folder


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


def _install(npm: str, folder: Path) -> None:
    """Install exactly what the lock file names; skipped where the registry is out of reach."""
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    found = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=_INSTALL_SECONDS, check=False
    )
    if found.returncode == 0:
        return
    shutil.rmtree(folder / "node_modules", ignore_errors=True)
    assert any(word in found.stderr for word in _OFFLINE), found.stderr
    pytest.skip("the npm registry is out of reach: the story of the SDK for Node is not told")
