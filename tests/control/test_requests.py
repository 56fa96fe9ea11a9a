"""The request log: what was asked, what came back, why, and once more."""

from __future__ import annotations

import shlex
from typing import Any

import orjson
import pytest

from emulator.control.requests import recorded
from emulator.web.app import Application
from emulator.world import World
from tests.talking import NOW, Talk, error
from tests.webhooks.mailing import told


def _log(talk: Talk, query: str = "") -> Any:
    return told(talk, f"requests{query}")["data"]


def test_every_request_is_there_with_its_answer(talk: Talk):
    customer = talk.customer(name="Ada")
    talk.got(f"/v1/customers/{customer['id']}", {"expand": ["sources"]})
    newest, oldest = _log(talk)
    assert (oldest["method"], oldest["path"], oldest["status"]) == ("POST", "/v1/customers", 200)
    assert (newest["method"], newest["query"]) == ("GET", "expand[0]=sources")
    assert oldest["at"] == NOW
    assert oldest["milliseconds"] > 0
    assert oldest["key"] == "sk_test_main"[:0] + oldest["key"]
    assert "main" not in oldest["key"][:-4]
    assert [each["type"] for each in oldest["events"]] == ["customer.created"]
    assert newest["events"] == []

    whole = told(talk, f"requests/{oldest['id']}")
    assert whole["request"]["body"] == "name=Ada"
    assert whole["answer"]["body"] == customer
    assert whole["answer"]["headers"]["request-id"] == oldest["id"]


def test_a_page_of_a_list_is_there_as_it_was_sent(talk: Talk):
    for name in ("Ada", "Grace", "Edsger"):
        customer = talk.customer(name=name)
    page = talk.got("/v1/customers", {"limit": 2})
    talk.made(f"/v1/customers/{customer['id']}", {"name": "Barbara"})

    whole = told(talk, f"requests/{_log(talk)[1]['id']}")

    assert whole["answer"]["body"] == page
    assert int(whole["answer"]["headers"]["content-length"]) == len(orjson.dumps(page))


def test_events_on_other_accounts_are_found(talk: Talk):
    account = talk.account()
    told(talk, "onboard", {"account": account})
    params = {"amount": 1000, "currency": "usd", "source": "tok_visa"}
    talk.made("/v1/charges", {**params, "transfer_data": {"destination": account}})
    talk.customer()
    found = {each["type"] for each in _log(talk)[1]["events"]}
    assert {"charge.succeeded", "transfer.created", "payment.created"} <= found
    assert "customer.created" not in found


def test_a_refusal_says_why(talk: Talk):
    talk.post("/v1/customers", {"nmae": "Ada"})
    talk.get("/v1/customers/cus_nobody")
    talk.post("/v1/accounts", {"type": "custom", "country": "KP"})
    account, missing, unknown = _log(talk)
    assert unknown["error"]["code"] == "parameter_unknown"
    assert "name" in unknown["error"]["message"]
    assert missing["error"]["param"] == "id"
    assert account["rule"]


@pytest.mark.parametrize(
    ("method", "path", "hint"),
    [
        ("GET", "/v1/custmers", "Did you mean GET /v1/customers?"),
        ("GET", "/v1/payment_intent/pi_1", "Did you mean GET /v1/payment_intents/pi_1?"),
        ("POST", "/v1/payment_intents/pi_1/confrim", "/v1/payment_intents/pi_1/confirm?"),
        ("GET", "/v1/customers/", "Did you mean GET /v1/customers, without the slash?"),
        ("DELETE", "/v1/charges/ch_1", "/v1/charges/ch_1 takes GET and POST, not DELETE."),
        ("GET", "/v1/custommers/cus_1/what/is/this", "Did you mean GET /v1/customers?"),
        ("GET", "/v1/qqqqqq", None),
    ],
)
def test_a_mistyped_path_is_recognised(talk: Talk, method: str, path: str, hint: str | None):
    error(talk.send(method, path), 404)
    found = _log(talk)[0]["hint"]
    assert found is None if hint is None else hint in found


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?method=post", 3),
        ("?method=GET", 2),
        ("?status=4xx", 1),
        ("?status=404", 1),
        ("?status=200", 4),
        ("?path=/v1/customers", 2),
        ("?path=/v1/**&limit=3", 3),
        (f"?since={NOW}", 5),
        (f"?since={NOW + 1}", 0),
        ("?kind=control", 0),
        ("?account=acct_none", 0),
    ],
)
def test_the_log_is_narrowed(talk: Talk, query: str, count: int):
    customer = talk.customer()["id"]
    talk.customer()
    talk.got("/v1/balance")
    talk.get("/v1/customers/cus_nobody")
    talk.made(f"/v1/customers/{customer}", {"name": "Ada"})
    assert len(_log(talk, query)) == count


