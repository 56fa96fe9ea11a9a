"""What goes wrong when somebody asks for it, and only then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from emulator.control import faults
from emulator.kernel.clock import stopwatch
from emulator.web.app import Application
from emulator.web.faulting import Dropped
from tests.talking import Talk, error


def _set(talk: Talk, fault: str, **more: Any) -> Any:
    answer = talk.control("faults", {"fault": fault, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def _count(talk: Talk) -> int:
    return len(talk.got("/v1/customers", {"limit": 100})["data"])


# -- one fault ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "status", "code", "done"),
    [
        ("rate_limit", 429, "rate_limit", 0),
        ("lock_timeout", 429, "lock_timeout", 0),
        ("500-before", 500, None, 0),
        ("500-after", 500, None, 1),
        ("idempotency_conflict", 409, "idempotency_key_in_use", 0),
    ],
)
def test_a_fault_answers_and_does_what_its_name_says(
    talk: Talk, fault: str, status: int, code: str | None, done: int
):
    _set(talk, fault, method="POST")
    refused = error(talk.post("/v1/customers", {}, idempotency_key="k"), status)
    assert refused.get("code") == code
    assert _count(talk) == done


@pytest.mark.parametrize("fault", ["drop-before", "drop-after", "timeout-before", "timeout-after"])
def test_a_dropped_connection_gets_no_answer(
    talk: Talk, app: Application, fault: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(faults, "_USUAL_TIMEOUT", 0.001)
    _set(talk, fault, method="POST")

    async def ask() -> None:
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://x") as client:
            headers = {"Authorization": f"Bearer {talk.key}"}
            await client.post("/v1/customers", headers=headers)

    with pytest.raises(Dropped):
        asyncio.run(ask())
    assert _count(talk) == (1 if fault.endswith("after") else 0)


def test_a_lost_answer_is_found_again_under_its_key(talk: Talk):
    lost = talk.post("/v1/customers", {}, idempotency_key="k", emulator_fault="500-after")
    assert lost.headers["stripe-should-retry"] == "false"
    again = talk.post("/v1/customers", {}, idempotency_key="k")
    assert (again.status_code, again.headers["idempotent-replayed"]) == (500, "true")
    assert again.content == lost.content


def test_what_never_began_is_carried_out_when_it_is_tried_again(talk: Talk):
    error(talk.post("/v1/customers", {}, idempotency_key="k", emulator_fault="500-before"), 500)
    assert talk.made("/v1/customers", {}, idempotency_key="k")["object"] == "customer"
    assert _count(talk) == 1


def test_a_lock_asks_to_be_tried_again_and_a_rate_limit_tells_its_reason(talk: Talk):
    locked = talk.post("/v1/customers", {}, emulator_fault="lock_timeout")
    assert locked.headers["stripe-should-retry"] == "true"
    limited = talk.get("/v1/customers", None, emulator_fault="rate_limit")
    assert limited.headers["stripe-rate-limited-reason"] == "global-rate"
    assert "stripe-should-retry" not in limited.headers
    assert limited.headers["emulator-rule"] == "fault/rate_limit"
    assert limited.headers["request-id"].startswith("req_")


def test_retry_after_is_sent_when_it_is_asked_for(talk: Talk):
    _set(talk, "rate_limit", retry_after=7)
    assert talk.get("/v1/customers").headers["retry-after"] == "7"


# -- which requests -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("narrowed", "struck"),
    [
        ({"method": "GET"}, False),
        ({"method": "POST"}, True),
        ({"path": "/v1/customers"}, True),
        ({"path": "/v1/customers/*"}, False),
        ({"path": "/v1/**"}, True),
        ({"path": "/v1/{anything}"}, True),
        ({"account": "platform"}, True),
        ({"account": "connected"}, False),
        ({"account": "acct_1"}, False),
        ({"key": "sk_test_main"}, True),
        ({"key": "rk"}, False),
        ({"nth": 2}, False),
    ],
)
def test_a_fault_strikes_only_what_it_is_meant_for(
    talk: Talk, narrowed: dict[str, Any], struck: bool
):
    _set(talk, "lock_timeout", **narrowed)
    assert talk.post("/v1/customers").status_code == (429 if struck else 200)


def test_a_fault_may_mean_one_connected_account(talk: Talk):
    account = talk.account()
    _set(talk, "lock_timeout", account=account)
    assert talk.post("/v1/customers").status_code == 200
    assert talk.post("/v1/customers", {}, stripe_account=account).status_code == 429


def test_the_second_and_only_the_second(talk: Talk):
    _set(talk, "500-before", nth=2)
    statuses = [talk.post("/v1/customers").status_code for _ in range(4)]
    assert statuses == [200, 500, 200, 200]


def test_so_many_times_and_no_more(talk: Talk):
    fault = _set(talk, "500-before", times=2)
    statuses = [talk.post("/v1/customers").status_code for _ in range(4)]
    assert statuses == [500, 500, 200, 200]
    (shown,) = talk.control("faults").json()["data"]
    assert shown == {**fault, "seen": 2, "struck": 2}


def test_chance_is_the_seeds(talk: Talk):
    def play(other: Talk) -> list[int]:
        _set(other, "500-before", chance=0.5)
        return [other.get("/v1/customers").status_code for _ in range(40)]

    first = play(talk)
    assert talk.control("reset", {}).status_code == 200
    assert play(talk) == first
    assert 10 < first.count(500) < 30


def test_worlds_do_not_share_faults(talk: Talk):
    _set(talk, "500-before")
    assert talk.as_key("sk_test_other").get("/v1/customers").status_code == 200


def test_faults_are_taken_away(talk: Talk):
    one, two = _set(talk, "500-before"), _set(talk, "500-after")
    gone = talk.send("DELETE", f"/_emulator/faults/{one['id']}")
    assert gone.json() == {"id": one["id"], "deleted": True}
    assert error(talk.send("DELETE", f"/_emulator/faults/{one['id']}"), 404)["param"] == "id"
    assert talk.send("DELETE", "/_emulator/faults").json() == {"deleted": [two["id"]]}
    assert talk.post("/v1/customers").status_code == 200


# -- waiting --------------------------------------------------------------------------------------


def test_a_slow_request_holds_nobody_up(talk: Talk, app: Application):
    _set(talk, "latency", seconds=0.2, times=1)

    async def both() -> tuple[float, float]:
        transport = httpx2.ASGITransport(app)
        headers = {"Authorization": f"Bearer {talk.key}"}
        async with httpx2.AsyncClient(transport=transport, base_url="http://x") as client:

            async def timed(path: str) -> float:
                began = stopwatch()
                assert (await client.get(path, headers=headers)).status_code == 200
                return stopwatch() - began

            first = asyncio.create_task(timed("/v1/customers"))
            await asyncio.sleep(0)
            quick = await timed("/v1/balance")
            return await first, quick

    slow, quick = asyncio.run(both())
    assert slow >= 0.2
    assert quick < 0.15


def test_a_header_may_say_several_things(talk: Talk):
    began = stopwatch()
    answer = talk.post(
        "/v1/customers", {}, emulator_fault="latency=0.05, latency-after=0.05, 500-after"
    )
    assert answer.status_code == 500
    assert stopwatch() - began >= 0.1
    assert _count(talk) == 1


@pytest.mark.parametrize(
    "text", ["nonsense", "500-after=x", "latency=-1", "rate_limits", "", ",", "latency=nan"]
)
def test_a_header_that_says_nothing_is_refused(talk: Talk, text: str):
    answer = talk.post("/v1/customers", {}, emulator_fault=text)
    if text:
        assert error(answer, 400)["param"] == "Emulator-Fault"
    else:
        assert answer.status_code == 200


# -- Stripe's own limits --------------------------------------------------------------------------


def test_the_sixth_account_of_a_second_is_one_too_many(talk: Talk):
    _set(talk, "rate_limits", limits={"clock": "world"})
    params = {"type": "standard", "country": "US"}
    statuses = [talk.post("/v1/accounts", params).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [400]
    refused = error(talk.post("/v1/accounts", params), 400)
    assert refused["message"].startswith("Sorry, you're creating accounts too quickly.")
    assert "code" not in refused
    talk.advance("1s")
    talk.made("/v1/accounts", params)


def test_everything_together_has_a_limit_and_so_has_each_operation(talk: Talk):
    _set(talk, "rate_limits", limits={"clock": "world", "operation": 3, "all": 5})
    answers = [talk.get("/v1/customers") for _ in range(4)] + [
        talk.get("/v1/balance") for _ in "ab"
    ]
    assert [each.status_code for each in answers] == [200, 200, 200, 429, 200, 429]
    reasons = [each.headers.get("stripe-rate-limited-reason") for each in answers]
    assert reasons == [None, None, None, "endpoint-rate", None, "global-rate"]


# -- mistakes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "param", "told"),
    [
        ({}, "fault", "Missing: fault."),
        ({"fault": "explode"}, "fault", "Invalid fault: must be one of latency"),
        ({"fault": "latency", "secnds": 1}, "secnds", "Did you mean seconds?"),
        ({"fault": "latency", "seconds": "1"}, "seconds", "must be seconds of the machine's time"),
        ({"fault": "latency", "seconds": 601}, "seconds", "at most 600"),
        ({"fault": "latency", "nth": 0}, "nth", "1 for the first"),
        ({"fault": "latency", "path": "customers"}, "path", "such as /v1/transfers/*"),
        ({"fault": "rate_limits", "limits": {"all": -1}}, "limits.all", "requests per second"),
        ({"fault": "rate_limits", "limits": {"al": 1}}, "limits.al", "Did you mean all?"),
    ],
)
def test_a_mistake_is_named(talk: Talk, body: Any, param: str, told: str):
    refused = error(talk.control("faults", body), 400)
    assert refused["param"] == param
    assert told in refused["message"]


def test_a_live_key_is_not_kept(talk: Talk):
    error(talk.control("faults", {"fault": "latency", "key": "sk_live_" + "x" * 9}), 401)
    assert talk.control("faults").json()["data"] == []


Check = Callable[[str, str], bool]


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/v1/a", "/v1/a", True),
        ("/v1/a", "/v1/a/b", False),
        ("/v1/:id", "/v1/a", True),
        ("/v1/**", "/v1/a/b", True),
        ("/v1/**", "/v2/a", False),
    ],
)
def test_paths_fit_patterns(pattern: str, path: str, fits: bool):
    assert faults.matches_path(pattern, path) is fits
