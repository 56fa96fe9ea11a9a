"""Bank account objects as customers have them: legacy ACH, verified with two small deposits."""

from __future__ import annotations

from typing import Final

from emulator.contract.blanks import blank
from emulator.kit import Doc, Resource, Tx

BANK_ACCOUNTS: Final = Resource(
    "bank_account",
    prefix="ba",
    kind="source",
    filters=("customer",),
    editable=("account_holder_name", "account_holder_type", "metadata"),
)


def keep(
    tx: Tx, token_account: Doc, notes: Doc, customer: str | None, metadata: Doc | None = None
) -> Doc:
    """Save a token's bank account under its own id as a customer's source."""
    made = blank("bank_account.source")
    made |= token_account
    made |= {"customer": customer, "metadata": metadata or {}}
    tx.hide(made["id"], notes)
    return tx.save(BANK_ACCOUNTS, made)
