"""What a test may do to a world from outside."""

from __future__ import annotations

from typing import Any

import pytest

from emulator import __version__
from emulator.contract import operations
from emulator.resources import OPERATIONS
from emulator.world import World
from tests.talking import NOW, Talk, error

DAY = 86_400


def _clock(talk: Talk, **body: Any) -> Any:
    answer = talk.control("clock", body or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_health_needs_no_key(talk: Talk):
    answer = talk.client.get("/_emulator/health")
    assert answer.json() == {"status": "ok", "version": __version__}


def test_info_tells_what_is_modelled(talk: Talk):
    talk.customer()
    info = talk.client.get("/_emulator/info").json()
    counted = {"modelled": len(info["modelled"]), "stored": len(info["stored"])}
    assert info["operations"] == {"known": len(operations()), **counted}
    assert sorted([*info["modelled"], *info["stored"]]) == sorted(operations())
    assert set(info["modelled"]) <= set(OPERATIONS)
    assert "POST /v1/customers" in info["modelled"]
    assert info["worlds"] == 1


@pytest.mark.parametrize("name", ["clock", "audit", "deliveries"])
def test_all_else_needs_a_key(talk: Talk, name: str):
    refused = talk.client.get(f"/_emulator/{name}")
    assert error(refused, 401)["message"].startswith("You did not provide an API key.")


@pytest.mark.parametrize("body", ["[]", "{", "1"])
def test_a_body_is_a_json_object(talk: Talk, body: str):
    answer = talk.send("POST", "/_emulator/clock", body.encode())
    assert error(answer, 400)["message"] == "Invalid request: the body is not a valid JSON object."


def test_unknown_parameters_are_refused(talk: Talk):
    refused = error(talk.control("clock", {"advanse": "1d"}), 400)
    assert (refused["code"], refused["param"]) == ("parameter_unknown", "advanse")
    assert "Known here: now, mode, rate, advance." in refused["message"]


# -- the clock ------------------------------------------------------------------------------------


def test_a_clock_shows_its_time_and_mode(talk: Talk):
    assert _clock(talk) == {"now": NOW, "mode": "frozen", "rate": None, "due": []}


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [("90s", 90), ("15m", 900), ("12h", 43_200), ("3d", 3 * DAY), ("2w", 14 * DAY), (5, 5), (0, 0)],
)
def test_advancing_takes_a_duration(talk: Talk, duration: Any, seconds: int):
    assert _clock(talk, advance=duration)["now"] == NOW + seconds
    assert talk.customer()["created"] == NOW + seconds


@pytest.mark.parametrize(
    "duration", ["", "d", "-1d", "1 day", "1.5h", -1, 1.5, True, "9999999999s", []]
)
def test_what_is_no_duration_is_refused(talk: Talk, duration: Any):
    refused = error(talk.control("clock", {"advance": duration}), 400)
    assert refused["param"] == "advance"
    assert _clock(talk)["now"] == NOW


def test_time_ends_with_the_century(talk: Talk):
    error(talk.control("clock", {"advance": "99999d"}), 400)
    error(talk.control("clock", {"now": 4_102_444_801}), 400)
    assert _clock(talk, now=4_102_444_800)["now"] == 4_102_444_800
    error(talk.control("clock", {"advance": 1}), 400)


@pytest.mark.parametrize("now", ["soon", -1, 1.5, True, []])
def test_now_is_unix_seconds(talk: Talk, now: Any):
    assert error(talk.control("clock", {"now": now}), 400)["param"] == "now"


def test_either_an_instant_or_a_duration(talk: Talk):
    refused = error(talk.control("clock", {"now": NOW + 5, "advance": "1d"}), 400)
    assert refused["code"] == "parameters_exclusive"
    assert _clock(talk)["now"] == NOW


def test_an_untouched_world_may_go_back(talk: Talk):
    platform = talk.got("/v1/account")
    assert _clock(talk, now=NOW - 1000 * DAY)["now"] == NOW - 1000 * DAY
    assert _clock(talk)["mode"] == "frozen"
    back = talk.got("/v1/account")
    assert back["id"] == platform["id"]
    assert talk.customer()["created"] == NOW - 1000 * DAY


def test_a_world_that_holds_something_only_goes_forward(talk: Talk):
    talk.customer()
    refused = error(talk.control("clock", {"now": NOW - 1}), 400)
    assert (refused["code"], refused["param"]) == ("clock_backwards", "now")
    assert _clock(talk, now=NOW)["now"] == NOW
    assert _clock(talk, now=NOW + 1)["now"] == NOW + 1


def test_a_refused_request_does_not_touch_a_world(talk: Talk):
    error(talk.post("/v1/customers", {"nonsense": "1"}), 400)
    error(talk.get("/v1/customers/cus_none"), 404)
    assert _clock(talk, now=NOW - 1)["now"] == NOW - 1


