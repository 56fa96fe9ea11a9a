"""Login links: a way into the Express Dashboard for the holder of an Express account."""

from __future__ import annotations

from typing import Final

from emulator.contract.blanks import blank
from emulator.kernel.errors import accounts as refusals
from emulator.kit import Doc, Params, Resource, Tx
from emulator.resources.accounts.state import controller_of, reach

LOGIN_LINKS: Final = Resource("login_link", prefix="lael")


@LOGIN_LINKS.on("POST /v1/accounts/{account}/login_links")
def create(tx: Tx, _params: Params, account_id: str) -> Doc:
    account = reach(tx, account_id)
    if account_id == tx.platform or controller_of(account).dashboard != "express":
        raise refusals.not_an_express_account(account_id)
    if not account["details_submitted"]:
        raise refusals.login_before_onboarding()

    token = tx.new_id("lael", 12, dated=False).removeprefix("lael_")
    tx.hide(f"login_link/{token}", {"account": account_id})
    here = tx.setup.settings.get("base_url", "http://localhost:12111")
    url = f"{here}/_emulator/express/{tx.setup.name}/{account_id}/{token}"
    return blank("login_link") | {"created": tx.now, "url": url}


def is_known(tx: Tx, account: str, token: str) -> bool:
    """Whether this login link was made for this account."""
    return bool(tx.hidden(f"login_link/{token}").get("account") == account)
