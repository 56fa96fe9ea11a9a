"""Simulators: the list, payments, disputes, cards; and what holds for any."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.control.simulating import simulators
from tests.control.simulating import PAY, debit, pay, refused, simulate, types
from tests.resources.accounts.applicants import active
from tests.talking import Talk, error

# -- the list -------------------------------------------------------------------------------------


def test_the_list_tells_of_each_with_its_parameters_and_an_example(talk: Talk):
    data = talk.control("simulate").json()["data"]
    assert [each["name"] for each in data] == sorted(simulators())
    for each in data:
        assert each["about"], each["name"]
        assert each["when"], each["name"]
        assert set(each["example"]) <= set(each["parameters"]["properties"]), each["name"]
        assert set(each["parameters"]["required"]) <= set(each["example"]), each["name"]


def test_a_name_that_is_none_is_answered_with_the_nearest(talk: Talk):
    assert "Did you mean payout_failed?" in refused(talk, "payout_faild", 404)["message"]
    assert "simulate" in refused(talk, "zzz", 404)["message"]


@pytest.mark.parametrize("name", sorted(simulators()))
def test_an_unknown_parameter_is_refused(talk: Talk, name: str):
    assert refused(talk, name, nonsense=1)["code"] == "parameter_unknown"


@pytest.mark.parametrize("name", sorted(simulators()))
def test_an_unknown_object_is_refused(talk: Talk, name: str):
    example = {
        key: value.replace("…", "none") if isinstance(value, str) else value
        for key, value in simulators()[name].example.items()
    }
    if any(isinstance(value, str) and "_none" in value for value in example.values()):
        found = talk.control(f"simulate/{name}", example)
        assert found.status_code in {400, 404}, found.text
        assert found.json()["error"]["code"] == "resource_missing"
        assert found.json()["error"]["param"] in example


# -- payments -------------------------------------------------------------------------------------


def test_a_customer_pays_an_intent(talk: Talk):
    order = {"amount": 500, "currency": "usd", "payment_method_types": ["card"]}
    intent = talk.made("/v1/payment_intents", order)["id"]
    found = simulate(talk, "payment", payment_intent=intent)
    assert found["object"]["status"] == "succeeded"
    assert types(found) == ["charge.succeeded", "payment_intent.succeeded"]
    assert [move["kind"] for move in found["entries"][0]["moves"]] == ["charge", "stripe_fee"]
    assert "requires_payment_method" in refused(talk, "payment", payment_intent=intent)["message"]


def test_a_customer_pays_on_every_flow(talk: Talk):
    account = active(talk)["id"]
    direct = simulate(talk, "payment", amount=900, account=account)
    assert {event["account"] for event in direct["events"]} >= {account}
    found = simulate(talk, "payment", destination=account, application_fee_amount=100)
    assert found["object"]["transfer_data"]["destination"] == account
    assert "application_fee.created" in types(found)
    assert refused(talk, "payment", 402, payment_method="pm_card_chargeDeclined")
    assert refused(talk, "payment", amount=1)["code"] == "amount_too_small"


def test_a_customer_passes_or_fails_3_d_secure(talk: Talk):
    def waits() -> str:
        return str(pay(talk, payment_method="pm_card_threeDSecure2Required")["id"])

    passed = simulate(talk, "three_d_secure_passed", intent=waits())
    assert passed["object"]["status"] == "succeeded"
    failed = simulate(talk, "three_d_secure_failed", intent=waits())
    assert failed["object"]["status"] == "requires_payment_method"
    for name in ("three_d_secure_passed", "three_d_secure_failed"):
        assert "succeeded" in refused(talk, name, intent=passed["object"]["id"])["message"]


def test_an_authorisation_expires(talk: Talk):
    intent = pay(talk, capture_method="manual")["id"]
    found = simulate(talk, "authorization_expired", payment_intent=intent)
    assert types(found) == ["charge.expired", "payment_intent.canceled"]
    assert refused(talk, "authorization_expired", payment_intent=intent)
    assert refused(talk, "authorization_expired")["code"] == "parameter_missing"


def test_a_bank_answers_a_debit(talk: Talk):
    paid, failed = debit(talk), debit(talk)
    found = simulate(talk, "bank_debit_succeeded", payment_intent=paid)
    assert types(found) == ["charge.succeeded", "payment_intent.succeeded"]
    found = simulate(talk, "bank_debit_failed", payment_intent=failed, failure_code="no_account")
    assert found["object"]["failure_code"] == "no_account"
    assert "succeeded" in refused(talk, "bank_debit_failed", payment_intent=paid)["message"]
    assert refused(talk, "bank_debit_succeeded", payment_intent=paid)
    returned = simulate(talk, "bank_debit_returned", payment_intent=paid)
    assert returned["object"]["status"] == "lost"
    assert refused(talk, "bank_debit_returned", payment_intent=pay(talk)["id"])


def test_an_intent_without_a_charge_has_nothing_to_act_on(talk: Talk):
    intent = talk.made("/v1/payment_intents", {"amount": 500, "currency": "usd"})["id"]
    assert "no charge yet" in refused(talk, "dispute", payment_intent=intent)["message"]


# -- disputes and refunds -------------------------------------------------------------------------


def test_a_charge_is_disputed_on_any_account(talk: Talk):
    account = active(talk)["id"]
    intent = pay(talk, account)
    reason = "product_not_received"
    found = simulate(talk, "dispute", payment_intent=intent["id"], reason=reason, amount=500)
    assert (found["object"]["reason"], found["object"]["amount"]) == (reason, 500)
    assert types(found)[:2] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    assert {event["account"] for event in found["events"]} == {account}
    dispute = found["object"]["id"]
    won = simulate(talk, "dispute_won", dispute=dispute)
    assert "charge.dispute.funds_reinstated" in types(won)
    assert "won" in refused(talk, "dispute_lost", dispute=dispute)["message"]
    assert refused(talk, "dispute_won", dispute=dispute)
    assert refused(talk, "dispute", charge=intent["latest_charge"], amount=99_999)


def test_a_dispute_is_lost(talk: Talk):
    charge = pay(talk)["latest_charge"]
    dispute = simulate(talk, "dispute", charge=charge)["object"]["id"]
    found = simulate(talk, "dispute_lost", dispute=dispute)
    assert found["object"]["status"] == "lost"
    late = simulate(talk, "dispute", charge=pay(talk)["latest_charge"])["object"]["id"]
    assert simulate(talk, "dispute_deadline_passed", dispute=late)["object"]["status"] == "lost"
    assert refused(talk, "dispute_deadline_passed", dispute=late)


def test_an_inquiry_is_closed_or_escalated(talk: Talk):
    asked = simulate(talk, "inquiry", charge=pay(talk)["latest_charge"])["object"]
    assert asked["status"] == "warning_needs_response"
    assert refused(talk, "dispute_won", dispute=asked["id"])
    found = simulate(talk, "inquiry_escalated", dispute=asked["id"])
    assert found["object"]["status"] == "needs_response"
    assert refused(talk, "inquiry_escalated", dispute=asked["id"])
    again = simulate(talk, "inquiry", charge=pay(talk)["latest_charge"])["object"]["id"]
    closed = simulate(talk, "inquiry_closed", dispute=again)
    assert closed["object"]["status"] == "warning_closed"
    assert refused(talk, "inquiry_closed", dispute=again)


def test_a_charge_is_reported_and_reviewed(talk: Talk):
    charge = pay(talk)["latest_charge"]
    warned = simulate(talk, "early_fraud_warning", charge=charge, fraud_type="misc")
    assert types(warned) == ["radar.early_fraud_warning.created"]
    assert types(simulate(talk, "review_opened", charge=charge)) == ["review.opened"]
    assert "review already" in refused(talk, "review_opened", charge=charge)["message"]
    failed = error(
        talk.post("/v1/payment_intents", {**PAY, "payment_method": "pm_card_visa_chargeDeclined"}),
        402,
    )
    assert refused(talk, "early_fraud_warning", charge=failed["charge"])
    assert refused(talk, "inquiry", charge=failed["charge"])


def test_a_refund_arrives_or_comes_back(talk: Talk):
    charge = pay(talk)["latest_charge"]
    params = {"charge": charge, "amount": 500}
    pending = talk.made("/v1/refunds", params, emulator_answer="refund.arrive=pending")["id"]
    found = simulate(talk, "refund_succeeded", refund=pending)
    assert found["object"]["status"] == "succeeded"
    assert "pending" in refused(talk, "refund_succeeded", refund=pending)["message"]
    found = simulate(talk, "refund_failed", refund=pending, failure_reason="declined")
    assert found["object"]["failure_reason"] == "declined"
    assert "refund.failed" in types(found)
    assert found["entries"]
    assert refused(talk, "refund_failed", refund=pending)


# -- cards and mandates ---------------------------------------------------------------------------


def test_a_customers_card_is_declined_from_now_on(talk: Talk):
    customer = talk.customer()["id"]
    url = "/v1/payment_methods/pm_card_visa/attach"
    card = talk.made(url, {"customer": customer})["id"]
    order = {**PAY, "customer": customer, "payment_method": card}
    for who in ({"customer": customer}, {"payment_method": card}):
        simulate(talk, "card_declined", **who, decline_code="lost_card")
        for _ in range(2):
            assert (
                error(talk.post("/v1/payment_intents", order), 402)["decline_code"] == "lost_card"
            )
        simulate(talk, "card_accepted", **who)
        assert talk.post("/v1/payment_intents", order).status_code == 200
    assert refused(talk, "card_declined")["code"] == "parameter_missing"


def test_a_network_tells_of_a_new_card_or_an_expired_one(talk: Talk):
    customer = talk.customer()["id"]
    url = "/v1/payment_methods/pm_card_visa/attach"
    card = talk.made(url, {"customer": customer})["id"]
    found = simulate(talk, "card_updated", payment_method=card, exp_year=2039, last4="1881")
    assert found["object"]["card"]["last4"] == "1881"
    assert types(found) == ["payment_method.automatically_updated"]
    simulate(talk, "card_expired", payment_method=card)
    order = {**PAY, "customer": customer, "payment_method": card}
    assert error(talk.post("/v1/payment_intents", order), 402)["code"] == "expired_card"
    loose = talk.made("/v1/payment_methods", {"type": "card", "card": {"token": "tok_visa"}})["id"]
    assert "saved" in refused(talk, "card_updated", payment_method=loose)["message"]
    assert refused(talk, "card_expired", payment_method=loose)
    source = talk.made(f"/v1/customers/{customer}/sources", {"source": "tok_visa"})["id"]
    found = simulate(talk, "card_updated", payment_method=source, exp_month=2)
    assert (found["object"]["exp_month"], types(found)) == (2, ["customer.source.updated"])


def test_a_mandate_is_revoked(talk: Talk):
    charge = talk.got(f"/v1/payment_intents/{debit(talk)}")["latest_charge"]
    details = talk.got(f"/v1/charges/{charge}")["payment_method_details"]
    mandate = details["us_bank_account"]["mandate"]
    found = simulate(talk, "mandate_revoked", mandate=mandate)
    assert (found["object"]["status"], types(found)) == ("inactive", ["mandate.updated"])
    assert "inactive" in refused(talk, "mandate_revoked", mandate=mandate)["message"]


# -- any ------------------------------------------------------------------------------------------


def test_the_same_bytes(talk: Talk):
    def play() -> bytes:
        talk.control("reset", {})
        account = active(talk)["id"]
        names = {"account_disabled": {"account": account}, "payment": {}, "account_connected": {}}
        return b"".join(talk.control(f"simulate/{n}", p).content for n, p in names.items())

    assert play() == play()


_PLAIN: Any = st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=5) | st.just([])
_NAMES = st.sampled_from(
    ["account", "amount", "charge", "payout", "currency", "reason", "dispute", "topup", "fee"]
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.sampled_from(sorted(simulators())), body=st.dictionaries(_NAMES, _PLAIN))
def test_whatever_is_sent_gets_an_answer_or_a_clear_refusal(talk: Talk, name: str, body: Any):
    found = talk.control(f"simulate/{name}", body)
    assert found.status_code in {200, 400, 402, 404}, found.text
    if found.status_code != 200:
        assert found.json()["error"]["message"]
