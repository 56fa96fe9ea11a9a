"""Thin events: told once for each section that changed, kept, and sent signed."""

from __future__ import annotations

from json import loads
from typing import Any

import pytest
from stripe import StripeClient

from tests.resources.core.asking import ask, made, seller
from tests.talking import Talk, error
from tests.webhooks.receiver import receiving

_MAILBOX = "https://mailbox.test/thin"
_DESTINATION = {
    "name": "Changes",
    "type": "webhook_endpoint",
    "event_payload": "thin",
    "enabled_events": ["v2.core.account.created", "v2.core.account[requirements].updated"],
    "include": ["webhook_endpoint.url", "webhook_endpoint.signing_secret"],
}


def _types(talk: Talk, **params: Any) -> list[str]:
    return [event["type"] for event in talk.got("/v2/core/events", params)["data"]][::-1]


def test_each_section_that_changes_is_told(talk: Talk) -> None:
    id_ = made(talk, "accounts", seller())["id"]
    assert _types(talk, object_id=id_) == ["v2.core.account.created"]
    made(talk, f"accounts/{id_}", {"identity": {"individual": {"surname": "Roe"}}})
    assert "v2.core.account[identity].updated" in _types(talk, object_id=id_)
    made(talk, f"accounts/{id_}", {"contact_phone": "+14155550100"})
    assert _types(talk, object_id=id_)[-1] == "v2.core.account.updated"


def test_changes_made_in_v1_and_by_time_are_told_too(talk: Talk) -> None:
    id_ = made(talk, "accounts", seller())["id"]
    talk.made(f"/v1/accounts/{id_}", {"external_account": "btok_us_verified"})
    assert "v2.core.account[requirements].updated" in _types(talk, object_id=id_)
    talk.advance("1d")
    told = _types(talk, object_id=id_)
    assert "v2.core.account[configuration.merchant].capability_status_updated" in told
    event = talk.got("/v2/core/events", {"types": [told[-1]]})["data"][0]
    assert talk.got(f"/v2/core/events/{event['id']}") == event
    assert event["related_object"] == {
        "id": id_,
        "type": "v2.core.account",
        "url": f"/v2/core/accounts/{id_}",
    }


def test_events_are_found_by_time(talk: Talk) -> None:
    made(talk, "accounts", seller())
    assert _types(talk, created={"gt": "2026-03-01T12:00:00.000Z"}) == []
    assert _types(talk, created={"lte": "2026-03-01T12:00:00.000Z"}) != []
    assert error(talk.get("/v2/core/events", {"created": {"gt": "soon"}}), 400)["param"]


def test_a_thin_event_is_sent_and_the_sdk_reads_it(talk: Talk) -> None:
    with receiving() as receiver:
        body = {**_DESTINATION, "webhook_endpoint": {"url": receiver.url()}}
        destination = made(talk, "event_destinations", body)
        secret = destination["webhook_endpoint"]["signing_secret"]
        id_ = made(talk, "accounts", seller())["id"]
        talk.advance("1m")
        got = receiver.letters[0]
        client = StripeClient(talk.key)
        note = client.parse_event_notification(got.body, got.headers["stripe-signature"], secret)
        assert note.type == "v2.core.account.created"
        assert note.related_object.id == id_
        assert b'"data"' not in got.body


def test_a_ping_reaches_its_destination_whatever_it_listens_to(talk: Talk) -> None:
    with receiving() as receiver:
        body = {**_DESTINATION, "webhook_endpoint": {"url": receiver.url()}}
        id_ = made(talk, "event_destinations", body)["id"]
        event = made(talk, f"event_destinations/{id_}/ping")
        talk.advance("1m")
        assert event["type"] == "v2.core.event_destination.ping"
        assert [loads(got.body)["id"] for got in receiver.letters] == [event["id"]]


def test_a_disabled_destination_hears_nothing(talk: Talk) -> None:
    with receiving() as receiver:
        body = {**_DESTINATION, "webhook_endpoint": {"url": receiver.url()}}
        id_ = made(talk, "event_destinations", body)["id"]
        assert made(talk, f"event_destinations/{id_}/disable")["status"] == "disabled"
        made(talk, "accounts", seller())
        talk.advance("1m")
        assert receiver.letters == []
        assert made(talk, f"event_destinations/{id_}/enable")["status_details"] is None


@pytest.mark.parametrize("sources", [["self", "other_accounts"], ["@self", "@accounts"]])
def test_a_snapshot_destination_hears_the_events_of_v1(talk: Talk, sources: list[str]) -> None:
    with receiving() as receiver:
        body = {
            **_DESTINATION,
            "event_payload": "snapshot",
            "enabled_events": ["customer.created"],
            "events_from": sources,
            "webhook_endpoint": {"url": receiver.url()},
        }
        made(talk, "event_destinations", body)
        account = talk.account()
        talk.customer()
        talk.made("/v1/customers", {}, stripe_account=account)
        talk.advance("1m")
        accounts = sorted(str(loads(got.body).get("account")) for got in receiver.letters)
        assert accounts == sorted(["None", account])


