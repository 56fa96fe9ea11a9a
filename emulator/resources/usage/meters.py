"""Billing meters: what customers used, counted from the events that a platform sends.

A metered price charges at the end of a period for what its meter counted in it.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

import orjson

from emulator.contract.blanks import blank
from emulator.kernel.errors import metering as refusals
from emulator.kernel.errors import params as param_refusals
from emulator.kernel.instants import DAY
from emulator.kit import Doc, Page, Params, Resource, Tx, lists, retrieves
from emulator.kit.editing import edit
from emulator.resources.customers import clocks
from emulator.resources.customers.customers import CUSTOMERS

METERS: Final = Resource(
    "billing.meter", prefix="mtr", kind="meter", param="id", filters=("status",)
)
METER_EVENTS: Final = Resource("billing.meter_event", prefix="mtrev", filters=("event_name",))
SUMMARIES: Final = Resource("billing.meter_event_summary", prefix="mtrusg")
_FUTURE_SECONDS: Final = 5 * 60
_PAST_SECONDS: Final = 35 * DAY
_STEPS: Final = {"day": DAY, "hour": 3600}

retrieves(METERS, "GET /v1/billing/meters/{id}")
lists(METERS, "GET /v1/billing/meters")


@METERS.on("POST /v1/billing/meters")
def create(tx: Tx, params: Params) -> Doc:
    for other in tx.all(METERS, status="active"):
        if other["event_name"] == params["event_name"]:
            raise refusals.meter_name_taken(params["event_name"])
    meter = tx.new(METERS, updated=tx.now)
    edit(meter, params, ("default_aggregation", "display_name", "event_name", "event_time_window"))
    for name in ("customer_mapping", "value_settings"):
        meter[name] |= params.get(name) or {}
    return tx.save(METERS, meter, event="billing.meter.created")


@METERS.on("POST /v1/billing/meters/{id}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    meter = edit(tx.get(METERS, id_), params, ("display_name",)) | {"updated": tx.now}
    return tx.save(METERS, meter, event="billing.meter.updated")


@METERS.on("POST /v1/billing/meters/{id}/deactivate")
def deactivate(tx: Tx, _params: Params, id_: str) -> Doc:
    meter = tx.get(METERS, id_) | {"status": "inactive", "updated": tx.now}
    meter["status_transitions"] = {"deactivated_at": tx.now}
    return tx.save(METERS, meter, event="billing.meter.deactivated")


@METERS.on("POST /v1/billing/meters/{id}/reactivate")
def reactivate(tx: Tx, _params: Params, id_: str) -> Doc:
    meter = tx.get(METERS, id_) | {"status": "active", "updated": tx.now}
    meter["status_transitions"] = {"deactivated_at": None}
    return tx.save(METERS, meter, event="billing.meter.reactivated")


@METER_EVENTS.on("POST /v1/billing/meter_events")
def record(tx: Tx, params: Params) -> Doc:
    shown = take(tx, params)
    return {name: value for name, value in shown.items() if name != "id"}


def take(tx: Tx, params: Params) -> Doc:
    """Count what a request says was used: `event_name`, `payload`, `identifier`, `timestamp`."""
    meter = _named(tx, params["event_name"])
    payload = {
        name: value for name, value in (params["payload"] or {}).items() if value is not None
    }
    customer = customer_of(meter, payload)
    if not customer or tx.find(CUSTOMERS, str(customer)) is None:
        raise refusals.meter_event_customer(str(customer))
    _value(meter, payload)
    tx = clocks.of_customer(tx, str(customer))
    when = params.get("timestamp") or tx.now
    if not tx.now - _PAST_SECONDS <= when <= tx.now + _FUTURE_SECONDS:
        raise refusals.meter_event_time()
    _check_new(tx, params)
    event = tx.new(METER_EVENTS, event_name=params["event_name"], payload=payload, timestamp=when)
    event["identifier"] = params.get("identifier") or tx.secret(f"{event['id']}/identifier", 36)
    saved = tx.save(METER_EVENTS, event)
    METER_EVENTS.tell(tx, "recorded", saved)
    return saved


def customer_of(meter: Doc, payload: Doc) -> str | None:
    """Who used it, by the words of an event."""
    found = payload.get(meter["customer_mapping"]["event_payload_key"])
    return None if found is None else str(found)


@METER_EVENTS.on("POST /v1/billing/meter_event_adjustments")
def adjust(tx: Tx, params: Params) -> Doc:
    """Take an event back."""
    identifier = (params.get("cancel") or {}).get("identifier")
    if identifier is None:
        raise param_refusals.parameter_missing("cancel[identifier]")
    take_back(tx, params["event_name"], identifier)
    made = blank("billing.meter_event_adjustment")
    return made | {"cancel": {"identifier": identifier}, "event_name": params["event_name"]}


def take_back(tx: Tx, event_name: str, identifier: str) -> None:
    """An event counts no more."""
    events = tx.all(METER_EVENTS, event_name=event_name)
    found = next((event for event in events if event["identifier"] == identifier), None)
    if found is None:
        raise refusals.no_such_meter_event(identifier)
    tx.delete(METER_EVENTS, found)


@METERS.on("GET /v1/billing/meters/{id}/event_summaries")
def summaries(tx: Tx, params: Params, id_: str) -> Page:
    meter = tx.get(METERS, id_)
    tx.get(CUSTOMERS, params["customer"], param="customer")
    begin, end = params["start_time"], params["end_time"]
    step = _STEPS.get(params.get("value_grouping_window") or "", max(1, end - begin))
    # Only windows with events: a range may hold more windows than a machine has memory for.
    events = _events(tx, meter, params["customer"], (begin, end))
    starts = {begin + (event["timestamp"] - begin) // step * step for event in events}
    found = [
        _summary(tx, meter, params["customer"], (at, min(at + step, end)))
        for at in sorted(starts, reverse=True)
    ]
    limit = params.get("limit", 10)
    items = [orjson.dumps(each) for each in found if each["aggregated_value"]]
    return Page(items[:limit], len(items) > limit, SUMMARIES.name)


def usage(tx: Tx, price: Doc, customer: str, span: tuple[int, int]) -> int:
    """How much a customer used of a metered price from one instant up to another."""
    meter = tx.find(METERS, price["recurring"]["meter"] or "")
    return int(aggregate(tx, meter, customer, span)) if meter else 0


def aggregate(tx: Tx, meter: Doc, customer: str, span: tuple[int, int]) -> Decimal:
    """What a meter makes of a customer's events: their sum, their number or the last value."""
    events = _events(tx, meter, customer, span)
    formula = meter["default_aggregation"]["formula"]
    if formula == "count":
        return Decimal(len(events))
    if formula == "last":
        latest = max(events, key=lambda event: event["timestamp"], default=None)
        return _value(meter, latest["payload"]) if latest else Decimal(0)
    return sum((_value(meter, event["payload"]) for event in events), Decimal(0))


