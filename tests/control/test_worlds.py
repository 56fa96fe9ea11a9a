"""Worlds as things: made, kept, returned to, copied, carried away, forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.kernel.clock import stopwatch
from emulator.web.app import Application
from emulator.world import World
from tests.control.living import busy, play
from tests.talking import NOW, Talk, error
from tests.webhooks.mailing import endpoint, letters, told

DAY = 86_400


def _names(talk: Talk) -> list[str]:
    return [each["name"] for each in talk.got("/v1/customers", {"limit": 100})["data"]]


# -- made -----------------------------------------------------------------------------------------


def test_a_world_is_made_with_a_profile_of_its_own(talk: Talk):
    body = {
        "name": "shop",
        "seed": "7",
        "start": "2030-01-01T00:00:00Z",
        "country": "FR",
        "availability": "current",
        "settings": {"application_name": "Shop"},
    }
    made = told(talk, "worlds", body)
    assert made == {
        "name": "shop",
        "key": "sk_test_shop",
        "now": 1_893_456_000,
        "clock": "frozen",
        "platform": made["platform"],
        "country": "FR",
        "availability": "current",
        "requests": 0,
        "objects": made["objects"],
        "snapshots": [],
    }
    other = talk.as_key("sk_test_shop")
    assert other.got("/v1/account")["country"] == "FR"
    assert told(other, "settings")["application_name"] == "Shop"
    other.customer()
    told(other, "reset", {})
    assert told(other, "settings")["application_name"] == "Shop"
    assert told(other, "world") == made


@pytest.mark.parametrize(
    ("body", "mode", "rate"),
    [
        ({"clock": "real"}, "real", None),
        ({"clock": "frozen"}, "frozen", None),
        ({"clock": "accelerated"}, "accelerated", 1.0),
        ({"rate": 3600}, "accelerated", 3600.0),
        ({"start": NOW, "clock": "real"}, "real", None),
        ({"start": NOW}, "frozen", None),
    ],
)
def test_a_worlds_clock_begins_as_it_was_said(talk: Talk, body: Any, mode: str, rate: float | None):
    told(talk, "worlds", {"name": "timed", **body})
    clock = told(talk, "worlds/timed/clock")
    assert (clock["mode"], clock["rate"]) == (mode, rate)
    assert clock["now"] >= NOW


def test_worlds_are_listed(talk: Talk):
    talk.customer()
    talk.as_key("sk_test_other").customer()
    assert [each["name"] for each in told(talk, "worlds")["data"]] == ["main", "other"]
    assert told(talk, "worlds/other")["requests"] == 1


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({}, 400, "name"),
        ({"name": "a/b"}, 400, "name"),
        ({"name": ""}, 400, "name"),
        ({"name": "main"}, 409, "name"),
        ({"name": "x", "country": "XX"}, 400, "country"),
        ({"name": "x", "country": None}, 400, "country"),
        ({"name": "x", "start": "soon"}, 400, "start"),
        ({"name": "x", "rate": 0}, 400, "rate"),
        ({"name": "x", "settings": {"pricing": 1}}, 400, "pricing"),
        ({"name": "x", "sead": "1"}, 400, "sead"),
    ],
)
def test_a_world_that_cannot_be_made_is_not_there(talk: Talk, body: Any, status: int, param: str):
    talk.customer()
    assert error(talk.control("worlds", body), status)["param"] == param
    assert [each["name"] for each in told(talk, "worlds")["data"]] == ["main"]


def test_a_deleted_world_is_gone_and_its_name_is_free(talk: Talk):
    talk.customer(name="a")
    gone = talk.send("DELETE", "/_emulator/worlds/main")
    assert gone.json() == {"name": "main", "deleted": True}
    assert error(talk.control("worlds/main"), 404)["param"] == "world"
    assert _names(talk) == []


# -- which world ----------------------------------------------------------------------------------


def test_a_world_is_named_by_path_by_header_or_by_key(talk: Talk):
    other = talk.as_key("sk_test_other")
    other.customer(name="theirs")
    found = [
        talk.get("/w/other/v1/customers"),
        talk.get("/v1/customers", None, emulator_world="other"),
        other.get("/v1/customers"),
    ]
    assert [each.json()["data"][0]["name"] for each in found] == ["theirs"] * 3
    clocks = [
        talk.client.get("/_emulator/worlds/other/clock"),
        talk.client.get("/w/other/_emulator/clock"),
        talk.client.get("/_emulator/clock", headers={"Emulator-World": "other"}),
    ]
    assert [each.json()["now"] for each in clocks] == [NOW] * 3
    assert talk.as_key("pk_test_x").post("/w/other/v1/customers").status_code == 403
    error(talk.as_key("sk_live_" + "x" * 9).get("/w/other/v1/customers"), 401)


def test_a_path_under_a_worlds_name_need_not_exist(talk: Talk):
    error(talk.get("/w/other/v1/nothing"), 404)
    error(talk.get("/w/other"), 404)
    error(talk.get("/w/other/v3/customers"), 404)


def test_idempotency_keys_belong_to_the_world_that_is_named(talk: Talk):
    one = talk.made("/w/one/v1/customers", {"name": "a"}, idempotency_key="k")
    two = talk.made("/w/two/v1/customers", {"name": "a"}, idempotency_key="k")
    again = talk.made("/w/one/v1/customers", {"name": "a"}, idempotency_key="k")
    assert one["id"] != two["id"]
    assert error(talk.post("/w/one/v1/customers", {}, idempotency_key="k"), 400)
    assert again["id"] != two["id"]


# -- kept and returned to -------------------------------------------------------------------------


def test_a_world_returns_to_a_snapshot_time_included(talk: Talk):
    busy(talk)
    taken = told(talk, "snapshots", {"name": "before"})
    assert (taken["name"], taken["now"]) == ("before", NOW + DAY)
    first = play(talk)
    told(talk, "snapshots/before/restore", {})
    assert told(talk, "clock")["now"] == NOW + DAY
    assert play(talk) == first
    told(talk, "snapshots/before/restore", {})
    assert told(talk, "snapshots")["data"] == [taken]
    assert told(talk, "audit")["holds"]


def test_a_snapshot_is_not_touched_by_what_happens_after(talk: Talk):
    talk.customer(name="a")
    told(talk, "snapshots", {"name": "one"})
    customer = talk.customer(name="b")["id"]
    told(talk, "snapshots", {"name": "two"})
    talk.delete(f"/v1/customers/{customer}")
    told(talk, "snapshots/one/restore", {})
    assert _names(talk) == ["a"]
    told(talk, "snapshots/two/restore", {})
    assert _names(talk) == ["b", "a"]
    told(talk, "reset", {})
    assert _names(talk) == []
    told(talk, "snapshots/two/restore", {})
    assert _names(talk) == ["b", "a"]


def test_an_unknown_snapshot_is_refused_with_those_there_are(talk: Talk):
    told(talk, "snapshots", {"name": "before"})
    refused = error(talk.control("snapshots/after/restore", {}), 404)
    assert (refused["param"], "before" in refused["message"]) == ("snapshot", True)
    assert talk.send("DELETE", "/_emulator/snapshots/before").json()["deleted"]
    error(talk.send("DELETE", "/_emulator/snapshots/before"), 404)


def test_a_reset_returns_to_the_baseline(talk: Talk, world: World):
    talk.customer(name="given")
    world.baseline = world.moment()
    talk.customer(name="later")
    talk.advance("3d")
    told(talk, "reset", {})
    assert (_names(talk), told(talk, "clock")["now"]) == (["given"], NOW)


def test_a_running_clock_goes_on_from_the_snapshot(talk: Talk):
    told(talk, "clock", {"mode": "real"})
    told(talk, "snapshots", {"name": "before"})
    talk.advance("30d")
    told(talk, "snapshots/before/restore", {})
    clock = told(talk, "clock")
    assert (clock["mode"], clock["now"] - NOW < 60) == ("real", True)


# -- copied ---------------------------------------------------------------------------------------


def test_a_fork_goes_on_by_itself(talk: Talk):
    busy(talk)
    fork = told(talk, "fork", {"name": "branch"})
    branch = talk.as_key(fork["key"])
    assert play(branch) == play(talk)
    branch.customer(name="only here")
    assert "only here" not in _names(talk)
    error(talk.control("fork", {"name": "branch"}), 409)
    told(branch, "reset", {})
    assert _names(branch) == ["Zoë"]


def test_what_waits_to_be_delivered_is_delivered_on_both_sides(talk: Talk):
    endpoint(talk)
    told(talk, "webhooks", {"mode": "hold"})
    talk.customer()
    branch = talk.as_key(told(talk, "fork", {"name": "branch"})["key"])
    told(talk, "webhooks", {"mode": "at_once"})
    assert (len(letters(talk)), len(letters(branch))) == (1, 0)
    told(branch, "webhooks", {"mode": "at_once"})
    assert len(letters(branch)) == 1


def test_faults_and_answers_go_along(talk: Talk):
    told(talk, "faults", {"fault": "500-before", "nth": 2})
    assert talk.post("/v1/customers").status_code == 200
    branch = talk.as_key(told(talk, "fork", {"name": "branch"})["key"])
    assert branch.post("/v1/customers").status_code == 500
    assert talk.post("/v1/customers").status_code == 500


# -- how long it takes ----------------------------------------------------------------------------


def test_snapshots_and_forks_cost_what_was_written_lately(app: Application, talk: Talk):
    for _ in range(300):
        talk.customer()
    told(talk, "snapshots", {"name": "warm"})
    world = app.worlds.get("main")
    began = stopwatch()
    for _ in range(100):
        world.return_to(world.moment())
    assert (stopwatch() - began) / 100 < 0.005


def test_a_world_that_nobody_uses_is_forgotten(app: Application, talk: Talk):
    talk.customer()
    other = talk.as_key("sk_test_other")
    other.customer()
    keeper = app.control.keeper
    keeper.expire_after = 60
    keeper.forget_unused(1000)
    keeper.forget_unused(1059)
    told(talk, "clock")
    other.got("/v1/customers")
    keeper.forget_unused(1060)
    told(talk, "clock")
    keeper.forget_unused(1119)
    assert [each["name"] for each in told(talk, "worlds")["data"]] == ["main", "other"]
    keeper.forget_unused(1120)
    assert [each["name"] for each in told(talk, "worlds")["data"]] == ["main"]


def test_no_world_is_forgotten_unless_it_was_asked_for(app: Application, talk: Talk):
    talk.customer()
    app.control.keeper.forget_unused(0)
    app.control.keeper.forget_unused(10**9)
    assert len(told(talk, "worlds")["data"]) == 1


def test_a_moment_is_reached_by_next(talk: Talk):
    busy(talk)
    due = told(talk, "clock")["due"]
    moved = told(talk, "clock", {"advance": "next"})
    assert moved["now"] == due[0]["when"]
    assert moved["ran"][0] == due[0]
    told(talk, "clock", {"now": "2031-01-01T00:00:00"})
    assert told(talk, "clock")["now"] == 1_924_992_000
    while told(talk, "clock")["due"]:
        told(talk, "clock", {"advance": "next"})
    stands = told(talk, "clock")["now"]
    assert told(talk, "clock", {"advance": "next"}) == {
        "now": stands,
        "mode": "frozen",
        "rate": None,
        "due": [],
        "ran": [],
    }
