"""Stripe's command line as a listener: its session, its line, and what is said on it."""

from __future__ import annotations

import orjson
import pytest
import stripe
from starlette.testclient import WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from emulator.contract.versions import NEWEST
from tests.talking import Talk, error
from tests.webhooks.listening import (
    acknowledge,
    are,
    heard,
    line_to,
    respond,
    session_of,
    until,
)

# -- the session ----------------------------------------------------------------------------------


def test_a_session_says_what_the_command_line_reads(talk: Talk):
    session = session_of(talk, "webhooks", "v2_events")
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
    first, second = session_of(talk), session_of(talk)
    assert first["websocket_id"] != second["websocket_id"]
    assert first["secret"] == second["secret"]


def test_a_filter_of_accounts_is_warned_of_where_there_are_none(talk: Talk):
    filters = '{"filter_account": ["connect_in"]}'
    assert session_of(talk, "request_logs", filters=filters)["display_connect_filter_warning"]
    talk.account()
    asked = session_of(talk, "request_logs", filters=filters)
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
    session_of(talk)
    talk.customer()
    assert talk.control("deliveries").json()["data"] == []


# -- events ---------------------------------------------------------------------------------------


def test_an_event_comes_in_both_versions_and_is_believed(talk: Talk):
    session = session_of(talk)
    with line_to(talk, session) as line:
        customer = talk.customer(name="Zoë")
        usual, newest = heard(line)

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
    with line_to(talk, session_of(talk)) as line:
        talk.made("/v1/customers", {}, stripe_account=account)
        usual, _ = heard(line)
    assert orjson.loads(usual["event_payload"])["account"] == account


def test_what_the_client_has_has_arrived(talk: Talk):
    with line_to(talk, session_of(talk)) as line:
        talk.customer()
        usual, _ = heard(line)
        until(talk, are("pending"))
        acknowledge(line, usual)
        (delivery,) = until(talk, are("succeeded"))
        waited = talk.control("webhooks/wait?type=customer.created&timeout=0").json()
    assert delivery["endpoint"].startswith("cliws_")
    assert delivery["attempts"][0]["status"] is None
    assert waited["delivery"]["id"] == delivery["id"]


def test_what_an_application_answers_stands_in_the_log(talk: Talk):
    with line_to(talk, session_of(talk)) as line:
        talk.customer()
        usual, newest = heard(line)
        acknowledge(line, usual)
        acknowledge(line, newest)
        until(talk, are("succeeded"))
        respond(line, usual, 500, "http://localhost:3000/hook")
        (delivery,) = until(talk, are("failed"))
        assert delivery["attempts"][0]["status"] == 500
        assert delivery["attempts"][0]["body"] == "thanks"
        assert delivery["attempts"][0]["url"] == "http://localhost:3000/hook"

        respond(line, usual, 200, "http://localhost:3000/other")
        talk.customer()
        respond(line, heard(line)[0], 200, "http://localhost:3000/hook")
        until(talk, are("succeeded", "failed"))  # of two applications, the one that failed counts


def test_nothing_is_tried_again_along_a_line(talk: Talk):
    with line_to(talk, session_of(talk)) as line:
        talk.customer()
        heard(line)
    (delivery,) = until(talk, are("failed"))
    assert delivery["attempts"][0]["error"]
    talk.advance("3d")
    assert len(until(talk, are("failed"))[0]["attempts"]) == 1


def test_an_event_is_sent_again_along_a_line(talk: Talk):
    account = talk.account()
    talk.made("/v1/customers", {}, stripe_account=account)
    (event,) = talk.got("/v1/events", {"type": "customer.created"}, stripe_account=account)["data"]
    with line_to(talk, session_of(talk)) as line:
        sent = {"account": account, "for_stripecli": True}
        told = talk.made(f"/v1/events/{event['id']}/retry", sent)
        assert (told["id"], told["pending_webhooks"]) == (event["id"], 1)
        first, _ = heard(line)
        assert orjson.loads(first["event_payload"])["account"] == account
        acknowledge(line, first)
        until(talk, are("succeeded"))
        talk.made(f"/v1/events/{event['id']}/retry", sent)
        acknowledge(line, heard(line)[0])
        (delivery,) = until(talk, lambda found: len(found[0]["attempts"]) == 2)
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
    session = session_of(talk, "v2_events")
    with line_to(talk, session) as line:
        talk.customer()
        message = line.receive_json()
        body, signature = message["payload"], message["http_headers"]["Stripe-Signature"]
        client = stripe.StripeClient(talk.key)
        event = client.parse_event_notification(body, signature, session["secret"])
        assert event.type == "v1.customer.created"
        assert message["type"] == "v2_event"
        answer = {"webhook_id": message["destination_id"], "notification_id": event.id}
        line.send_json({"type": "webhook_response", "status": 202, **answer})
        (delivery,) = until(talk, are("succeeded"))
        assert delivery["attempts"][0]["status"] == 202


