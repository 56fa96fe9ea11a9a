"""Embedded components: what the holder of an account sees in the page of their platform, for as
long as its account session lasts.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from emulator.kernel.errors import control as refusals
from emulator.kit import Doc, Tx
from emulator.resources.accounts import links, sessions
from emulator.resources.accounts.state import ACCOUNTS
from emulator.resources.balances import balances
from emulator.resources.balances.payouts import PAYOUTS
from emulator.resources.charges.charges import CHARGES
from emulator.resources.disputes.disputes import DISPUTES
from emulator.world import World

_MOST: Final = 20
_COLLECTS: Final = ("currently_due", "eventually_due")
_LISTED: Final[dict[str, Any]] = {
    "disputes_list": DISPUTES,
    "payment_details": CHARGES,
    "payment_disputes": DISPUTES,
    "payments": CHARGES,
    "payouts": PAYOUTS,
    "payouts_list": PAYOUTS,
    "payout_details": PAYOUTS,
}


class Seen(NamedTuple):
    """account: as stored. balance: Stripe's balance object. listed: the newest objects of the kind
    that the component shows, None for one that shows no list.
    """

    account: Doc
    balance: Doc
    listed: list[Doc] | None


def look(world: World, secret: str, component: str) -> Seen:
    """What a component shows; refused when the session is unknown, over, or without it."""
    with world.transaction(world.caller()) as tx:
        account = sessions.opened(tx, secret, component)
        mine = tx.on(account)
        resource = _LISTED.get(component)
        listed = None if resource is None else _newest(mine, resource)
        return Seen(tx.get(ACCOUNTS, account), balances.shown(mine), listed)


def begin_onboarding(world: World, secret: str, component: str, back: str, collect: str) -> str:
    """The address of a form for what the account owes. back: where it leads when it is done.

    collect: currently_due or eventually_due.
    """
    if collect not in _COLLECTS:
        raise refusals.bad_control_value("collect", " or ".join(_COLLECTS))
    with world.transaction(world.caller()) as tx:
        account = sessions.opened(tx, secret, component)
        asked = {"type": component, "return_url": back, "refresh_url": back, "collect": collect}
        return links.open_(tx, account, asked)


def _newest(tx: Tx, resource: Any) -> list[Doc]:
    found = sorted(tx.all(resource), key=lambda doc: int(doc["created"]), reverse=True)
    return found[:_MOST]
