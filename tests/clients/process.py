"""A real server process for tests that speak to it over HTTP, as a user's would."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

ROOT: Final = Path(__file__).resolve().parents[2]
_STOP_SECONDS: Final = 5


@contextmanager
def running(*options: str, stderr: IO[str] | None = None) -> Iterator[str]:
    """A server on a free port; yields its address, such as http://127.0.0.1:40123.

    stderr: where it writes its log, when not to the terminal.
    """
    command = [sys.executable, "-m", "emulator", "--port", "0", *options]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=stderr, text=True
    ) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            found = re.search(r"http://\S+", first)
            assert found, f"the server said: {first!r}"
            yield found[0]
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
