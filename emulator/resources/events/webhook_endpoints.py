"""Webhook endpoints: where an account wants to hear what happens, on itself or on its connected
accounts.
"""

from __future__ import annotations

from typing import Final

from emulator.contract import is_event_type
from emulator.contract.versions import current_name
from emulator.kernel.errors import webhooks as refusals
from emulator.kit import Doc, Params, Resource, Tx, lists, outbox, retrieves
from emulator.kit.editing import edit

MOST_ENDPOINTS: Final = 16

WEBHOOK_ENDPOINTS: Final = Resource(
    "webhook_endpoint",
    prefix="we",
    param="webhook_endpoint",
    editable=("description", "enabled_events", "metadata", "url"),
)


@WEBHOOK_ENDPOINTS.on("POST /v1/webhook_endpoints")
def create(tx: Tx, params: Params) -> Doc:
    _check(params, params.get("api_version") or tx.setup.settings["version"])
    if sum(1 for _ in tx.all(WEBHOOK_ENDPOINTS)) >= MOST_ENDPOINTS:
        raise refusals.too_many_endpoints(MOST_ENDPOINTS)

    endpoint = edit(tx.new(WEBHOOK_ENDPOINTS), params, WEBHOOK_ENDPOINTS.editable)
    endpoint["api_version"] = params.get("api_version")
    endpoint["application"] = tx.setup.application if params.get("connect") else None
    endpoint["status"] = "enabled"
    secret = f"whsec_{tx.secret(endpoint['id'], 32)}"
    tx.hide(endpoint["id"], {"secret": secret, "connect": params.get("connect", False)})
    _listen(tx, endpoint)
    tx.save(WEBHOOK_ENDPOINTS, endpoint)
    return dict(endpoint, secret=secret)


@WEBHOOK_ENDPOINTS.on("POST /v1/webhook_endpoints/{webhook_endpoint}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    endpoint = tx.get(WEBHOOK_ENDPOINTS, id_)
    _check(params, _version(tx, endpoint))

    edit(endpoint, params, WEBHOOK_ENDPOINTS.editable)
    if "disabled" in params:
        endpoint["status"] = "disabled" if params["disabled"] else "enabled"
    _listen(tx, endpoint)
    return tx.save(WEBHOOK_ENDPOINTS, endpoint)


@WEBHOOK_ENDPOINTS.on("DELETE /v1/webhook_endpoints/{webhook_endpoint}")
def delete(tx: Tx, _params: Params, id_: str) -> Doc:
    endpoint = tx.get(WEBHOOK_ENDPOINTS, id_)
    outbox.stop_listening(tx.setup, id_)
    return tx.delete(WEBHOOK_ENDPOINTS, endpoint)


retrieves(WEBHOOK_ENDPOINTS, "GET /v1/webhook_endpoints/{webhook_endpoint}")
lists(WEBHOOK_ENDPOINTS, "GET /v1/webhook_endpoints")


@WEBHOOK_ENDPOINTS.job
def try_again(tx: Tx, _endpoint: Doc, delivery: str) -> None:
    """A delivery that failed is due for its next try, or one that was put off for its first."""
    found = outbox.delivery(tx.setup, delivery)
    if found is not None and found["status"] in {"retrying", "delayed", "held"}:
        outbox.keep_delivery(tx.setup, found, outbox.WAITING)
        tx.told.append(found["event"])


def _listen(tx: Tx, endpoint: Doc) -> None:
    """Tell the outbox what this endpoint wants to hear now."""
    notes, version = tx.hidden(endpoint["id"]), _version(tx, endpoint)
    listener = {
        "id": endpoint["id"],
        "url": endpoint["url"],
        "enabled_events": [current_name(n, version) for n in endpoint["enabled_events"]],
        "api_version": endpoint["api_version"],
        "enabled": endpoint["status"] == "enabled",
        "account": tx.account,
        "secret": notes["secret"],
        "from": ["other_accounts" if notes["connect"] else "self"],
        "thin": False,
    }
    outbox.listen(tx.setup, listener)


def _version(tx: Tx, endpoint: Doc) -> str:
    """The version in which an endpoint is told."""
    return str(endpoint["api_version"] or tx.setup.settings["version"])


def _check(params: Params, version: str) -> None:
    url = params.get("url")
    if url is not None and not url.startswith(("http://", "https://")):
        raise refusals.bad_endpoint_url()
    for index, name in enumerate(params.get("enabled_events") or []):
        if name != "*" and not is_event_type(current_name(name, version)):
            raise refusals.unknown_event_type(name, index)
