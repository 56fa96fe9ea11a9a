"""Triggers: every event arrives by ordinary requests, on new objects and on known ones."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from emulator import cli
from emulator.cli.server import Server
from emulator.control.triggers import recipes
from emulator.web.app import Application, build
from emulator.world import Profile, World, Worlds
from tests.resources.accounts.applicants import active
from tests.talking import NOW, Talk, error

# 1 April 2024: requirements of the future are announced only before they come into force.
_EARLIER = 1_711_972_800
_ONLY_EARLIER = "v2.core.account[future_requirements].updated"
_NOTHING_CHANGED = "apps.install.updated"  # its recipe updates what has no fields to update


def trigger(talk: Talk, event: str, **more: Any) -> Any:
    found = talk.control("trigger", {"event": event, **more})
    assert found.status_code == 200, found.text
    return found.json()


def refused(talk: Talk, status: int = 400, **body: Any) -> Any:
    return error(talk.control("trigger", body), status)


@pytest.fixture(scope="module")
def many() -> Iterator[TestClient]:
    """One server for all events, each in a world of its own."""
    app = build(Worlds(Profile(seed="trigger", start=NOW, frozen=True)))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


# -- every event ----------------------------------------------------------------------------------


@pytest.mark.parametrize("event", recipes.event_types())
def test_every_event_really_arrives(many: TestClient, event: str):
    talk = Talk(many, f"sk_test_{recipes.event_types().index(event)}")
    if event == _ONLY_EARLIER:
        talk.control("clock", {"now": _EARLIER})
    found = trigger(talk, event)["event"]
    assert found["type"] == event
    if event == "account.application.deauthorized":  # out of reach now: its endpoints heard of it
        assert isinstance(many.app, Application)
        store = many.app.worlds.get(talk.key.removeprefix("sk_test_")).setup.store
        kept = orjson.loads(store.raw("event", found["id"]) or b"{}")
    elif event.startswith("v2."):
        kept = talk.got(f"/v2/core/events/{found['id']}")
    else:
        own = talk.control("settings").json()["platform"]
        headers = {} if found["account"] == own else {"stripe_account": found["account"]}
        kept = talk.got("/v1/events", {"type": event}, **headers)["data"][0]
    assert (kept["id"], kept["type"]) == (found["id"], event)
    tells = event.endswith(".updated") and event != _NOTHING_CHANGED
    if not event.startswith("v2."):
        assert ("previous_attributes" in kept["data"]) == (tells or event == "charge.refunded")
    assert talk.control("audit").json()["holds"]


def test_the_list_tells_of_each_step(talk: Talk):
    data = talk.control("trigger").json()["data"]
    assert [each["event"] for each in data] == [*recipes.event_types()]
    dispute = next(each for each in data if each["event"] == "charge.dispute.created")
    assert [step["name"] for step in dispute["steps"]] == ["charge", "dispute"]


def test_the_same_world_takes_every_event_again_and_again(many: TestClient):
    talk = Talk(many, "sk_test_again")
    for event in [*recipes.event_types()] * 2:
        if event != _ONLY_EARLIER:
            trigger(talk, event)
    assert talk.control("audit").json()["holds"]


# -- with other data ------------------------------------------------------------------------------


def test_parameters_are_overridden_added_and_removed(talk: Talk):
    changes = {
        "override": ["payment_intent:amount=5000", "payment_intent:metadata.order=7"],
        "add": ["payment_intent:description=Tea", "payment_intent:currency=eur"],
    }
    found = trigger(talk, "payment_intent.succeeded", **changes)
    intent = talk.got(f"/v1/payment_intents/{found['objects']['payment_intent']['id']}")
    assert (intent["amount"], intent["currency"]) == (5000, "usd")
    assert (intent["description"], intent["metadata"]) == ("Tea", {"order": "7"})
    found = trigger(talk, "customer.created", remove=["customer:email", "customer:name"])
    assert talk.got(f"/v1/customers/{found['objects']['customer']['id']}")["email"] is None


def test_places_in_lists_are_changed(talk: Talk):
    change = ["session:line_items.0.quantity=3"]
    found = trigger(talk, "checkout.session.expired", override=change)
    assert found["steps"][0]["status"] == 200
    wrong = ["session:line_items.7.quantity=3"]
    assert (
        "place in a list"
        in refused(talk, event="checkout.session.expired", override=wrong)["message"]
    )


def test_a_step_is_skipped(talk: Talk):
    message = refused(talk, event="customer.updated", skip=["customer"])["message"]
    assert message == "customer_updated: ${customer.id}: nothing is called customer yet."
    message = refused(talk, event="customer.updated", skip=["customer_updated"])["message"]
    assert "customer.updated did not happen" in message


# -- on what is there already ---------------------------------------------------------------------


def test_it_happens_to_an_object_that_is_there(talk: Talk):
    order = {"amount": 700, "currency": "usd", "payment_method_types": ["card"]}
    first, second = (talk.made("/v1/payment_intents", order)["id"] for _ in range(2))
    found = trigger(talk, "payment_intent.succeeded", on=first)
    assert found["event"]["object"] == first
    assert [step["request"] for step in found["steps"]] == ["POST /_emulator/simulate/payment"]
    found = trigger(talk, "payment_intent.succeeded", override=[f"payment_intent:id={second}"])
    assert found["event"]["object"] == second
    assert "was refused" in refused(talk, event="payment_intent.succeeded", on=first)["message"]


def test_it_happens_to_an_object_of_a_connected_account(talk: Talk):
    account = active(talk)["id"]
    order = {"amount": 900, "currency": "usd", "source": "tok_visa"}
    charge = talk.made("/v1/charges", order, stripe_account=account)["id"]
    found = trigger(talk, "charge.dispute.created", on=charge)
    assert found["event"]["account"] == account
    refund = trigger(talk, "charge.refunded", account=account)
    assert refund["event"]["account"] == account


def test_an_account_takes_the_place_of_the_one_that_would_be_made(talk: Talk):
    account = active(talk)["id"]
    found = trigger(talk, "transfer.created", account=account)
    transfer = talk.got(f"/v1/transfers/{found['objects']['transfer']['id']}")
    assert transfer["destination"] == account
    assert trigger(talk, "account.updated", account=account)["event"]["object"] == account
    assert trigger(talk, "capability.updated", on=account)["event"]["account"] == account
    assert len(talk.got("/v1/accounts")["data"]) == 1


def test_payouts_of_a_connected_account_fail_as_wanted(talk: Talk):
    account = active(talk)["id"]
    code = ["payout_failed:failure_code=account_closed"]
    found = trigger(talk, "payout.failed", account=account, override=code)
    payout = talk.got(f"/v1/payouts/{found['event']['object']}", None, stripe_account=account)
    assert payout["failure_code"] == "account_closed"


def test_events_are_delivered_as_they_would_normally_come(talk: Talk, world: World):
    found = trigger(talk, "charge.dispute.created")
    types = [event["type"] for event in found["events"]]
    assert types[:2] == ["charge.succeeded", "charge.dispute.created"]
    assert world.setup.watch is None


# -- mistakes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ({}, 400, "event"),
        ({"event": "payout.faild"}, 404, "Did you mean payout.failed?"),
        ({"event": 5}, 400, "event"),
        ({"event": "payout.failed", "on": "po_none"}, 404, "po_none"),
        ({"event": "payout.failed", "account": "acct_none"}, 404, "acct_none"),
        ({"event": "payout.failed", "override": ["payout"]}, 400, "name:path.to.param=value"),
        ({"event": "payout.failed", "override": ["payout:amount"]}, 400, "=value"),
        ({"event": "payout.failed", "override": ["x:amount=1"]}, 400, "funds, bank, payout"),
        ({"event": "payout.failed", "remove": ["payout:amount=1"]}, 400, "name:path.to.param"),
        ({"event": "payout.failed", "skip": ["x"]}, 400, "no step"),
        ({"event": "payout.failed", "overide": []}, 400, "override"),
        ({"event": "payout.failed", "override": ["payout:amount=x"]}, 400, "Invalid integer: x"),
        ({"event": "payout.failed", "override": ["payout:a..b=x"]}, 400, "cannot be read"),
    ],
)
def test_a_mistake_is_answered_with_what_would_be_right(
    talk: Talk, body: Any, status: int, word: str
):
    assert word in refused(talk, status, **body)["message"]


def test_an_object_of_another_kind_is_not_used(talk: Talk):
    message = refused(talk, event="payout.failed", on=talk.customer()["id"])["message"]
    assert "kind customer" in message


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    flag=st.sampled_from(["override", "add", "remove", "skip"]),
    text=st.text(max_size=8) | st.from_regex(r"customer:[a-z.0-9]{0,12}(=.{0,3})?", fullmatch=True),
)
def test_whatever_is_sent_gets_an_answer_or_a_clear_refusal(talk: Talk, flag: str, text: str):
    found = talk.control("trigger", {"event": "customer.created", flag: [text]})
    assert found.status_code in {200, 400, 404}, found.text


# -- the command ----------------------------------------------------------------------------------


def command(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        cli.main(["trigger", *words])
    assert isinstance(end.value.code, int)
    return end.value.code


def test_the_command_lists_events_and_steps(capsys: pytest.CaptureFixture[str]):
    assert command("--list") == 0
    assert capsys.readouterr().out.split() == [*recipes.event_types()]
    assert command("--list", "transfer.created") == 0
    assert "transfer  POST /v1/transfers" in capsys.readouterr().out
    assert command("--list", "nothing") == 2
    assert command() == 2


def test_the_command_says_when_nobody_answers(capsys: pytest.CaptureFixture[str]):
    assert command("customer.created", "--url", "http://127.0.0.1:9") == 1
    assert "no server answers" in capsys.readouterr().err


def test_the_command_posts_and_tells(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    ask = partial(Server, client=talk.client)
    monkeypatch.setattr("emulator.cli.trigger.Server", ask)
    assert command("customer.created", "--add", "customer:name=Jenny") == 0
    out = capsys.readouterr().out
    assert "-> customer.created  evt_" in out
    assert command("customer.created", "--override", "x:y=z") == 1
    assert "no step 'x'" in capsys.readouterr().err
