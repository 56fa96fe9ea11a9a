"""Packages of npm that tests drive, installed outside the repository, once for each lock file."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import pytest

_SECONDS: Final = 180
_OFFLINE: Final = ("ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN")


def installed(source: Path, name: str, untold: str) -> Path:
    """A folder with what is in `source` and what `npm ci` installs for it; skipped where node is
    not, or the registry is out of reach. untold: what is then not tested.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip(f"node and npm are not here: {untold}")
    lock = (source / "package-lock.json").read_bytes()
    folder = Path(tempfile.gettempdir()) / f"{name}-{hashlib.sha256(lock).hexdigest()[:16]}"
    folder.mkdir(exist_ok=True)
    for file in [*source.glob("*.js"), *source.glob("package*.json")]:
        shutil.copy(file, folder)
    if not (folder / "node_modules").is_dir():
        _install(npm, folder, untold)
    return folder


def _install(npm: str, folder: Path, untold: str) -> None:
    """Install exactly what the lock file names."""
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    found = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    if found.returncode == 0:
        return
    shutil.rmtree(folder / "node_modules", ignore_errors=True)
    assert any(word in found.stderr for word in _OFFLINE), found.stderr
    pytest.skip(f"the npm registry is out of reach: {untold}")
