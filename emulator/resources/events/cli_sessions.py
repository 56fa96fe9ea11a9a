"""Sessions of Stripe's command line: `stripe listen` and `stripe logs tail` ask for one, and then
connect to the address in it. Until they do, nothing is listened to.

What is sent and read is documented by the command line's source; not by Stripe's reference.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

import orjson

from emulator.contract.versions import NEWEST
from emulator.kernel.errors import webhooks as refusals
from emulator.kit import Doc, Params, Resource, Tx, outbox

CLI_SESSIONS: Final = Resource("stripecli.session", prefix=outbox.CLI, kind="CLI session")

_ID_LENGTH: Final = 50
# Stripe lets them connect anew every few minutes (observed), and what happens meanwhile is lost.
_RECONNECT_SECONDS: Final = 86_400
# What a client says back when it connects (observed).
_AUTHORIZED: Final = {"webhooks": "webhook-payloads"}
_LOCAL: Final = "http://127.0.0.1:12111"


@CLI_SESSIONS.on("POST /v1/stripecli/sessions")
def create(tx: Tx, params: Params) -> Doc:
    features = params.get("websocket_features") or [params.get("websocket_feature", "webhooks")]
    filters = _filters(params.get("filters"))
    secret = outbox.listening_secret(tx.setup)
    id_ = _new_id(tx)
    outbox.keep_session(
        tx.setup,
        {
            "id": id_,
            "account": tx.account,
            "device": params.get("device_name") or "",
            "features": features,
            "filters": filters,
            "secret": secret,
        },
    )
    there = tx.setup.settings.get("base_url", _LOCAL).replace("http", "ws", 1)
    return {
        "default_version": tx.setup.settings["version"],
        "display_connect_filter_warning": "filter_account" in filters and not _has_connected(tx),
        "latest_version": NEWEST.text,
        "reconnect_delay": _RECONNECT_SECONDS,
        "secret": secret,
        "websocket_authorized_feature": _AUTHORIZED.get(features[0], features[0]),
        "websocket_id": id_,
        "websocket_url": f"{there}/w/{quote(tx.setup.name)}/subscribe/{tx.account}",
    }


def _new_id(tx: Tx) -> str:
    """An id that no session has; one that outlived a reset of its world may have the next."""
    while True:
        id_ = tx.new_id(CLI_SESSIONS.prefix, _ID_LENGTH, dated=False)
        if outbox.session(tx.setup, id_) is None:
            return id_


def _filters(text: str | None) -> dict[str, Any]:
    """Which requests a tail of the log shows: names to the values that are wanted."""
    if not text:
        return {}
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise refusals.bad_filters() from None
    if not isinstance(found, dict) or not all(isinstance(each, list) for each in found.values()):
        raise refusals.bad_filters()
    return {name: [str(value) for value in wanted] for name, wanted in found.items()}


def _has_connected(tx: Tx) -> bool:
    connected = tx.setup.store.ids(f"account/{tx.account}")
    return any(id_ != tx.account for id_ in connected)
