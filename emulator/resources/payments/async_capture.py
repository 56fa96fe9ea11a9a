"""Captures that are told of a moment later: the charge of an `automatic_async` payment shows its
balance transaction, transfer and application fee after two seconds only, and a `charge.updated`
tells of them (documented; all recorded ones lack them). The money has moved before. A world that
does not want it says so (`async_capture`).
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Doc, Tx
from emulator.resources.charges.charges import CHARGES

_SECONDS: Final = 2  # Observed: null for two seconds after the payment.


def hold_back(tx: Tx, charge: Doc) -> None:
    """Leave out of a charge for a while where its money is; it is not saved here."""
    if not tx.setup.settings.get("async_capture", True):
        return
    taken = {"balance_transaction": charge["balance_transaction"]}
    charge["balance_transaction"] = None
    if charge["application_fee"]:
        taken["application_fee"], charge["application_fee"] = charge["application_fee"], None
    if "transfer" in charge:
        taken["transfer"] = charge.pop("transfer")
    tx.later(tx.now + _SECONDS, CHARGES, "tell", charge["id"], taken=taken)


@CHARGES.job
def tell(tx: Tx, charge: Doc, taken: Doc) -> None:
    """Show where the money is."""
    charge.update(taken)
    tx.save(CHARGES, charge, event="charge.updated")
