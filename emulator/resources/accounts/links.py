"""Account links: an address on this server where somebody completes an account, once, within five
minutes.

Making the first one locks what the account's holder says of themselves when Stripe collects it.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.contract.blanks import blank
from emulator.kernel.errors import accounts as refusals
from emulator.kernel.errors import refuse
from emulator.kit import Doc, Params, Resource, Tx
from emulator.resources.accounts.standing import settle
from emulator.resources.accounts.state import ACCOUNTS, controller_of
from emulator.rules.accounts import profiles
from emulator.rules.accounts.types import Controller

LIFE_SECONDS: Final = 300

ACCOUNT_LINKS: Final = Resource("account_link", prefix="link")


@ACCOUNT_LINKS.on("POST /v1/account_links")
def create(tx: Tx, params: Params) -> Doc:
    account = named(tx, params["account"])
    valid = _valid_types(controller_of(account))
    if params["type"] not in valid:
        raise refusals.account_link_type(params["type"], valid)

    for name in ("refresh_url", "return_url"):
        if params.get(name):
            refuse(profiles.check_return(params[name], name))
    lock(tx, account)
    url = open_(tx, account["id"], params)
    expires_at = tx.now + LIFE_SECONDS
    return blank("account_link") | {"created": tx.now, "expires_at": expires_at, "url": url}


def open_(tx: Tx, account: str, params: Params) -> str:
    """The address at which somebody completes an account. params: as in a create."""
    link = _keep(tx, account, params)
    return f"{_address(tx)}/{account}/{link['token']}"


def find(tx: Tx, token: str) -> Doc | None:
    """The link behind an address: account, type, return_url, refresh_url, collect, expires_at,
    used.
    """
    return tx.hidden(_name(token)) or None


def is_good(tx: Tx, link: Doc) -> bool:
    """Whether it may still be opened: fresh, unused, its account neither gone nor rejected."""
    account = tx.on(tx.platform).find(ACCOUNTS, link["account"])
    gone = account is None or account.get("deleted") or tx.hidden(link["account"]).get("rejected")
    return not gone and not link["used"] and tx.now < link["expires_at"]


def use(tx: Tx, link: Doc) -> None:
    """It was opened, and cannot be again."""
    tx.hide(_name(link["token"]), link | {"used": True})


def named(tx: Tx, id_: str) -> Doc:
    """The connected account that a parameter `account` names."""
    platform = tx.on(tx.platform)
    account = platform.find(ACCOUNTS, id_)
    if account is None or account.get("deleted"):
        raise platform.missing(ACCOUNTS, id_, "account")
    return account


def lock(tx: Tx, account: Doc) -> None:
    """From now on only the account's holder writes what Stripe collects."""
    notes = tx.hidden(account["id"])
    if not notes.get("locked"):
        settle(tx, account, notes | {"locked": True})


def _valid_types(controller: Controller) -> tuple[str, ...]:
    if controller.collection == "application":
        return ("account_onboarding", "account_update")
    return ("account_onboarding",) if controller.dashboard != "none" else ()


def _keep(tx: Tx, account: str, params: Params) -> Doc:
    token = tx.new_id("link", 12, dated=False).removeprefix("link_")
    options: Doc = params.get("collection_options") or {}
    link: dict[str, Any] = {
        "token": token,
        "account": account,
        "type": params["type"],
        "return_url": params.get("return_url"),
        "refresh_url": params.get("refresh_url"),
        "collect": options.get("fields") or params.get("collect") or "currently_due",
        "future_requirements": options.get("future_requirements") or "omit",
        "expires_at": tx.now + LIFE_SECONDS,
        "used": False,
    }
    tx.hide(_name(token), link)
    return link


def _address(tx: Tx) -> str:
    here = tx.setup.settings.get("base_url", "http://localhost:12111")
    return f"{here}/_emulator/onboarding/{tx.setup.name}"


def _name(token: str) -> str:
    return f"account_link/{token}"
