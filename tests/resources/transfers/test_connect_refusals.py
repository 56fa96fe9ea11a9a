"""Refusals of money that moves between accounts, word for word where the words are known."""

from __future__ import annotations

from typing import Final

import pytest

from tests.resources.market import seller
from tests.resources.refused import (
    LEGACY,
    NOBODY,
    PAID,
    Row,
    capture_part,
    charge,
    compare,
    me,
    more_than_its_source,
    on,
    pay,
    refund,
    reverse_after,
    send,
    split,
)
from tests.talking import Talk

_OWN: Final = "The '{}' param cannot be set to your own account."
_LEAST: Final = "This value must be greater than or equal to {}."
_CAPABLE: Final = (
    "Your destination account needs to have at least one of the following capabilities enabled: "
    "transfers, crypto_transfers, legacy_payments"
)

ROWS: Final[dict[str, Row]] = {
    "a destination nobody knows": Row(
        lambda t: pay(t, transfer_data={"destination": NOBODY}),
        "recorded",
        400,
        "resource_missing",
        "transfer_data[destination]",
        "No such destination: 'acct_x'",
    ),
    "transfer to a destination nobody knows": Row(
        lambda t: send(t, destination=NOBODY),
        "recorded",
        400,
        "resource_missing",
        "destination",
        "No such destination: 'acct_x'",
    ),
    "a destination that may not receive": Row(
        lambda t: pay(t, transfer_data={"destination": t.account()}),
        "recorded",
        400,
        "insufficient_capabilities_for_transfer",
        None,
        _CAPABLE,
    ),
    "transfer to one that may not receive": Row(
        lambda t: send(t, destination=t.account()),
        "recorded",
        400,
        "insufficient_capabilities_for_transfer",
        None,
        _CAPABLE,
    ),
    "a direct charge on one that may not take cards": Row(
        lambda t: t.post("/v1/payment_intents", PAID, stripe_account=t.account()),
        "reported",
        400,
        None,
        None,
        "You cannot create a charge on a connected account without the `card_payments` capability "
        "enabled.",
    ),
    "a direct legacy charge on such a one": Row(
        lambda t: t.post(
            "/v1/charges", {**LEGACY, "source": "tok_visa"}, stripe_account=t.account()
        ),
        "reported",
        400,
        None,
        None,
        "You cannot create a charge on a connected account without the `card_payments` capability "
        "enabled.",
    ),
    "on behalf of one that may not take cards": Row(
        lambda t: pay(t, on_behalf_of=t.account()),
        "reported",
        400,
        None,
        "on_behalf_of",
        "You cannot create a charge with the `on_behalf_of` parameter set to a connected account "
        "with `transfers` but without the `card_payments` capability enabled.",
    ),
    "on behalf of another than the destination": Row(
        lambda t: pay(t, on_behalf_of=seller(t), transfer_data={"destination": seller(t)}),
        "fragment",
        400,
        None,
        "on_behalf_of",
        "You cannot specify an `on_behalf_of` value that is different from the "
        "`transfer_data[destination]` value when using `card` or `card_present` in "
        "`payment_method_types`.",
    ),
    "a fee above the amount": Row(
        lambda t: split(t, fee=1001), "ours", 400, None, "application_fee_amount", "…"
    ),
    "a negative fee": Row(
        lambda t: split(t, fee=-1),
        "ours",
        400,
        "parameter_invalid_integer",
        "application_fee_amount",
        _LEAST.format(0),
    ),
    "a fee and a part": Row(
        lambda t: split(t, fee=10, part=500),
        "fragment",
        400,
        None,
        "transfer_data[amount]",
        "Only one of application_fee and transfer_data[amount] can be specified…",
    ),
    "a part above the amount": Row(
        lambda t: split(t, part=1001), "ours", 400, None, "transfer_data[amount]", "…"
    ),
    "no part at all": Row(
        lambda t: split(t, part=0),
        "ours",
        400,
        "parameter_invalid_integer",
        "transfer_data[amount]",
        _LEAST.format(1),
    ),
    "a fee from nobody": Row(
        lambda t: pay(t, application_fee_amount=10),
        "reported",
        400,
        "parameter_missing",
        "transfer_data[destination]",
        "Can only apply an application_fee_amount when the PaymentIntent is attempting a direct "
        "payment (using an OAuth key or Stripe-Account header) or destination payment (using "
        "`transfer_data[destination]`).",
    ),
    "a transfer to oneself": Row(
        lambda t: send(t, destination=me(t)),
        "reported",
        400,
        None,
        "destination",
        _OWN.format("destination"),
    ),
    "on behalf of oneself": Row(
        lambda t: pay(t, on_behalf_of=me(t)),
        "reported",
        400,
        None,
        "on_behalf_of",
        _OWN.format("on_behalf_of"),
    ),
    "a transfer without funds": Row(
        lambda t: send(t, destination=seller(t)),
        "reported",
        400,
        "balance_insufficient",
        None,
        "You have insufficient available funds in your Stripe account. Try adding funds directly "
        "to your available balance by creating Charges using the 4000000000000077 test card. "
        "See: https://stripe.com/docs/testing#available-balance",
    ),
    "a payout without funds": Row(
        lambda t: on(t, "payouts", amount=100, currency="usd"),
        "recorded",
        400,
        "balance_insufficient",
        None,
        "You have insufficient funds in your Stripe account for this transfer. Your card balance "
        "is too low.  You can use the /v1/balance endpoint to view your Stripe balance (for more "
        "details, see stripe.com/docs/api#balance).",
    ),
    "capture less than the part": Row(
        lambda t: capture_part(t, 700),
        "fragment",
        400,
        None,
        "amount_to_capture",
        "destination[amount] must be less than or equal to the charge amount",
    ),
    "reverse more than is left": Row(
        lambda t: reverse_after(t, 400, 101),
        "fragment",
        400,
        None,
        "amount",
        "Transfer … ($1.01) is greater than unreversed amount on transfer ($1.00)",
    ),
    "reverse again": Row(
        lambda t: reverse_after(t, 500, 1),
        "reported",
        400,
        None,
        None,
        "The transfer tr_x is already fully reversed.",
    ),
    "reverse the transfer of none": Row(
        lambda t: refund(t, charge(t), reverse_transfer=True),
        "ours",
        400,
        None,
        "reverse_transfer",
        "…",
    ),
    "more than the source": Row(
        lambda t: more_than_its_source(t, amount=1001), "ours", 400, None, "amount", "…"
    ),
    "another currency than the source": Row(
        lambda t: more_than_its_source(t, currency="eur"), "ours", 400, None, "currency", "…"
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_money_is_refused_as_stripe_does(talk: Talk, row: Row) -> None:
    compare(talk, row)


def test_intents_can_be_made_before_their_account_may_take_cards(talk: Talk) -> None:
    """It is the charge that is refused, and a Standard account may be charged at once in test mode
    (observed).
    """
    account = talk.account()
    unpaid = {name: value for name, value in PAID.items() if name != "confirm"}
    made = talk.made("/v1/payment_intents", unpaid, stripe_account=account)
    path = f"/v1/payment_intents/{made['id']}"
    assert talk.post(f"{path}/confirm", stripe_account=account).status_code == 400
    assert talk.got(path, stripe_account=account)["status"] == "requires_confirmation"

    standard = talk.made("/v1/accounts", {"type": "standard", "country": "US"})["id"]
    assert talk.made("/v1/payment_intents", PAID, stripe_account=standard)["status"] == "succeeded"
