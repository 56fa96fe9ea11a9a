"""Separate charges and transfers, and debits the other way."""

from __future__ import annotations

import pytest

from tests.control.simulating import simulate
from tests.resources.market import books_hold, fund, held, pay
from tests.resources.shops import Row, row, rows, shop
from tests.talking import Talk, error


def test_a_transfer_by_itself_moves_at_once(talk: Talk) -> None:
    account = shop(talk)
    fund(talk, 10_000)
    params = {"amount": 800, "currency": "usd", "destination": account, "description": "share"}
    talk.made("/v1/transfers", params)

    assert rows(talk)[-1] == Row("transfer", "transfer", -800, 0, -800)
    assert rows(talk, account) == [Row("payment", "charge", 800, 0, 800)]
    sent, came = row(talk, "transfer"), row(talk, "payment", account)
    assert sent["description"] == "share"
    for line in (sent, came):
        assert (line["status"], line["available_on"]) == ("available", line["created"])


def test_a_transfer_of_a_charge_waits_with_it_and_needs_no_balance(talk: Talk) -> None:
    account = shop(talk)
    charge = pay(talk, 1_000)
    assert held(talk) == 0
    params = {"amount": 1_000, "currency": "usd", "destination": account}
    transfer = talk.made("/v1/transfers", {**params, "source_transaction": charge["id"]})

    taken = row(talk, "charge")
    for line in (row(talk, "transfer"), row(talk, "payment", account)):
        assert line["available_on"] == taken["available_on"]
        assert line["status"] == "pending"
    assert transfer["transfer_group"] == f"group_{charge['payment_intent']}"
    assert talk.got(f"/v1/charges/{charge['id']}")["transfer_group"] == transfer["transfer_group"]


@pytest.mark.parametrize(("second", "status"), [(399, 200), (400, 200), (401, 400)])
def test_all_transfers_of_a_charge_are_no_more_than_it(
    talk: Talk, second: int, status: int
) -> None:
    account = shop(talk)
    charge = pay(talk, 1_000)
    params = {"currency": "usd", "destination": account, "source_transaction": charge["id"]}
    talk.made("/v1/transfers", {**params, "amount": 600})

    assert talk.post("/v1/transfers", {**params, "amount": second}).status_code == status
    assert books_hold(talk)


def test_another_group_than_the_charges_is_refused(talk: Talk) -> None:
    account = shop(talk)
    charge = pay(talk, 1_000, transfer_group="ORDER_1")
    params = {"amount": 10, "currency": "usd", "destination": account}
    params |= {"source_transaction": charge["id"], "transfer_group": "ORDER_2"}

    assert error(talk.post("/v1/transfers", params), 400)["param"] == "transfer_group"


def test_an_account_debit_is_a_payment_from_the_account(talk: Talk) -> None:
    account = shop(talk)
    fund(talk, 10_000)
    talk.made("/v1/transfers", {"amount": 800, "currency": "usd", "destination": account})
    params = {"amount": 300, "currency": "usd", "source": account}
    payment = talk.made("/v1/charges", params)

    assert payment["id"].startswith("py_")
    assert payment["source"]["id"] == account
    assert rows(talk)[-1] == Row("payment", "charge", 300, 0, 300)
    assert rows(talk, account)[-1] == Row("transfer", "transfer", -300, 0, -300)


def test_a_transfer_of_the_accounts_own_goes_to_the_platform(talk: Talk) -> None:
    account = shop(talk)
    fund(talk, 10_000, stripe_account=account)
    platform = talk.got("/v1/account")["id"]
    params = {"amount": 300, "currency": "usd", "destination": platform}
    transfer = talk.made("/v1/transfers", params, stripe_account=account)

    assert rows(talk, account)[-1] == Row("transfer", "transfer", -300, 0, -300)
    assert rows(talk) == [Row("payment", "charge", 300, 0, 300)]
    found = talk.got(f"/v1/charges/{transfer['destination_payment']}")
    assert found["source_transfer"] == transfer["id"]


@pytest.mark.parametrize(
    ("platform", "country", "currency", "status"),
    [
        ("US", "CA", "cad", 400),
        ("US", "US", "usd", 200),
        ("FR", "DE", "eur", 200),
        ("FR", "GB", "gbp", 200),
        ("FR", "US", "usd", 400),
    ],
)
def test_debits_stay_in_one_region(
    talk: Talk, platform: str, country: str, currency: str, status: int
) -> None:
    """Documented; the way over a transfer to the platform is bound as a debit is (assumed)."""
    assert talk.control("settings", {"country": platform}).status_code == 200
    account = shop(talk, country)
    simulate(talk, "adjustment", account=account, amount=900)
    debit = {"amount": 300, "currency": currency, "source": account}
    answer = talk.post("/v1/charges", debit)
    assert answer.status_code == status, answer.text

    here = talk.got("/v1/account")["id"]
    back = {"amount": 300, "currency": currency, "destination": here}
    answer = talk.post("/v1/transfers", back, stripe_account=account)
    assert answer.status_code == status, answer.text
    if status == 400:
        assert error(answer, 400)["param"] == "destination"
        assert rows(talk) == []


def test_an_account_debit_is_refunded_like_a_payment(talk: Talk) -> None:
    account = shop(talk)
    fund(talk, 1_000, stripe_account=account)
    debit = talk.made("/v1/charges", {"amount": 300, "currency": "usd", "source": account})
    refund = talk.made("/v1/refunds", {"charge": debit["id"], "amount": 100})

    assert refund["id"].startswith("pyr_")
    assert rows(talk)[-1] == Row("payment_refund", "refund", -100, 0, -100)
    assert rows(talk, account)[-1] == Row("transfer_refund", "transfer_reversal", 100, 0, 100)
    assert books_hold(talk)
