"""What the holder of an Express account sees behind a login link."""

from __future__ import annotations

from typing import NamedTuple

from emulator.kernel.errors import control as refusals
from emulator.kit import Doc
from emulator.resources.accounts import login_links
from emulator.resources.accounts.state import ACCOUNTS
from emulator.resources.balances import balances
from emulator.world import World


class Overview(NamedTuple):
    """account: as stored. balance: Stripe's balance object."""

    account: Doc
    balance: Doc


def look(world: World, account: str, token: str) -> Overview:
    """The overview behind a login link; refused when nobody was given this one."""
    with world.transaction(world.caller()) as tx:
        found = tx.find(ACCOUNTS, account)
        if found is None or found.get("deleted") or not login_links.is_known(tx, account, token):
            raise refusals.no_such_login()
        return Overview(found, balances.shown(tx.on(account)))
