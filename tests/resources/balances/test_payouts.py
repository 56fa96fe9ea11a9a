"""Payouts: what leaves a balance, how it ends, and what is refused."""

from __future__ import annotations

import pytest

from tests.resources.market import BANK, Doc, books_hold, events, fund, held, lines, on, pay, seller
from tests.talking import NOW, Talk, error

_DAY = 86_400


def _rich(talk: Talk, amount: int = 10_000, number: str = "000123456789") -> str:
    """A seller with an available balance, and a bank account of this number."""
    account = seller(talk, {**BANK, "account_number": number})
    fund(talk, amount * 2)
    talk.made("/v1/transfers", {"amount": amount, "currency": "usd", "destination": account})
    return account


def _paid_out(talk: Talk, account: str, amount: int = 1_000, **more: object) -> Doc:
    params = {"amount": amount, "currency": "usd", **more}
    made: Doc = talk.made("/v1/payouts", params, **on(account))
    return made


def test_a_payout_leaves_at_once_and_arrives_later(talk: Talk) -> None:
    account = _rich(talk)

    payout = _paid_out(talk, account, description="rent", statement_descriptor="ROSEN")

    assert (payout["status"], payout["automatic"]) == ("pending", False)
    assert payout["reconciliation_status"] == "not_applicable"
    assert payout["trace_id"] == {"status": "pending", "value": None}
    assert payout["arrival_date"] % _DAY == 0
    assert held(talk, account) == 9_000
    line = lines(talk, account)[0]
    assert (line["type"], line["amount"], line["description"]) == ("payout", -1_000, "rent")
    assert (line["id"], line["source"]) == (payout["balance_transaction"], payout["id"])
    talk.advance("2d")
    assert talk.got(f"/v1/payouts/{payout['id']}", **on(account))["status"] == "paid"
    assert events(talk, account)[-3:] == ["payout.created", "payout.updated", "payout.paid"]
    assert books_hold(talk)


def test_the_platform_pays_itself_out(talk: Talk) -> None:
    fund(talk, 10_000)

    payout = talk.made("/v1/payouts", {"amount": 5_000, "currency": "usd"})

    assert payout["destination"].startswith("ba_")
    assert held(talk) == 10_000 - 320 - 5_000


@pytest.mark.parametrize(("over", "status"), [(-1, 200), (0, 200), (1, 400)])
def test_a_payout_takes_no_more_than_what_is_available(talk: Talk, over: int, status: int) -> None:
    account = _rich(talk)
    params = {"amount": 10_000 + over, "currency": "usd"}

    answer = talk.post("/v1/payouts", params, **on(account))

    assert answer.status_code == status
    if status == 400:
        refusal = error(answer, 400)
        assert refusal["code"] == "balance_insufficient"
        assert "Your card balance is too low.  You can" in refusal["message"]


def test_a_payout_needs_somewhere_to_go(talk: Talk) -> None:
    account = _rich(talk)

    nowhere = talk.post("/v1/payouts", {"amount": 100, "currency": "eur"}, **on(account))
    assert error(nowhere, 400)["message"] == (
        "Sorry, you don't have any external accounts in that currency (eur)."
    )
    params = {"amount": 100, "currency": "usd", "destination": "ba_none"}
    refusal = error(talk.post("/v1/payouts", params, **on(account)), 400)
    assert (refusal["code"], refusal["param"]) == ("resource_missing", "destination")


def test_an_account_that_may_not_be_paid_out_is_refused(talk: Talk) -> None:
    account = _rich(talk)
    shop = {"mcc": "5734"}
    idle = seller(talk, business_profile=shop, tos_acceptance={})

    refusal = error(talk.post("/v1/payouts", {"amount": 1, "currency": "usd"}, **on(idle)), 400)

    assert refusal["code"] == "payouts_not_allowed"
    assert _paid_out(talk, account)["status"] == "pending"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("000111111116", "no_account"),
        ("000111111113", "account_closed"),
        ("000222222227", "insufficient_funds"),
        ("000333333335", "debit_not_authorized"),
        ("000444444440", "invalid_currency"),
    ],
)
def test_a_failed_payout_puts_the_money_back(talk: Talk, number: str, code: str) -> None:
    account = _rich(talk, number=number)
    payout = _paid_out(talk, account)

    talk.advance("2d")

    failed = talk.got(f"/v1/payouts/{payout['id']}", **on(account))
    assert (failed["status"], failed["failure_code"]) == ("failed", code)
    assert failed["failure_message"]
    assert held(talk, account) == 10_000
    back = lines(talk, account)[0]
    assert back["id"] == failed["failure_balance_transaction"]
    assert (back["type"], back["reporting_category"]) == ("payout_failure", "payout_reversal")
    bank = talk.got(f"/v1/accounts/{account}")["external_accounts"]["data"][0]
    assert bank["status"] == "errored"
    told = events(talk, account)
    assert told.index("payout.failed") < told.index("account.external_account.updated")
    assert "payout.paid" not in told
    assert books_hold(talk)


def test_a_pending_payout_can_be_canceled(talk: Talk) -> None:
    account = _rich(talk)
    payout = _paid_out(talk, account)

    canceled = talk.made(f"/v1/payouts/{payout['id']}/cancel", **on(account))

    assert canceled["status"] == "canceled"
    assert held(talk, account) == 10_000
    assert lines(talk, account)[0]["type"] == "payout_cancel"
    assert events(talk, account)[-1] == "payout.canceled"
    refusal = error(talk.post(f"/v1/payouts/{payout['id']}/cancel", **on(account)), 400)
    assert refusal["message"] == "Payouts can only be canceled while they are pending."
    talk.advance("5d")
    assert held(talk, account) == 10_000


