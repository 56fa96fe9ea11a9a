"""From when money counts as available, and that nothing drawn from it counts earlier."""

from __future__ import annotations

import pytest

from tests.resources.market import Doc, canadian, fund, held, lines, on, pay
from tests.resources.shops import row, shop
from tests.talking import NOW, Talk

_DAY = 86_400
_TODAY = NOW // _DAY * _DAY  # Sunday 1 March 2026
_TUESDAY = _TODAY + 2 * _DAY


def test_an_american_weekend_counts_as_its_friday(talk: Talk) -> None:
    """Sunday's money is there on Tuesday: two business days from Friday."""
    pay(talk, 1_000)
    assert row(talk, "charge")["available_on"] == _TUESDAY
    assert (held(talk), held(talk, part="pending")) == (0, 941)

    talk.advance("1d")
    assert held(talk) == 0
    talk.advance("1d")
    assert (held(talk), held(talk, part="pending")) == (941, 0)


def test_a_connected_account_in_canada_waits_seven_days(talk: Talk) -> None:
    account = canadian(talk, settings=None)
    pay(talk, 1_000, currency="cad", stripe_account=account)
    assert row(talk, "charge", account)["available_on"] == _TODAY + 7 * _DAY


@pytest.mark.parametrize("flow", ["direct", "destination"])
@pytest.mark.parametrize("country", ["US", "CA"])
def test_an_account_that_is_paid_out_by_hand_waits_a_day(
    talk: Talk, country: str, flow: str
) -> None:
    """Its `delay_days` is 1, which counts for its charges as for those it is the destination of
    (observed of destination charges in both countries).
    """
    account = shop(talk) if country == "US" else canadian(talk)
    assert _schedule(talk, account) == {"delay_days": 1, "interval": "manual"}
    params: Doc = {"stripe_account": account}
    if flow == "destination":
        params = {"transfer_data": {"destination": account}}

    charge = pay(talk, 1_000, **params)
    side = params.get("stripe_account")
    talk.made("/v1/refunds", {"charge": charge["id"], "amount": 400}, **(on(side) if side else {}))

    types = {"charge", "refund", "transfer"} if side is None else {"charge", "refund"}
    found = {line["type"]: line["available_on"] for line in lines(talk, side)}
    assert found == dict.fromkeys(types, _TODAY + _DAY)


def _schedule(talk: Talk, account: str) -> Doc:
    schedule: Doc = talk.got(f"/v1/accounts/{account}")["settings"]["payouts"]["schedule"]
    return schedule


def test_one_card_bypasses_all_of_it(talk: Talk) -> None:
    fund(talk, 1_000)
    line = row(talk, "charge")
    assert (line["available_on"], line["status"]) == (line["created"], "available")
    assert held(talk) == 941


def _everything_from(talk: Talk, account: str) -> list[Doc]:
    """All rows on both sides of a destination charge that is refunded whole and disputed."""
    data: Doc = {"transfer_data": {"destination": account}, "application_fee_amount": 100}
    charge = pay(talk, 1_000, **data)
    flags = {"reverse_transfer": True, "refund_application_fee": True}
    talk.made("/v1/refunds", {"charge": charge["id"], "amount": 400, **flags})
    disputed = pay(talk, 1_000, "pm_card_createDispute", **data)
    talk.advance("10s")
    (dispute,) = talk.got("/v1/disputes", {"charge": disputed["id"]})["data"]
    talk.made(
        f"/v1/disputes/{dispute['id']}", {"evidence": {"uncategorized_text": "winning_evidence"}}
    )
    talk.advance("10s")
    return [line for who in (None, account) for line in lines(talk, who, limit=100)]


def test_what_comes_of_a_pending_charge_is_pending_with_it(talk: Talk) -> None:
    found = _everything_from(talk, shop(talk))

    assert {line["type"] for line in found} == {
        "charge",
        "transfer",
        "application_fee",
        "refund",
        "transfer_refund",
        "application_fee_refund",
        "payment",
        "payment_refund",
        "adjustment",
        "stripe_fee",
    }
    waits = {line["available_on"] for line in found if line["type"] != "stripe_fee"}
    assert waits == {_TODAY + _DAY}
    assert {line["status"] for line in found if line["type"] != "stripe_fee"} == {"pending"}


@pytest.mark.parametrize("what", ["refund", "reversal", "fee"])
def test_what_comes_of_an_available_charge_is_available(talk: Talk, what: str) -> None:
    account = shop(talk)
    charge = pay(talk, 1_000, transfer_data={"destination": account}, application_fee_amount=100)
    talk.advance("3d")
    now = talk.control("clock").json()["now"]
    (fee,) = talk.got("/v1/application_fees")["data"]
    path, params, types = {
        "refund": ("/v1/refunds", {"charge": charge["id"]}, {"refund"}),
        "reversal": (
            f"/v1/transfers/{charge['transfer']}/reversals",
            {},
            {"transfer_refund", "payment_refund"},
        ),
        "fee": (
            f"/v1/application_fees/{fee['id']}/refunds",
            {},
            {"application_fee_refund", "adjustment"},
        ),
    }[what]
    talk.made(path, params)

    found = [line for who in (None, account) for line in lines(talk, who) if line["type"] in types]
    assert {line["type"] for line in found} == types
    assert {(line["available_on"], line["created"], line["status"]) for line in found} == {
        (now, now, "available")
    }


def test_a_payout_leaves_at_once(talk: Talk) -> None:
    account = shop(talk)
    fund(talk, 10_000, stripe_account=account)
    talk.made("/v1/payouts", {"amount": 3_000, "currency": "usd"}, **on(account))

    assert row(talk, "payout", account)["status"] == "available"
    assert held(talk, account) == 6_680
