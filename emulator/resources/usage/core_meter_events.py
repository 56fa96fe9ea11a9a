"""Usage as /v2 takes it: the same events, and the same way of taking one back."""

from __future__ import annotations

from emulator.kernel.errors import metering as refusals
from emulator.kernel.instants import rfc3339, seconds
from emulator.kit import Doc, Params, Tx
from emulator.resources.usage import meters
from emulator.resources.usage.meters import METER_EVENTS


@METER_EVENTS.on("POST /v2/billing/meter_events")
def record(tx: Tx, params: Params) -> Doc:
    sent = {name: params.get(name) for name in ("event_name", "identifier", "payload")}
    if params.get("timestamp"):
        sent["timestamp"] = seconds(params["timestamp"])
        if sent["timestamp"] is None:
            raise refusals.meter_event_time()
    event = meters.take(tx, sent)
    return {
        "object": "v2.billing.meter_event",
        "created": rfc3339(event["created"]),
        "event_name": event["event_name"],
        "identifier": event["identifier"],
        "livemode": False,
        "payload": event["payload"],
        "timestamp": rfc3339(event["timestamp"]),
    }


@METER_EVENTS.on("POST /v2/billing/meter_event_adjustments")
def adjust(tx: Tx, params: Params) -> Doc:
    meters.take_back(tx, params["event_name"], params["cancel"]["identifier"])
    return {
        "id": tx.new_id("mtr_event_adj", dated=False),
        "object": "v2.billing.meter_event_adjustment",
        "cancel": {"identifier": params["cancel"]["identifier"]},
        "created": rfc3339(tx.now),
        "event_name": params["event_name"],
        "livemode": False,
        "status": "complete",
        "type": "cancel",
    }
