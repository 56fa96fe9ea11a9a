"""Source types: what came by legacy ACH is kept, and leaves, beside what cards brought."""

from __future__ import annotations

from tests.resources.market import (
    Doc,
    at_stripes_risk,
    books_hold,
    fund,
    held,
    lines,
    on,
    pay,
    seller,
)
from tests.resources.shops import rows, shop
from tests.talking import Talk, error


def _ach(talk: Talk, amount: int, **more: object) -> Doc:
    """A payment by the bank account of a customer, cleared."""
    customer = talk.customer()["id"]
    talk.made(f"/v1/customers/{customer}/sources", {"source": "btok_us_verified"})
    params = {"amount": amount, "currency": "usd", "customer": customer, **more}
    charge = dict(talk.made("/v1/charges", params))
    talk.advance("10d")
    return charge


def _types(talk: Talk, account: str | None = None) -> Doc:
    (entry,) = talk.got("/v1/balance", **on(account))["available"]
    assert entry["amount"] == sum(entry["source_types"].values())
    return dict(entry["source_types"])


def _fall(talk: Talk, account: str) -> None:
    """Bring an account to 5000 below where it stands: its money is paid out, then given back."""
    charge = fund(talk, 5_000, stripe_account=account)
    talk.made("/v1/payouts", {"amount": 4_825, "currency": "usd"}, **on(account))
    talk.made("/v1/refunds", {"charge": charge["id"]}, **on(account))


def test_a_balance_tells_them_apart(talk: Talk) -> None:
    fund(talk, 10_000)
    _ach(talk, 5_000)
    assert _types(talk) == {"bank_account": 4_960, "card": 9_680}
    assert "source_type" not in lines(talk)[0]


def test_a_payout_takes_from_one_of_them(talk: Talk) -> None:
    fund(talk, 10_000)
    _ach(talk, 5_000)
    params: Doc = {"amount": 4_961, "currency": "usd", "source_type": "bank_account"}
    refused = error(talk.post("/v1/payouts", params), 400)
    assert refused["code"] == "balance_insufficient"
    talk.made("/v1/payouts", {**params, "amount": 4_960})
    assert _types(talk) == {"card": 9_680}


def test_a_transfer_keeps_the_source_type(talk: Talk) -> None:
    account = shop(talk)
    _ach(talk, 5_000)
    params: Doc = {"amount": 3_000, "currency": "usd", "destination": account}
    assert error(talk.post("/v1/transfers", params), 400)["code"] == "balance_insufficient"
    made = talk.made("/v1/transfers", {**params, "source_type": "bank_account"})
    assert _types(talk, account) == {"bank_account": 3_000, "card": 0}
    talk.made(f"/v1/transfers/{made['id']}/reversals", {"amount": 1_000})
    assert _types(talk, account) == {"bank_account": 2_000, "card": 0}
    assert _types(talk) == {"bank_account": 2_960, "card": 0}
    assert books_hold(talk)


def test_a_transfer_of_a_charge_has_its_source_type(talk: Talk) -> None:
    account = shop(talk)
    charge = _ach(talk, 5_000)
    params: Doc = {"currency": "usd", "destination": account, "source_transaction": charge["id"]}
    assert talk.made("/v1/transfers", params)["source_type"] == "bank_account"
    assert _types(talk, account) == {"bank_account": 5_000, "card": 0}


def test_a_refund_takes_from_where_it_came(talk: Talk) -> None:
    fund(talk, 10_000)
    charge = _ach(talk, 5_000)
    refund = talk.made("/v1/refunds", {"charge": charge["id"]})
    assert refund["status"] == "pending"
    assert _types(talk) == {"bank_account": -40, "card": 9_680}


def test_each_is_paid_out_by_itself(talk: Talk) -> None:
    daily = {"payouts": {"schedule": {"interval": "daily"}}}
    account = seller(talk, settings=daily)
    _ach(talk, 5_000, transfer_data={"destination": account})
    pay(talk, 2_000, transfer_data={"destination": account})
    talk.advance("10d")
    payouts = talk.got("/v1/payouts", **on(account))["data"]
    assert sorted((each["source_type"], each["amount"]) for each in payouts) == [
        ("bank_account", 5_000),
        ("card", 2_000),
    ]
    for each in payouts:
        paid = lines(talk, account, payout=each["id"])
        assert sum(line["net"] for line in paid) == 0
    assert books_hold(talk)


def test_half_a_year_below_zero_is_collected_from_the_platform(talk: Talk) -> None:
    account = shop(talk)
    fund(talk, 100_000)
    _fall(talk, account)
    talk.advance("1d")
    assert held(talk, account) == -5_000
    before = held(talk) + held(talk, part="connect_reserved")
    talk.advance("178d")
    assert held(talk, account) == -5_000
    talk.advance("1d")
    assert held(talk, account) == 0
    assert held(talk) == before - 5_000
    assert held(talk, part="connect_reserved") == 0
    assert rows(talk, account)[-1][:3] == (
        "connect_collection_transfer",
        "connect_collection_transfer",
        5_000,
    )
    assert books_hold(talk)


def test_a_balance_that_recovered_is_not_collected(talk: Talk) -> None:
    account = shop(talk)
    fund(talk, 100_000)
    _fall(talk, account)
    talk.advance("100d")
    params = {"amount": 5_000, "currency": "usd", "destination": account}
    talk.made("/v1/transfers", params)
    talk.advance("100d")
    assert held(talk, account) == 0
    kinds = [line["type"] for line in lines(talk, account)]
    assert "connect_collection_transfer" not in kinds


def test_who_falls_below_zero_again_has_half_a_year_again(talk: Talk) -> None:
    account = shop(talk)
    fund(talk, 100_000)
    _fall(talk, account)
    talk.advance("100d")
    talk.made("/v1/transfers", {"amount": 5_000, "currency": "usd", "destination": account})
    talk.advance("1d")
    _fall(talk, account)
    talk.advance("178d")
    assert held(talk, account) == -5_000
    talk.advance("2d")
    assert held(talk, account) == 0


def test_what_the_platform_is_not_liable_for_is_not_collected_from_it(talk: Talk) -> None:
    account = at_stripes_risk(talk)
    fund(talk, 100_000)
    before = held(talk)
    _fall(talk, account)
    talk.advance("200d")
    assert held(talk, account) == -5_000
    assert held(talk) == before


def test_no_source_type_is_paid_out_for_more_than_all_of_them_hold(talk: Talk) -> None:
    account = seller(talk, settings={"payouts": {"schedule": {"interval": "daily"}}})
    charge = _ach(talk, 5_000, transfer_data={"destination": account})
    talk.made("/v1/refunds", {"charge": charge["id"], "reverse_transfer": True})
    pay(talk, 20_000, transfer_data={"destination": account})
    talk.advance("5d")
    payouts = talk.got("/v1/payouts", **on(account))["data"]
    assert [(each["source_type"], each["amount"]) for each in payouts] == [
        ("card", 15_000),
        ("bank_account", 5_000),
    ]
    assert _types(talk, account) == {"bank_account": -5_000, "card": 5_000}
