"""Events: what happened, with the object as it was at that moment. Clients only read them."""

from __future__ import annotations

import re
from typing import Final

from emulator.kernel.errors.requests import parameters_exclusive
from emulator.kit import Doc, Page, Params, Resource, Tx, outbox, page, retrieves


def _with_pending(tx: Tx, event: Doc) -> Doc:
    if event["pending_webhooks"]:
        event["pending_webhooks"] = outbox.unfinished(tx.setup, event["id"])
    return event


EVENTS: Final = Resource(
    "event",
    prefix="evt",
    filters=("type",),
    view=_with_pending,
    varies=re.compile(rb'"pending_webhooks":[1-9]'),
)


@EVENTS.on("GET /v1/events")
def list_(tx: Tx, params: Params) -> Page:
    types = params.get("types")
    if types and params.get("type"):
        raise parameters_exclusive("type", "types")
    if types:
        params = {**params, "type": types}
    wanted = params.get("delivery_success")
    if wanted is None:
        return page(tx, EVENTS, params, kind="notification")

    def arrived(event: Doc) -> bool:
        return outbox.has_arrived(tx.setup, event["id"]) is wanted

    return page(tx, EVENTS, params, kind="notification", where=arrived)


retrieves(EVENTS, "GET /v1/events/{id}")
