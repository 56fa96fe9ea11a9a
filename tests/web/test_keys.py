"""Who asks: keys, the worlds they name, and what is answered to those who have none."""

from __future__ import annotations

import logging
from base64 import b64encode
from urllib.parse import quote

import orjson
import pytest

from tests.talking import Talk, error


def _basic(key: str) -> str:
    return "Basic " + b64encode(f"{key}:".encode()).decode()


def test_bearer_and_basic_are_the_same_key(talk: Talk):
    customer = talk.customer()
    found = talk.get(f"/v1/customers/{customer['id']}", authorization=_basic(talk.key))
    assert found.json() == customer


def test_no_key_is_refused_in_stripes_words(talk: Talk):
    answer = talk.client.get("/v1/customers")
    refused = error(answer, 401)
    assert refused["type"] == "invalid_request_error"
    assert refused["message"].startswith("You did not provide an API key. You need to provide")
    assert sorted(refused) == ["message", "type"]
    assert "request-id" not in answer.headers
    assert answer.text.endswith("}\n")


@pytest.mark.parametrize("header", ["Bearer", "Bearer  "])
def test_a_header_without_a_key_is_told_so(talk: Talk, header: str):
    refused = error(talk.get("/v1/customers", authorization=header), 401)
    assert 'though you did set your Authorization header to "Bearer"' in refused["message"]


@pytest.mark.parametrize("header", ["Digest abc", "Basic %%%", "sk_test_main", "Basic Og=="])
def test_a_header_that_is_no_key_is_as_good_as_none(talk: Talk, header: str):
    refused = error(talk.get("/v1/customers", authorization=header), 401)
    assert refused["message"].startswith("You did not provide an API key.")


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("sk_test_", "****est_"),
        ("nonsense", "****ense"),
        ("whsec_1234567890abcd", "whsec_12********abcd"),
        ("sk_test", "***test"),
        ("sk_prod_1234567890", "sk_prod_******7890"),
    ],
)
def test_an_unknown_key_is_shown_back_masked(talk: Talk, key: str, shown: str):
    refused = error(talk.as_key(key).get("/v1/customers"), 401)
    assert refused == {
        "message": f"Invalid API Key provided: {shown}",
        "type": "invalid_request_error",
    }


def test_a_key_names_a_world_of_up_to_200_letters(talk: Talk):
    long = "sk_test_" + "x" * 200
    assert talk.as_key(long).get("/v1/customers").status_code == 200
    error(talk.as_key(long + "x").get("/v1/customers"), 401)


@pytest.mark.parametrize("name", ["a.b~c-d_E9", "_", "a" * 200, ".a", "a b", "a+b", "a/b"])
def test_every_way_to_name_a_world_has_the_same_rule(talk: Talk, name: str):
    fine = talk.client.post("/_emulator/worlds", json={"name": name}).status_code == 200
    in_path = quote(name, safe="")
    named = {"Emulator-World": name}
    answers = [
        talk.client.get("/v1/customers", headers={"Authorization": _basic(f"sk_test_{name}")}),
        talk.get("/v1/customers", emulator_world=name),
        talk.client.get("/_emulator/clock", headers=named),
        talk.send("GET", f"/w/{in_path}/v1/customers"),
        talk.send("GET", f"/w/{in_path}/_emulator/clock"),
    ]
    assert {each.status_code == 200 for each in answers} == {fine}
    refusals = [each.json()["error"]["message"] for each in answers[1:] if not fine]
    assert all(each.startswith(f"No world can be called {name!r}") for each in refusals)


def test_a_file_of_a_world_cannot_bring_another_kind_of_name(talk: Talk):
    whole = talk.control("export").json()
    copy = orjson.dumps(whole).replace(b'"main"', b'"a b"')
    refused = error(talk.client.post("/_emulator/worlds/import", content=copy), 400)
    assert refused["message"].startswith("No world can be called 'a b'")


@pytest.mark.parametrize("kind", ["sk", "rk", "pk", "sk_org"])
def test_a_live_key_is_refused_loudly_and_never_shown_or_logged(talk: Talk, caplog, kind: str):
    key = f"{kind}_live_51VerySecret"
    with caplog.at_level(logging.DEBUG):
        for header in (f"Bearer {key}", _basic(key)):
            answer = talk.post("/v1/customers", authorization=header)
            assert error(answer, 401)["code"] == "livemode_mismatch"
            assert "live key" in answer.json()["error"]["message"]
            assert "VerySecret" not in answer.text
        refused = talk.client.get("/_emulator/clock", headers={"Authorization": f"Bearer {key}"})
        error(refused, 401)
    assert "VerySecret" not in caplog.text
    assert "a live key was sent here" in caplog.text


def test_a_world_may_have_live_in_its_name(talk: Talk):
    assert talk.as_key("sk_test_go_live_soon").get("/v1/customers").status_code == 200


def test_worlds_share_nothing(talk: Talk):
    here, there = talk, talk.as_key("sk_test_other")
    customer = here.customer(email="ada@example.com")
    assert there.got("/v1/customers")["data"] == []
    assert error(there.get(f"/v1/customers/{customer['id']}"), 404)["code"] == "resource_missing"
    assert here.got("/v1/account")["id"] != there.got("/v1/account")["id"]
    there.advance("3d")
    assert here.control("clock").json()["now"] + 3 * 86_400 == there.control("clock").json()["now"]


def test_restricted_and_publishable_keys_name_the_same_world(talk: Talk):
    customer = talk.customer()
    restricted = talk.as_key("rk_test_main")
    assert restricted.got(f"/v1/customers/{customer['id']}") == customer


