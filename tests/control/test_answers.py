"""Instructions: how a question that Stripe asks the outside world is answered otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.kit.questions import questions
from emulator.world import World
from tests.house.rules import modules
from tests.resources.accounts.applicants import active
from tests.talking import Talk, error

PAY = {"amount": 2000, "currency": "usd", "confirm": True, "payment_method_types": ["card"]}


def pay(talk: Talk, card: str = "pm_card_visa", amount: int = 2000, **headers: str) -> Any:
    """The answer to a payment that is confirmed at once."""
    return talk.post(
        "/v1/payment_intents", {**PAY, "amount": amount, "payment_method": card}, **headers
    )


def declined(
    talk: Talk, card: str = "pm_card_visa", amount: int = 2000, **headers: str
) -> str | None:
    """The decline code of a payment, None when it went through."""
    body = pay(talk, card, amount, **headers).json()
    return body["error"]["decline_code"] if "error" in body else None


def queue(talk: Talk, question: str, answer: str, **more: Any) -> Any:
    body = {"question": question, "answer": answer, **more}
    found = talk.control("answers", body)
    assert found.status_code == 200, found.text
    return found.json()["data"][0]


def uses(talk: Talk) -> list[Any]:
    found: list[Any] = talk.control("answers").json()["used"]
    return found


def waiting(talk: Talk) -> list[Any]:
    found: list[Any] = talk.control("answers").json()["data"]
    return found


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


@pytest.mark.parametrize(
    "header",
    ["", "card.charge", "card.charge=", "=x", "a=b", "card.charge=insuficient_funds", ",", "=" * 9],
)
def test_a_malformed_header_is_refused(talk: Talk, header: str):
    refused = error(pay(talk, emulator_answer=header), 400)
    assert refused["type"] == "invalid_request_error"


# -- every answer of every question ----------------------------------------------------------------


@pytest.mark.parametrize("answer", questions()["card.charge"].answers)
def test_every_decline_is_given(talk: Talk, answer: str):
    body = pay(talk, emulator_answer=f"card.charge={answer}").json()
    if answer == "approved":
        assert body["status"] == "succeeded"
        return
    charge = talk.got(f"/v1/charges/{body['error']['charge']}")
    assert charge["status"] == "failed"
    assert charge["failure_code"] == body["error"]["code"]
    named = {body["error"].get("decline_code"), body["error"]["code"]}
    assert answer in named or answer in {"radar_block", "unauthenticated"}


def test_every_answer_to_authentication(talk: Talk):
    found = {}
    for answer in questions()["card.authenticate"].answers:
        body = pay(talk, emulator_answer=f"card.authenticate={answer}").json()
        found[answer] = body["status"] if "status" in body else body["error"]["code"]
    assert found == {
        "none": "succeeded",
        "frictionless": "succeeded",
        "challenge": "requires_action",
        "refuse": "authentication_required",
    }


def test_every_answer_to_authentication_while_setting_up(talk: Talk):
    order = {"confirm": True, "payment_method": "pm_card_visa", "payment_method_types": ["card"]}
    found = {}
    for answer in questions()["card.authenticate"].answers:
        header = f"card.authenticate={answer}"
        body = talk.post("/v1/setup_intents", order, emulator_answer=header).json()
        found[answer] = body["status"] if "status" in body else body["error"]["code"]
    assert found == {
        "none": "succeeded",
        "frictionless": "succeeded",
        "challenge": "requires_action",
        "refuse": "authentication_required",
    }


def test_every_failure_of_a_payout(talk: Talk):
    pay(talk, "pm_card_bypassPending", 900_000)
    answers = questions()["payout.arrive"].answers
    made = {}
    for answer in answers:
        header = f"payout.arrive={answer}"
        order = {"amount": 500, "currency": "usd"}
        made[answer] = talk.made("/v1/payouts", order, emulator_answer=header)["id"]
    talk.advance("14d")
    for answer, id_ in made.items():
        payout = talk.got(f"/v1/payouts/{id_}")
        assert payout["status"] == ("paid" if answer == "paid" else "failed")
        assert payout["failure_code"] == (None if answer == "paid" else answer)


def test_every_end_of_a_top_up(talk: Talk):
    made = {}
    for answer in questions()["topup.clear"].answers:
        header = f"topup.clear={answer}"
        order = {"amount": 500, "currency": "usd"}
        made[answer] = talk.made("/v1/topups", order, emulator_answer=header)["id"]
    talk.advance("30d")
    for answer, id_ in made.items():
        topup = talk.got(f"/v1/topups/{id_}")
        ended = answer in {"succeeded", "reversed"}
        assert topup["status"] == (answer if ended else "failed")
        assert topup["failure_code"] == (None if ended else answer)


def test_every_end_of_a_refund(talk: Talk):
    for answer in questions()["refund.arrive"].answers:
        charge = pay(talk).json()["latest_charge"]
        header = f"refund.arrive={answer}"
        refund = talk.made("/v1/refunds", {"charge": charge}, emulator_answer=header)
        assert refund["status"] == ("pending" if answer == "pending" else "succeeded")
        talk.advance("1m")
        refund = talk.got(f"/v1/refunds/{refund['id']}")
        ended = answer in {"succeeded", "pending"}
        assert refund["status"] == ("succeeded" if ended else "failed")
        assert refund.get("failure_reason") == (None if ended else answer)


def test_every_end_of_a_bank_debit(talk: Talk):
    order = {
        "amount": 2000,
        "currency": "usd",
        "confirm": True,
        "payment_method_types": ["us_bank_account"],
        "payment_method": "pm_usBankAccount_success",
        "mandate_data": {"customer_acceptance": {"type": "offline"}},
    }
    made = {}
    for answer in questions()["bank.debit"].answers:
        header = f"bank.debit={answer}"
        made[answer] = talk.made("/v1/payment_intents", order, emulator_answer=header)["id"]
    talk.advance("1d")
    for answer, id_ in made.items():
        intent = talk.got(f"/v1/payment_intents/{id_}")
        charge = talk.got(f"/v1/charges/{intent['latest_charge']}")
        if answer == "processing":
            assert intent["status"] == "processing"
        elif answer in {"succeeded", "disputed"}:
            assert intent["status"] == "succeeded"
            assert charge["disputed"] is (answer == "disputed")
        else:
            assert intent["status"] == "requires_payment_method"
            wanted = "debit_not_authorized" if answer == "failed" else answer
            assert charge["failure_code"] == wanted


@pytest.mark.parametrize("answer", questions()["dispute.verdict"].answers)
def test_every_verdict_of_a_dispute(talk: Talk, answer: str):
    pay(talk, "pm_card_createDispute", 3000)
    talk.advance("1m")
    (dispute,) = talk.got("/v1/disputes")["data"]
    talk.made(
        f"/v1/disputes/{dispute['id']}",
        {"evidence": {"product_description": "Bread"}, "submit": True},
        emulator_answer=f"dispute.verdict={answer}",
    )
    talk.advance("1m")
    wanted = answer if answer in {"won", "lost"} else "under_review"
    assert talk.got(f"/v1/disputes/{dispute['id']}")["status"] == wanted


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