# -- inside ---------------------------------------------------------------------------------------


def _events(tx: Tx, meter: Doc, customer: str, span: tuple[int, int]) -> list[Doc]:
    """A customer's events from one instant up to another."""
    key = meter["customer_mapping"]["event_payload_key"]
    return [
        event
        for event in tx.all(METER_EVENTS, event_name=meter["event_name"])
        if event["payload"].get(key) == customer and span[0] <= event["timestamp"] < span[1]
    ]


def _check_new(tx: Tx, params: Params) -> None:
    """An identifier names one event for a day (documented)."""
    identifier = params.get("identifier")
    if not identifier:
        return
    key = f"{tx.account}/meter_event/{params['event_name']}/{identifier}"
    known = tx.hidden(key).get("at")
    if known is not None and known > tx.now - _STEPS["day"]:
        raise refusals.meter_event_repeated(identifier)
    tx.hide(key, {"at": tx.now})


def _named(tx: Tx, event_name: str) -> Doc:
    for meter in tx.all(METERS, status="active"):
        if meter["event_name"] == event_name:
            return meter
    raise refusals.no_such_meter(event_name)


def _value(meter: Doc, payload: Doc) -> Decimal:
    """The number an event brings; a meter that counts needs none."""
    given = payload.get(meter["value_settings"]["event_payload_key"])
    if meter["default_aggregation"]["formula"] == "count":
        return Decimal(1)
    try:
        value = Decimal(str(given))
    except InvalidOperation as problem:
        raise refusals.meter_event_value(str(given)) from problem
    if not value.is_finite():
        raise refusals.meter_event_value(str(given))
    return value


def _summary(tx: Tx, meter: Doc, customer: str, span: tuple[int, int]) -> Doc:
    value = aggregate(tx, meter, customer, span)
    summary = blank("billing.meter_event_summary")
    name = f"{meter['id']}/{customer}/{span}"
    return summary | {
        "id": f"mtrusg_{tx.secret(name, 24)}",
        "aggregated_value": float(value),
        "end_time": span[1],
        "meter": meter["id"],
        "start_time": span[0],
    }
