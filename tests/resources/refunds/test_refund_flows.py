"""Refunds in each flow: who gives back what, in which rows."""

from __future__ import annotations

import pytest

from tests.resources.market import Doc, books_hold, canadian, fund, lines, pay
from tests.resources.shops import Row, observed_rates, row, rows, shop
from tests.talking import Talk, error

_BOTH: Doc = {"reverse_transfer": True, "refund_application_fee": True}


def test_a_direct_charge_gives_its_fee_back_in_proportion(talk: Talk) -> None:
    account = shop(talk)
    charge = pay(talk, 30_000, application_fee_amount=3_000, stripe_account=account)
    params = {"charge": charge["id"], "amount": 10_000, "refund_application_fee": True}
    talk.made("/v1/refunds", params, stripe_account=account)

    assert rows(talk, account) == [
        Row("charge", "charge", 30_000, 3_900, 26_100),
        Row("adjustment", "fee", 1_000, 0, 1_000),
        Row("refund", "refund", -10_000, 0, -10_000),
    ]
    assert rows(talk)[1:] == [
        Row("application_fee_refund", "platform_earning_refund", -1_000, 0, -1_000)
    ]


def test_a_direct_charge_keeps_both_fees_otherwise(talk: Talk) -> None:
    account = shop(talk)
    charge = pay(talk, 1_000, application_fee_amount=70, stripe_account=account)
    talk.made("/v1/refunds", {"charge": charge["id"]}, stripe_account=account)

    assert rows(talk, account)[1:] == [Row("refund", "refund", -1_000, 0, -1_000)]
    assert len(rows(talk)) == 1


def test_a_destination_charge_gives_back_everything_with_both_flags(talk: Talk) -> None:
    account = shop(talk)
    data: Doc = {"transfer_data": {"destination": account}, "application_fee_amount": 100}
    charge = pay(talk, 1_000, **data)
    refund = talk.made("/v1/refunds", {"charge": charge["id"], **_BOTH})

    assert sorted(rows(talk)[3:]) == [
        Row("application_fee_refund", "platform_earning_refund", -100, 0, -100),
        Row("refund", "refund", -1_000, 0, -1_000),
        Row("transfer_refund", "transfer_reversal", 1_000, 0, 1_000),
    ]
    assert sorted(rows(talk, account)[1:]) == [
        Row("adjustment", "fee", 100, 0, 100),
        Row("payment_refund", "refund", -1_000, 0, -1_000),
    ]
    assert row(talk, "refund")["description"] == "REFUND FOR CHARGE"
    assert row(talk, "transfer_refund")["description"] == "REFUND FOR TRANSFER"
    assert row(talk, "application_fee_refund")["description"] == "REFUND FOR APPLICATION FEE"
    taken = row(talk, "payment_refund", account)
    assert (taken["description"], taken["fee_details"]) == ("REFUND FOR PAYMENT", [])
    assert row(talk, "transfer_refund")["source"] == charge["transfer"]
    path = f"/v1/transfers/{charge['transfer']}/reversals/{refund['transfer_reversal']}"
    reversal = talk.got(path)
    assert reversal["source_refund"] == refund["id"]
    assert refund["source_transfer_reversal"] is None
    theirs = talk.got(f"/v1/refunds/{taken['source']}", stripe_account=account)
    assert reversal["destination_payment_refund"] == theirs["id"]
    assert theirs["transfer_reversal"] == theirs["source_transfer_reversal"] == reversal["id"]


@pytest.mark.parametrize(
    ("flags", "platform", "destination"),
    [
        ({}, ["refund"], []),
        ({"reverse_transfer": True}, ["refund", "transfer_refund"], ["payment_refund"]),
    ],
)
def test_without_flags_the_platform_pays(
    talk: Talk, flags: Doc, platform: list[str], destination: list[str]
) -> None:
    account = shop(talk)
    data: Doc = {"transfer_data": {"destination": account}, "application_fee_amount": 100}
    charge = pay(talk, 1_000, **data)
    talk.made("/v1/refunds", {"charge": charge["id"], **flags})

    assert sorted(each.type for each in rows(talk)[3:]) == platform
    assert [each.type for each in rows(talk, account)[1:]] == destination


