"""Billing alerts: told once for each customer whose usage of a meter reaches a threshold.

States: active ⇄ inactive → archived; archived for good. Usage counts from the alert's creation on
(assumed).
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import metering as refusals
from emulator.kit import Doc, Lifecycle, Page, Params, Resource, Tx, page, retrieves
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.usage import meters
from emulator.resources.usage.meters import METER_EVENTS, METERS

ALERTS: Final = Resource(
    "billing.alert",
    prefix="alrt",
    kind="alert",
    lifecycle=Lifecycle(
        start="active",
        steps={
            ("active", "inactive"): None,
            ("inactive", "active"): None,
            ("active", "archived"): None,
            ("inactive", "archived"): None,
        },
    ),
)

retrieves(ALERTS, "GET /v1/billing/alerts/{id}")


@ALERTS.on("GET /v1/billing/alerts")
def list_(tx: Tx, params: Params) -> Page:
    wanted = params.get("meter")
    where = (lambda alert: alert["usage_threshold"]["meter"] == wanted) if wanted else None
    return page(tx, ALERTS, params, where=where)


@ALERTS.on("POST /v1/billing/alerts")
def create(tx: Tx, params: Params) -> Doc:
    threshold = params.get("usage_threshold")
    if not threshold:
        raise refusals.alert_without_threshold()
    tx.get(METERS, threshold["meter"], param="usage_threshold[meter]")
    for at, each in enumerate(threshold.get("filters") or []):
        param = f"usage_threshold[filters][{at}][customer]"
        tx.get(CUSTOMERS, each.get("customer") or "", param=param)
    alert = tx.new(ALERTS, title=params["title"])
    alert["usage_threshold"] |= {
        name: value for name, value in threshold.items() if value is not None
    }
    tx.hide(alert["id"], {"since": tx.now, "told": []})
    return tx.save(ALERTS, alert)


@ALERTS.on("POST /v1/billing/alerts/{id}/activate")
def activate(tx: Tx, _params: Params, id_: str) -> Doc:
    return _become(tx, id_, "active")


@ALERTS.on("POST /v1/billing/alerts/{id}/deactivate")
def deactivate(tx: Tx, _params: Params, id_: str) -> Doc:
    return _become(tx, id_, "inactive")


@ALERTS.on("POST /v1/billing/alerts/{id}/archive")
def archive(tx: Tx, _params: Params, id_: str) -> Doc:
    return _become(tx, id_, "archived")


# -- what happens by itself -----------------------------------------------------------------------


@METER_EVENTS.when("recorded")
def watch(tx: Tx, event: Doc) -> None:
    """Somebody used something: whoever wanted to know is told."""
    for alert in tx.all(ALERTS):
        threshold = alert["usage_threshold"]
        meter = tx.find(METERS, threshold["meter"])
        if alert["status"] != "active" or not meter or meter["event_name"] != event["event_name"]:
            continue
        customer = meters.customer_of(meter, event["payload"])
        only = {each["customer"] for each in threshold["filters"]}
        if customer and (not only or customer in only):
            _weigh(tx, alert, meter, customer)


def _weigh(tx: Tx, alert: Doc, meter: Doc, customer: str) -> None:
    notes = tx.hidden(alert["id"])
    used = int(meters.aggregate(tx, meter, customer, (notes["since"], tx.now + 1)))
    if customer in notes["told"] or used < alert["usage_threshold"]["gte"]:
        return
    tx.hide(alert["id"], {**notes, "told": [*notes["told"], customer]})
    told = {
        "object": "billing.alert_triggered",
        "alert": alert,
        "created": tx.now,
        "customer": customer,
        "livemode": False,
        "value": used,
    }
    tx.emit("billing.alert.triggered", told)


def _become(tx: Tx, id_: str, then: str) -> Doc:
    alert = tx.get(ALERTS, id_)
    if not ALERTS.allows(alert, then):
        raise refusals.alert_not(alert["status"], then)
    return tx.step(ALERTS, alert, then)
