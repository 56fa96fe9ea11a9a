"""What a stored object keeps, how it changes, and what it announces."""

from __future__ import annotations

from typing import Any

import pytest

from tests.talking import NOW, Talk, error

LIST = {"alias": "blocked", "name": "Blocked", "item_type": "email"}
CARDHOLDER = {
    "name": "Jenny Rosen",
    "type": "individual",
    "billing": {
        "address": {"line1": "1 St", "city": "SF", "country": "US", "postal_code": "94107"}
    },
}


def _event(talk: Talk) -> Any:
    return talk.got("/v1/events", {"limit": 1})["data"][0]


def test_create_keeps_what_was_sent_over_the_defaults(talk: Talk):
    made = talk.made("/v1/radar/value_lists", {**LIST, "metadata": {"a": "1"}})
    assert made["id"].startswith("rsl_1")
    assert {"alias": made["alias"], "name": made["name"], "item_type": made["item_type"]} == LIST
    assert (made["metadata"], made["created"], made["livemode"]) == ({"a": "1"}, NOW, False)
    assert made["list_items"]["data"] == []
    assert talk.got(f"/v1/radar/value_lists/{made['id']}") == made


def test_hashes_are_filled_in_and_updates_merge_them(talk: Talk):
    made = talk.made("/v1/issuing/cardholders", CARDHOLDER)
    assert made["billing"]["address"]["line2"] is None
    assert (made["status"], made["email"]) == ("active", None)
    path = f"/v1/issuing/cardholders/{made['id']}"
    changed = talk.made(path, {"email": "j@example.com", "metadata": {"k": "v"}})
    assert (changed["billing"], changed["email"]) == (made["billing"], "j@example.com")
    assert _event(talk)["type"] == "issuing_cardholder.updated"
    assert _event(talk)["data"]["previous_attributes"] == {"email": None, "metadata": {"k": None}}
    assert talk.made(path, {"metadata": {"k": ""}})["metadata"] == {}


def test_what_nobody_limits_has_empty_lists_and_wallets_are_open(talk: Talk):
    """Observed in August 2024."""
    holder = talk.made("/v1/issuing/cardholders", CARDHOLDER)
    limits = {name: each for name, each in holder["spending_controls"].items() if each is not None}
    assert set(map(str, limits.values())) == {"[]"}
    assert (holder["preferred_locales"], holder["requirements"]["past_due"]) == ([], [])
    params = {"cardholder": holder["id"], "currency": "usd", "type": "virtual"}
    wallets = talk.made("/v1/issuing/cards", params)["wallets"]
    assert (wallets["apple_pay"]["eligible"], wallets["google_pay"]["eligible"]) == (True, True)


def test_an_object_that_stands_whole_inside_another_is_found_by_its_id(talk: Talk):
    holder = talk.made("/v1/issuing/cardholders", CARDHOLDER)
    params = {"cardholder": holder["id"], "currency": "usd", "type": "virtual"}
    assert talk.made("/v1/issuing/cards", params)["cardholder"] == holder
    refused = error(talk.post("/v1/issuing/cards", {**params, "cardholder": "ich_nope"}), 400)
    assert (refused["code"], refused["param"]) == ("resource_missing", "cardholder")


def test_what_a_path_leads_through_stands_whole_inside_where_its_id_does_not(talk: Talk):
    holder = talk.made("/v1/issuing/cardholders", CARDHOLDER)
    params = {"cardholder": holder["id"], "currency": "usd", "type": "virtual"}
    card = talk.made("/v1/issuing/cards", params)
    path = f"/v1/issuing/cards/{card['id']}/test/authorizations"
    assert talk.made(path, {"held_amount": 100})["card"] == card


def test_verbs_move_the_status_announce_it_and_are_refused_where_it_does_not_fit(talk: Talk):
    session = talk.made("/v1/identity/verification_sessions", {"type": "document"})
    path = f"/v1/identity/verification_sessions/{session['id']}"
    canceled = talk.made(f"{path}/cancel")
    assert canceled["status"] == "canceled"
    assert _event(talk)["type"] == "identity.verification_session.canceled"
    assert talk.got(path) == canceled
    refused = error(talk.post(f"{path}/cancel"), 400)
    assert refused["code"] == "status_transition_invalid"
    assert refused["message"].startswith("You cannot cancel this verification session because it")


def test_deleted_objects_are_gone_and_announced(talk: Talk):
    made = talk.made("/v1/terminal/configurations", {"name": "Counter"})
    path = f"/v1/terminal/configurations/{made['id']}"
    gone = {"id": made["id"], "object": "terminal.configuration", "deleted": True}
    assert talk.delete(path).json() == gone
    assert error(talk.get(path), 404)["message"] == f"No such configuration: '{made['id']}'"
    tax_id = {"type": "eu_vat", "value": "DE123456789"}
    customer = talk.customer()["id"]
    made = talk.made(f"/v1/customers/{customer}/tax_ids", tax_id)
    assert talk.delete(f"/v1/customers/{customer}/tax_ids/{made['id']}").status_code == 200
    assert _event(talk)["type"] == "customer.tax_id.deleted"


