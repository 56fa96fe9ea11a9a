"""Which payment methods an intent offers when nobody names them: the default configuration.

Facts in `schemas/rules/automatic_methods.json`.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from emulator.kernel import files

# 2023-08-16, with that version. Observed: cards alone before, whatever version asked.
SINCE: Final = 1_692_144_000


def names() -> tuple[str, ...]:
    """All types that the default configuration knows."""
    return tuple(files.table("rules/automatic_methods.json")["methods"])


@cache
def offered(currency: str, *, manual: bool, redirects: bool, reuse: bool) -> tuple[str, ...]:
    """The types offered, cards first.

    manual: the payment is captured later. redirects: the customer may be sent away. reuse: the
    method is to be kept for later payments.
    """
    known = files.table("rules/automatic_methods.json")["methods"]
    return tuple(
        name
        for name, row in known.items()
        if (row["currencies"] is None or currency in row["currencies"])
        and (row["manual"] or not manual)
        and (redirects or not row["redirects"])
        and (row["reusable"] or not reuse)
    )
