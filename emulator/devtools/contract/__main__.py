"""Write `schemas/stripe/` anew, from the installed Stripe SDK; with an SDK for Node, also what it
alone tells, `schemas/node/`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from emulator.devtools.contract.generate import read_declarations, write
from emulator.kernel import files

if __name__ == "__main__":
    usual = files.schemas() / "stripe"
    parser = argparse.ArgumentParser("python -m emulator.devtools.contract", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=usual, help="where else to write")
    parser.add_argument("--node", type=Path, help="an installed SDK for Node: node_modules/stripe")
    given = parser.parse_args()
    if given.node:
        read_declarations(given.node)
    write(given.folder)