def test_secrets_are_shown_on_request_alone(talk: Talk) -> None:
    body = {**_DESTINATION, "webhook_endpoint": {"url": "http://127.0.0.1:9/"}}
    id_ = made(talk, "event_destinations", body)["id"]
    plain = talk.got(f"/v2/core/event_destinations/{id_}")
    assert plain["webhook_endpoint"] == {"signing_secret": None, "url": None}
    gone = talk.delete(f"/v2/core/event_destinations/{id_}")
    assert gone.status_code == 200, gone.text
    assert gone.json()["id"] == id_
    assert talk.get(f"/v2/core/event_destinations/{id_}").status_code == 404
    missing = {k: v for k, v in _DESTINATION.items() if k != "webhook_endpoint"}
    assert error(ask(talk, "event_destinations", missing), 400)["param"] == "webhook_endpoint"


# -- what happens to objects of /v1 ---------------------------------------------------------------


def _hears(talk: Talk, *names: str, **more: Any) -> None:
    """A destination in the mailbox `thin` that hears these."""
    body = {**_DESTINATION, **more, "enabled_events": [*names]}
    made(talk, "event_destinations", {**body, "webhook_endpoint": {"url": _MAILBOX}})


def _letters(talk: Talk) -> list[Any]:
    found = talk.control("webhooks/mailbox/thin").json()["data"]
    return [loads(letter["body"]) for letter in found]


def test_an_event_of_v1_is_told_as_a_thin_one(talk: Talk) -> None:
    _hears(talk, "v1.customer.created", "v1.customer.updated")
    id_ = talk.customer(name="Ada")["id"]
    talk.made(f"/v1/customers/{id_}", {"name": "Grace"})
    created, updated = _letters(talk)
    assert (created["type"], created["context"]) == ("v1.customer.created", None)
    address = f"/v1/customers/{id_}"
    assert updated["related_object"] == {"id": id_, "type": "customer", "url": address}

    whole = talk.got(f"/v2/core/events/{updated['id']}")
    assert whole["changes"] == {"before": {"name": "Ada"}, "after": {"name": "Grace"}}
    assert talk.got(f"/v1/events/{whole['snapshot_event']}")["type"] == "customer.updated"


def test_what_happens_on_connected_accounts_is_told_where_it_is_asked_for(talk: Talk) -> None:
    account = talk.account()
    _hears(talk, "v1.customer.created")
    talk.made("/v1/customers", stripe_account=account)
    assert _letters(talk) == []
    _hears(talk, "v1.person.created", "v1.customer.created", events_from=["@accounts"])
    talk.made("/v1/customers", stripe_account=account)
    person = talk.made(f"/v1/accounts/{account}/persons", {"first_name": "Jenny"})["id"]
    customer, second = _letters(talk)
    assert customer["context"] == account
    address = f"/v1/accounts/{account}/persons/{person}"
    assert second["related_object"] == {"id": person, "type": "person", "url": address}


def test_what_has_no_id_of_its_own_is_named_without_one(talk: Talk) -> None:
    _hears(talk, "v1.balance.available", "v1.account.external_account.created")
    talk.made("/v1/charges", {"amount": 500, "currency": "usd", "source": "tok_visa"})
    talk.advance("8d")
    (told,) = _letters(talk)
    assert told["related_object"] == {"type": "balance", "url": "/v1/balance"}


@pytest.mark.parametrize(
    ("payload", "name"), [("thin", "customer.created"), ("snapshot", "v1.customer.created")]
)
def test_each_payload_has_names_of_its_own(talk: Talk, payload: str, name: str) -> None:
    place = {"webhook_endpoint": {"url": _MAILBOX}}
    body = {**_DESTINATION, **place, "event_payload": payload, "enabled_events": [name]}
    assert error(ask(talk, "event_destinations", body), 400)["param"] == "enabled_events[0]"


def test_events_are_fetched_in_the_context_that_they_name(talk: Talk) -> None:
    hers, his = (made(talk, "accounts", seller())["id"] for _ in "ab")
    (event,) = talk.got("/v2/core/events", {"object_id": hers})["data"]
    path = f"/v2/core/events/{event['id']}"
    assert talk.got(path, stripe_context=event["context"]) == event
    assert talk.got("/v2/core/events", stripe_context=hers)["data"] == [event]
    error(talk.get(path, stripe_context=his), 404)
    account = talk.got(event["related_object"]["url"], stripe_context=event["context"])
    assert account["id"] == hers
