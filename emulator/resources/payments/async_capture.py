"""Captures that are told of a moment later: where a world wants it (`async_capture`), the charge of
an `automatic_async` payment shows its balance transaction after two seconds only, as Stripe's does.
The money has moved before.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Doc, Tx
from emulator.resources.charges.charges import CHARGES

_SECONDS: Final = 2  # Observed: null for two seconds after the payment.


def hold_back(tx: Tx, charge: Doc) -> None:
    """Leave the balance transaction out of a charge for a while; it is not saved here."""
    taken, charge["balance_transaction"] = charge["balance_transaction"], None
    tx.later(tx.now + _SECONDS, CHARGES, "tell", charge["id"], taken=taken)


@CHARGES.job
def tell(tx: Tx, charge: Doc, taken: str) -> None:
    """Show the balance transaction."""
    charge["balance_transaction"] = taken
    tx.save(CHARGES, charge, event="charge.updated")