def test_one_accounts_requests(talk: Talk):
    account = talk.account()
    talk.got("/v1/balance", None, stripe_account=account)
    (found,) = _log(talk, f"?account={account}")
    assert found["path"] == "/v1/balance"


def test_the_log_is_followed_from_a_cursor(talk: Talk):
    start = told(talk, "requests")["cursor"]
    assert start == 0
    talk.customer()
    talk.got("/v1/balance")
    found = told(talk, f"requests?after={start}&limit=1")
    assert [each["path"] for each in found["data"]] == ["/v1/customers"]
    rest = told(talk, f"requests?after={found['cursor']}")
    assert [each["path"] for each in rest["data"]] == ["/v1/balance"]
    assert told(talk, f"requests?after={rest['cursor']}&wait=0.01")["data"] == []


def test_a_request_is_copied_as_curl(talk: Talk):
    account = talk.account()
    talk.made(
        "/v1/customers?expand[]=sources",
        {"name": "A'da"},
        stripe_account=account,
        idempotency_key="k",
    )
    id_ = _log(talk)[0]["id"]
    words = shlex.split(told(talk, f"requests/{id_}")["curl"])
    assert words == [
        "curl",
        "http://127.0.0.1:12111/v1/customers?expand[]=sources",
        "-u",
        "sk_test_main:",
        "-H",
        f"Stripe-Account: {account}",
        "-H",
        "Idempotency-Key: k",
        "--data-binary",
        "name=A%27da",
    ]
    masked = told(talk, f"requests/{id_}?mask=true")
    assert "sk_test_main" not in str(masked)


def test_a_request_is_made_once_more(talk: Talk):
    talk.made("/v1/customers", {"name": "Ada"}, idempotency_key="k")
    id_ = _log(talk)[0]["id"]
    again = told(talk, f"requests/{id_}/replay", {})
    assert again["answer"]["body"]["name"] == "Ada"
    assert again["id"] != id_
    assert len(talk.got("/v1/customers")["data"]) == 2
    assert error(talk.control("requests/req_1/replay", {}), 404)["param"] == "id"


def test_of_a_long_body_the_beginning_is_kept(talk: Talk):
    params = {"name": "x" * 70_000}
    talk.post("/v1/customers", params)
    id_ = _log(talk)[0]["id"]
    assert told(talk, f"requests/{id_}")["request"]["body"].endswith("x [cut by the log]")
    assert error(talk.control(f"requests/{id_}/replay", {}), 400)["param"] == "id"
    told(talk, "requests", {"keep": "all"})
    talk.post("/v1/customers", params)
    id_ = _log(talk)[0]["id"]
    assert told(talk, f"requests/{id_}/replay", {})["request"]["body"].endswith("xxx")


def test_control_calls_that_change_something_are_there(talk: Talk):
    talk.advance("1d")
    told(talk, "worlds/main/settings", {"application_name": "Shop"})
    told(talk, "snapshots", {"name": "x"})
    settings, clock = _log(talk, "?kind=control")
    assert (clock["path"], clock["at"]) == ("/_emulator/clock", NOW + 86_400)
    assert settings["path"] == "/_emulator/settings"
    again = told(talk, f"requests/{clock['id']}/replay", {})
    assert again["at"] == NOW + 2 * 86_400


