"""What a command has to say, written where `--out` wants it."""

from __future__ import annotations

import sys
from pathlib import Path


def write(command: str, text: str, path: str | None) -> int:
    """Write to a file, or to the terminal when there is none; the exit code, 2 when it cannot."""
    if path is None:
        sys.stdout.write(text)
        return 0
    try:
        Path(path).write_text(text, "utf-8")
    except OSError as problem:
        sys.stderr.write(f"connect-emulator {command}: cannot write {path}: {problem.strerror}\n")
        return 2
    return 0