@pytest.mark.parametrize("body", [{"mode": "fast"}, {"mode": None}, {"rate": 0}, {"rate": "2"}])
def test_modes_and_rates_are_checked(talk: Talk, body: Any):
    assert error(talk.control("clock", body), 400)["param"] in body
    assert _clock(talk)["mode"] == "frozen"


def test_a_clock_changes_its_mode_without_a_jump(talk: Talk):
    found = _clock(talk, mode="accelerated", rate=1000)
    assert (found["mode"], found["rate"]) == ("accelerated", 1000)
    assert NOW <= found["now"] < NOW + 2000
    assert _clock(talk, mode="real")["rate"] is None
    assert _clock(talk, mode="frozen")["mode"] == "frozen"


def test_advancing_leaves_the_rate_as_it_is(talk: Talk):
    _clock(talk, mode="accelerated", rate=60)
    found = _clock(talk, advance="1d")
    assert (found["mode"], found["rate"]) == ("accelerated", 60)


def test_a_real_clock_follows_the_machine(talk: Talk, monkeypatch: pytest.MonkeyPatch):
    machine = 1_000.0
    monkeypatch.setattr("emulator.kernel.clock.machine_seconds", lambda: machine)
    _clock(talk, mode="real")
    machine += 5
    assert _clock(talk)["now"] == NOW + 5
    _clock(talk, mode="accelerated", rate=100)
    machine += 5
    assert _clock(talk)["now"] == NOW + 505
    _clock(talk, mode="frozen")
    machine += 5
    assert _clock(talk)["now"] == NOW + 505


# -- what falls due -------------------------------------------------------------------------------


def _payout(talk: Talk) -> Any:
    """A payout of the platform's, which arrives by itself."""
    charge = {"amount": 5000, "currency": "usd", "source": "tok_bypassPending"}
    talk.made("/v1/charges", charge)
    return talk.made("/v1/payouts", {"amount": 1000, "currency": "usd"})


def _arrival(talk: Talk, payout: Any) -> Any:
    """The job that brings a payout to its bank."""
    due = _clock(talk)["due"]
    (found,) = [d for d in due if (d["object"], d["job"]) == (payout["id"], "payout.arrive")]
    return found


def test_going_forward_runs_what_is_due_and_lists_it(talk: Talk):
    payout = _payout(talk)
    due = _arrival(talk, payout)
    assert due["when"] > NOW
    early = _clock(talk, now=due["when"] - 1)
    assert due not in early["ran"]
    assert talk.got(f"/v1/payouts/{payout['id']}")["status"] != "paid"
    late = _clock(talk, advance=1)
    assert due in late["ran"]
    assert talk.got(f"/v1/payouts/{payout['id']}")["status"] == "paid"
    assert due not in late["due"]


def test_what_happens_on_the_way_bears_its_own_time(talk: Talk):
    payout = _payout(talk)
    due = _arrival(talk, payout)
    talk.advance("30d")
    (paid,) = talk.got("/v1/events", {"type": "payout.paid"})["data"]
    assert paid["created"] == due["when"]


# -- reset and audit ------------------------------------------------------------------------------


def test_reset_makes_the_world_as_it_was(talk: Talk):
    first = talk.customer()
    talk.advance("3d")
    answer = talk.control("reset", {})
    assert answer.json() == {"world": "main", "now": NOW}
    assert talk.got("/v1/customers")["data"] == []
    assert talk.customer() == first


def test_reset_forgets_where_the_clock_was_put(talk: Talk):
    _clock(talk, now=NOW - DAY, mode="real")
    talk.control("reset", {})
    assert _clock(talk) == {"now": NOW, "mode": "frozen", "rate": None, "due": []}


def test_reset_leaves_the_other_worlds_alone(talk: Talk):
    other = talk.as_key("sk_test_other")
    customer = other.customer()
    talk.control("reset", {})
    assert other.got(f"/v1/customers/{customer['id']}") == customer


def test_the_books_hold(talk: Talk):
    _payout(talk)
    talk.advance("30d")
    assert talk.control("audit").json() == {"world": "main", "holds": True, "broken": []}


def test_the_audit_notices_a_balance_transaction_too_many(talk: Talk, world: World):
    _payout(talk)
    store = world.setup.store
    id_, raw = next(iter(store.table("balance_transaction").items()))
    entry = store.entry(id_)
    assert entry is not None
    store.put_listed("balance_transaction", id_ + "x", raw, entry[2], entry[1], entry[3])
    found = talk.control("audit").json()
    assert not found["holds"]
    assert found["broken"]


def test_a_bug_in_a_call_is_answered_and_the_next_call_served(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_world: World) -> list[str]:
        raise RuntimeError("planted")

    with monkeypatch.context() as planted:
        planted.setattr(World, "audit", breaks)
        broken = error(talk.control("audit"), 500)
    assert broken["type"] == "api_error"
    assert "GET /_emulator/audit" in broken["message"]
    assert talk.control("audit").json()["holds"]
