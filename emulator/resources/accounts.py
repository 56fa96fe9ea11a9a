"""Accounts: the platform's own, and the ones connected to it."""

from __future__ import annotations

from typing import Final

import orjson

from emulator.kit import Doc, Resource, Tx

ACCOUNTS: Final = Resource("account", prefix="acct", id_length=16)


def found_platform(tx: Tx, country: str) -> None:
    """Make the platform's own account, with which a world begins."""
    id_ = f"acct_1{tx.secret('platform', 15)}"
    tx.setup.platform = tx.account = id_
    tx.setup.application = f"ca_{tx.secret('application', 32)}"
    tx.save(ACCOUNTS, tx.new(ACCOUNTS, id_, country=country, default_currency="usd"))


def account_of(tx: Tx) -> Doc:
    """The account this transaction acts on, as a document."""
    raw = tx.setup.store.raw(ACCOUNTS.name, tx.account)
    assert raw is not None, tx.account
    found: Doc = orjson.loads(raw)
    return found


def country_of(tx: Tx) -> str:
    return str(account_of(tx)["country"])


def currency_of(tx: Tx) -> str:
    """The default currency of this account, into which its charges are converted."""
    return str(account_of(tx)["default_currency"])


def has_capability(tx: Tx, account: str, *names: str) -> bool:
    """Whether any of these capabilities of an account is active; the platform has them all."""
    if account == tx.platform:
        return True
    capabilities = account_of(tx.on(account)).get("capabilities") or {}
    return any(capabilities.get(name) == "active" for name in names)