def test_what_was_converted_goes_back_without_the_spread(talk: Talk) -> None:
    """What a refund costs in Canadian dollars is more than the charge brought (observed)."""
    observed_rates(talk)
    account = canadian(talk)
    data: Doc = {"transfer_data": {"destination": account}, "application_fee_amount": 100}
    charge = pay(talk, 1_000, on_behalf_of=account, **data)
    talk.made("/v1/refunds", {"charge": charge["id"], **_BOTH})

    refund = row(talk, "refund")
    assert (refund["amount"], refund["currency"]) == (-1_383, "cad")
    assert refund["exchange_rate"] == 1.38343
    assert row(talk, "transfer_refund")["amount"] == 1_356
    returned = row(talk, "application_fee_refund")
    assert (returned["amount"], returned["currency"]) == (-100, "usd")
    assert row(talk, "adjustment", account)["amount"] == 136
    (fee,) = talk.got("/v1/application_fees")["data"]
    (given,) = fee["refunds"]["data"]
    assert (given["amount"], given["currency"]) == (136, "cad")


def test_a_part_of_a_fee_goes_back_at_the_rate_of_the_charge(talk: Talk) -> None:
    """Half of 30 cents is 20 Canadian cents, of which 41 were taken (observed); the last part is no
    more than what is left of them.
    """
    observed_rates(talk)
    account = canadian(talk)
    data: Doc = {"transfer_data": {"destination": account}, "application_fee_amount": 30}
    charge = pay(talk, 1_000, on_behalf_of=account, **data)
    talk.made("/v1/refunds", {"charge": charge["id"], "amount": 500, **_BOTH})
    (fee,) = talk.got("/v1/application_fees")["data"]
    assert [given["amount"] for given in fee["refunds"]["data"]] == [20]
    assert row(talk, "application_fee_refund")["amount"] == -15

    for amount in (1, 1, 13):
        talk.made(f"/v1/application_fees/{fee['id']}/refunds", {"amount": amount})
    (fee,) = talk.got("/v1/application_fees")["data"]
    assert fee["refunded"]
    assert sum(given["amount"] for given in fee["refunds"]["data"]) <= 41
    books_hold(talk)


def test_less_than_a_cent_is_a_cent_or_nothing_but_never_a_failure(talk: Talk) -> None:
    """One won is a fraction of a cent, as a fee and as a refund."""
    account, other = shop(talk), canadian(talk)
    won: Doc = {"currency": "krw", "application_fee_amount": 1}
    direct = pay(talk, 50_000, stripe_account=account, **won)
    params = {"charge": direct["id"], "amount": 1, "refund_application_fee": True}
    talk.made("/v1/refunds", params, stripe_account=account)
    passed = pay(talk, 50_000, on_behalf_of=other, transfer_data={"destination": other}, **won)
    for amount in (1, 49_999):
        talk.made("/v1/refunds", {"charge": passed["id"], "amount": amount, **_BOTH})

    assert books_hold(talk)


def test_a_part_that_was_captured_is_given_back_whole(talk: Talk) -> None:
    """The shares are of what was captured, not of what was authorised."""
    account = shop(talk)
    data: Doc = {"transfer_data": {"destination": account}, "application_fee_amount": 100}
    charge = pay(talk, 1_000, capture_method="manual", **data)
    path = f"/v1/payment_intents/{charge['payment_intent']}/capture"
    talk.made(path, {"amount_to_capture": 500})
    talk.made("/v1/refunds", {"charge": charge["id"], **_BOTH})

    assert row(talk, "transfer_refund")["amount"] == 500
    assert row(talk, "application_fee_refund")["amount"] == -100
    assert sum(line["net"] for line in lines(talk, account)) == 0


@pytest.mark.parametrize(("amount", "returned"), [(4, 0), (5, 1), (14, 1), (15, 2)])
def test_shares_below_half_a_cent_are_not_moved(talk: Talk, amount: int, returned: int) -> None:
    account = shop(talk)
    charge = pay(talk, 1_000, application_fee_amount=100, stripe_account=account)
    params = {"charge": charge["id"], "amount": amount, "refund_application_fee": True}
    talk.made("/v1/refunds", params, stripe_account=account)

    (fee,) = talk.got("/v1/application_fees")["data"]
    assert fee["amount_refunded"] == returned
    assert books_hold(talk)


