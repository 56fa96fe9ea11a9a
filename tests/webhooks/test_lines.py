"""Stripe's command line as a listener: its session, its line, and what is said on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest
import stripe
from starlette.testclient import WebSocketDenialResponse, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from emulator.contract.versions import NEWEST
from emulator.control.tailing import Tail
from emulator.world import World
from tests.talking import Talk, error

_SECONDS = 5


def _session(talk: Talk, *features: str, **more: Any) -> Any:
    params = {"device_name": "desk", "websocket_features": [*features] or ["webhooks"], **more}
    return talk.made("/v1/stripecli/sessions", params)


@contextmanager
def _line(talk: Talk, session: Any) -> Iterator[WebSocketTestSession]:
    path = "/" + session["websocket_url"].split("/", 3)[3]
    asked = f"{path}?websocket_feature={session['websocket_authorized_feature']}"
    headers = {"Websocket-Id": session["websocket_id"]}
    with talk.client.websocket_connect(asked, headers=headers) as line:
        yield line


def _heard(line: WebSocketTestSession) -> tuple[Any, Any]:
    """The next event of /v1 as its two messages: in the account's version, and in the newest."""
    return line.receive_json(), line.receive_json()


def _acknowledge(line: WebSocketTestSession, message: Any, **more: Any) -> None:
    event = orjson.loads(message["event_payload"])["id"]
    conversation = message["webhook_conversation_id"]
    kept = {"event_id": event, "webhook_conversation_id": conversation}
    line.send_json({"type": "event_ack", **kept, "webhook_id": message["webhook_id"], **more})


def _respond(line: WebSocketTestSession, message: Any, status: int, url: str) -> None:
    line.send_json(
        {
            "type": "webhook_response",
            "webhook_conversation_id": message["webhook_conversation_id"],
            "webhook_id": message["webhook_id"],
            "forward_url": url,
            "status": status,
            "body": "thanks",
            "http_headers": {},
        }
    )


def _until(talk: Talk, fits: Callable[[list[Any]], bool]) -> list[Any]:
    """The log of deliveries, as soon as it is so."""
    began = time.monotonic()
    while time.monotonic() - began < _SECONDS:
        found: list[Any] = talk.control("deliveries").json()["data"]
        if fits(found):
            return found
        time.sleep(0.005)
    raise AssertionError(found)


def _is(*statuses: str) -> Callable[[list[Any]], bool]:
    return lambda found: [each["status"] for each in found] == [*statuses]


# -- the session ----------------------------------------------------------------------------------


def test_a_session_says_what_the_command_line_reads(talk: Talk):
    session = _session(talk, "webhooks", "v2_events")
    platform = talk.got("/v1/account")["id"]
    assert session["websocket_url"].endswith(f"/w/main/subscribe/{platform}")
    assert session["websocket_url"].startswith("ws://")
    assert session["websocket_id"].startswith("cliws_")
    assert session["websocket_authorized_feature"] == "webhook-payloads"
    assert session["secret"] == talk.control("events").json()["secret"]
    assert session["latest_version"] == NEWEST.text
    assert session["default_version"] != NEWEST.text
    assert session["display_connect_filter_warning"] is False


def test_every_session_has_an_id_of_its_own_and_one_secret(talk: Talk):
    first, second = _session(talk), _session(talk)
    assert first["websocket_id"] != second["websocket_id"]
    assert first["secret"] == second["secret"]


def test_a_filter_of_accounts_is_warned_of_where_there_are_none(talk: Talk):
    filters = '{"filter_account": ["connect_in"]}'
    assert _session(talk, "request_logs", filters=filters)["display_connect_filter_warning"]
    talk.account()
    asked = _session(talk, "request_logs", filters=filters)
    assert asked["display_connect_filter_warning"] is False


@pytest.mark.parametrize("filters", ["{", "[]", '{"filter_account": "self"}', "7"])
def test_filters_that_make_no_sense_are_refused(talk: Talk, filters: str):
    refused = talk.post("/v1/stripecli/sessions", {"filters": filters})
    assert error(refused, 400)["param"] == "filters"


def test_live_and_publishable_keys_get_none(talk: Talk):
    live = talk.as_key("sk_live_123").post("/v1/stripecli/sessions")
    assert error(live, 401)["code"] == "livemode_mismatch"
    assert talk.as_key("pk_test_main").post("/v1/stripecli/sessions").status_code == 403


def test_a_session_alone_listens_to_nothing(talk: Talk):
    _session(talk)
    talk.customer()
    assert talk.control("deliveries").json()["data"] == []


