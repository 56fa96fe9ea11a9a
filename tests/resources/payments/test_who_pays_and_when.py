"""The table of flows: for each way to take ten dollars, when the money is there, in whose name the
payer reads of it, whose price counts, and who is debited when it is disputed or given back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.resources.market import Doc, books_hold, canadian, held, lines, on, pay
from tests.resources.shops import Row, observed_rates, row, rows, shop
from tests.talking import NOW, Talk, error

_DAY: Final = 86_400
_TODAY: Final = NOW // _DAY
Flow = Callable[[str], Doc]

# What makes a payment of this flow; the account is Canadian, the platform American.
_FLOWS: Final[dict[str, Flow]] = {
    "direct": lambda account: {"stripe_account": account},
    "destination": lambda account: {"transfer_data": {"destination": account}},
    "destination on behalf of": lambda account: {
        "transfer_data": {"destination": account},
        "on_behalf_of": account,
    },
    "separate": lambda _account: {},
    "separate on behalf of": lambda account: {"on_behalf_of": account},
}


def _charged(
    talk: Talk, flow: str, card: str = "pm_card_visa", **more: Any
) -> tuple[str, str | None, Doc]:
    """The account, whose side the charge lives on, and the charge."""
    observed_rates(talk)
    account = canadian(talk, **more)
    params = _FLOWS[flow](account)
    return account, params.get("stripe_account"), pay(talk, 1_000, card, **params)


@pytest.mark.parametrize(
    ("flow", "days", "settled", "fee", "name"),
    [
        ("direct", 7, (1_356, "cad"), 69, "ROSEN RECORDS"),
        ("destination", 7, (1_000, "usd"), 59, "STRIPE"),
        ("destination on behalf of", 7, (1_356, "cad"), 69, "ROSEN RECORDS"),
        ("separate", 2, (1_000, "usd"), 59, "STRIPE"),
        ("separate on behalf of", 7, (1_356, "cad"), 69, "ROSEN RECORDS"),
    ],
)
def test_whose_days_currency_price_and_name_count(
    talk: Talk, flow: str, days: int, settled: tuple[int, str], fee: int, name: str
) -> None:
    """A Canadian account waits seven days, the American platform till Tuesday (observed)."""
    _, side, charge = _charged(talk, flow, settings=None)

    line = row(talk, "charge", side)
    assert line["available_on"] == (_TODAY + days) * _DAY
    assert (line["amount"], line["currency"]) == settled
    assert [(each["type"], each["amount"]) for each in line["fee_details"]] == [("stripe_fee", fee)]
    assert charge["calculated_statement_descriptor"] == name


@pytest.mark.parametrize(
    ("flow", "taken"),
    [
        ("direct", Row("adjustment", "dispute", -1_356, 1_500, -2_856, "cad")),
        ("destination", Row("adjustment", "dispute", -1_000, 1_500, -2_500)),
        (
            "destination on behalf of",
            Row("adjustment", "dispute", -1_356, 1_500, -2_856, "cad"),
        ),
        ("separate", Row("adjustment", "dispute", -1_000, 1_500, -2_500)),
        ("separate on behalf of", Row("adjustment", "dispute", -1_356, 1_500, -2_856, "cad")),
    ],
)
def test_whom_a_dispute_debits(talk: Talk, flow: str, taken: Row) -> None:
    account, side, _ = _charged(talk, flow, "pm_card_createDispute")
    talk.advance("10s")

    assert rows(talk, side)[-1] == taken
    other = account if side is None else None
    assert "adjustment" not in {each.type for each in rows(talk, other)}


@pytest.mark.parametrize(
    ("flow", "given"),
    [
        ("direct", Row("refund", "refund", -1_383, 0, -1_383, "cad")),
        ("destination", Row("refund", "refund", -1_000, 0, -1_000)),
        ("destination on behalf of", Row("refund", "refund", -1_383, 0, -1_383, "cad")),
        ("separate", Row("refund", "refund", -1_000, 0, -1_000)),
        ("separate on behalf of", Row("refund", "refund", -1_383, 0, -1_383, "cad")),
    ],
)
def test_whom_a_refund_debits(talk: Talk, flow: str, given: Row) -> None:
    """Stripe keeps its fee, and what was converted goes back without the spread (observed)."""
    account, side, charge = _charged(talk, flow)
    talk.made("/v1/refunds", {"charge": charge["id"]}, **on(side))

    assert rows(talk, side)[-1] == given
    other = account if side is None else None
    assert not {"refund", "payment_refund"} & {each.type for each in rows(talk, other)}


@pytest.mark.parametrize("type_", ["custom", "express", "standard"])
def test_accounts_of_the_older_types_pay_for_their_direct_charges(talk: Talk, type_: str) -> None:
    wanted = {"card_payments": {"requested": True}, "transfers": {"requested": True}}
    params: Doc = {"type": type_, "country": "US"}
    if type_ != "standard":
        params["capabilities"] = wanted
    account = talk.made("/v1/accounts", params)["id"]
    talk.control("onboard", {"account": account})
    talk.advance("1m")
    pay(talk, 1_000, stripe_account=account)

    assert rows(talk, account) == [Row("charge", "charge", 1_000, 59, 941)]
    assert rows(talk) == []


def test_a_fee_that_is_given_back_abroad(talk: Talk) -> None:
    """Observed in Singapore: 25 US cents are 32 there, and 25 again on the platform."""
    rates = {"sgd": 1.29726 / 0.98}
    assert talk.control("settings", {"rates": rates}).status_code == 200
    account = shop(talk, "SG")
    charge = pay(talk, 1_000, application_fee_amount=25, stripe_account=account)
    params = {"charge": charge["id"], "refund_application_fee": True}
    talk.made("/v1/refunds", params, stripe_account=account)

    taken = row(talk, "charge", account)
    assert (taken["amount"], taken["fee"]) == (1_297, 32 + 101)
    assert row(talk, "adjustment", account)["amount"] == 32
    assert row(talk, "application_fee_refund")["amount"] == -25
    (fee,) = talk.got("/v1/application_fees")["data"]
    assert [(each["amount"], each["currency"]) for each in fee["refunds"]["data"]] == [(32, "sgd")]


def test_no_fee_is_a_fee_of_nothing(talk: Talk) -> None:
    """Observed: a fee of 0 is accepted, and there is no application fee."""
    account = shop(talk)
    data = {"destination": account}
    charge = pay(talk, 1_000, transfer_data=data, application_fee_amount=0)

    assert (charge["application_fee_amount"], charge["application_fee"]) == (0, None)
    assert rows(talk, account) == [Row("payment", "charge", 1_000, 0, 1_000)]


def test_a_destination_stays_what_it_was(talk: Talk) -> None:
    account, other = shop(talk), shop(talk)
    params = {"amount": 1_000, "currency": "usd", "payment_method_types": ["card"]}
    data = {"destination": account}
    made = talk.made("/v1/payment_intents", {**params, "transfer_data": data})
    path = f"/v1/payment_intents/{made['id']}"

    error(talk.post(path, {"transfer_data": {"destination": other}}), 400)

    assert talk.got(path)["transfer_data"] == data


def _debited(talk: Talk, name: str) -> Doc:
    intent = talk.made(
        "/v1/payment_intents",
        {
            "amount": 5_000,
            "currency": "usd",
            "confirm": True,
            "payment_method": name,
            "payment_method_types": ["us_bank_account"],
            "mandate_data": {"customer_acceptance": {"type": "offline"}},
            "expand": ["latest_charge"],
        },
    )
    charge: Doc = intent["latest_charge"]
    return charge


@pytest.mark.parametrize(
    ("name", "status", "platform"),
    [
        ("pm_usBankAccount_success", "succeeded", 5_000 - 40 - 100),
        ("pm_usBankAccount_accountClosed", "failed", -100),
    ],
)
def test_a_transfer_of_a_debit_waits_for_its_bank_and_stays(
    talk: Talk, name: str, status: str, platform: int
) -> None:
    """Documented: what a pending source gives is pending, too, and is the platform's loss when the
    bank says no.
    """
    account = shop(talk)
    charge = _debited(talk, name)
    params = {"amount": 100, "currency": "usd", "destination": account}
    transfer = talk.made("/v1/transfers", {**params, "source_transaction": charge["id"]})

    assert charge["status"] == "pending"
    assert (held(talk, account), held(talk, account, "pending")) == (0, 100)
    talk.advance("10d")

    assert talk.got(f"/v1/charges/{charge['id']}")["status"] == status
    assert (held(talk, account), held(talk)) == (100, platform)
    assert not talk.got(f"/v1/transfers/{transfer['id']}")["reversed"]
    assert books_hold(talk)


def test_older_charges_group_their_transfers_by_themselves(talk: Talk) -> None:
    account = shop(talk)
    params = {"amount": 1_000, "currency": "usd", "source": "tok_visa"}
    charge = talk.made("/v1/charges", params)["id"]
    params = {"amount": 1, "currency": "usd", "destination": account}

    transfer = talk.made("/v1/transfers", {**params, "source_transaction": charge})

    assert transfer["transfer_group"] == f"group_{charge}"
    assert talk.got(f"/v1/charges/{charge}")["transfer_group"] == f"group_{charge}"


def test_a_transfer_shows_its_ten_last_reversals(talk: Talk) -> None:
    account = shop(talk)
    charge = pay(talk, 1_000)
    params = {"amount": 1_000, "currency": "usd", "destination": account}
    transfer = talk.made("/v1/transfers", {**params, "source_transaction": charge["id"]})
    path = f"/v1/transfers/{transfer['id']}"
    made = [talk.made(f"{path}/reversals", {"amount": 1})["id"] for _ in range(11)]

    shown = talk.got(path)["reversals"]

    assert [each["id"] for each in shown["data"]] == made[:0:-1]
    assert (shown["has_more"], shown["total_count"]) == (True, 11)


@pytest.mark.parametrize(("amount", "status"), [(400, 200), (401, 400)])
def test_an_account_at_stripes_risk_gives_back_what_it_has(
    talk: Talk, amount: int, status: int
) -> None:
    """Documented: its balance may not fall below zero, nor may its platform debit it."""
    account = talk.made("/v1/accounts", {"type": "standard", "country": "US"})["id"]
    talk.control("onboard", {"account": account})
    talk.advance("1m")
    pay(talk, 10_000, "pm_card_bypassPending")
    params = {"amount": 1_000, "currency": "usd", "destination": account}
    transfer = talk.made("/v1/transfers", params)["id"]
    talk.made("/v1/payouts", {"amount": 600, "currency": "usd"}, **on(account))

    answer = talk.post(f"/v1/transfers/{transfer}/reversals", {"amount": amount})

    assert answer.status_code == status
    if status == 400:
        assert error(answer, 400)["code"] == "balance_insufficient"
        assert talk.got(f"/v1/transfers/{transfer}")["amount_reversed"] == 0
    debit = {"amount": 1, "currency": "usd", "source": account}
    assert error(talk.post("/v1/charges", debit), 400)["param"] == "source"
    assert [line["type"] for line in lines(talk, account)][-1] == "payment"
