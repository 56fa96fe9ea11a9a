"""Where each cent of an object went."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.market import BANK, Doc, fund, lines, on, pay, seller
from tests.talking import Talk, error

_BOTH = {"reverse_transfer": True, "refund_application_fee": True}


def _trace(talk: Talk, id_: str) -> Any:
    answer = talk.get(f"/_emulator/trace/{id_}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def _held(found: Doc) -> dict[str, int]:
    return {each["pocket"]: each["amount"] for each in found["holds"]}


@pytest.fixture(name="account")
def _account(talk: Talk) -> str:
    return seller(talk)


@pytest.fixture(name="charge")
def _charge(talk: Talk, account: str) -> Doc:
    """Ten dollars for an account, of which the platform took 123 cents, four given back."""
    data: Doc = {"transfer_data": {"destination": account}, "application_fee_amount": 123}
    charge = pay(talk, 1_000, **data)
    talk.made("/v1/refunds", {"charge": charge["id"], "amount": 400, **_BOTH})
    return charge


def test_every_cent_of_a_charge_is_somewhere(talk: Talk, account: str, charge: Doc) -> None:
    found = _trace(talk, charge["id"])
    platform = talk.got("/v1/account")["id"]

    assert (found["object"], found["account"], found["amount"]) == ("charge", platform, 1_000)
    assert [entry["object"] for entry in found["entries"]] == [
        "charge",
        "transfer",
        "fee_refund",
        "transfer_reversal",
        "refund",
    ]
    assert _held(found) == {
        f"{platform}/balance": 15,
        f"{account}/balance": 526,
        "outside/card_network": -600,
        "stripe/fees": 59,
    }
    assert sum(each["amount"] for each in found["holds"]) == 0


def test_an_entry_shows_the_rows_of_both_sides(talk: Talk, account: str, charge: Doc) -> None:
    entry = _trace(talk, charge["id"])["entries"][1]

    shown = {each["id"]: each for each in entry["balance_transactions"]}
    theirs = {line["id"]: line for line in lines(talk, account)}
    assert {each["account"] for each in shown.values()} == {account, talk.got("/v1/account")["id"]}
    assert {each["type"] for each in shown.values()} == {"transfer", "payment", "application_fee"}
    (payment,) = (each for each in shown.values() if each["account"] == account)
    line = theirs[payment["id"]]
    assert {name: line[name] for name in ("amount", "fee", "net", "source", "status")} == {
        name: payment[name] for name in ("amount", "fee", "net", "source", "status")
    }


@pytest.mark.parametrize(
    ("what", "kinds"),
    [
        ("payment_intent", ["charge", "transfer", "fee_refund", "transfer_reversal", "refund"]),
        ("transfer", ["transfer", "fee_refund", "transfer_reversal"]),
        ("payment", ["transfer", "fee_refund", "transfer_reversal"]),
        ("fee", ["transfer", "fee_refund"]),
        ("refund", ["fee_refund", "transfer_reversal", "refund"]),
        ("line", ["transfer"]),
    ],
)
def test_an_object_shows_what_came_of_it(
    talk: Talk, account: str, charge: Doc, what: str, kinds: list[str]
) -> None:
    transfer = talk.got(f"/v1/transfers/{charge['transfer']}")
    ids = {
        "payment_intent": charge["payment_intent"],
        "transfer": transfer["id"],
        "payment": transfer["destination_payment"],
        "fee": talk.got("/v1/application_fees")["data"][0]["id"],
        "refund": talk.got("/v1/refunds")["data"][0]["id"],
        "line": transfer["balance_transaction"],
    }
    assert [entry["object"] for entry in _trace(talk, ids[what])["entries"]] == kinds


def test_a_refund_shows_its_own_part_of_the_fee_alone(talk: Talk, charge: Doc) -> None:
    second = talk.made("/v1/refunds", {"charge": charge["id"], "amount": 100, **_BOTH})

    found = _trace(talk, second["id"])
    amounts = [move["amount"] for entry in found["entries"] for move in entry["moves"]]
    assert amounts == [12, 100, 100]


def test_an_account_shows_all_that_touched_it(talk: Talk, account: str, charge: Doc) -> None:
    fund(talk, 5_000, stripe_account=account)
    talk.made("/v1/payouts", {"amount": 1_000, "currency": "usd"}, **on(account))

    found = _trace(talk, account)
    told = [line for entry in found["entries"] for line in entry["balance_transactions"]]
    mine = {line["id"] for line in told if line["account"] == account}
    assert mine == {line["id"] for line in lines(talk, account, limit=100)}
    assert _held(found)[f"{account}/balance"] == sum(
        line["net"] for line in lines(talk, account, limit=100)
    )


def test_a_payout_that_came_back_left_nothing_outside(talk: Talk) -> None:
    account = seller(talk, {**BANK, "account_number": "000111111113"})
    fund(talk, 5_000, stripe_account=account)
    payout = talk.made("/v1/payouts", {"amount": 1_000, "currency": "usd"}, **on(account))
    assert _held(_trace(talk, payout["id"]))["outside/bank"] == 1_000

    talk.advance("3d")
    assert _trace(talk, payout["id"])["holds"] == []


def test_money_that_left_names_the_payout_it_left_with(talk: Talk) -> None:
    daily = {"payouts": {"schedule": {"interval": "daily"}}}
    account = seller(talk, settings=daily)
    charge = pay(talk, 1_000, stripe_account=account)
    talk.advance("5d")

    (payout,) = talk.got("/v1/payouts", **on(account))["data"]
    (line,) = _trace(talk, charge["id"])["entries"][0]["balance_transactions"]
    assert line["payout"] == payout["id"]


@pytest.mark.parametrize("headers", [{}, {"accept": "text/plain"}])
def test_people_read_text(talk: Talk, charge: Doc, headers: dict[str, str]) -> None:
    params = {} if headers else {"format": "text"}
    answer = talk.get(f"/_emulator/trace/{charge['id']}", params, **headers)

    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.startswith(f"charge {charge['id']} on acct_")
    assert "card network -> acct_" in answer.text
    assert "Where it is" in answer.text
    assert "-$6.00  card network" in answer.text


def test_what_moved_no_money_says_so(talk: Talk) -> None:
    customer = talk.customer()["id"]
    assert _trace(talk, customer)["entries"] == []
    text = talk.get(f"/_emulator/trace/{customer}", {"format": "text"}).text
    assert "No money moved." in text


def test_an_unknown_id_is_refused(talk: Talk) -> None:
    refused = error(talk.get("/_emulator/trace/ch_nothing"), 404)
    assert refused["code"] == "resource_missing"
