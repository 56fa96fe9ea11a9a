"""Meters: alerts on what they count, usage as /v2 takes it, and what is taken back."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.talking import NOW, Talk, error

_V2 = {"content_type": "application/json"}


def _meter(talk: Talk) -> str:
    sent = {
        "default_aggregation": {"formula": "sum"},
        "display_name": "Calls",
        "event_name": "calls",
    }
    return str(talk.made("/v1/billing/meters", sent)["id"])


def _alert(talk: Talk, meter: str, gte: int, **threshold: Any) -> Any:
    whole = {"meter": meter, "gte": gte, "recurrence": "one_time", **threshold}
    params = {"alert_type": "usage_threshold", "title": "Much", "usage_threshold": whole}
    return talk.made("/v1/billing/alerts", params)


def _use(talk: Talk, whose: str, value: int) -> None:
    payload = {"stripe_customer_id": whose, "value": value}
    talk.made("/v1/billing/meter_events", {"event_name": "calls", "payload": payload})


def _told(talk: Talk) -> list[tuple[str, int]]:
    found = talk.got("/v1/events", {"type": "billing.alert.triggered"})["data"]
    return [(each["data"]["object"]["customer"], each["data"]["object"]["value"]) for each in found]


def _sent(talk: Talk, path: str, body: Any) -> Any:
    return talk.send("POST", path, orjson.dumps(body), stripe_version="2026-08-26.dahlia", **_V2)


def test_an_alert_is_told_once_for_each_customer(talk: Talk) -> None:
    meter, jo, bo = _meter(talk), talk.customer()["id"], talk.customer()["id"]
    _use(talk, jo, 50)
    talk.advance("1m")
    made = _alert(talk, meter, 10)
    assert (made["status"], made["usage_threshold"]["gte"]) == ("active", 10)
    _use(talk, jo, 9)
    assert _told(talk) == []
    _use(talk, jo, 1)
    _use(talk, jo, 100)
    assert _told(talk) == [(jo, 10)]
    _use(talk, bo, 12)
    assert _told(talk) == [(bo, 12), (jo, 10)]


def test_an_alert_may_be_about_one_customer(talk: Talk) -> None:
    meter, jo, bo = _meter(talk), talk.customer()["id"], talk.customer()["id"]
    made = _alert(talk, meter, 10, filters=[{"type": "customer", "customer": jo}])
    _use(talk, bo, 20)
    assert _told(talk) == []
    _use(talk, jo, 20)
    assert _told(talk) == [(jo, 20)]
    assert talk.got("/v1/billing/alerts", {"meter": meter})["data"] == [made]
    assert talk.got("/v1/billing/alerts", {"meter": "mtr_other"})["data"] == []


def test_only_active_alerts_are_told_and_archived_ones_never_again(talk: Talk) -> None:
    made = _alert(talk, _meter(talk), 1)
    place, jo = f"/v1/billing/alerts/{made['id']}", talk.customer()["id"]
    assert talk.made(f"{place}/deactivate")["status"] == "inactive"
    _use(talk, jo, 5)
    assert _told(talk) == []
    talk.made(f"{place}/activate")
    _use(talk, jo, 1)
    assert _told(talk) == [(jo, 6)]
    assert talk.made(f"{place}/archive")["status"] == "archived"
    for deed in ("activate", "deactivate", "archive"):
        error(talk.post(f"{place}/{deed}"), 400)


def test_usage_over_v2_counts_and_is_taken_back(talk: Talk) -> None:
    meter, jo = _meter(talk), talk.customer()["id"]
    payload = {"stripe_customer_id": jo, "value": "7"}
    event = {"event_name": "calls", "identifier": "one", "payload": payload}
    made = _sent(talk, "/v2/billing/meter_events", event).json()
    assert (made["object"], made["timestamp"]) == (
        "v2.billing.meter_event",
        "2026-03-01T12:00:00.000Z",
    )

    def counted() -> list[float]:
        span = {"customer": jo, "start_time": NOW - 60, "end_time": NOW + 60}
        found = talk.got(f"/v1/billing/meters/{meter}/event_summaries", span)["data"]
        return [each["aggregated_value"] for each in found]

    assert counted() == [7.0]
    back = {"event_name": "calls", "type": "cancel", "cancel": {"identifier": "one"}}
    answer = _sent(talk, "/v2/billing/meter_event_adjustments", back).json()
    assert (answer["status"], counted()) == ("complete", [])


@pytest.mark.parametrize(
    "more",
    [{"timestamp": "yesterday"}, {"timestamp": "2020-01-01T00:00:00Z"}, {"event_name": "other"}],
)
def test_what_v2_does_not_count(talk: Talk, more: Any) -> None:
    _meter(talk)
    payload = {"stripe_customer_id": talk.customer()["id"], "value": "7"}
    event = {"event_name": "calls", "payload": payload, **more}
    error(_sent(talk, "/v2/billing/meter_events", event), 400)


def test_an_adjustment_says_which_event_it_takes_back(talk: Talk):
    sent = {"event_name": "calls", "type": "cancel"}
    refused = error(talk.post("/v1/billing/meter_event_adjustments", sent), 400)
    assert (refused["code"], refused["param"]) == ("parameter_missing", "cancel[identifier]")
