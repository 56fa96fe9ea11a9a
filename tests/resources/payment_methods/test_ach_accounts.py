"""Bank accounts of customers: verified by two deposits, then charged as their numbers say."""

from __future__ import annotations

import pytest

from tests.resources.market import Doc, events, lines
from tests.talking import Talk, error


def _charge(talk: Talk, customer: str, account: Doc) -> Doc:
    params = {"amount": 2_000, "currency": "usd", "customer": customer, "source": account["id"]}
    return dict(talk.made("/v1/charges", params))


def test_an_account_is_verified_before_it_is_charged(talk: Talk) -> None:
    customer = talk.customer()["id"]
    account = talk.made(f"/v1/customers/{customer}/sources", {"source": "btok_us"})
    params = {"amount": 2_000, "currency": "usd", "customer": customer}
    assert error(talk.post("/v1/charges", params), 400)["code"] == "bank_account_unverified"

    path = f"/v1/customers/{customer}/sources/{account['id']}/verify"
    error(talk.post(path, {"amounts": [1, 2]}), 402)
    assert talk.made(path, {"amounts": [32, 45]})["status"] == "verified"
    charge = _charge(talk, customer, account)
    assert (charge["status"], charge["id"][:3]) == ("pending", "py_")
    talk.advance("1m")
    assert talk.got(f"/v1/charges/{charge['id']}")["status"] == "succeeded"
    assert lines(talk)[0]["fee"] == 16


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("btok_us_verified_noAccount", "no_account"),
        ("btok_us_verified_accountClosed", "account_closed"),
        ("btok_us_verified_insufficientFunds", "insufficient_funds"),
        ("btok_us_verified_debitNotAuthorized", "debit_not_authorized"),
    ],
)
def test_a_debit_fails_as_its_number_says(talk: Talk, token: str, code: str) -> None:
    customer = talk.customer()["id"]
    account = talk.made(f"/v1/customers/{customer}/sources", {"source": token})
    charge = _charge(talk, customer, account)
    talk.advance("1m")

    found = talk.got(f"/v1/charges/{charge['id']}")
    assert (found["status"], found["failure_code"]) == ("failed", code)
    assert lines(talk) == []
    assert events(talk)[-1] == "charge.failed"