def test_sub_resources_belong_to_their_parent(talk: Talk):
    one, other = talk.customer()["id"], talk.customer()["id"]
    tax_id = {"type": "eu_vat", "value": "DE123456789"}
    made = talk.made(f"/v1/customers/{one}/tax_ids", tax_id)
    assert made["customer"] == one
    assert talk.got(f"/v1/customers/{one}/tax_ids")["data"] == [made]
    assert talk.got(f"/v1/customers/{other}/tax_ids")["data"] == []
    assert error(talk.get(f"/v1/customers/{other}/tax_ids/{made['id']}"), 404)
    refused = error(talk.post("/v1/customers/cus_nope/tax_ids", tax_id), 404)
    assert (refused["message"], refused["param"]) == ("No such customer: 'cus_nope'", "customer")


def test_lists_are_narrowed_by_what_their_parameters_name(talk: Talk):
    ids = [talk.made("/v1/radar/value_lists", LIST)["id"] for _ in range(2)]
    for list_, value in zip(ids, ("a@example.com", "b@example.com"), strict=True):
        talk.made("/v1/radar/value_list_items", {"value_list": list_, "value": value})
    found = talk.got("/v1/radar/value_list_items", {"value_list": ids[0]})["data"]
    assert [each["value"] for each in found] == ["a@example.com"]
    assert talk.got("/v1/radar/value_lists", {"alias": "other"})["data"] == []
    assert talk.got("/v1/radar/value_lists", {"created": {"gt": NOW}})["data"] == []


def test_there_is_one_of_some_things_on_each_account(talk: Talk):
    fa = {"supported_currencies": ["usd"]}
    one, other = (talk.made("/v1/treasury/financial_accounts", fa)["id"] for _ in range(2))
    asked = {"card_issuing": {"requested": True}}
    changed = talk.made(f"/v1/treasury/financial_accounts/{one}/features", asked)
    assert changed["card_issuing"]["requested"] is True
    assert talk.got(f"/v1/treasury/financial_accounts/{one}/features") == changed
    theirs = talk.got(f"/v1/treasury/financial_accounts/{other}/features")
    assert not (theirs.get("card_issuing") or {}).get("requested")


def test_accounts_keep_their_objects_apart(talk: Talk):
    account = talk.account()
    made = talk.made("/v1/radar/value_lists", LIST, stripe_account=account)
    assert talk.got("/v1/radar/value_lists")["data"] == []
    assert talk.got("/v1/radar/value_lists", stripe_account=account)["data"] == [made]


def test_idempotency_and_expansion_hold_as_everywhere(talk: Talk):
    card = {"cardholder": talk.made("/v1/issuing/cardholders", CARDHOLDER)["id"]}
    made = talk.made("/v1/issuing/cards", {**card, "currency": "usd", "type": "virtual"})
    params = {"card": made["id"], "amount": 100, "expand": ["card"]}
    path = "/v1/test_helpers/issuing/authorizations"
    one, again = (talk.post(path, params, idempotency_key="k") for _ in range(2))
    assert one.json()["card"]["id"] == made["id"]
    assert one.content == again.content
    assert again.headers["emulator-fidelity"] == "stored"
    assert talk.got("/v1/issuing/authorizations")["data"][0]["id"] == one.json()["id"]


def test_catalogues_are_there_from_the_beginning(talk: Talk):
    codes = talk.got("/v1/tax_codes", {"limit": 2})
    assert codes["has_more"] is True
    first = codes["data"][0]
    assert talk.got(f"/v1/tax_codes/{first['id']}") == first
    after = talk.got("/v1/tax_codes", {"starting_after": first["id"], "limit": 1})["data"]
    assert after == codes["data"][1:]
    assert talk.got("/v1/tax_codes", {"ending_before": after[0]["id"]})["data"] == [first]
    assert error(talk.get("/v1/tax_codes/txcd_nope"), 404)


def test_a_reversal_knows_its_account_from_the_credit(talk: Talk):
    fa = {"supported_currencies": ["usd"]}
    account = talk.made("/v1/treasury/financial_accounts", fa)["id"]
    params = {"amount": 100, "currency": "usd", "financial_account": account, "network": "ach"}
    credit = talk.made("/v1/test_helpers/treasury/received_credits", params)
    reversal = {"received_credit": credit["id"]}
    made = talk.made("/v1/treasury/credit_reversals", reversal)
    assert (made["financial_account"], made["amount"]) == (account, 100)


def test_secrets_are_found_and_removed_by_name_and_scope(talk: Talk):
    secret = {"name": "key", "payload": "hush", "scope": {"type": "account"}}
    made = talk.made("/v1/apps/secrets", secret)
    where = {"name": "key", "scope": {"type": "account"}}
    assert talk.got("/v1/apps/secrets/find", where)["id"] == made["id"]
    assert talk.made("/v1/apps/secrets/delete", where)["deleted"] is True
    assert error(talk.get("/v1/apps/secrets/find", where), 404)


def test_older_addresses_lead_to_the_object_itself(talk: Talk):
    paid = {
        "amount": 2_000,
        "currency": "usd",
        "payment_method": "pm_card_createDispute",
        "payment_method_types": ["card"],
        "confirm": True,
    }
    charge = talk.made("/v1/payment_intents", paid)["latest_charge"]
    dispute = talk.got("/v1/disputes")["data"][0]
    assert talk.got(f"/v1/charges/{charge}/dispute") == dispute
    assert talk.made(f"/v1/charges/{charge}/dispute/close")["status"] == "lost"


@pytest.mark.parametrize("token", ["x", "e30x", "eyJhIjoxfQ"])
def test_a_page_that_nobody_gave_out_is_refused(talk: Talk, token: str):
    refused = error(talk.get("/v2/core/vault/us_bank_accounts", {"page": token}), 400)
    assert "page" in refused["message"]
