"""External accounts: defaults by currency, what may be added and removed, how payouts there end."""

from __future__ import annotations

import pytest

from emulator.resources.accounts import external_accounts
from emulator.world import World
from tests.resources.accounts.applicants import opened, told
from tests.talking import Talk, error

BANK = {
    "object": "bank_account",
    "country": "US",
    "currency": "usd",
    "routing_number": "110000000",
    "account_number": "000123456789",
}


@pytest.fixture
def account(talk: Talk) -> str:
    return str(opened(talk)["id"])


def add(talk: Talk, account: str, **params):
    params.setdefault("external_account", BANK)
    return talk.made(f"/v1/accounts/{account}/external_accounts", params)


def test_the_first_of_a_currency_is_its_default(talk: Talk, account: str):
    path = f"/v1/accounts/{account}/external_accounts"
    (first,) = talk.got(path)["data"]
    second = add(talk, account, metadata={"a": "b"})
    assert first["default_for_currency"]
    assert not second["default_for_currency"]
    assert second["metadata"] == {"a": "b"}
    assert second["last4"] == "6789"
    assert "account_number" not in second
    talk.made(f"{path}/{second['id']}", {"default_for_currency": True})
    assert talk.got(f"{path}/{second['id']}")["default_for_currency"]
    assert not talk.got(f"{path}/{first['id']}")["default_for_currency"]
    assert told(talk, account)[-1]["type"] == "account.updated"


def test_the_default_of_the_default_currency_cannot_go(talk: Talk, account: str):
    path = f"/v1/accounts/{account}/external_accounts"
    (first,) = talk.got(path)["data"]
    second = add(talk, account)
    refused = error(talk.delete(f"{path}/{first['id']}"), 400)
    assert refused["message"].startswith("You cannot delete the default external account for your")
    gone = talk.delete(f"{path}/{second['id']}").json()
    assert gone == {"id": second["id"], "object": "bank_account", "deleted": True}
    missing = error(talk.get(f"{path}/{second['id']}"), 404)
    assert missing["message"] == f"No such external account: '{second['id']}'"
    assert "account.external_account.deleted" in {e["type"] for e in told(talk, account)}


def test_an_update_of_the_account_replaces_the_default(talk: Talk, account: str):
    (old,) = talk.got(f"/v1/accounts/{account}/external_accounts")["data"]
    after = talk.made(f"/v1/accounts/{account}", {"external_account": BANK})
    (new,) = after["external_accounts"]["data"]
    assert new["id"] != old["id"]
    assert new["default_for_currency"]


def test_live_numbers_are_refused(talk: Talk, account: str):
    path = f"/v1/accounts/{account}/external_accounts"
    wrong = {**BANK, "account_number": "123456"}
    refused = error(talk.post(path, {"external_account": wrong}), 400)
    assert refused["code"] == "account_number_invalid"
    assert refused["param"] == "external_account[account_number]"


def test_the_older_name_is_blamed_by_its_own(talk: Talk, account: str):
    plain = {name: value for name, value in BANK.items() if name != "object"}
    made = talk.made(f"/v1/accounts/{account}", {"bank_account": plain})
    assert made["external_accounts"]["total_count"] == 1
    wrong = {"bank_account": {**plain, "account_number": "123456"}}
    refused = error(talk.post(f"/v1/accounts/{account}", wrong), 400)
    assert refused["param"] == "bank_account[account_number]"


def test_a_token_keeps_its_bank_accounts_id_and_is_spent(talk: Talk, account: str):
    plain = {name: value for name, value in BANK.items() if name != "object"}
    token = talk.made("/v1/tokens", {"bank_account": plain})
    made = add(talk, account, external_account=token["id"])
    assert made["id"] == token["bank_account"]["id"]
    path = f"/v1/accounts/{account}/external_accounts"
    again = error(talk.post(path, {"external_account": token["id"]}), 400)
    assert again["code"] == "token_already_used"


def test_debit_cards_are_paid_and_credit_cards_are_not(talk: Talk, account: str):
    card = add(talk, account, external_account="tok_visa_debit")
    assert card["object"] == "card"
    assert card["available_payout_methods"] == ["standard", "instant"]
    path = f"/v1/accounts/{account}/external_accounts"
    assert [found["id"] for found in talk.got(path, {"object": "card"})["data"]] == [card["id"]]
    refused = error(talk.post(path, {"external_account": "tok_visa"}), 400)
    assert refused["code"] == "invalid_card_type"


@pytest.mark.parametrize(
    ("number", "outcome"),
    [("000123456789", "paid"), ("000111111116", "no_account"), ("000111111113", "account_closed")],
)
def test_the_number_decides_how_payouts_end(
    talk: Talk, world: World, account: str, number, outcome
):
    made = add(talk, account, external_account={**BANK, "account_number": number})
    with world.transaction(world.caller(account)) as tx:
        named = external_accounts.payout_destination(tx, "usd", made["id"])
        assert named is not None
        assert external_accounts.payout_outcome(tx, named) == outcome
        default = external_accounts.payout_destination(tx, "usd")
        assert default is not None
        assert default["default_for_currency"]
        assert external_accounts.payout_destination(tx, "gbp") is None


def test_a_payout_that_failed_marks_its_destination(talk: Talk, world: World, account: str):
    with world.transaction(world.caller(account)) as tx:
        found = external_accounts.payout_destination(tx, "usd")
        assert found is not None
        external_accounts.fail(tx, found)
    (shown,) = talk.got(f"/v1/accounts/{account}/external_accounts")["data"]
    assert shown["status"] == "errored"
    assert shown["requirements"]["currently_due"] == ["external_account"]
    types = [event["type"] for event in told(talk, account)]
    assert [type_ for type_ in types if type_.startswith("account.")][-2:] == [
        "account.external_account.updated",
        "account.updated",
    ]
    path = f"/v1/accounts/{account}/external_accounts/{shown['id']}"
    assert talk.made(path, {"account_holder_name": "Jenny"})["status"] == "new"


def test_the_path_of_before_still_works(talk: Talk, account: str):
    listed = talk.got(f"/v1/accounts/{account}/bank_accounts")
    assert len(listed["data"]) == 1
