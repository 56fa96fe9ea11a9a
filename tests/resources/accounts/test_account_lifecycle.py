"""The platform's own account, and the end of others: listing, rejection, deletion."""

from __future__ import annotations

import pytest

from tests.resources.accounts.applicants import COMPANY, active, opened, told
from tests.talking import Talk, error
from tests.webhooks.mailing import endpoint, letters


def test_the_platform_reads_its_own_account(talk: Talk):
    own = talk.got("/v1/account")
    assert own["charges_enabled"]
    assert own["payouts_enabled"]
    assert own["capabilities"]["card_payments"] == "active"
    assert talk.got(f"/v1/accounts/{own['id']}") == own
    assert "requirements" not in own
    (bank,) = talk.got(f"/v1/accounts/{own['id']}/external_accounts")["data"]
    assert bank["default_for_currency"]
    assert bank["currency"] == "usd"


def test_its_settings_are_its_own_to_change_and_nothing_else(talk: Talk):
    own = talk.got("/v1/account")["id"]
    schedule = {"interval": "weekly", "weekly_anchor": "monday"}
    changed = talk.made(f"/v1/accounts/{own}", {"settings": {"payouts": {"schedule": schedule}}})
    assert changed["settings"]["payouts"]["schedule"]["weekly_anchor"] == "monday"
    assert talk.got("/v1/account") == changed
    assert error(talk.post(f"/v1/accounts/{own}", {"email": "a@example.com"}), 403)
    assert error(talk.delete(f"/v1/accounts/{own}"), 400)


def test_the_list_holds_connected_accounts_newest_first(talk: Talk):
    assert talk.got("/v1/accounts")["data"] == []
    ids = [opened(talk)["id"] for _ in range(3)]
    listed = talk.got("/v1/accounts", {"limit": 2})
    assert [account["id"] for account in listed["data"]] == [ids[2], ids[1]]
    assert listed["has_more"]
    rest = talk.got("/v1/accounts", {"starting_after": ids[1]})
    assert [account["id"] for account in rest["data"]] == [ids[0]]
    assert rest["data"][0] == talk.got(f"/v1/accounts/{ids[0]}")


def test_an_unknown_account_is_none_of_the_keys_business(talk: Talk):
    refused = error(talk.get("/v1/accounts/acct_1nobody"), 403)
    assert refused["code"] == "account_invalid"
    assert refused["message"] == (
        "The provided key '********main' does not have access to account 'acct_1nobody' (or that "
        "account does not exist). Application access may have been revoked."
    )
    assert "request_log_url" not in refused


def test_header_and_path_must_agree(talk: Talk):
    one, two = opened(talk)["id"], opened(talk)["id"]
    assert talk.get(f"/v1/accounts/{one}", stripe_account=one).status_code == 200
    refused = error(talk.get(f"/v1/accounts/{one}", stripe_account=two), 400)
    assert "does not match the account specified in the Stripe-Account header" in refused["message"]
    assert talk.got("/v1/account", stripe_account=one)["id"] == one


def test_a_deleted_account_is_gone(talk: Talk):
    account = opened(talk)["id"]
    path = f"/v1/accounts/{account}"
    gone = talk.delete(path).json()
    assert gone == {"id": account, "object": "account", "deleted": True}
    assert error(talk.get(path), 403)["code"] == "account_invalid"
    assert error(talk.delete(path), 403)["code"] == "account_invalid"
    assert error(talk.get("/v1/balance", stripe_account=account), 403)
    assert talk.got("/v1/accounts")["data"] == []
    talk.advance("1m")


def test_a_rejected_account_may_do_nothing_until_it_is_taken_back(talk: Talk):
    account = active(talk)["id"]
    rejected = talk.made(f"/v1/accounts/{account}/reject", {"reason": "fraud"})
    assert rejected["requirements"]["disabled_reason"] == "rejected.fraud"
    assert not rejected["charges_enabled"]
    assert not rejected["payouts_enabled"]
    assert set(rejected["capabilities"].values()) == {"inactive"}
    assert told(talk, account)[-1]["type"] == "account.updated"
    back = talk.made(f"/v1/accounts/{account}/unreject")
    assert back["charges_enabled"]
    assert back["requirements"]["disabled_reason"] is None


def test_only_accounts_one_answers_for_are_rejected(talk: Talk):
    standard = talk.made("/v1/accounts", {"type": "standard"})["id"]
    refused = error(talk.post(f"/v1/accounts/{standard}/reject", {"reason": "other"}), 400)
    assert refused["type"] == "invalid_request_error"


def test_the_same_requests_give_the_same_ids(talk: Talk):
    other = talk.as_key("sk_test_other")
    assert opened(talk, COMPANY)["id"] != opened(other, COMPANY)["id"]
    assert opened(talk, COMPANY)["id"].startswith("acct_1")


@pytest.mark.parametrize(("kind", "told"), [("standard", 1), ("express", 0)])
def test_the_holder_of_a_deleted_account_is_told_where_they_have_the_dashboard(
    talk: Talk, kind: str, told: int
):
    endpoint(talk, "account.application.deauthorized", connect=True)
    account = talk.made("/v1/accounts", {"type": kind})["id"]
    assert talk.delete(f"/v1/accounts/{account}").status_code == 200
    events = [letter["data"] for letter in letters(talk)]
    assert [(event["account"], event["data"]["object"]["object"]) for event in events] == [
        (account, "application")
    ] * told
