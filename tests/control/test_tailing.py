"""The request log as `stripe logs tail` follows it."""

from __future__ import annotations

import time
from typing import Any

import orjson
import pytest
from starlette.testclient import WebSocketTestSession

from emulator.control.tailing import Tail
from emulator.world import World
from tests.talking import Talk
from tests.webhooks.listening import line_to, session_of


def _told(line: WebSocketTestSession) -> Any:
    message = line.receive_json()
    assert message["type"] == "request_log_event"
    return orjson.loads(message["event_payload"])


def test_requests_are_told_as_they_are_made(talk: Talk):
    talk.customer()
    with line_to(talk, session_of(talk, "request_logs")) as line:
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
    with line_to(talk, session_of(talk, "request_logs")) as line:
        talk.customer()
        assert _told(line)["url"] == "/v1/customers"
        talk.control("reset", {})
        time.sleep(0.1)  # it looks for news every so often
        talk.got("/v1/balance")
        assert _told(line)["url"] == "/v1/balance"
