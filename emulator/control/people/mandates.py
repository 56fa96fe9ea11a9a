"""What the page of a mandate shows, and the customer who withdraws it there."""

from __future__ import annotations

from typing import NamedTuple

from emulator.kit import Doc, Tx
from emulator.resources.accounts.state import account_seen
from emulator.resources.payment_methods import mandates, payment_methods
from emulator.resources.payment_methods.mandates import MANDATES
from emulator.world import World


class Agreement(NamedTuple):
    """mandate: the object. method: what may be debited, None when it is gone. merchant: who may."""

    mandate: Doc
    method: Doc | None
    merchant: str


def look(world: World, id_: str) -> Agreement:
    """A mandate of any account."""
    with world.transaction(world.caller()) as tx:
        return _agreement(tx, id_)


def withdraw(world: World, id_: str) -> Agreement:
    """The customer tells the bank that it holds no longer."""
    with world.transaction(world.caller()) as tx:
        mine, found = tx.locate(MANDATES, id_)
        mandates.end(mine, found["id"])
        return _agreement(tx, id_)


def _agreement(tx: Tx, id_: str) -> Agreement:
    mine, found = tx.locate(MANDATES, id_)
    account = account_seen(mine)
    name = (account.get("business_profile") or {}).get("name") or mine.account
    method = mine.find(payment_methods.PAYMENT_METHODS, found["payment_method"])
    return Agreement(found, method, str(name))
