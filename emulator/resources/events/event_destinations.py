"""Event destinations of /v2: where an account wants to hear what happens.

A webhook endpoint with the payload `snapshot` hears /v1's events as an endpoint of /v1 does; with
`thin` it hears /v2's, and /v1's by names such as `v1.account.updated`. Cloud buses (Amazon
EventBridge, Azure Event Grid) are kept and hear nothing: there is none to reach offline.
"""

from __future__ import annotations

from typing import Final

from emulator.contract import is_event_type, thin_types
from emulator.contract.versions import parse
from emulator.kernel.errors import core as refusals
from emulator.kernel.errors import webhooks
from emulator.kernel.instants import rfc3339
from emulator.kit import CorePage, Doc, Params, Resource, Tx, core_page, outbox
from emulator.kit.editing import merged_metadata
from emulator.resources.events import core_events, webhook_endpoints

EVENT_DESTINATIONS: Final = Resource(
    "v2.core.event_destination",
    prefix="ed_test",
    id_length=38,
    dated=False,
    kind="event destination",
)

_URL: Final = "/v2/core/event_destinations"
_SHOWN: Final = {"signing_secret": "secret", "url": "url"}  # on request, from the private notes
# Since March 2026 written with an @ (documented); the older words go on being taken.
_SOURCES: Final = {"@self": "self", "@accounts": "other_accounts"}


@EVENT_DESTINATIONS.on("POST /v2/core/event_destinations")
def create(tx: Tx, params: Params) -> Doc:
    _check(params, params["event_payload"])
    if params.get(params["type"]) is None:
        raise refusals.destination_field(params["type"], params["type"])
    version = params.get("snapshot_api_version")
    if version is not None:
        parse(version)
    id_ = tx.new_id(EVENT_DESTINATIONS.prefix, EVENT_DESTINATIONS.id_length, dated=False)
    snapshot = params["event_payload"] == "snapshot"
    destination: Doc = {
        "id": id_,
        "object": EVENT_DESTINATIONS.name,
        "amazon_eventbridge": None,
        "azure_event_grid": None,
        "created": rfc3339(tx.now),
        "description": params.get("description") or "",
        "enabled_events": params["enabled_events"],
        "event_payload": params["event_payload"],
        "events_from": params.get("events_from") or ["self"],
        "livemode": False,
        "metadata": merged_metadata(None, params.get("metadata") or {}),
        "name": params["name"],
        "snapshot_api_version": (version or tx.setup.settings["version"]) if snapshot else None,
        "status": "enabled",
        "status_details": None,
        "type": params["type"],
        "updated": rfc3339(tx.now),
        "webhook_endpoint": None,
    }
    destination |= _bus(id_, params)
    if params["type"] == "webhook_endpoint":
        tx.hide(id_, {"secret": f"whsec_{tx.secret(id_, 32)}", **params["webhook_endpoint"]})
        destination["webhook_endpoint"] = {"signing_secret": None, "url": None}
    _listen(tx, destination)
    return _shown(tx, tx.save(EVENT_DESTINATIONS, destination), params)


@EVENT_DESTINATIONS.on("GET /v2/core/event_destinations/{id}")
def retrieve(tx: Tx, params: Params, id_: str) -> Doc:
    return _shown(tx, tx.get(EVENT_DESTINATIONS, id_), params)


@EVENT_DESTINATIONS.on("GET /v2/core/event_destinations")
def list_(tx: Tx, params: Params) -> CorePage:
    found = [_shown(tx, doc, params) for doc in tx.all(EVENT_DESTINATIONS)]
    return core_page(found, params, _URL)


