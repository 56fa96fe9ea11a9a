"""What the holder of an account does at the address of an account link, as a person or as a test.

A link opens once, within five minutes. Whoever opened it may answer until they submit or leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from emulator import contract
from emulator.contract.versions import NEWEST
from emulator.kernel.errors import control as refusals
from emulator.kit import Doc, Tx
from emulator.resources.accounts import accounts, links, onboarding
from emulator.resources.accounts.state import ACCOUNTS
from emulator.world import World

_COLLECTS: Final = ("currently_due", "eventually_due")
BODY: Final[dict[str, Any]] = {
    "account": {"type": "string", "description": "the id of a connected account"},
    "collect": {"enum": [*_COLLECTS], "description": "one of " + ", ".join(_COLLECTS)},
}


class Visit(NamedTuple):
    """What somebody sees: where to go, or the form. account: as stored. due: requirement paths."""

    there: str | None
    account: Doc
    due: list[str]


def complete_onboarding(world: World, account: str, collect: str = "currently_due") -> Doc:
    """Answer all that an account owes with values that pass, accept the terms, submit.

    collect: currently_due or eventually_due. Returns the account as its platform sees it. For
    accounts of every type; where checks take a while they end by the world's clock.
    """
    with world.transaction(world.caller()) as tx:
        return onboarding.complete(tx, account, collect)


async def answer_all(world: World, body: dict[str, Any]) -> Doc:
    """POST /_emulator/onboard: {"account": "acct_…", "collect"?} answers the account once it is
    complete.
    """
    return complete_onboarding(world, body["account"], body.get("collect", "currently_due"))


def open_link(world: World, account: str, token: str) -> Visit:
    """Open an account link: the form, or its refresh_url when it is too old or was opened
    before.
    """
    with world.transaction(world.caller()) as tx:
        link = _link(tx, account, token)
        if not links.is_good(tx, link):
            return Visit(_away(link, "refresh_url"), {}, [])
        links.use(tx, link)
        _keep_open(tx, token, open_=True)
        return _form(tx, link)


def answer(
    world: World, account: str, token: str, answers: Mapping[str, str], *, fill: bool
) -> Visit:
    """Submit the form: what was typed, with `fill` the rest in test values too.

    Leads to return_url when nothing is due any more, else to the form with what still is.
    """
    with world.transaction(world.caller()) as tx:
        link = _opened(tx, account, token)
        onboarding.give(tx, account, answers)
        if fill:
            onboarding.complete(tx, account, link["collect"])
        elif onboarding.due(tx, account, link["collect"]):
            return _form(tx, link)
        else:
            onboarding.submit(tx, account)
        _keep_open(tx, token, open_=False)
        return Visit(_away(link, "return_url"), {}, [])


def look(world: World, account: str, token: str) -> Visit:
    """The form of a link that somebody has opened, as it is now."""
    with world.transaction(world.caller()) as tx:
        return _form(tx, _opened(tx, account, token))


def leave(world: World, account: str, token: str) -> Visit:
    """Abandon the form; what was saved before stays."""
    with world.transaction(world.caller()) as tx:
        link = _link(tx, account, token)
        _keep_open(tx, token, open_=False)
        return Visit(_away(link, "refresh_url"), {}, [])


def submit(world: World, account: str, token: str, sent: dict[str, Any]) -> str:
    """Complete an account in one step; returns where its holder goes from here.

    sent: what the holder fills in, under the names that an update of the account has. A link
    that was used, or is too old, leads to its refresh_url and changes nothing.
    """
    found = contract.find("POST", f"/v1/accounts/{account}")
    assert found is not None
    params = contract.coerce(found.operation, sent, NEWEST.date)
    with world.transaction(world.caller()) as tx:
        link = _link(tx, account, token)
        if not links.is_good(tx, link):
            return _away(link, "refresh_url")
        links.use(tx, link)
        accounts.onboard(tx, account, params)
    return _away(link, "return_url")


# -- inside
# -------------------------------------------------------------------------------------------


def _link(tx: Tx, account: str, token: str) -> Doc:
    link = links.find(tx, token)
    if link is None or link["account"] != account:
        raise refusals.no_such_link()
    return link


def _opened(tx: Tx, account: str, token: str) -> Doc:
    link = _link(tx, account, token)
    if not tx.hidden(f"onboarding/{token}").get("open"):
        raise refusals.link_not_open()
    return link


def _keep_open(tx: Tx, token: str, *, open_: bool) -> None:
    tx.hide(f"onboarding/{token}", {"open": open_})


def _form(tx: Tx, link: Doc) -> Visit:
    account = tx.get(ACCOUNTS, link["account"])
    return Visit(None, account, onboarding.due(tx, link["account"], link["collect"]))


def _away(link: Doc, name: str) -> str:
    """Where the link leads; to the page of this server that says so when it names no address."""
    return str(link[name] or "")