def test_a_paid_payout_can_be_reversed_once(talk: Talk) -> None:
    account = _rich(talk)
    payout = _paid_out(talk, account)
    path = f"/v1/payouts/{payout['id']}/reverse"
    assert talk.post(path, **on(account)).status_code == 400
    talk.advance("2d")

    back = talk.made(path, {"metadata": {"why": "wrong"}}, **on(account))

    assert (back["amount"], back["original_payout"]) == (-1_000, payout["id"])
    error(talk.post(f"/v1/payouts/{back['id']}/cancel", **on(account)), 400)
    assert talk.got(f"/v1/payouts/{payout['id']}", **on(account))["reversed_by"] == back["id"]
    talk.advance("5d")
    assert held(talk, account) == 10_000
    assert talk.post(path, **on(account)).status_code == 400
    assert books_hold(talk)


def test_an_instant_payout_arrives_now_for_the_platforms_fee(talk: Talk) -> None:
    account = _rich(talk)

    payout = _paid_out(talk, account, method="instant")

    assert (payout["method"], payout["arrival_date"]) == ("instant", payout["created"])
    assert payout["application_fee_amount"] == 30
    assert held(talk, account) == 10_000 - 1_030
    fee = talk.got(f"/v1/application_fees/{payout['application_fee']}")
    assert fee["fee_source"] == {"payout": payout["id"], "type": "payout"}
    assert fee["charge"] is None
    line = lines(talk, account)[0]
    assert (line["amount"], line["fee"], line["net"]) == (-1_000, 30, -1_030)
    assert books_hold(talk)


@pytest.mark.parametrize(("amount", "status"), [(9_709, 200), (9_710, 400)])
def test_an_instant_payout_leaves_room_for_its_fee(talk: Talk, amount: int, status: int) -> None:
    account = _rich(talk)
    params = {"amount": amount, "currency": "usd", "method": "instant"}

    assert talk.post("/v1/payouts", params, **on(account)).status_code == status


@pytest.mark.parametrize(
    ("amount", "status"), [(49, 400), (50, 200), (999_900, 200), (999_901, 400)]
)
def test_instant_payouts_have_limits(talk: Talk, amount: int, status: int) -> None:
    account = _rich(talk, 2_000_000)
    params = {"amount": amount, "currency": "usd", "method": "instant"}

    answer = talk.post("/v1/payouts", params, **on(account))

    assert answer.status_code == status
    if amount > 50 and status == 400:
        assert error(answer, 400)["message"] == (
            "Instant Payouts to bank accounts are only supported for amounts less than or equal to "
            "$9999"
        )


@pytest.mark.parametrize("ends", ["canceled", "failed"])
def test_the_fee_on_an_instant_payout_comes_back_with_it(talk: Talk, ends: str) -> None:
    account = _rich(talk)
    before = held(talk)
    payout = _paid_out(talk, account, method="instant")["id"]
    assert (held(talk, account), held(talk)) == (10_000 - 1_030, before + 30)

    if ends == "canceled":
        talk.made(f"/v1/payouts/{payout}/cancel", **on(account))
    else:
        talk.control("simulate/payout_failed", {"payout": payout})

    assert talk.got(f"/v1/payouts/{payout}", **on(account))["status"] == ends
    assert (held(talk, account), held(talk)) == (10_000, before)
    assert talk.got("/v1/application_fees")["data"][0]["refunded"]
    assert books_hold(talk)


def test_what_is_pending_leaves_by_an_instant_payout_alone(talk: Talk) -> None:
    account = seller(talk)
    pay(talk, 10_000, stripe_account=account)
    params = {"amount": 1_000, "currency": "usd"}
    refused = error(talk.post("/v1/payouts", params, **on(account)), 400)
    assert refused["code"] == "balance_insufficient"
    talk.made("/v1/payouts", {**params, "method": "instant"}, **on(account))


def test_some_bank_accounts_take_no_instant_payouts(talk: Talk) -> None:
    account = _rich(talk, number="000888888883")
    params = {"amount": 100, "currency": "usd", "method": "instant"}

    refusal = error(talk.post("/v1/payouts", params, **on(account)), 400)

    assert refusal["code"] == "instant_payouts_unsupported"


def test_payouts_can_be_found(talk: Talk) -> None:
    account = _rich(talk)
    early = _paid_out(talk, account)
    talk.advance("3d")
    late = _paid_out(talk, account, 500)

    def found(**params: object) -> list[str]:
        return [each["id"] for each in talk.got("/v1/payouts", params, **on(account))["data"]]

    assert found() == [late["id"], early["id"]]
    assert found(status="paid") == [early["id"]]
    assert found(status="pending") == [late["id"]]
    assert found(destination=early["destination"]) == [late["id"], early["id"]]
    assert found(arrival_date={"gt": NOW + _DAY}) == [late["id"]]
    assert found(arrival_date=early["arrival_date"]) == [early["id"]]
    assert found(created={"lt": late["created"]}) == [early["id"]]
    missing = error(talk.get("/v1/payouts/po_none", **on(account)), 404)
    assert (missing["message"], missing["param"]) == ("No such payout: 'po_none'", "payout")


def test_a_payouts_metadata_can_be_changed(talk: Talk) -> None:
    account = _rich(talk)
    payout = _paid_out(talk, account)

    changed = talk.made(f"/v1/payouts/{payout['id']}", {"metadata": {"a": "1"}}, **on(account))

    assert changed["metadata"] == {"a": "1"}
    assert events(talk, account)[-1] == "payout.updated"
