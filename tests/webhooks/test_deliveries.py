"""Events on their way to real endpoints: signed, retried on the world's clock, logged."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import stripe

from tests.talking import NOW, Talk, error
from tests.webhooks.receiver import Receiver, receiving

HOUR = 3600


@pytest.fixture
def inbox() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


def _endpoint(talk: Talk, url: str, *events: str, **more: Any) -> Any:
    params = {"url": url, "enabled_events": [*events] or ["*"], **more}
    return talk.made("/v1/webhook_endpoints", params)


def _flush(talk: Talk) -> None:
    """Return when all that waits has been tried."""
    assert talk.control("clock", {"advance": 0}).status_code == 200


def _log(talk: Talk) -> Any:
    return talk.control("deliveries").json()["data"]


def test_an_event_arrives_as_the_sdk_wants_it(talk: Talk, inbox: Receiver):
    endpoint = _endpoint(talk, inbox.url(), "customer.created")
    customer = talk.customer(name="Zoë", email="zoe@example.com")
    _flush(talk)

    (letter,) = inbox.letters
    event = letter.opened(endpoint["secret"])
    assert event["type"] == "customer.created"
    assert event["data"]["object"] == customer
    assert event["created"] == NOW
    assert "account" not in event
    assert letter.path == "/hook"
    assert letter.headers["content-type"] == "application/json; charset=utf-8"
    assert letter.headers["user-agent"].startswith("Stripe/1.0")
    stored = talk.got(f"/v1/events/{event['id']}")
    assert {**event, "pending_webhooks": 0} == stored


def test_a_wrong_secret_is_not_believed(talk: Talk, inbox: Receiver):
    _endpoint(talk, inbox.url())
    talk.customer()
    _flush(talk)
    with pytest.raises(stripe.SignatureVerificationError):
        inbox.letters[0].opened("whsec_wrong")


def test_the_secret_is_shown_once(talk: Talk):
    endpoint = _endpoint(talk, "https://example.com/hook")
    assert endpoint["secret"].startswith("whsec_")
    assert len(endpoint["secret"]) == 38
    assert "secret" not in talk.got(f"/v1/webhook_endpoints/{endpoint['id']}")
    other = _endpoint(talk, "https://example.com/hook")
    assert other["secret"] != endpoint["secret"]


def test_only_what_was_asked_for_arrives(talk: Talk, inbox: Receiver):
    _endpoint(talk, inbox.url("/a"), "customer.updated")
    _endpoint(talk, inbox.url("/b"), "customer.created", "customer.updated")
    _endpoint(talk, inbox.url("/c"), "*")
    customer = talk.customer()["id"]
    talk.made(f"/v1/customers/{customer}", {"name": "Ada"})
    talk.delete(f"/v1/customers/{customer}")
    _flush(talk)
    found = sorted((each.path, orjson.loads(each.body)["type"]) for each in inbox.letters)
    assert found == [
        ("/a", "customer.updated"),
        ("/b", "customer.created"),
        ("/b", "customer.updated"),
        ("/c", "customer.created"),
        ("/c", "customer.deleted"),
        ("/c", "customer.updated"),
    ]


def test_an_endpoint_reads_the_version_it_chose(talk: Talk, inbox: Receiver):
    created = "payment_intent.created"
    _endpoint(talk, inbox.url("/old"), created, api_version="2020-08-27")
    _endpoint(talk, inbox.url("/new"), created)
    talk.made("/v1/payment_intents", {"amount": 2000, "currency": "usd"})
    _flush(talk)
    found = {each.path: orjson.loads(each.body) for each in inbox.letters}
    assert found["/old"]["api_version"] == "2020-08-27"
    assert found["/old"]["data"]["object"]["charges"]["data"] == []
    assert found["/new"]["api_version"] > "2026"
    assert "charges" not in found["/new"]["data"]["object"]


def test_a_failed_delivery_is_tried_again_on_the_worlds_clock(talk: Talk, inbox: Receiver):
    endpoint = _endpoint(talk, inbox.url())
    inbox.status = 500
    talk.customer()
    _flush(talk)
    (delivery,) = _log(talk)
    assert (delivery["status"], len(delivery["attempts"])) == ("retrying", 1)
    (event,) = talk.got("/v1/events")["data"]
    assert event["pending_webhooks"] == 1

    talk.advance("3599s")
    assert len(inbox.letters) == 1
    talk.advance("1s")
    assert len(inbox.letters) == 2

    inbox.status = 204
    talk.advance("3h")
    assert len(inbox.letters) == 3
    assert [letter.opened(endpoint["secret"])["id"] for letter in inbox.letters] == [
        event["id"]
    ] * 3
    (delivery,) = _log(talk)
    assert delivery["status"] == "succeeded"
    assert [each["status"] for each in delivery["attempts"]] == [500, 500, 204]
    assert [each["at"] - NOW for each in delivery["attempts"]] == [0, HOUR, 4 * HOUR]
    assert talk.got(f"/v1/events/{event['id']}")["pending_webhooks"] == 0


def test_after_three_tries_it_has_failed(talk: Talk, inbox: Receiver):
    _endpoint(talk, inbox.url())
    inbox.status = 400
    talk.customer()
    for _ in range(4):
        talk.advance("1d")
    (delivery,) = _log(talk)
    assert (delivery["status"], len(delivery["attempts"])) == ("failed", 3)
    assert len(inbox.letters) == 3
    assert talk.got("/v1/events")["data"][0]["pending_webhooks"] == 0


def test_a_redirect_is_a_failure_and_is_not_followed(talk: Talk, inbox: Receiver):
    _endpoint(talk, inbox.url("/old"))
    inbox.status, inbox.location = 302, inbox.url("/new")
    talk.customer()
    _flush(talk)
    assert [letter.path for letter in inbox.letters] == ["/old"]
    (delivery,) = _log(talk)
    assert delivery["status"] == "retrying"
    assert delivery["attempts"][0]["status"] == 302


def test_nobody_there_is_a_failure(talk: Talk):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    _endpoint(talk, f"http://127.0.0.1:{port}/hook")
    talk.customer()
    _flush(talk)
    (attempt,) = _log(talk)[0]["attempts"]
    assert attempt["status"] is None
    assert "ConnectError" in attempt["error"]


def test_a_connect_endpoint_hears_the_connected_accounts(talk: Talk, inbox: Receiver):
    _endpoint(talk, inbox.url("/own"), "customer.created")
    connect = _endpoint(talk, inbox.url("/connect"), "customer.created", connect=True)
    account = talk.account()
    theirs = talk.made("/v1/customers", {"name": "Ada"}, stripe_account=account)
    ours = talk.customer(name="Bob")
    _flush(talk)
    found = {each.path: each for each in inbox.letters}
    assert len(inbox.letters) == 2
    event = found["/connect"].opened(connect["secret"])
    assert event["account"] == account
    assert ("context" in event) == (event["api_version"] >= "2025-04-30")
    assert event["data"]["object"] == theirs
    assert list(orjson.loads(found["/connect"].body))[:3] == ["id", "object", "account"]
    own = orjson.loads(found["/own"].body)
    assert own["data"]["object"] == ours
    assert "account" not in own


def test_a_disabled_or_deleted_endpoint_hears_nothing(talk: Talk, inbox: Receiver):
    one, two = _endpoint(talk, inbox.url()), _endpoint(talk, inbox.url())
    inbox.status = 500
    talk.customer()
    _flush(talk)
    assert len(inbox.letters) == 2
    talk.made(f"/v1/webhook_endpoints/{one['id']}", {"disabled": True})
    talk.delete(f"/v1/webhook_endpoints/{two['id']}")
    talk.customer()
    talk.advance("1d")
    assert len(inbox.letters) == 2
    assert [each["pending_webhooks"] for each in talk.got("/v1/events")["data"]] == [0, 0]


def test_an_endpoint_can_move(talk: Talk, inbox: Receiver):
    endpoint = _endpoint(talk, inbox.url("/old"))
    talk.made(f"/v1/webhook_endpoints/{endpoint['id']}", {"url": inbox.url("/new")})
    talk.customer()
    _flush(talk)
    (letter,) = inbox.letters
    assert letter.path == "/new"
    assert letter.opened(endpoint["secret"])["type"] == "customer.created"


def test_worlds_do_not_hear_each_other(talk: Talk, inbox: Receiver):
    _endpoint(talk, inbox.url())
    other = talk.as_key("sk_test_other")
    other.customer()
    _flush(other)
    _flush(talk)
    assert inbox.letters == []


def test_a_reset_forgets_what_waits(talk: Talk, inbox: Receiver):
    _endpoint(talk, inbox.url())
    inbox.status = 500
    talk.customer()
    _flush(talk)
    talk.control("reset", {})
    talk.advance("1d")
    assert len(inbox.letters) == 1
    assert _log(talk) == []


def test_a_refused_request_announces_nothing(talk: Talk, inbox: Receiver):
    _endpoint(talk, inbox.url())
    error(talk.post("/v1/customers", {"expand": ["nothing"]}), 400)
    _flush(talk)
    assert inbox.letters == []


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"url": "example.com/hook", "enabled_events": ["*"]}, "url"),
        ({"url": "https://example.com", "enabled_events": ["customer.born"]}, "enabled_events[0]"),
        ({"url": "https://example.com"}, "enabled_events"),
        ({"enabled_events": ["*"]}, "url"),
    ],
)
def test_an_endpoint_that_makes_no_sense_is_refused(talk: Talk, params: Any, param: str):
    assert error(talk.post("/v1/webhook_endpoints", params), 400)["param"] == param


def test_an_account_has_sixteen_endpoints_at_most(talk: Talk):
    for _ in range(16):
        _endpoint(talk, "https://example.com/hook")
    params = {"url": "https://example.com/hook", "enabled_events": ["*"]}
    error(talk.post("/v1/webhook_endpoints", params), 400)