def test_what_is_held_comes_when_it_is_let_go_and_twice_when_that_is_asked_for(talk: Talk):
    with line_to(talk, session_of(talk)) as line:
        talk.control("webhooks", {"mode": "hold", "duplicate": {"next": 1}})
        talk.customer()
        until(talk, are("held"))
        talk.control("webhooks", {"mode": "at_once"})
        first, _ = heard(line)
        acknowledge(line, first)
        again, _ = heard(line)
        assert first["event_payload"] == again["event_payload"]
        acknowledge(line, again)
        until(talk, are("succeeded"))


def test_nothing_is_put_off_along_a_line(talk: Talk):
    with line_to(talk, session_of(talk)) as line:
        talk.control("webhooks", {"delay": {"next": 1}, "reorder": {"next": 1}})
        talk.customer()
        assert heard(line)[0]["type"] == "webhook_event"


@pytest.mark.parametrize(
    "nonsense",
    ["", "{", "[]", "7", '{"type":"event_ack"}', '{"type":"webhook_response","status":"x"}'],
)
def test_nonsense_on_the_line_changes_nothing(talk: Talk, nonsense: str):
    with line_to(talk, session_of(talk)) as line:
        line.send_text(nonsense)
        line.send_bytes(b"\xff")
        talk.customer()
        acknowledge(line, heard(line)[0])
        until(talk, are("succeeded"))


# -- whose line it is, and how long ---------------------------------------------------------------


def test_another_world_is_not_heard(talk: Talk):
    with line_to(talk, session_of(talk)) as line:
        talk.as_key("sk_test_other").customer(name="other")
        talk.control("fork", {"name": "branch"})
        talk.as_key("sk_test_branch").customer(name="branch")
        talk.customer(name="mine")
        assert orjson.loads(heard(line)[0]["event_payload"])["data"]["object"]["name"] == "mine"
    assert talk.as_key("sk_test_branch").control("webhooks").json()["endpoints"] == []


def test_a_line_outlives_a_reset_and_touches_nothing(talk: Talk):
    with line_to(talk, session_of(talk)) as line:
        talk.control("snapshots", {"name": "before"})
        talk.customer()
        heard(line)
        talk.control("reset", {})
        assert talk.control("clock", {"now": "2025-01-01"}).status_code == 200
        talk.customer()
        acknowledge(line, heard(line)[0])
        until(talk, are("succeeded"))
        talk.control("snapshots/before/restore", {})
        talk.customer()
        acknowledge(line, heard(line)[0])
        until(talk, are("succeeded"))
    assert talk.control("webhooks").json()["endpoints"] == []


def test_a_snapshot_with_a_line_that_has_gone_has_none(talk: Talk):
    with line_to(talk, session_of(talk)):
        talk.control("snapshots", {"name": "with"})
    talk.control("snapshots/with/restore", {})
    assert talk.control("webhooks").json()["endpoints"] == []
    talk.customer()
    assert talk.control("deliveries").json()["data"] == []


def test_a_client_that_connects_anew_goes_on(talk: Talk):
    session = session_of(talk)
    with line_to(talk, session) as first, line_to(talk, session) as second:
        first.close()
        talk.customer()
        assert heard(second)[0]["type"] == "webhook_event"


def test_the_line_ends_with_the_world(talk: Talk):
    with line_to(talk, session_of(talk)) as line:
        talk.client.delete("/_emulator/worlds/main")
        with pytest.raises(WebSocketDisconnect) as gone:
            line.receive_json()
    assert gone.value.code == 1001


@pytest.mark.parametrize("path", ["/w/main/subscribe/acct_1", "/w/none/subscribe/acct_1", "/x"])
def test_an_unknown_line_is_refused_in_the_words_the_command_line_waits_for(talk: Talk, path: str):
    session_of(talk)
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        talk.client.websocket_connect(path, headers={"Websocket-Id": "cliws_none"}),
    ):
        pass
    assert error(refused.value, 400)["message"] == "Unknown WebSocket ID."