# -- events ---------------------------------------------------------------------------------------


def test_an_event_comes_in_both_versions_and_is_believed(talk: Talk):
    session = _session(talk)
    with _line(talk, session) as line:
        customer = talk.customer(name="Zoë")
        usual, newest = _heard(line)

    assert usual["type"] == newest["type"] == "webhook_event"
    assert usual["webhook_id"] == newest["webhook_id"]
    assert usual["webhook_conversation_id"] != newest["webhook_conversation_id"]
    assert usual["endpoint"] == {"api_version": None}
    assert newest["endpoint"] == {"api_version": NEWEST.text}
    for message, version in (usual, session["default_version"]), (newest, NEWEST.text):
        body, signature = message["event_payload"], message["http_headers"]["Stripe-Signature"]
        event = stripe.Webhook.construct_event(body, signature, session["secret"])
        assert event.api_version == version
        assert event.to_dict()["data"]["object"] == customer
        assert "account" not in event.to_dict()


def test_the_event_of_a_connected_account_says_so(talk: Talk):
    account = talk.account()
    with _line(talk, _session(talk)) as line:
        talk.made("/v1/customers", {}, stripe_account=account)
        usual, _ = _heard(line)
    assert orjson.loads(usual["event_payload"])["account"] == account


def test_what_the_client_has_has_arrived(talk: Talk):
    with _line(talk, _session(talk)) as line:
        talk.customer()
        usual, _ = _heard(line)
        _until(talk, _is("pending"))
        _acknowledge(line, usual)
        (delivery,) = _until(talk, _is("succeeded"))
        waited = talk.control("webhooks/wait?type=customer.created&timeout=0").json()
    assert delivery["endpoint"].startswith("cliws_")
    assert delivery["attempts"][0]["status"] is None
    assert waited["delivery"]["id"] == delivery["id"]


def test_what_an_application_answers_stands_in_the_log(talk: Talk):
    with _line(talk, _session(talk)) as line:
        talk.customer()
        usual, newest = _heard(line)
        _acknowledge(line, usual)
        _acknowledge(line, newest)
        _until(talk, _is("succeeded"))
        _respond(line, usual, 500, "http://localhost:3000/hook")
        (delivery,) = _until(talk, _is("failed"))
        assert delivery["attempts"][0]["status"] == 500
        assert delivery["attempts"][0]["body"] == "thanks"
        assert delivery["attempts"][0]["url"] == "http://localhost:3000/hook"

        _respond(line, usual, 200, "http://localhost:3000/other")
        talk.customer()
        _respond(line, _heard(line)[0], 200, "http://localhost:3000/hook")
        _until(talk, _is("succeeded", "failed"))  # of two applications, the one that failed counts


def test_nothing_is_tried_again_along_a_line(talk: Talk):
    with _line(talk, _session(talk)) as line:
        talk.customer()
        _heard(line)
    (delivery,) = _until(talk, _is("failed"))
    assert delivery["attempts"][0]["error"]
    talk.advance("3d")
    assert len(_until(talk, _is("failed"))[0]["attempts"]) == 1


def test_an_event_is_sent_again_along_a_line(talk: Talk):
    account = talk.account()
    talk.made("/v1/customers", {}, stripe_account=account)
    (event,) = talk.got("/v1/events", {"type": "customer.created"}, stripe_account=account)["data"]
    with _line(talk, _session(talk)) as line:
        sent = {"account": account, "for_stripecli": True}
        told = talk.made(f"/v1/events/{event['id']}/retry", sent)
        assert (told["id"], told["pending_webhooks"]) == (event["id"], 1)
        first, _ = _heard(line)
        assert orjson.loads(first["event_payload"])["account"] == account
        _acknowledge(line, first)
        _until(talk, _is("succeeded"))
        talk.made(f"/v1/events/{event['id']}/retry", sent)
        _acknowledge(line, _heard(line)[0])
        (delivery,) = _until(talk, lambda found: len(found[0]["attempts"]) == 2)
    assert delivery["status"] == "succeeded"


def test_an_event_is_sent_again_to_an_endpoint(talk: Talk):
    box = {"url": "https://mailbox.test/again", "enabled_events": ["charge.failed"]}
    endpoint = talk.made("/v1/webhook_endpoints", box)["id"]
    talk.customer()
    event = talk.got("/v1/events")["data"][0]["id"]
    for _ in range(2):
        talk.made(f"/v1/events/{event}/retry", {"webhook_endpoint": endpoint})
    letters = talk.control("webhooks/mailbox/again").json()["data"]
    assert [letter["event"] for letter in letters] == [event, event]


