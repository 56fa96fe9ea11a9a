"""Each question answered by each of its answers."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.contract.versions import names
from emulator.kit.questions import questions
from tests.control.instructing import pay, queue
from tests.resources.accounts.applicants import PERSON, active
from tests.talking import Talk


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


@pytest.mark.parametrize("path", ["/v1/payment_intents", "/v1/setup_intents"])
def test_every_answer_to_authentication(talk: Talk, path: str):
    order: dict[str, Any] = {
        "confirm": True,
        "payment_method": "pm_card_visa",
        "payment_method_types": ["card"],
    }
    if path == "/v1/payment_intents":
        order |= {"amount": 1000, "currency": "usd"}
    found = {}
    for answer in questions()["card.authenticate"].answers:
        header = f"card.authenticate={answer}"
        body = talk.post(path, order, emulator_answer=header).json()
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


def test_every_decline_of_a_card_that_is_saved(talk: Talk):
    customer = {"customer": talk.customer()["id"]}
    url = "/v1/payment_methods/pm_card_visa/attach"
    for answer in questions()["card.attach"].answers:
        found = talk.post(url, customer, emulator_answer=f"card.attach={answer}")
        assert found.status_code == (200 if answer == "approved" else 402)
        if found.status_code == 402:
            body = found.json()["error"]
            named = {body.get("decline_code"), body["code"]}
            assert answer in named or answer in {"radar_block", "unauthenticated"}


@pytest.mark.parametrize("answer", questions()["account.verify"].answers)
def test_every_end_of_a_verification(talk: Talk, answer: str):
    stranger = {**PERSON, "dob": {"day": 4, "month": 7, "year": 1980}, "id_number": "123456789"}
    queue(talk, "account.verify", answer, where={"kind": "identity"})
    account = active(talk, individual=stranger)["id"]
    newest = {"stripe_version": names()[-1]}
    requirements = talk.got(f"/v1/accounts/{account}", **newest)["requirements"]
    wanted = set() if answer == "verified" else {answer}
    assert {each["code"] for each in requirements["errors"]} == wanted


def test_an_inquiry_is_escalated(talk: Talk):
    pay(talk, "pm_card_createDisputeInquiry", 3000)
    talk.advance("1m")
    (dispute,) = talk.got("/v1/disputes")["data"]
    evidence = {"evidence": {"product_description": "Bread"}, "submit": True}
    header = "dispute.verdict=escalated"
    talk.made(f"/v1/disputes/{dispute['id']}", evidence, emulator_answer=header)
    talk.advance("1m")
    assert talk.got(f"/v1/disputes/{dispute['id']}")["status"] == "needs_response"