def test_a_transfer_that_is_reversed_already_is_not_reversed_again(talk: Talk) -> None:
    account = shop(talk)
    charge = pay(talk, 1_000, transfer_data={"destination": account})
    talk.made(f"/v1/transfers/{charge['transfer']}/reversals")
    before = len(rows(talk))

    params = {"charge": charge["id"], "reverse_transfer": True}
    assert "already fully reversed" in error(talk.post("/v1/refunds", params), 400)["message"]
    assert len(rows(talk)) == before


@pytest.mark.parametrize("flag", ["reverse_transfer", "refund_application_fee"])
def test_a_plain_charge_has_nothing_else_to_give_back(talk: Talk, flag: str) -> None:
    charge = fund(talk, 1_000)
    error(talk.post("/v1/refunds", {"charge": charge["id"], flag: True}), 400)
    assert len(rows(talk)) == 1


def test_separate_transfers_are_not_touched(talk: Talk) -> None:
    account = shop(talk)
    charge = pay(talk, 1_000)
    params = {"amount": 800, "currency": "usd", "destination": account}
    talk.made("/v1/transfers", {**params, "source_transaction": charge["id"]})
    talk.made("/v1/refunds", {"charge": charge["id"]})

    assert [each.type for each in rows(talk)] == ["charge", "transfer", "refund"]
    assert [each.type for each in rows(talk, account)] == ["payment"]


@pytest.mark.parametrize(("amount", "status"), [(69, 200), (70, 200), (71, 400)])
def test_a_fee_alone_is_given_back_up_to_itself(talk: Talk, amount: int, status: int) -> None:
    account = shop(talk)
    charge = pay(talk, 1_000, application_fee_amount=70, stripe_account=account)
    path = f"/v1/application_fees/{charge['application_fee']}/refunds"

    assert talk.post(path, {"amount": amount}).status_code == status
    assert [each.type for each in rows(talk, account)[1:]] == ["adjustment"] * (status == 200)


def test_a_refund_as_fraud_is_a_report_on_the_charge(talk: Talk) -> None:
    charge = pay(talk, 1_000)
    talk.made("/v1/refunds", {"charge": charge["id"], "amount": 1, "reason": "duplicate"})
    assert talk.got(f"/v1/charges/{charge['id']}")["fraud_details"] == {}
    talk.made("/v1/refunds", {"charge": charge["id"], "amount": 1, "reason": "fraudulent"})
    reported = talk.got(f"/v1/charges/{charge['id']}")["fraud_details"]
    assert reported == {"user_report": "fraudulent"}


def test_all_of_what_is_only_held_may_be_named_as_an_amount(talk: Talk) -> None:
    held = pay(talk, 1_000, capture_method="manual")["id"]
    error(talk.post("/v1/refunds", {"charge": held, "amount": 999}), 400)
    talk.made("/v1/refunds", {"charge": held, "amount": 1_000})
    assert talk.got(f"/v1/charges/{held}")["refunded"]


def test_a_page_of_refunds_says_how_many_it_holds(talk: Talk) -> None:
    charge = talk.made("/v1/charges", {"amount": 900, "currency": "usd", "source": "tok_visa"})
    for _ in range(3):
        talk.made("/v1/refunds", {"charge": charge["id"], "amount": 100})

    page = talk.got("/v1/refunds", {"limit": 2})
    expanded = talk.got("/v1/refunds", {"limit": 2, "expand": ["data.charge"]})

    assert (page["count"], len(page["data"]), page["has_more"]) == (2, 2, True)
    assert expanded["count"] == 2
    assert "count" not in talk.got(f"/v1/charges/{charge['id']}/refunds")


def test_a_refund_keeps_what_is_said_of_it(talk: Talk) -> None:
    said = {"metadata": {"case": "7"}, "reason": "requested_by_customer"}
    refund = talk.made("/v1/refunds", {"charge": pay(talk, 1_000)["id"], **said})
    assert {name: refund[name] for name in said} == said
