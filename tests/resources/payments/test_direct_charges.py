"""Direct charges: the money, Stripe's fee and the platform's on the account's side."""

from __future__ import annotations

import pytest

from tests.resources.market import Doc, pay
from tests.resources.shops import Row, fees, observed_rates, row, rows, shop
from tests.talking import Talk


def test_both_fees_are_taken_from_the_account(talk: Talk) -> None:
    account = shop(talk)
    charge = pay(talk, 1_000, application_fee_amount=70, stripe_account=account)

    assert rows(talk, account) == [Row("charge", "charge", 1_000, 129, 871)]
    assert fees(row(talk, "charge", account)) == {
        "stripe_fee": (59, "usd"),
        "application_fee": (70, "usd"),
    }
    assert rows(talk) == [Row("application_fee", "platform_earning", 70, 0, 70)]
    earned, taken = row(talk, "application_fee"), row(talk, "charge", account)
    assert earned["available_on"] == taken["available_on"]
    assert earned["description"] == (
        f"Application fee from application Platform for Rosen Records ({account})"
    )
    fee = talk.got(f"/v1/application_fees/{earned['source']}")
    assert (fee["amount"], fee["currency"], fee["account"]) == (70, "usd", account)
    assert (fee["charge"], fee["originating_transaction"]) == (charge["id"], None)
    assert charge["application_fee"] == fee["id"]


def test_only_the_platforms_fee_belongs_to_its_application(talk: Talk) -> None:
    account = shop(talk)
    pay(talk, 1_000, application_fee_amount=70, stripe_account=account)

    found = {each["type"]: each for each in row(talk, "charge", account)["fee_details"]}
    assert found["stripe_fee"]["application"] is None
    assert found["stripe_fee"]["description"] == "Stripe processing fees"
    assert found["application_fee"]["application"].startswith("ca_")


def test_an_account_abroad_pays_in_its_own_currency_and_the_platform_earns_dollars(
    talk: Talk,
) -> None:
    observed_rates(talk)
    account = shop(talk, "SG")
    pay(talk, 1_000, application_fee_amount=300, stripe_account=account)

    assert rows(talk, account) == [Row("charge", "charge", 1_318, 496, 822, "sgd")]
    taken = row(talk, "charge", account)
    assert taken["exchange_rate"] == 1.31774
    assert fees(taken) == {"application_fee": (395, "sgd"), "stripe_fee": (101, "sgd")}
    assert rows(talk) == [Row("application_fee", "platform_earning", 300, 0, 300)]
    assert row(talk, "application_fee")["exchange_rate"] == 1.31774
    (fee,) = talk.got("/v1/application_fees")["data"]
    assert (fee["amount"], fee["currency"]) == (300, "usd")


@pytest.mark.parametrize(
    ("payer", "account_fee", "platform_rows"),
    [
        ("account", 59, []),
        ("application", 0, [Row("stripe_fee", "fee", -59, 0, -59)]),
    ],
)
def test_the_payer_of_fees_pays_stripe(
    talk: Talk, payer: str, account_fee: int, platform_rows: list[Row]
) -> None:
    full = payer == "account"
    controller = {
        "fees": {"payer": payer},
        "losses": {"payments": "stripe" if full else "application"},
        "stripe_dashboard": {"type": "full" if full else "none"},
        "requirement_collection": "stripe" if full else "application",
    }
    params: Doc = {"country": "US", "controller": controller}
    if not full:
        wanted = ("card_payments", "transfers")
        params["capabilities"] = {name: {"requested": True} for name in wanted}
    account = talk.made("/v1/accounts", params)["id"]
    talk.control("onboard", {"account": account})
    talk.advance("1m")
    pay(talk, 1_000, stripe_account=account)

    assert rows(talk, account) == [Row("charge", "charge", 1_000, account_fee, 1_000 - account_fee)]
    assert rows(talk) == platform_rows


def test_a_fee_is_capped_at_what_is_captured(talk: Talk) -> None:
    account = shop(talk)
    charge = pay(
        talk, 1_000, application_fee_amount=800, capture_method="manual", stripe_account=account
    )
    path = f"/v1/payment_intents/{charge['payment_intent']}/capture"
    talk.made(path, {"amount_to_capture": 500}, stripe_account=account)

    # 45 for Stripe (2.9 % of 500, and 30) and the whole rest for the platform: below zero.
    assert rows(talk, account) == [Row("charge", "charge", 500, 545, -45)]
    assert rows(talk) == [Row("application_fee", "platform_earning", 500, 0, 500)]
