"""How an event is sent again: `stripe events resend`, to an endpoint, whether it had it or not, or
to those who listen by the command line.
"""

from __future__ import annotations

from emulator.kernel.errors import requests
from emulator.kit import Doc, Params, Tx, outbox
from emulator.resources.events.events import EVENTS
from emulator.resources.events.webhook_endpoints import WEBHOOK_ENDPOINTS


@EVENTS.on("POST /v1/events/{id}/retry")
def retry(tx: Tx, params: Params, id_: str) -> Doc:
    account = params.get("account") or tx.account
    if account != tx.account and tx.owner(account) != tx.account:
        raise requests.account_invalid(tx.caller.key, account)
    event = tx.on(account).get(EVENTS, id_)

    for listener in _listeners(tx, params.get("webhook_endpoint")):
        outbox.send_again(tx.setup, id_, listener, tx.now)
        tx.told.append(id_)
    return event | {"pending_webhooks": outbox.unfinished(tx.setup, id_)}


def _listeners(tx: Tx, endpoint: str | None) -> list[str]:
    if endpoint is None:
        return outbox.lines_of(tx.setup, tx.account)
    return [tx.get(WEBHOOK_ENDPOINTS, endpoint, param="webhook_endpoint")["id"]]