def test_what_is_not_there_is_not_sent_again(talk: Talk):
    talk.customer()
    event = talk.got("/v1/events")["data"][0]["id"]
    assert error(talk.post("/v1/events/evt_none/retry"), 404)["code"] == "resource_missing"
    unknown = talk.post(f"/v1/events/{event}/retry", {"webhook_endpoint": "we_none"})
    assert error(unknown, 400)["param"] == "webhook_endpoint"
    other = talk.post(f"/v1/events/{event}/retry", {"account": "acct_none"})
    assert error(other, 403)["code"] == "account_invalid"
    talk.made(f"/v1/events/{event}/retry")
    assert talk.control("deliveries").json()["data"] == []


def test_thin_events_come_to_those_who_asked_for_them(talk: Talk):
    session = _session(talk, "v2_events")
    with _line(talk, session) as line:
        talk.customer()
        message = line.receive_json()
        body, signature = message["payload"], message["http_headers"]["Stripe-Signature"]
        client = stripe.StripeClient(talk.key)
        event = client.parse_event_notification(body, signature, session["secret"])
        assert event.type == "v1.customer.created"
        assert message["type"] == "v2_event"
        answer = {"webhook_id": message["destination_id"], "notification_id": event.id}
        line.send_json({"type": "webhook_response", "status": 202, **answer})
        (delivery,) = _until(talk, _is("succeeded"))
        assert delivery["attempts"][0]["status"] == 202


def test_what_is_held_comes_when_it_is_let_go_and_twice_when_that_is_asked_for(talk: Talk):
    with _line(talk, _session(talk)) as line:
        talk.control("webhooks", {"mode": "hold", "duplicate": {"next": 1}})
        talk.customer()
        _until(talk, _is("held"))
        talk.control("webhooks", {"mode": "at_once"})
        first, _ = _heard(line)
        _acknowledge(line, first)
        again, _ = _heard(line)
        assert first["event_payload"] == again["event_payload"]
        _acknowledge(line, again)
        _until(talk, _is("succeeded"))


def test_nothing_is_put_off_along_a_line(talk: Talk):
    with _line(talk, _session(talk)) as line:
        talk.control("webhooks", {"delay": {"next": 1}, "reorder": {"next": 1}})
        talk.customer()
        assert _heard(line)[0]["type"] == "webhook_event"


@pytest.mark.parametrize(
    "nonsense",
    ["", "{", "[]", "7", '{"type":"event_ack"}', '{"type":"webhook_response","status":"x"}'],
)
def test_nonsense_on_the_line_changes_nothing(talk: Talk, nonsense: str):
    with _line(talk, _session(talk)) as line:
        line.send_text(nonsense)
        line.send_bytes(b"\xff")
        talk.customer()
        _acknowledge(line, _heard(line)[0])
        _until(talk, _is("succeeded"))


# -- whose line it is, and how long ---------------------------------------------------------------


def test_another_world_is_not_heard(talk: Talk):
    with _line(talk, _session(talk)) as line:
        talk.as_key("sk_test_other").customer(name="other")
        talk.control("fork", {"name": "branch"})
        talk.as_key("sk_test_branch").customer(name="branch")
        talk.customer(name="mine")
        assert orjson.loads(_heard(line)[0]["event_payload"])["data"]["object"]["name"] == "mine"
    assert talk.as_key("sk_test_branch").control("webhooks").json()["endpoints"] == []


def test_a_line_outlives_a_reset_and_touches_nothing(talk: Talk):
    with _line(talk, _session(talk)) as line:
        talk.control("snapshots", {"name": "before"})
        talk.customer()
        _heard(line)
        talk.control("reset", {})
        assert talk.control("clock", {"now": "2025-01-01"}).status_code == 200
        talk.customer()
        _acknowledge(line, _heard(line)[0])
        _until(talk, _is("succeeded"))
        talk.control("snapshots/before/restore", {})
        talk.customer()
        _acknowledge(line, _heard(line)[0])
        _until(talk, _is("succeeded"))
    assert talk.control("webhooks").json()["endpoints"] == []


def test_a_snapshot_with_a_line_that_has_gone_has_none(talk: Talk):
    with _line(talk, _session(talk)):
        talk.control("snapshots", {"name": "with"})
    talk.control("snapshots/with/restore", {})
    assert talk.control("webhooks").json()["endpoints"] == []
    talk.customer()
    assert talk.control("deliveries").json()["data"] == []


