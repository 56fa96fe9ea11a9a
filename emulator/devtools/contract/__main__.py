"""Write `schemas/stripe/` anew, from the installed Stripe SDK."""

from __future__ import annotations

import argparse
from pathlib import Path

from emulator.devtools.contract.generate import write
from emulator.kernel import files

if __name__ == "__main__":
    usual = files.schemas() / "stripe"
    parser = argparse.ArgumentParser("python -m emulator.devtools.contract", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=usual, help="where else to write")
    write(parser.parse_args().folder)
