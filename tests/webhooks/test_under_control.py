"""Holding, letting go, losing, repeating, reordering and waiting."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.talking import NOW, Talk, error
from tests.webhooks.mailing import endpoint, letters, names, told, types
from tests.webhooks.receiver import receiving

THREE = ["a", "b", "c"]


def _hold(talk: Talk, **more: Any) -> Any:
    return told(talk, "webhooks", {"mode": "hold", **more})


def _three(talk: Talk) -> None:
    for name in THREE:
        talk.customer(name=name)


# -- holding --------------------------------------------------------------------------------------


def test_what_is_held_goes_out_when_it_is_let_go(talk: Talk):
    made = endpoint(talk)
    _hold(talk)
    _three(talk)
    assert letters(talk) == []
    shown = told(talk, "webhooks")
    assert (shown["held"], shown["endpoints"][0]["held"]) == (3, 3)
    assert "secret" not in shown["endpoints"][0]
    (event, *_) = talk.got("/v1/events")["data"]
    assert event["pending_webhooks"] == 1

    told(talk, "webhooks", {"mode": "at_once"})
    assert names(talk) == THREE
    assert told(talk, "webhooks")["held"] == 0
    assert made["id"] == shown["endpoints"][0]["id"]


def test_one_endpoint_may_hold_while_the_others_deliver(talk: Talk):
    one = endpoint(talk, box="one")
    endpoint(talk, box="two")
    _hold(talk, endpoint=one["id"])
    talk.customer(name="a")
    assert (names(talk, "one"), names(talk, "two")) == ([], ["a"])
    told(talk, "webhooks", {"endpoint": one["id"], "mode": None})
    assert names(talk, "one") == ["a"]


def test_what_is_held_goes_out_on_request(talk: Talk):
    endpoint(talk)
    _hold(talk)
    _three(talk)
    events = [each["id"] for each in talk.got("/v1/events")["data"]]
    (delivery,) = told(talk, "webhooks/deliver", {"event": events[1]})["data"]
    assert (names(talk), delivery["status"]) == (["b"], "succeeded")
    told(talk, "webhooks/deliver", {"type": "customer.*", "limit": 1})
    assert names(talk) == ["b", "a"]
    told(talk, "webhooks/deliver", {"type": "payout.*"})
    told(talk, "webhooks/deliver", {"account": "acct_other"})
    assert len(names(talk)) == 2
    told(talk, "webhooks/deliver", {})
    assert names(talk) == ["b", "a", "c"]


def test_what_is_held_goes_out_backwards_and_twice(talk: Talk):
    endpoint(talk)
    _hold(talk)
    _three(talk)
    told(talk, "webhooks/deliver", {"order": "newest", "times": 2})
    assert names(talk) == ["c", "b", "a"] * 2


def test_shuffling_is_the_seeds(talk: Talk):
    def play() -> list[str | None]:
        endpoint(talk)
        _hold(talk)
        for number in range(8):
            talk.customer(name=str(number))
        told(talk, "webhooks/deliver", {"order": "shuffled"})
        return names(talk)

    first = play()
    assert sorted(map(str, first)) == [str(number) for number in range(8)] != first
    told(talk, "reset", {})
    assert play() == first


def test_a_deleted_endpoint_gets_nothing_of_what_was_held(talk: Talk):
    made = endpoint(talk)
    _hold(talk)
    talk.customer()
    talk.delete(f"/v1/webhook_endpoints/{made['id']}")
    told(talk, "webhooks", {"mode": "at_once"})
    assert letters(talk) == []
    assert told(talk, "deliveries")["data"][0]["status"] == "dropped"


def test_held_deliveries_reach_a_receiver_in_the_network(talk: Talk):
    with receiving() as inbox:
        params = {"url": inbox.url(), "enabled_events": ["*"]}
        talk.made("/v1/webhook_endpoints", params)
        _hold(talk)
        _three(talk)
        found = told(talk, "webhooks/deliver", {"order": "newest"})["data"]
        assert len(inbox.letters) == 3
        sent = found[0]["attempts"][0]["request"]
        assert sent["body"] == inbox.letters[0].body.decode()
        assert sent["url"] == inbox.url()
        assert '"name": "c"' in sent["body"]
        assert found[0]["attempts"][0]["body"] == "ok"


# -- sending again --------------------------------------------------------------------------------


def test_an_event_is_sent_again(talk: Talk):
    endpoint(talk, box="one")
    late = endpoint(talk, "customer.deleted", box="late")
    talk.customer(name="a")
    (event,) = talk.got("/v1/events")["data"]
    told(talk, "webhooks/resend", {"event": event["id"]})
    assert names(talk, "one") == ["a", "a"]
    told(talk, "webhooks/resend", {"event": event["id"], "endpoint": late["id"]})
    assert names(talk, "late") == ["a"]


def test_sending_again_wants_something_to_send_and_somebody_to_read(talk: Talk):
    talk.customer()
    (event,) = talk.got("/v1/events")["data"]
    assert (
        error(talk.control("webhooks/resend", {"event": event["id"]}), 400)["param"] == "endpoint"
    )
    assert error(talk.control("webhooks/resend", {"event": "evt_1"}), 404)["param"] == "event"
    body = {"event": event["id"], "endpoint": "we_1"}
    assert error(talk.control("webhooks/resend", body), 404)["param"] == "endpoint"


# -- what goes wrong ------------------------------------------------------------------------------


def test_every_delivery_twice(talk: Talk):
    endpoint(talk)
    told(talk, "webhooks", {"duplicate": 1})
    talk.customer(name="a")
    assert names(talk) == ["a", "a"]
    first, second = letters(talk)
    assert first["event"] == second["event"]
    told(talk, "webhooks", {"duplicate": None})
    talk.customer(name="b")
    assert names(talk) == ["a", "a", "b"]


def test_the_next_one_is_lost_and_no_other(talk: Talk):
    endpoint(talk)
    told(talk, "webhooks", {"drop": {"next": 1}})
    _three(talk)
    assert names(talk) == ["b", "c"]
    statuses = [each["status"] for each in told(talk, "deliveries")["data"]]
    assert statuses == ["succeeded", "succeeded", "dropped"]
    talk.advance("3d")
    assert names(talk) == ["b", "c"]


def test_a_late_one_arrives_after_the_others(talk: Talk):
    endpoint(talk)
    told(talk, "webhooks", {"delay": {"next": 1}, "delay_by": 90})
    _three(talk)
    assert names(talk) == ["b", "c"]
    talk.advance("89s")
    assert names(talk) == ["b", "c"]
    talk.advance("1s")
    assert names(talk) == ["b", "c", "a"]


def test_one_is_overtaken_by_the_next(talk: Talk):
    endpoint(talk)
    told(talk, "webhooks", {"reorder": {"next": 1}})
    _three(talk)
    assert names(talk) == ["b", "a", "c"]


def test_one_that_nothing_overtakes_arrives_all_the_same(talk: Talk):
    endpoint(talk)
    told(talk, "webhooks", {"reorder": {"next": 1}})
    talk.customer(name="a")
    assert names(talk) == []
    talk.advance("60s")
    assert names(talk) == ["a"]


def test_shares_are_the_seeds(talk: Talk):
    def play() -> list[str | None]:
        endpoint(talk)
        told(talk, "webhooks", {"drop": 0.3, "duplicate": 0.3, "reorder": 0.3})
        for number in range(30):
            talk.customer(name=str(number))
        return names(talk)

    first = play()
    assert len(set(first)) < 30 < len(first) + 15
    told(talk, "reset", {})
    assert play() == first


@pytest.mark.parametrize(
    ("answer", "arrived", "status"),
    [
        ("send", 1, "succeeded"),
        ("drop", 0, "dropped"),
        ("timeout", 0, "retrying"),
        ("status:500", 1, "retrying"),
        ("duplicate", 2, "succeeded"),
        ("delay:30s", 0, "delayed"),
    ],
)
def test_a_queued_answer_decides_one_delivery(talk: Talk, answer: str, arrived: int, status: str):
    endpoint(talk)
    told(talk, "answers", {"question": "webhook.deliver", "answer": answer})
    talk.customer(name="a")
    assert len(letters(talk)) == arrived
    assert told(talk, "deliveries")["data"][0]["status"] == status
    talk.customer(name="b")
    assert names(talk)[-1] == "b"
    talk.advance("1h")
    assert "a" in names(talk) or answer == "drop"


def test_an_endpoint_that_is_down_for_two_days_gets_it_in_live_mode(talk: Talk):
    endpoint(talk, box="down")
    told(talk, "webhooks", {"schedule": "live"})
    told(talk, "webhooks/mailbox/down", {"status": 500})
    talk.customer()
    talk.advance("2d")
    told(talk, "webhooks/mailbox/down", {"status": 200})
    talk.advance("1d")
    (delivery,) = told(talk, "deliveries")["data"]
    assert delivery["status"] == "succeeded"
    tries = [each["at"] - NOW for each in delivery["attempts"]]
    assert tries == [hours * 3600 for hours in (0, 1, 3, 7, 15, 31, 55)]


# -- waiting --------------------------------------------------------------------------------------


def _wait(talk: Talk, **params: Any) -> Any:
    return talk.control("webhooks/wait?" + urlencode(params))


def test_waiting_ends_with_what_has_arrived(talk: Talk):
    made = endpoint(talk)
    talk.customer(name="a")
    found = _wait(talk, type="customer.created").json()
    assert found["event"]["data"]["object"]["name"] == "a"
    assert found["delivery"]["endpoint"] == made["id"]
    assert found["delivery"]["status"] == "succeeded"


def test_where_nobody_listens_it_need_only_have_happened(talk: Talk):
    account = talk.account()
    talk.made("/v1/customers", {"name": "a"}, stripe_account=account)
    found = told(talk, "webhooks/wait", {"type": "customer.*"})
    assert (found["delivery"], found["event"]["account"]) == (None, account)


def test_waiting_goes_on_after_an_event(talk: Talk):
    endpoint(talk)
    _three(talk)
    first = _wait(talk, type="customer.created").json()["event"]
    second = _wait(talk, type="customer.created", after=first["id"]).json()["event"]
    assert second["data"]["object"]["name"] == "b"


def test_waiting_in_vain_tells_what_happened(talk: Talk):
    endpoint(talk)
    _hold(talk)
    _three(talk)
    refused = error(_wait(talk, type="payout.failed", timeout=0.02), 408)
    assert refused["code"] == "timeout"
    assert "No payout.failed arrived within 0.02 s." in refused["message"]
    assert "customer.created (3)" in refused["message"]
    assert "held: 3" in refused["message"]
    error(_wait(talk, type="customer.created", timeout=0), 408)


@pytest.mark.parametrize(
    ("params", "status", "param"),
    [
        ({}, 400, "type"),
        ({"type": "x", "timeout": "soon"}, 400, "timeout"),
        ({"type": "x", "timeout": 121}, 400, "timeout"),
        ({"type": "x", "after": "evt_1"}, 404, "event"),
        ({"type": "x", "endpoint": "we_1"}, 404, "endpoint"),
        ({"tipe": "x"}, 400, "tipe"),
    ],
)
def test_a_mistake_in_waiting_is_named(talk: Talk, params: Any, status: int, param: str):
    assert error(_wait(talk, **params), status)["param"] == param


def test_events_are_followed_from_a_cursor(talk: Talk):
    account = talk.account()
    start = told(talk, "events")["cursor"]
    talk.customer(name="a")
    talk.made("/v1/customers", {"name": "b"}, stripe_account=account)
    found = told(talk, f"events?after={start}")
    assert [(each["type"], each["account"]) for each in found["data"]] == [
        ("customer.created", None),
        ("customer.created", account),
    ]
    assert f'"account": "{account}"' in found["data"][1]["payload"]
    assert found["secret"].startswith("whsec_")
    assert told(talk, f"events?after={found['cursor']}&wait=0.02")["data"] == []


# -- settings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"mode": "later"}, "mode"),
        ({"drop": 2}, "drop"),
        ({"drop": {"next": 0}}, "drop"),
        ({"drop": {"every": 1}}, "drop"),
        ({"delay_by": "1m"}, "delay_by"),
        ({"schedule": "never"}, "schedule"),
        ({"moode": "hold"}, "moode"),
    ],
)
def test_a_wrong_setting_is_named(talk: Talk, body: Any, param: str):
    assert error(talk.control("webhooks", body), 400)["param"] == param


def test_an_unknown_endpoint_has_no_settings(talk: Talk):
    body = {"endpoint": "we_1", "mode": "hold"}
    assert error(talk.control("webhooks", body), 404)["param"] == "endpoint"


def test_the_log_of_one_endpoint(talk: Talk):
    one = endpoint(talk, box="one")
    endpoint(talk, box="two")
    _three(talk)
    found = told(talk, f"deliveries?endpoint={one['id']}&limit=2")["data"]
    assert [each["endpoint"] for each in found] == [one["id"]] * 2
    assert found[0]["type"] == "customer.created"
    assert "Stripe-Signature" in found[0]["attempts"][0]["request"]["headers"]
    assert told(talk, "deliveries?status=failed")["data"] == []
    assert types(talk, "two") == ["customer.created"] * 3