def test_a_client_that_connects_anew_goes_on(talk: Talk):
    session = _session(talk)
    with _line(talk, session) as first, _line(talk, session) as second:
        first.close()
        talk.customer()
        assert _heard(second)[0]["type"] == "webhook_event"


def test_the_line_ends_with_the_world(talk: Talk):
    with _line(talk, _session(talk)) as line:
        talk.client.delete("/_emulator/worlds/main")
        with pytest.raises(WebSocketDisconnect) as gone:
            line.receive_json()
    assert gone.value.code == 1001


@pytest.mark.parametrize("path", ["/w/main/subscribe/acct_1", "/w/none/subscribe/acct_1", "/x"])
def test_an_unknown_line_is_refused_in_the_words_the_command_line_waits_for(talk: Talk, path: str):
    _session(talk)
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        talk.client.websocket_connect(path, headers={"Websocket-Id": "cliws_none"}),
    ):
        pass
    assert error(refused.value, 400)["message"] == "Unknown WebSocket ID."


# -- the request log ------------------------------------------------------------------------------


def _told(line: WebSocketTestSession) -> Any:
    message = line.receive_json()
    assert message["type"] == "request_log_event"
    return orjson.loads(message["event_payload"])


def test_requests_are_told_as_they_are_made(talk: Talk):
    talk.customer()
    with _line(talk, _session(talk, "request_logs")) as line:
        talk.control("clock")
        made = talk.post("/v1/customers", {"name": "Ada"})
        first = _told(line)
        talk.get("/v1/customers/cus_none")
        second = _told(line)
    assert first["request_id"] == made.headers["request-id"]
    assert (first["method"], first["url"], first["status"]) == ("POST", "/v1/customers", 200)
    assert first["error"] == {}
    assert second["status"] == 404
    assert second["error"]["code"] == "resource_missing"


@pytest.mark.parametrize(
    ("filters", "paths"),
    [
        ({}, ["customers", "customers/cus_none", "products", "balance"]),
        ({"filter_status_code_type": ["400"]}, ["customers/cus_none"]),
        ({"filter_status_code": ["404", "402"]}, ["customers/cus_none"]),
        ({"filter_request_status": ["FAILED"]}, ["customers/cus_none"]),
        ({"filter_account": ["connect_out"]}, ["products"]),
        ({"filter_account": ["self"]}, ["customers", "customers/cus_none", "balance"]),
        ({"filter_account": ["connect_in"]}, []),
        ({"filter_http_method": ["get"], "filter_request_status": ["SUCCEEDED"]}, ["balance"]),
        ({"filter_request_path": ["/v1/products"]}, ["products"]),
        ({"filter_source": ["DASHBOARD"]}, []),
        ({"filter_source": ["API"], "filter_http_method": ["DELETE"]}, []),
        (
            {"filter_ip_address": ["192.0.2.1"], "filter_http_method": ["GET"]},
            ["customers/cus_none", "balance"],
        ),
    ],
)
def test_a_tail_shows_what_its_filters_let_through(
    talk: Talk, world: World, filters: dict[str, list[str]], paths: list[str]
):
    account = talk.account()
    features = ["request_logs"]
    tail = Tail(world, {"account": world.setup.platform, "filters": filters, "features": features})
    talk.customer()
    talk.get("/v1/customers/cus_none")
    talk.made("/v1/products", {"name": "Tea"}, stripe_account=account)
    talk.got("/v1/balance")
    told = [orjson.loads(orjson.loads(text)["event_payload"])["url"] for text in tail.news()]
    assert told == [f"/v1/{path}" for path in paths]
    assert [*tail.news()] == []


def test_a_connected_account_sees_what_its_platform_asks_as_coming_in(talk: Talk, world: World):
    account = talk.account()
    filters = {"filter_account": ["connect_in"]}
    tail = Tail(world, {"account": account, "filters": filters, "features": ["request_logs"]})
    talk.got("/v1/balance", stripe_account=account)
    talk.got("/v1/balance")
    assert len([*tail.news()]) == 1


def test_a_tail_goes_on_after_a_reset(talk: Talk):
    with _line(talk, _session(talk, "request_logs")) as line:
        talk.customer()
        assert _told(line)["url"] == "/v1/customers"
        talk.control("reset", {})
        time.sleep(0.1)  # it looks for news every so often
        talk.got("/v1/balance")
        assert _told(line)["url"] == "/v1/balance"
