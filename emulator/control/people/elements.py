"""What Stripe.js asks of its server beside the API: which payment methods elements are to offer
before there is an intent.
"""

from __future__ import annotations

from emulator.kernel.errors import requests as refusals
from emulator.resources.accounts.state import ACCOUNTS
from emulator.resources.payment_methods import method_types
from emulator.resources.setups.setup_intents import usual_types
from emulator.rules import automatic_methods
from emulator.world import World


def offered(
    world: World, key: str, account: str | None, currency: str, *, manual: bool, reuse: bool
) -> list[str]:
    """The types that an intent would be given whose methods nobody names.

    key: the publishable key. account: the connected account, None for the platform. currency:
    empty where nothing is paid yet. manual: captured later. reuse: kept for later payments.
    """
    with world.transaction(world.caller()) as tx:
        if account is not None:
            found = tx.find(ACCOUNTS, account)
            if found is None or found.get("deleted"):
                raise refusals.account_invalid(key, account)
        mine = tx.on(account or tx.platform)
        types = (
            automatic_methods.offered(currency, manual=manual, redirects=True, reuse=reuse)
            if currency
            else usual_types(redirects=True)
        )
        return method_types.left(mine, method_types.configuration(mine, {}), types)
