"""`python -m emulator.devtools.contract [folder]`: write `schemas/stripe/` anew."""

from __future__ import annotations

import sys
from pathlib import Path

from emulator.devtools.contract.generate import write
from emulator.kernel import files

if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else files.schemas() / "stripe")