def test_a_publishable_key_may_not_do_what_needs_a_secret_one(talk: Talk):
    refused = error(talk.as_key("pk_test_main").get("/v1/customers"), 403)
    assert refused["code"] == "secret_key_required"
    assert "cannot be made with a publishable API key" in refused["message"]


def test_a_strangers_account_is_refused(talk: Talk):
    answer = talk.get("/v1/customers", stripe_account="acct_1Stranger")
    refused = error(answer, 403)
    assert refused["code"] == "account_invalid"
    assert "does not have access to account 'acct_1Stranger'" in refused["message"]
    assert "request-id" not in answer.headers


def test_the_platform_may_name_itself(talk: Talk):
    platform = talk.got("/v1/account")["id"]
    answer = talk.get("/v1/customers", stripe_account=platform)
    assert answer.status_code == 200
    assert "stripe-account" not in answer.headers


def test_an_account_at_its_own_address_is_named_in_the_answer(talk: Talk):
    """Observed of accounts and of their persons, capabilities and bank accounts."""
    account = talk.account()
    for path in ("", "/persons", "/capabilities/transfers", "/external_accounts/ba_none"):
        answer = talk.get(f"/v1/accounts/{account}{path}")
        assert answer.headers["stripe-account"] == account
    assert talk.delete(f"/v1/accounts/{account}").headers["stripe-account"] == account
    for answer in (
        talk.post("/v1/accounts", {"type": "standard"}),
        talk.get("/v1/accounts"),
        talk.get(f"/v1/accounts/{account}"),
        talk.get(f"/v1/accounts/{talk.got('/v1/account')['id']}"),
    ):
        assert "stripe-account" not in answer.headers


def test_another_worlds_account_is_a_stranger(talk: Talk):
    platform = talk.as_key("sk_test_other").got("/v1/account")["id"]
    error(talk.get("/v1/customers", stripe_account=platform), 403)


def test_an_ephemeral_key_acts_for_its_customer_and_nobody_else(talk: Talk):
    hers, his = talk.customer()["id"], talk.customer()["id"]
    made = talk.made("/v1/ephemeral_keys", {"customer": hers}, stripe_version="2023-10-16")
    phone = talk.as_key(made["secret"])
    assert phone.got(f"/v1/customers/{hers}")["id"] == hers
    method = phone.made("/v1/payment_methods", {"type": "card", "card": {"token": "tok_visa"}})
    phone.made(f"/v1/payment_methods/{method['id']}/attach", {"customer": hers})
    listed = phone.got("/v1/payment_methods", {"customer": hers, "type": "card"})["data"]
    assert [each["id"] for each in listed] == [method["id"]]
    phone.made(f"/v1/payment_methods/{method['id']}/detach")

    for refused in (
        phone.get(f"/v1/customers/{his}"),
        phone.get("/v1/payment_methods", {"customer": his, "type": "card"}),
        phone.post("/v1/payment_methods/pm_card_visa/attach", {"customer": his}),
        phone.post("/v1/charges", {"amount": 500, "currency": "usd", "customer": hers}),
        phone.get("/v1/balance"),
    ):
        assert "ephemeral key" in error(refused, 403)["message"]


def test_an_ephemeral_key_belongs_to_the_account_that_made_it_and_ends(talk: Talk):
    account = talk.made("/v1/accounts", {"type": "standard"})["id"]
    customer = talk.made("/v1/customers", stripe_account=account)["id"]
    params = {"customer": customer}
    on = {"stripe_account": account, "stripe_version": "2023-10-16"}
    keys = [talk.made("/v1/ephemeral_keys", params, **on) for _ in "ab"]
    phones = [talk.as_key(each["secret"]) for each in keys]
    assert phones[0].got(f"/v1/customers/{customer}")["id"] == customer

    path = f"/v1/ephemeral_keys/{keys[0]['id']}"
    assert talk.delete(path, stripe_account=account).status_code == 200
    gone = error(phones[0].get(f"/v1/customers/{customer}"), 401)
    assert gone["message"].startswith("Invalid API Key provided: ek_test_")
    talk.advance("1h")
    ended = error(phones[1].get(f"/v1/customers/{customer}"), 401)
    assert ended["code"] == "api_key_expired"


@pytest.mark.parametrize("key", ["ek_test_main", "ek_test_main_" + "x" * 40, "ek_test_" + "x" * 40])
def test_an_ephemeral_key_that_nobody_made_is_none(talk: Talk, key: str):
    error(talk.as_key(key).get("/v1/customers"), 401)


@pytest.mark.parametrize("path", ["{account}", "org_1/{account}", "{platform}/{account}"])
def test_a_context_names_the_account_as_stripe_account_does(talk: Talk, path: str):
    account = talk.made("/v1/accounts", {"type": "standard"})["id"]
    platform = talk.got("/v1/account")["id"]
    context = path.format(account=account, platform=platform)
    made = talk.made("/v1/customers", stripe_context=context)["id"]
    assert talk.got(f"/v1/customers/{made}", stripe_account=account)["id"] == made
    error(talk.get(f"/v1/customers/{made}"), 404)
    beside = {"stripe_account": platform, "stripe_context": context}
    assert talk.got(f"/v1/customers/{made}", **beside)["id"] == made


def test_a_strangers_context_is_refused(talk: Talk):
    refused = error(talk.get("/v1/customers", stripe_context="acct_1Stranger"), 403)
    assert refused["code"] == "account_invalid"


def test_an_account_out_of_reach_is_refused_without_a_request_id(talk: Talk):
    answer = talk.get("/v1/accounts/acct_fake_account")
    assert error(answer, 403)["code"] == "account_invalid"
    assert not {"request-id", "stripe-version"} & answer.headers.keys()