@EVENT_DESTINATIONS.on("POST /v2/core/event_destinations/{id}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    destination = tx.get(EVENT_DESTINATIONS, id_)
    _check(params, destination["event_payload"])
    for name in ("description", "enabled_events", "name"):
        if params.get(name) is not None:
            destination[name] = params[name]
    if "metadata" in params:
        destination["metadata"] = merged_metadata(destination["metadata"], params["metadata"])
    if params.get("webhook_endpoint"):
        tx.hide(id_, tx.hidden(id_) | params["webhook_endpoint"])
    return _shown(tx, _keep(tx, destination), params)


@EVENT_DESTINATIONS.on("DELETE /v2/core/event_destinations/{id}")
def delete(tx: Tx, _params: Params, id_: str) -> Doc:
    destination = tx.get(EVENT_DESTINATIONS, id_)
    outbox.stop_listening(tx.setup, id_)
    return tx.delete(EVENT_DESTINATIONS, destination)


@EVENT_DESTINATIONS.on("POST /v2/core/event_destinations/{id}/disable")
def disable(tx: Tx, params: Params, id_: str) -> Doc:
    return _turn(tx, params, id_, "disabled", {"disabled": {"reason": "user"}})


@EVENT_DESTINATIONS.on("POST /v2/core/event_destinations/{id}/enable")
def enable(tx: Tx, params: Params, id_: str) -> Doc:
    return _turn(tx, params, id_, "enabled", None)


@EVENT_DESTINATIONS.on("POST /v2/core/event_destinations/{id}/ping")
def ping(tx: Tx, _params: Params, id_: str) -> Doc:
    destination = tx.get(EVENT_DESTINATIONS, id_)
    return core_events.tell(
        tx,
        "v2.core.event_destination.ping",
        id_,
        kind=EVENT_DESTINATIONS.name,
        url=f"{_URL}/{id_}",
        only=destination["id"],
    )


# What failed there is tried again as it is at an endpoint of /v1.
EVENT_DESTINATIONS.job(webhook_endpoints.try_again)


# -- inside ---------------------------------------------------------------------------------------


def _bus(id_: str, params: Params) -> Doc:
    """A cloud bus as it is shown: known, and never activated."""
    aws, azure = params.get("amazon_eventbridge"), params.get("azure_event_grid")
    source = f"event-source/aws.partner/stripe.com/{id_}"
    return {
        "amazon_eventbridge": aws
        and {
            "aws_account_id": aws["aws_account_id"],
            "aws_event_source_arn": f"arn:aws:events:{aws['aws_region']}::{source}",
            "aws_event_source_status": "pending",
        },
        "azure_event_grid": azure
        and {
            "azure_partner_topic_name": id_,
            "azure_partner_topic_status": "never_activated",
            **azure,
        },
    }


def _turn(tx: Tx, params: Params, id_: str, status: str, details: Doc | None) -> Doc:
    destination = tx.get(EVENT_DESTINATIONS, id_)
    destination |= {"status": status, "status_details": details}
    return _shown(tx, _keep(tx, destination), params)


def _keep(tx: Tx, destination: Doc) -> Doc:
    destination["updated"] = rfc3339(tx.now)
    _listen(tx, destination)
    return tx.save(EVENT_DESTINATIONS, destination)


def _listen(tx: Tx, destination: Doc) -> None:
    """Tell the outbox what this destination wants to hear now, if it can be reached."""
    if destination["type"] != "webhook_endpoint":
        return
    notes = tx.hidden(destination["id"])
    outbox.listen(
        tx.setup,
        {
            "id": destination["id"],
            "url": notes["url"],
            "enabled_events": destination["enabled_events"],
            "api_version": destination["snapshot_api_version"],
            "enabled": destination["status"] == "enabled",
            "account": tx.account,
            "secret": notes["secret"],
            "from": [_SOURCES.get(name, name) for name in destination["events_from"]],
            "thin": destination["event_payload"] == "thin",
        },
    )


def _shown(tx: Tx, destination: Doc, params: Params) -> Doc:
    """The destination with what was asked for by `include`: its address, its secret."""
    include = params.get("include") or ()
    if destination["webhook_endpoint"] is not None:
        notes = tx.hidden(destination["id"])
        destination["webhook_endpoint"] = {
            name: notes[note] if f"webhook_endpoint.{name}" in include else None
            for name, note in _SHOWN.items()
        }
    return destination


def _check(params: Params, payload: str) -> None:
    url = (params.get("webhook_endpoint") or {}).get("url")
    if url is not None and not url.startswith(("http://", "https://")):
        raise webhooks.bad_endpoint_url()
    for index, name in enumerate(params.get("enabled_events") or []):
        if name != "*" and not (name in thin_types() if payload == "thin" else is_event_type(name)):
            raise webhooks.unknown_event_type(name, index)
