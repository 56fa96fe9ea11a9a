"""OAuth for accounts with a Dashboard: the page, the tokens, what they open, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import stripe

from tests.clients.process import running
from tests.talking import Answer, Talk, error

BACK = "http://localhost:9/back?shop=1"
Found = dict[str, Any]


def _application(talk: Talk) -> str:
    found: str = talk.control("settings").json()["application"]
    return found


def _address(talk: Talk, **params: str) -> str:
    usual = {"client_id": _application(talk), "response_type": "code", "redirect_uri": BACK}
    return "/oauth/authorize?" + urlencode(
        {**usual, "scope": "read_write", "state": "s1", **params}
    )


def _press(talk: Talk, address: str, deed: str, **sent: str) -> Answer:
    return talk.client.post(address, data={"deed": deed, **sent}, follow_redirects=False)


def _back(answer: Answer) -> dict[str, str]:
    assert answer.status_code == 303, answer.text
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


def _connected(talk: Talk, scope: str = "read_write", account: str | None = None) -> Found:
    chosen = {"account": account} if account else {}
    deed = "connect" if account else "skip"
    code = _back(_press(talk, _address(talk, scope=scope), deed, **chosen))["code"]
    found: Found = talk.made("/oauth/token", {"grant_type": "authorization_code", "code": code})
    return found


def _refused(answer: Answer, status: int) -> tuple[str, str]:
    assert answer.status_code == status, answer.text
    body = answer.json()
    return body["error"], body["error_description"]


def test_the_publishable_key_offers_what_its_account_has(talk: Talk):
    found = _connected(talk)
    listed = talk.got("/v1/payment_method_configurations", stripe_account=found["stripe_user_id"])
    off = {"klarna": {"display_preference": {"preference": "off"}}}
    path = f"/v1/payment_method_configurations/{listed['data'][0]['id']}"
    talk.made(path, off, stripe_account=found["stripe_user_id"])
    url = "/_emulator/stripe.js/methods?currency=usd&key="
    assert "klarna" in talk.client.get(f"{url}pk_test_main").json()["types"]
    types = talk.client.get(url + found["stripe_publishable_key"]).json()["types"]
    assert "card" in types
    assert "klarna" not in types


# -- the page -------------------------------------------------------------------------------------


def test_skipping_the_form_gives_an_account_that_charges(talk: Talk):
    back = _back(_press(talk, _address(talk), "skip"))
    assert {**back, "code": back["code"][:3]} == {
        "shop": "1",
        "scope": "read_write",
        "code": "ac_",
        "state": "s1",
    }
    tokens = talk.made("/oauth/token", {"grant_type": "authorization_code", "code": back["code"]})
    assert list(tokens) == [
        "access_token",
        "livemode",
        "refresh_token",
        "token_type",
        "stripe_publishable_key",
        "stripe_user_id",
        "scope",
    ]
    account = talk.got(f"/v1/accounts/{tokens['stripe_user_id']}")
    assert (account["type"], account["charges_enabled"]) == ("standard", True)
    assert account["controller"]["is_controller"]


def test_a_new_account_has_the_country_and_email_of_the_form(talk: Talk):
    prefilled = _address(talk, **{"stripe_user[email]": "ada@example.com"})
    assert "ada@example.com" in talk.client.get(prefilled).text
    chosen = {"account": "new", "country": "de", "email": "eva@example.com"}
    code = _back(_press(talk, prefilled, "connect", **chosen))["code"]
    tokens = talk.made("/oauth/token", {"grant_type": "authorization_code", "code": code})
    account = talk.got(f"/v1/accounts/{tokens['stripe_user_id']}")
    assert (account["country"], account["email"]) == ("DE", "eva@example.com")


def test_a_country_without_accounts_is_told_on_the_page(talk: Talk):
    answer = _press(talk, _address(talk), "connect", account="new", country="VN")
    assert answer.status_code == 400
    assert "Connected accounts in VN cannot be created by platforms in US." in answer.text


def test_an_existing_account_can_be_connected(talk: Talk):
    account = talk.made("/v1/accounts", {"type": "standard", "email": "<b>@example.com"})
    page = talk.client.get(_address(talk)).text
    assert account["id"] in page
    assert "<b>@" not in page
    assert _connected(talk, account=account["id"])["stripe_user_id"] == account["id"]


def test_only_accounts_with_the_full_dashboard_can_be_connected(talk: Talk):
    account = talk.made("/v1/accounts", {"type": "express", "country": "US"})
    assert account["id"] not in talk.client.get(_address(talk)).text
    answer = _press(talk, _address(talk), "connect", account=account["id"])
    assert answer.status_code == 400


def test_denying_leads_back_with_an_error(talk: Talk):
    assert _back(_press(talk, _address(talk), "deny")) == {
        "shop": "1",
        "error": "access_denied",
        "error_description": "The user denied your request",
        "state": "s1",
    }


def test_without_an_address_to_return_to_the_page_shows_the_code(talk: Talk):
    answer = _press(talk, _address(talk, redirect_uri=""), "skip")
    assert answer.status_code == 200
    assert "ac_" in answer.text


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"client_id": "ca_nobody"}, 401, "invalid_client"),
        ({"client_id": ""}, 400, "invalid_request"),
        ({"response_type": ""}, 400, "invalid_request"),
        ({"response_type": "token"}, 400, "unsupported_response_type"),
        ({"scope": "admin"}, 400, "invalid_scope"),
        ({"redirect_uri": "javascript:alert(1)"}, 400, "invalid_redirect_uri"),
        ({"redirect_uri": "localhost"}, 400, "invalid_redirect_uri"),
    ],
)
def test_a_bad_address_is_refused_where_it_is(
    talk: Talk, params: dict[str, str], status: int, code: str
):
    answer = talk.client.get(_address(talk, **params))
    assert _refused(answer, status)[0] == code
    assert answer.json()["state"] == "s1"


def test_express_has_an_authorize_page_of_its_own(talk: Talk):
    address = "/express" + _address(talk, scope="read_write", response_type="")
    code = _back(_press(talk, address, "skip"))["code"]
    tokens = talk.made("/oauth/token", {"grant_type": "authorization_code", "code": code})
    account = talk.got(f"/v1/accounts/{tokens['stripe_user_id']}")
    assert (account["type"], account["charges_enabled"]) == ("express", True)


# -- tokens ---------------------------------------------------------------------------------------


def test_an_access_token_is_a_key_of_its_account(talk: Talk):
    tokens = _connected(talk)
    theirs = talk.as_key(tokens["access_token"])
    assert theirs.got("/v1/account")["id"] == tokens["stripe_user_id"]
    customer = theirs.customer(name="Ada")
    own = talk.got(f"/v1/customers/{customer['id']}", stripe_account=tokens["stripe_user_id"])
    assert own["name"] == "Ada"
    error(talk.get(f"/v1/customers/{customer['id']}"), 404)
    payment = {
        "amount": 1000,
        "currency": "usd",
        "payment_method": "pm_card_visa",
        "application_fee_amount": 100,
        "confirm": True,
        "allowed_payment_method_types": ["card"],
    }
    paid = theirs.made("/v1/payment_intents", payment)
    assert (paid["status"], paid["application"]) == ("succeeded", _application(talk))
    assert talk.got("/v1/application_fees")["data"][0]["amount"] == 100


def test_an_access_token_opens_no_other_account(talk: Talk):
    theirs = talk.as_key(_connected(talk)["access_token"])
    other = talk.made("/v1/accounts", {"type": "standard"})
    refused = error(theirs.get("/v1/customers", stripe_account=other["id"]), 403)
    assert refused["code"] == "account_invalid"


def test_a_publishable_token_may_only_what_browsers_may(talk: Talk):
    public = talk.as_key(_connected(talk)["stripe_publishable_key"])
    assert error(public.get("/v1/customers"), 403)["code"] == "secret_key_required"
    card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2030, "cvc": "123"}
    assert public.made("/v1/tokens", {"card": card})["card"]["last4"] == "4242"


def test_read_only_reads_and_does_not_write(talk: Talk):
    tokens = _connected(talk, "read_only")
    theirs, account = talk.as_key(tokens["access_token"]), tokens["stripe_user_id"]
    assert theirs.got("/v1/customers")["data"] == []
    for answer in (
        theirs.post("/v1/customers"),
        theirs.delete("/v1/customers/cus_1"),
        talk.post("/v1/customers", stripe_account=account),
    ):
        assert "does not have the required permissions" in error(answer, 403)["message"]
    assert "controller" not in talk.got(f"/v1/accounts/{account}")


def test_read_write_lifts_read_only(talk: Talk):
    account = _connected(talk, "read_only")["stripe_user_id"]
    _connected(talk, account=account)
    assert talk.made("/v1/customers", stripe_account=account)["object"] == "customer"


def test_new_tokens_of_a_scope_take_the_old_ones_back(talk: Talk):
    first = _connected(talk)
    again = talk.made(
        "/oauth/token", {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    )
    assert again["stripe_user_id"] == first["stripe_user_id"]
    old = error(talk.as_key(first["access_token"]).get("/v1/account"), 403)
    assert old["code"] == "account_invalid"
    assert talk.as_key(again["access_token"]).got("/v1/account")["id"] == again["stripe_user_id"]


def test_a_scope_narrows_and_does_not_widen(talk: Talk):
    tokens = _connected(talk)
    narrow = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    reading = talk.made("/oauth/token", {**narrow, "scope": "read_only"})
    assert reading["scope"] == "read_only"
    widen = {"grant_type": "refresh_token", "refresh_token": reading["refresh_token"]}
    answer = talk.post("/oauth/token", {**widen, "scope": "read_write"})
    assert _refused(answer, 400)[0] == "invalid_scope"


def test_a_token_that_nobody_gave_out_is_no_key(talk: Talk):
    refused = talk.as_key("sk_test_main_oauth_" + "x" * 24).get("/v1/account")
    assert error(refused, 401)["message"].startswith("Invalid API Key provided")


def test_a_world_may_have_oauth_in_its_name(talk: Talk):
    assert talk.as_key("sk_test_my_oauth_shop").customer()["object"] == "customer"


# -- what goes wrong at the token address ---------------------------------------------------------


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "ac_nope"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "rt_nope"}, "invalid_grant"),
    ],
)
def test_a_bad_exchange_is_refused(talk: Talk, params: Found, code: str):
    assert _refused(talk.post("/oauth/token", params), 400)[0] == code


def test_a_code_lives_five_minutes(talk: Talk):
    codes = [_back(_press(talk, _address(talk), "skip"))["code"] for _ in range(2)]
    talk.advance("299s")
    talk.made("/oauth/token", {"grant_type": "authorization_code", "code": codes[0]})
    talk.advance("1s")
    answer = talk.post("/oauth/token", {"grant_type": "authorization_code", "code": codes[1]})
    assert _refused(answer, 400) == ("invalid_grant", f"Authorization code expired: {codes[1]}")


def test_a_code_that_comes_twice_ends_the_connection(talk: Talk):
    code = _back(_press(talk, _address(talk), "skip"))["code"]
    exchange = {"grant_type": "authorization_code", "code": code}
    tokens = talk.made("/oauth/token", exchange)
    said = _refused(talk.post("/oauth/token", exchange), 400)
    assert said[0] == "invalid_grant"
    assert "already been used" in said[1]
    error(talk.as_key(tokens["access_token"]).get("/v1/account"), 403)


def test_the_secret_may_come_as_a_parameter(talk: Talk):
    code = _back(_press(talk, _address(talk), "skip"))["code"]
    sent = {"grant_type": "authorization_code", "code": code, "client_secret": talk.key}
    assert talk.client.post("/oauth/token", data=sent).status_code == 200
    assert _refused(talk.client.post("/oauth/token", data={}), 401)[0] == "invalid_client"


@pytest.mark.parametrize("key", ["pk_test_main", "nonsense", "sk_live_1234567890"])
def test_only_a_secret_test_key_exchanges(talk: Talk, key: str):
    assert _refused(talk.as_key(key).post("/oauth/token"), 401)[0] == "invalid_client"


# -- the end --------------------------------------------------------------------------------------


def _let_go(talk: Talk, account: str, **params: str) -> Answer:
    sent = {"client_id": _application(talk), "stripe_user_id": account, **params}
    return talk.post("/oauth/deauthorize", sent)


def test_a_deauthorized_account_is_out_of_reach(talk: Talk):
    tokens = _connected(talk)
    account = tokens["stripe_user_id"]
    assert _let_go(talk, account).json() == {"stripe_user_id": account}
    for answer in (
        talk.get(f"/v1/accounts/{account}"),
        talk.get("/v1/customers", stripe_account=account),
        talk.as_key(tokens["access_token"]).get("/v1/account"),
    ):
        refused = error(answer, 403)
        assert refused["code"] == "account_invalid"
        assert "Application access may have been revoked." in refused["message"]
    assert talk.got("/v1/accounts")["data"] == []
    again = _refused(_let_go(talk, account), 401)
    assert again[1] == (
        f"This application is not connected to stripe account {account}, or that account does not "
        "exist."
    )


def test_who_left_may_come_back(talk: Talk):
    account = _connected(talk)["stripe_user_id"]
    _let_go(talk, account)
    assert _connected(talk, account=account)["stripe_user_id"] == account
    assert talk.got(f"/v1/accounts/{account}")["charges_enabled"]


def test_connect_endpoints_hear_of_beginning_and_end_and_nothing_after(talk: Talk):
    hook = {"url": "http://localhost:9/hook", "enabled_events": ["*"], "connect": True}
    talk.made("/v1/webhook_endpoints", hook)
    tokens = _connected(talk)
    theirs = talk.as_key(tokens["access_token"])
    types = {event["type"]: event for event in theirs.got("/v1/events", {"limit": 50})["data"]}
    told = types["account.application.authorized"]["data"]["object"]
    assert told == {"id": _application(talk), "object": "application", "name": "Platform"}
    _let_go(talk, tokens["stripe_user_id"])
    talk.advance("10d")
    heard = [each["event"] for each in talk.control("deliveries").json()["data"]]
    assert len(heard) >= len(types) + 1


def test_a_client_id_of_another_world_is_unknown(talk: Talk):
    account = _connected(talk)["stripe_user_id"]
    answer = _let_go(talk, account, client_id="bogus_client_id")
    assert _refused(answer, 401) == ("invalid_client", "No such application: 'bogus_client_id'")
    assert answer.headers["request-id"].startswith("req_")


def test_an_account_that_the_platform_controls_is_rejected_instead(talk: Talk):
    account = talk.made("/v1/accounts", {"type": "express", "country": "US"})["id"]
    assert _refused(_let_go(talk, account), 400)[0] == "no_deauth_on_controlled_account"


# -- the Python SDK -------------------------------------------------------------------------------


@pytest.fixture
def sdk(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with running() as base:
        monkeypatch.setattr(stripe, "api_key", "sk_test_sdk")
        monkeypatch.setattr(stripe, "api_base", base)
        monkeypatch.setattr(stripe, "connect_api_base", base)
        # stripe.OAuth keeps the address that was set when the SDK first imported it.
        monkeypatch.setattr("stripe._oauth.connect_api_base", base)
        yield base


def test_the_sdk_connects_and_lets_go(sdk: str, monkeypatch: pytest.MonkeyPatch):
    import httpx2

    key = {"Authorization": "Bearer sk_test_sdk"}
    application = httpx2.get(f"{sdk}/_emulator/settings", headers=key).json()["application"]
    monkeypatch.setattr(stripe, "client_id", application)
    address = stripe.OAuth.authorize_url(scope="read_write", redirect_uri=BACK, state="s1")
    there = httpx2.post(address, data={"deed": "skip"}).headers["Location"]
    code = parse_qs(urlsplit(there).query)["code"][0]
    token = stripe.OAuth.token(grant_type="authorization_code", code=code)
    account = stripe.Account.retrieve(api_key=token["access_token"])
    assert (account.id, account.charges_enabled) == (token["stripe_user_id"], True)
    with pytest.raises(stripe.oauth_error.InvalidGrantError):
        stripe.OAuth.token(grant_type="authorization_code", code="ac_nope")
    with pytest.raises(stripe.oauth_error.InvalidClientError):
        stripe.OAuth.deauthorize(client_id="bogus_client_id", stripe_user_id=account.id)
    gone = stripe.OAuth.deauthorize(stripe_user_id=account.id)
    assert gone["stripe_user_id"] == account.id
    with pytest.raises(stripe.PermissionError):
        stripe.Account.retrieve(account.id)
