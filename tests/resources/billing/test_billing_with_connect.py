"""Billing on connected accounts and for them: who gets what, to the cent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.shops import shop
from tests.resources.subscribers import customer, price, subscribe
from tests.talking import Talk, error


def _balance(talk: Talk, account: str | None = None) -> dict[str, int]:
    """Amounts by type of balance transaction."""
    headers = {"stripe_account": account} if account else {}
    found: dict[str, int] = {}
    for each in talk.got("/v1/balance_transactions", {"limit": 100}, **headers)["data"]:
        found[each["type"]] = found.get(each["type"], 0) + each["net"]
    return found


def test_a_direct_subscription_pays_the_platform_its_percentage(talk: Talk):
    account = shop(talk)
    on: dict[str, Any] = {"headers": {"stripe_account": account}}
    made = subscribe(
        talk, price(talk, 3_333, **on), customer(talk, **on), application_fee_percent=12.5, **on
    )
    assert made["application"].startswith("ca_")
    (charge,) = talk.got("/v1/charges", stripe_account=account)["data"]
    assert (charge["amount"], charge["application_fee_amount"]) == (3_333, 417)
    stripe_fee = 127  # 2.9 % and 30 cents
    assert _balance(talk, account) == {"charge": 3_333 - 417 - stripe_fee}
    assert _balance(talk) == {"application_fee": 417}
    assert talk.got("/v1/subscriptions")["data"] == []
    assert talk.control("audit").json()["holds"] is True


@pytest.mark.parametrize(
    ("split", "given", "fee"),
    [
        ({"application_fee_percent": 10}, 3_000, 300),
        ({"transfer_data": {"amount_percent": 70}}, 2_100, None),
        ({}, 3_000, None),
    ],
)
def test_a_destination_subscription_passes_on_its_part(
    talk: Talk, split: Any, given: int, fee: int | None
):
    account = shop(talk)
    transfer = {"destination": account, **split.get("transfer_data", {})}
    params = {**split, "transfer_data": transfer, "on_behalf_of": account}
    made = subscribe(talk, price(talk, 3_000), customer(talk), **params)
    assert made["on_behalf_of"] == account
    (charge,) = talk.got("/v1/charges")["data"]
    assert (charge["application_fee_amount"], charge["on_behalf_of"]) == (fee, account)
    (transferred,) = talk.got("/v1/transfers")["data"]
    assert (transferred["amount"], transferred["destination"]) == (given, account)
    assert talk.control("audit").json()["holds"] is True


def test_every_renewal_is_split_alike(talk: Talk):
    account = shop(talk)
    params = {"application_fee_percent": 25, "transfer_data": {"destination": account}}
    subscribe(talk, price(talk, 1_001), customer(talk), **params)
    talk.advance("31d")
    talk.advance("1h")
    fees = talk.got("/v1/application_fees")["data"]
    assert [each["amount"] for each in fees] == [250, 250]


def test_an_invoice_may_have_a_fee_of_its_own(talk: Talk):
    account = shop(talk)
    payer = customer(talk)
    params = {
        "customer": payer,
        "application_fee_amount": 77,
        "transfer_data": {"destination": account},
    }
    invoice = talk.made("/v1/invoices", params)
    item = {"customer": payer, "invoice": invoice["id"], "amount": 900, "currency": "usd"}
    talk.made("/v1/invoiceitems", item)
    talk.made(f"/v1/invoices/{invoice['id']}/pay")
    (fee,) = talk.got("/v1/application_fees")["data"]
    assert (fee["amount"], fee["account"]) == (77, account)
    old = talk.got(f"/v1/invoices/{invoice['id']}", stripe_version="2023-10-16")
    assert (old["application_fee_amount"], old["transfer_data"]["destination"]) == (77, account)


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"application_fee_percent": 10}, "application_fee_percent"),
        ({"application_fee_percent": 101}, "application_fee_percent"),
        ({"transfer_data": {"destination": "acct_none"}}, "transfer_data[destination]"),
    ],
)
def test_what_cannot_be_split_is_refused(talk: Talk, params: Any, param: str):
    sent = {"customer": customer(talk), "items": [{"price": price(talk)}], **params}
    assert error(talk.post("/v1/subscriptions", sent), 400)["param"] == param
    assert talk.got("/v1/subscriptions")["data"] == []


def test_accounts_do_not_see_each_others_billing(talk: Talk):
    account = shop(talk)
    made = subscribe(talk, price(talk), customer(talk))
    for path in (
        f"/v1/subscriptions/{made['id']}",
        f"/v1/invoices/{made['latest_invoice']['id']}",
        f"/v1/prices/{made['plan']['id']}",
    ):
        assert error(talk.get(path, stripe_account=account), 404)["code"] == "resource_missing"
    other = {"customer": made["customer"], "items": [{"price": made["plan"]["id"]}]}
    refused = error(talk.post("/v1/subscriptions", other, stripe_account=account), 400)
    assert refused["param"] == "customer"


@pytest.mark.parametrize("refused", [True, False])
def test_a_session_whose_fee_nobody_can_pay_is_not_opened(talk: Talk, refused: bool):
    data: dict[str, Any] = {"application_fee_percent": 10}
    if not refused:
        data["transfer_data"] = {"destination": talk.account()}
    sent = {
        "line_items": [{"price": price(talk), "quantity": 1}],
        "mode": "subscription",
        "subscription_data": data,
        "success_url": "https://shop.test/done",
    }
    answer = talk.post("/v1/checkout/sessions", sent)
    if refused:
        found = error(answer, 400)
        assert found["param"] == "subscription_data[application_fee_percent]"
        assert found["message"].startswith("Can only apply an application_fee")
    else:
        assert answer.status_code == 200
