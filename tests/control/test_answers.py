"""Instructions: how a question that Stripe asks the outside world is answered otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.kit.questions import questions
from emulator.world import World
from tests.control.instructing import PAY, declined, pay, queue, uses, waiting
from tests.house.rules import modules
from tests.resources.accounts.applicants import active
from tests.talking import Talk, error

# -- the table -----------------------------------------------------------------------------------


def test_every_question_that_is_asked_is_in_the_table():
    asked = set()
    for module in modules("emulator"):
        for part in module.text.split("tx.ask(")[1:]:
            asked.add(part.split('"')[1])
    assert asked <= questions().keys()
    assert questions().keys() - asked <= {"webhook.deliver"}


def test_the_table_is_told(talk: Talk):
    data = talk.control("questions").json()["data"]
    assert [each["question"] for each in data] == [*questions()]
    charge = next(each for each in data if each["question"] == "card.charge")
    assert {"insufficient_funds", "do_not_honor", "approved"} <= {*charge["answers"]}


# -- one-shot instructions -------------------------------------------------------------------------


def test_an_instruction_is_used_once_and_says_where(talk: Talk):
    made = queue(talk, "card.charge", "insufficient_funds")
    refused = error(pay(talk), 402)
    assert refused["decline_code"] == "insufficient_funds"
    assert declined(talk) is None
    (use,) = uses(talk)
    assert use["instruction"] == made["id"]
    assert use["object"] == refused["payment_intent"]["id"]
    assert waiting(talk) == []


def test_instructions_wait_their_turn(talk: Talk):
    queue(talk, "card.charge", "lost_card", after=1)
    queue(talk, "card.charge", "do_not_honor", times=2)
    assert [declined(talk) for _ in range(4)] == ["do_not_honor", "lost_card", "do_not_honor", None]


def test_an_instruction_matches_what_it_names(talk: Talk):
    queue(talk, "card.charge", "lost_card", where={"amount": {"gte": 5000, "lt": 6000}})
    queue(talk, "card.charge", "stolen_card", where={"last4": ["4444", "0005"]}, times=None)
    queue(talk, "card.charge", "do_not_honor", where={"account": "platform", "currency": "eur"})
    assert declined(talk) is None
    assert declined(talk, "pm_card_visa", 5000) == "lost_card"
    assert declined(talk, "pm_card_mastercard") == "stolen_card"
    assert declined(talk, "pm_card_mastercard") == "stolen_card"
    assert declined(talk, "pm_card_visa", 5000) is None
    assert [each["answer"] for each in waiting(talk)] == ["stolen_card", "do_not_honor"]


@pytest.mark.parametrize(("chance", "answer"), [(0, None), (1, "do_not_honor")])
def test_the_ends_of_chance(talk: Talk, chance: int, answer: str | None):
    queue(talk, "card.charge", "do_not_honor", times=None, chance=chance)
    assert {declined(talk) for _ in range(5)} == {answer}


def test_chance_comes_from_the_seed(talk: Talk):
    def run(key: str) -> list[str | None]:
        other = talk.as_key(key)
        queue(other, "card.charge", "do_not_honor", times=None, chance=0.5)
        return [declined(other) for _ in range(12)]

    first = run("sk_test_luck")
    assert {*first} == {None, "do_not_honor"}
    talk.as_key("sk_test_luck").control("reset", {})
    assert run("sk_test_luck") == first


def test_magic_values_decide_first_unless_the_object_is_named(talk: Talk):
    queue(talk, "card.charge", "approved", times=None)
    assert declined(talk, "pm_card_chargeDeclinedFraudulent") == "fraudulent"
    customer = talk.customer()["id"]
    card = talk.made(
        "/v1/payment_methods/pm_card_chargeCustomerFail/attach", {"customer": customer}
    )["id"]
    order = {**PAY, "customer": customer, "payment_method": card}
    assert talk.post("/v1/payment_intents", order).status_code == 402
    queue(talk, "card.charge", "approved", where={"payment_method": card})
    assert talk.made("/v1/payment_intents", order)["status"] == "succeeded"


def test_what_a_request_wishes_is_no_magic(talk: Talk):
    queue(talk, "card.authenticate", "challenge")
    wish = {"card": {"request_three_d_secure": "any"}}
    order = {**PAY, "payment_method": "pm_card_visa", "payment_method_options": wish}
    assert talk.made("/v1/payment_intents", order)["status"] == "requires_action"
    assert talk.made("/v1/payment_intents", order)["status"] == "succeeded"


def test_a_refused_request_uses_nothing_up(talk: Talk):
    queue(talk, "card.charge", "do_not_honor")
    assert talk.post("/v1/payment_intents", {**PAY, "amount": 1}).status_code == 400
    assert len(waiting(talk)) == 1
    assert declined(talk) == "do_not_honor"


def test_a_decline_that_leaves_no_trace_uses_its_instruction_up(talk: Talk):
    customer = {"customer": talk.customer()["id"]}
    queue(talk, "card.attach", "do_not_honor", where={"customer": customer["customer"]})
    url = "/v1/payment_methods/pm_card_visa/attach"
    assert error(talk.post(url, customer), 402)["decline_code"] == "do_not_honor"
    assert waiting(talk) == []
    assert [use["answer"] for use in uses(talk)] == ["do_not_honor"]
    assert talk.post(url, customer).status_code == 200


def test_a_reset_forgets_and_a_list_is_all_or_nothing(talk: Talk):
    good = {"question": "card.charge", "answer": "do_not_honor"}
    bad = {"question": "card.charge", "answer": "no"}
    assert talk.control("answers", [good, bad]).status_code == 400
    assert waiting(talk) == []
    assert len(talk.control("answers", [good, good]).json()["data"]) == 2
    talk.control("reset", {})
    assert waiting(talk) == []


def test_instructions_are_taken_away(talk: Talk):
    headers = {"Authorization": f"Bearer {talk.key}"}
    first = queue(talk, "card.charge", "do_not_honor")
    queue(talk, "card.charge", "lost_card")
    url = f"/_emulator/answers/{first['id']}"
    assert talk.client.delete(url, headers=headers).json() == {"deleted": [first["id"]]}
    assert talk.client.delete(url, headers=headers).status_code == 404
    assert len(talk.client.delete("/_emulator/answers", headers=headers).json()["deleted"]) == 1
    assert declined(talk) is None


# -- a header on one call ------------------------------------------------------------------------


def test_a_header_answers_for_one_call(talk: Talk):
    assert declined(talk, emulator_answer="card.charge=insufficient_funds") == "insufficient_funds"
    assert declined(talk) is None
    assert uses(talk)[0]["instruction"] is None


def test_a_header_overrules_queued_instructions_and_magic(talk: Talk):
    queue(talk, "card.charge", "lost_card")
    header = "card.authenticate=none , card.charge=approved"
    body = pay(talk, "pm_card_threeDSecure2Required", emulator_answer=header).json()
    assert body["status"] == "succeeded"
    assert len(waiting(talk)) == 1


def test_a_header_waits_for_what_its_request_made(talk: Talk):
    account = active(talk)["id"]
    pay(talk, "pm_card_bypassPending", 5000)
    talk.made("/v1/transfers", {"amount": 3000, "currency": "usd", "destination": account})
    order = {"amount": 1000, "currency": "usd"}
    on = {"stripe_account": account}
    failing = talk.made("/v1/payouts", order, emulator_answer="payout.arrive=account_frozen", **on)
    talk.advance("10d")
    found = talk.got(f"/v1/payouts/{failing['id']}", None, **on)
    assert (found["status"], found["failure_code"]) == ("failed", "account_frozen")
    assert waiting(talk) == []


def test_a_header_that_nothing_asks_for_is_told(talk: Talk):
    header = "card.charge=approved, refund.arrive=pending"
    assert pay(talk, emulator_answer=header).headers["emulator-answer-unused"] == "refund.arrive"
    assert "emulator-answer-unused" not in pay(talk).headers
    assert waiting(talk) == []


def test_a_header_about_webhooks_waits_for_the_events_of_its_request(talk: Talk):
    address = "http://127.0.0.1:9/"
    talk.made("/v1/webhook_endpoints", {"url": address, "enabled_events": ["*"]})
    talk.customer()
    talk.made("/v1/customers", {}, emulator_answer="webhook.deliver=drop")
    talk.advance("1s")
    data = talk.control("deliveries").json()["data"]
    assert [each["status"] for each in data] == ["dropped", "retrying"]


def test_instructions_are_part_of_a_snapshot(talk: Talk):
    queue(talk, "card.charge", "lost_card")
    assert talk.control("snapshots", {"name": "before"}).status_code == 200
    assert declined(talk) == "lost_card"
    assert talk.control("snapshots/before/restore", {}).status_code == 200
    assert [each["answer"] for each in waiting(talk)] == ["lost_card"]
    assert declined(talk) == "lost_card"


@pytest.mark.parametrize(
    "header",
    ["", "card.charge", "card.charge=", "=x", "a=b", "card.charge=insuficient_funds", ",", "=" * 9],
)
def test_a_malformed_header_is_refused(talk: Talk, header: str):
    refused = error(pay(talk, emulator_answer=header), 400)
    assert refused["type"] == "invalid_request_error"


# -- mistakes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({}, "card.charge"),
        ({"question": "card.charg", "answer": "x"}, "Did you mean card.charge?"),
        ({"question": 1, "answer": "x"}, "name of a question"),
        ({"question": "card.charge", "answer": "insufficient_fund"}, "insufficient_funds?"),
        ({"question": "card.charge"}, "answer"),
        ({"question": "card.charge", "answer": "approved", "when": {}}, "where"),
        ({"question": "card.charge", "answer": "approved", "where": {"amont": 1}}, "amount?"),
        ({"question": "card.charge", "answer": "approved", "where": []}, "where"),
        ({"question": "card.charge", "answer": "approved", "where": {"amount": {"x": 1}}}, "gt"),
        ({"question": "card.charge", "answer": "approved", "where": {"amount": {}}}, "gt"),
        ({"question": "card.charge", "answer": "approved", "where": {"amount": []}}, "list"),
        ({"question": "card.charge", "answer": "approved", "times": 0}, "times"),
        ({"question": "card.charge", "answer": "approved", "times": True}, "times"),
        ({"question": "card.charge", "answer": "approved", "after": -1}, "after"),
        ({"question": "card.charge", "answer": "approved", "chance": 1.5}, "chance"),
        ({"question": "card.charge", "answer": "approved", "chance": -0.1}, "chance"),
        ({"question": "card.charge", "answer": "approved", "chance": True}, "chance"),
        ({"question": "card.charge", "answer": "approved", "chance": "high"}, "chance"),
        ({"question": "webhook.deliver", "answer": "status:999"}, "status:500"),
        ({"answers": []}, "answers"),
        ({"answers": [], "x": 1}, "x"),
        ({"answers": ["x"]}, "instruction"),
        ([], "answers"),
    ],
)
def test_a_mistake_is_answered_with_what_would_be_right(talk: Talk, body: Any, word: str):
    refused = error(talk.control("answers", body), 400)
    assert word in refused["message"]


@pytest.mark.parametrize("answer", ["send", "drop", "timeout", "status:500", "delay:30s"])
def test_answers_of_webhooks_are_taken(talk: Talk, answer: str):
    assert queue(talk, "webhook.deliver", answer)["answer"] == answer


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=5,
)
_FIELDS = st.sampled_from(["question", "answer", "where", "times", "after", "chance", "answers"])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.dictionaries(_FIELDS, _JSON | st.sampled_from(["card.charge", "approved"])))
def test_whatever_is_sent_gets_an_answer_or_a_clear_refusal(talk: Talk, body: Any):
    found = talk.control("answers", body)
    assert found.status_code in {200, 400}
    if found.status_code == 400:
        assert found.json()["error"]["message"]


def test_the_same_bytes(talk: Talk, world: World):
    def play() -> bytes:
        talk.control("reset", {})
        queue(talk, "card.charge", "do_not_honor", times=None, chance=0.3)
        bodies = [pay(talk).content for _ in range(5)]
        return b"".join([*bodies, talk.control("answers").content])

    assert play() == play()
    assert world.audit() == []
