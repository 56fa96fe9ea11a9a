"""Every refusal raises the class of the SDK that it would raise against Stripe, with code and
param.
"""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.clients.python.marketplace import CARDS_ONLY, Marketplace, as_any, client_of, on

CARD = {"currency": "usd", "automatic_payment_methods": CARDS_ONLY, "confirm": True}


def test_a_decline_is_a_card_error(shop: Marketplace) -> None:
    params = {**CARD, "amount": 2_000, "payment_method": "pm_card_visa_chargeDeclined"}
    with pytest.raises(stripe.CardError) as refused:
        shop.v1.payment_intents.create(as_any(params))

    error: Any = refused.value
    assert (error.http_status, error.code) == (402, "card_declined")
    assert error.error.decline_code == "generic_decline"
    assert error.error.payment_intent.status == "requires_payment_method"
    charge = shop.v1.charges.retrieve(error.error.charge)
    assert (charge.status, charge.failure_code, charge.paid) == ("failed", "card_declined", False)
    assert shop.holds() == 0


@pytest.mark.parametrize(
    ("method", "code", "param"),
    [
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "exp_month"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "cvc"),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", None),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", None),
    ],
)
def test_other_declines_have_codes_of_their_own(
    shop: Marketplace, method: str, code: str, param: str | None
) -> None:
    params = {**CARD, "amount": 2_000, "payment_method": method}
    with pytest.raises(stripe.CardError) as refused:
        shop.v1.payment_intents.create(as_any(params))

    assert (refused.value.code, refused.value.param) == (code, param)


def test_a_decline_under_an_idempotency_key_is_given_again(shop: Marketplace) -> None:
    params = as_any({**CARD, "amount": 2_000, "payment_method": "pm_card_visa_chargeDeclined"})
    requests = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as refused:
            shop.v1.payment_intents.create(params, {"idempotency_key": "order 6735"})
        requests.append(refused.value.json_body)

    assert requests[0] == requests[1]
    assert len(shop.v1.payment_intents.list().data) == 1


def test_too_little_money_for_a_transfer(shop: Marketplace) -> None:
    seller = shop.seller("custom")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.v1.transfers.create({"amount": 1, "currency": "usd", "destination": seller})

    assert (refused.value.code, refused.value.http_status) == ("balance_insufficient", 400)


def test_too_little_money_for_a_payout(shop: Marketplace) -> None:
    seller = shop.seller("custom")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.v1.payouts.create({"amount": 1, "currency": "usd"}, on(seller))

    assert refused.value.code == "balance_insufficient"


def test_an_idempotency_key_used_for_something_else(shop: Marketplace) -> None:
    shop.v1.customers.create({"name": "A"}, {"idempotency_key": "one"})
    with pytest.raises(stripe.IdempotencyError) as refused:
        shop.v1.customers.create({"name": "B"}, {"idempotency_key": "one"})

    assert refused.value.http_status == 400


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"currency": "usd"}, "parameter_missing", "amount"),
        ({"amount": "many", "currency": "usd"}, "parameter_invalid_integer", "amount"),
        ({"amount": 2_000, "currency": "usd", "colour": "red"}, "parameter_unknown", "colour"),
        ({"amount": 1, "currency": "usd"}, "amount_too_small", None),
        (
            {"amount": 2_000, "currency": "usd", "customer": "cus_none"},
            "resource_missing",
            "customer",
        ),
    ],
)
def test_a_bad_parameter(
    shop: Marketplace, params: dict[str, Any], code: str, param: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.v1.payment_intents.create(as_any(params))

    assert (refused.value.code, refused.value.http_status) == (code, 400)
    assert param is None or refused.value.param == param


def test_an_unknown_id(shop: Marketplace) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.v1.payment_intents.retrieve("pi_none")

    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
    assert "No such payment_intent: 'pi_none'" in str(refused.value)


def test_a_key_of_no_known_form_is_refused(base: str) -> None:
    stranger = client_of(base, "nonsense").v1
    with pytest.raises(stripe.AuthenticationError) as refused:
        stranger.customers.list()

    assert refused.value.http_status == 401


def test_a_live_key_is_refused(base: str) -> None:
    with pytest.raises(stripe.AuthenticationError):
        client_of(base, "sk_live_nothing").v1.customers.list()


def test_a_stranger_s_account(shop: Marketplace) -> None:
    with pytest.raises(stripe.PermissionError) as refused:
        shop.v1.balance.retrieve({}, on("acct_1NotConnected0000"))

    error: Any = refused.value  # the SDK copies no code out of a 403
    assert (error.http_status, error.json_body["error"]["code"]) == (403, "account_invalid")


def test_a_publishable_key_may_not_look_around(shop: Marketplace) -> None:
    public = client_of(shop.base, shop.key.replace("sk_", "pk_")).v1
    with pytest.raises(stripe.StripeError) as refused:
        public.customers.list()

    assert refused.value.http_status in {401, 403}


def test_an_account_of_another_platform_gets_no_transfer(shop: Marketplace) -> None:
    shop.pay(10_000)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.v1.transfers.create(
            {"amount": 100, "currency": "usd", "destination": "acct_1NotConnected0000"}
        )

    assert (refused.value.code, refused.value.param) == ("resource_missing", "destination")
