"""Events in the version of whoever is told: which are heard, their names, and what changed."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from emulator.contract.previous import before as as_it_was
from emulator.contract.previous import differences
from emulator.kit import outbox
from emulator.resources.payment_methods.payment_methods import PAYMENT_METHODS
from emulator.webhooks.posting import payload
from emulator.world import World
from tests.contract.versions.support import made, show
from tests.talking import Talk, error

_OLD = "2020-03-02"
_CARD_UPDATED = "payment_method.card_automatically_updated"


def _endpoint(talk: Talk, version: str, *events: str) -> str:
    sent = {"url": "https://example.com/hook", "enabled_events": [*events], "api_version": version}
    return str(talk.made("/v1/webhook_endpoints", sent, stripe_version=version)["id"])


def _told(world: World, endpoint: str) -> list[dict[str, Any]]:
    """What is on its way to an endpoint, as it is to be sent."""
    listener = orjson.loads(world.setup.store.raw(outbox.LISTENERS, endpoint) or b"")
    found = []
    for id_ in list(world.setup.store.ids(f"{outbox.DELIVERIES}/endpoint={endpoint}")):
        delivery = outbox.delivery(world.setup, id_)
        assert delivery is not None
        event = outbox.event(world.setup, delivery["event"])
        assert event is not None
        found.append(orjson.loads(payload(world, event, listener)))
    return found


def test_refunds_of_charges_are_told_apart_since_acacia(talk: Talk, world: World) -> None:
    old = _endpoint(talk, "2024-09-30.acacia", "*")
    new = _endpoint(talk, "2024-10-28.acacia", "*")
    sent = {"amount": 2000, "currency": "usd", "source": "tok_visa"}
    charge = talk.made("/v1/charges", sent)["id"]
    refund = talk.made("/v1/refunds", {"charge": charge})["id"]
    talk.made(f"/v1/refunds/{refund}", {"metadata": {"a": "b"}})

    heard = {"charge.succeeded", "charge.refunded", "charge.refund.updated"}
    assert {event["type"] for event in _told(world, old)} == heard
    assert {event["type"] for event in _told(world, new)} == heard | {
        "refund.created",
        "refund.updated",
    }


def test_a_refund_that_fails_is_told_to_every_version(talk: Talk, world: World) -> None:
    old = _endpoint(talk, "2023-10-16", "*")
    charge = {"amount": 2000, "currency": "usd", "source": "tok_refundFail"}
    refund = talk.made("/v1/refunds", {"charge": talk.made("/v1/charges", charge)["id"]})["id"]
    body = {"refund": refund, "failure_reason": "lost_or_stolen_card"}
    assert talk.control("simulate/refund_failed", body).status_code == 200

    (heard,) = (each for each in _told(world, old) if each["type"] == "charge.refund.updated")
    assert heard["data"]["object"]["status"] == "failed"
    assert heard["data"]["previous_attributes"]["status"] == "succeeded"
    told = [event["type"] for event in talk.got("/v1/events")["data"]][::-1]
    names = ["refund.failed", "refund.updated", "charge.refund.updated"]
    assert [name for name in told if name in names] == names


def test_a_world_of_an_old_version_has_no_event_that_came_later(talk: Talk, world: World) -> None:
    world.setup.settings["version"] = "2023-10-16"
    charge = talk.made("/v1/charges", {"amount": 2000, "currency": "usd", "source": "tok_visa"})
    talk.made("/v1/refunds", {"charge": charge["id"]})

    told = [event["type"] for event in talk.got("/v1/events")["data"]]
    assert "charge.refunded" in told
    assert "refund.created" not in told


def test_cards_that_updated_themselves_had_an_event_of_their_own(talk: Talk, world: World) -> None:
    old = _endpoint(talk, _OLD, _CARD_UPDATED)
    new = _endpoint(talk, "2020-08-27", "payment_method.automatically_updated")
    method = talk.made("/v1/payment_methods", {"type": "card", "card": {"token": "tok_visa"}})
    with world.transaction(world.caller()) as tx:
        method = tx.get(PAYMENT_METHODS, method["id"])
        tx.emit("payment_method.automatically_updated", method)

    assert [event["type"] for event in _told(world, old)] == [_CARD_UPDATED]
    assert [e["type"] for e in _told(world, new)] == ["payment_method.automatically_updated"]


def test_an_old_name_is_unknown_to_newer_endpoints(talk: Talk) -> None:
    sent = {"url": "https://example.com", "enabled_events": [_CARD_UPDATED]}
    error(talk.post("/v1/webhook_endpoints", sent), 400)
    error(talk.post("/v1/webhook_endpoints", sent, stripe_version=_OLD), 400)


def test_what_changed_is_told_in_the_words_of_the_version() -> None:
    invoice = made("invoice", status="paid", collection_method="send_invoice", attempt_count=1)
    event = made(
        "event",
        type="invoice.updated",
        data={
            "object": invoice,
            "previous_attributes": {
                "attempt_count": 0,
                "collection_method": "charge_automatically",
                "status": "open",
            },
        },
    )

    old = show(event, "2019-09-09")["data"]["previous_attributes"]

    assert old == {
        "attempt_count": 0,
        "billing": "charge_automatically",
        "paid": False,
        "status": "open",
    }


def test_events_keep_the_version_in_which_they_were_told(talk: Talk, world: World) -> None:
    world.setup.settings["version"] = "2022-08-01"
    charge = talk.made("/v1/charges", {"amount": 2000, "currency": "usd", "source": "tok_visa"})
    world.setup.settings["version"] = "2026-10-28.endive"
    talk.made(f"/v1/charges/{charge['id']}", {"description": "x"})

    for asked in ("2019-08-14", "2026-10-28.endive"):
        found = talk.got("/v1/events", None, stripe_version=asked)["data"]
        shown = {event["type"]: event for event in found}
        assert "refunds" in shown["charge.succeeded"]["data"]["object"]
        assert "refunds" not in shown["charge.updated"]["data"]["object"]
        first = shown["charge.succeeded"]
        assert talk.got(f"/v1/events/{first['id']}", None, stripe_version=asked) == first


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ({"a": 1, "b": {"c": 1, "d": 2}}, {"a": 2, "b": {"c": 1, "d": 3}}),
        ({"a": {"x": 1}, "b": [1]}, {"a": None, "b": [1, 2]}),
        ({"a": {"object": "card", "id": "c_1"}}, {"a": {"object": "card", "id": "c_2"}}),
    ],
)
def test_what_changed_put_back_is_what_was(was: dict[str, Any], now: dict[str, Any]) -> None:
    assert as_it_was(now, differences(was, now) or {}) == was


@pytest.mark.parametrize(
    ("version", "name"), [("2017-04-06", "user_id"), ("2017-05-25", "account")]
)
def test_an_endpoint_hears_whose_event_it_is(talk: Talk, version: str, name: str) -> None:
    talk.control("settings", {"version": version})
    account = talk.made("/v1/accounts", {"type": "express", "country": "US"})["id"]
    talk.made("/v1/customers", {}, stripe_account=account)
    told = talk.control("events").json()["data"]
    [payload] = [each["payload"] for each in told if each["type"] == "customer.created"]
    heard = orjson.loads(payload)
    assert {"user_id", "account"} & heard.keys() == {name}
    assert heard[name] == account
