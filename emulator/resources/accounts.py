"""Accounts: the platform's own, and the ones connected to it."""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource, Tx

ACCOUNTS: Final = Resource("account", prefix="acct", id_length=16)


def found_platform(tx: Tx, country: str) -> None:
    """Make the platform's own account, with which a world begins."""
    id_ = f"acct_1{tx.secret('platform', 15)}"
    tx.setup.platform = tx.account = id_
    tx.setup.application = f"ca_{tx.secret('application', 32)}"
    tx.save(ACCOUNTS, tx.new(ACCOUNTS, id_, country=country))