def test_the_log_keeps_as_many_as_it_is_told(talk: Talk):
    assert told(talk, "requests", {"keep": 2}) == {"keep": 2, "kept": 0}
    for _ in range(5):
        talk.customer()
    assert [each["number"] for each in _log(talk)] == [5, 4]
    assert told(talk, "requests?after=1")["data"][0]["number"] == 4
    told(talk, "requests", {"keep": "all"})
    for _ in range(5):
        talk.customer()
    assert len(_log(talk)) == 7
    told(talk, "requests", {"keep": 0})
    talk.customer()
    assert _log(talk) == []
    assert error(talk.control("requests", {"keep": -1}), 400)["param"] == "keep"


def test_the_log_can_be_emptied_and_a_reset_empties_it(talk: Talk):
    talk.customer()
    assert talk.send("DELETE", "/_emulator/requests").json() == {"deleted": 1}
    talk.customer()
    assert [each["number"] for each in _log(talk)] == [2]
    told(talk, "reset", {})
    assert _log(talk) == []
    talk.customer()
    assert [each["number"] for each in _log(talk)] == [1]


def test_a_restored_world_was_never_asked_what_came_after(talk: Talk):
    talk.customer(name="a")
    told(talk, "snapshots", {"name": "x"})
    talk.customer(name="b")
    told(talk, "snapshots/x/restore", {})
    assert [each["number"] for each in _log(talk)] == [1]
    branch = talk.as_key(told(talk, "fork", {"name": "branch"})["key"])
    branch.customer(name="c")
    assert [each["number"] for each in _log(branch)] == [2, 1]
    assert len(_log(talk)) == 1


def test_a_fault_shows_in_the_log(talk: Talk):
    talk.post("/v1/customers", {}, emulator_fault="500-after")
    talk.post("/v1/customers", {}, emulator_fault="lock_timeout")
    talk.post("/v1/customers", {}, emulator_fault="drop-after")
    talk.post("/v1/customers", {}, emulator_fault="drop-before")
    before, after, locked, lost = _log(talk)
    assert (lost["status"], lost["rule"]) == (500, "fault/500-after")
    assert (locked["status"], locked["rule"]) == (429, "fault/lock_timeout")
    assert (after["status"], after["lost"]) == (None, True)
    assert (before["status"], before["lost"]) == (None, True)
    assert len(talk.got("/v1/customers")["data"]) == 2


def test_what_was_recorded_can_be_sent_again_to_the_same_bytes(
    talk: Talk, world: World, app: Application
):
    told(talk, "requests", {"keep": "all"})
    talk.customer(name="Zoë")
    talk.advance("1d")
    talk.got("/v1/customers")
    first = recorded(world)
    assert [each.kind for each in first] == ["api", "control", "api"]
    assert [each.at for each in first] == [NOW, NOW + 86_400, NOW + 86_400]
    told(talk, "reset", {})
    for each in first:
        headers = {n.decode(): v.decode() for n, v in each.sent.headers}
        answer = talk.client.request(
            each.sent.method, each.sent.target, content=each.sent.body, headers=headers
        )
        assert (answer.status_code, answer.content) == (each.status, each.answer)


@pytest.mark.parametrize("query", ["?status=abc", "?limit=0", "?after=-1", "?wait=x", "?mehod=GET"])
def test_a_mistake_in_reading_is_named(talk: Talk, query: str):
    assert error(talk.control(f"requests{query}"), 400)["param"] == query[1:].partition("=")[0]


def test_a_cursor_beyond_all_requests_finds_none(talk: Talk) -> None:
    talk.customer()
    for after in (10**6, 10**20):
        found = talk.send("GET", f"/_emulator/requests?after={after}")
        assert (found.status_code, found.json()["data"]) == (200, [])
