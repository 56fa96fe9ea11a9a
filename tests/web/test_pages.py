"""The pages that people and tests open: an account link's form, and the bank's question."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from emulator import control
from emulator.world import World
from tests.talking import Answer, Talk, error

BACK = "http://localhost:9/back?shop=1"
RETURN, REFRESH = "http://localhost:9/done", "http://localhost:9/again"
_CARD_WITH_3DS = "pm_card_threeDSecure2Required"


def _path(url: str) -> str:
    found: str = urlsplit(url).path
    return found


def _account(talk: Talk, kind: str, **more: Any) -> str:
    params: dict[str, Any] = {"type": kind, "country": "US", **more}
    if kind != "standard":
        params["capabilities"] = {
            name: {"requested": True} for name in ("card_payments", "transfers")
        }
    id_: str = talk.made("/v1/accounts", params)["id"]
    return id_


def _link(talk: Talk, account: str, **more: str) -> str:
    params = {"account": account, "type": "account_onboarding", **more}
    urls = {"return_url": RETURN, "refresh_url": REFRESH}
    return _path(talk.made("/v1/account_links", {**urls, **params})["url"])


def _press(talk: Talk, path: str, deed: str, **sent: str) -> Answer:
    return talk.client.post(path, data={"deed": deed, **sent}, follow_redirects=False)


def _open(talk: Talk, path: str) -> Answer:
    return talk.client.get(path, follow_redirects=False)


def _inputs(page: Answer) -> set[str]:
    return set(re.findall(r'(?:input|select)[^>]* name="([^"]+)"', page.text)) - {"deed"}


# -- an account link ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["standard", "express", "custom"])
def test_two_clicks_make_an_account_that_charges(talk: Talk, kind: str):
    account = _account(talk, kind)
    path = _link(talk, account)
    page = _open(talk, path)
    assert (page.status_code, "<script" in page.text) == (200, False)
    answer = _press(talk, path, "fill")
    assert (answer.status_code, answer.headers["Location"]) == (303, RETURN)
    ready = talk.got(f"/v1/accounts/{account}")
    assert ready["charges_enabled"]
    assert ready["payouts_enabled"]
    assert ready["details_submitted"]
    assert ready["tos_acceptance"]["date"]


def test_what_is_due_can_be_typed_step_by_step(talk: Talk):
    account = _account(talk, "express")
    path = _link(talk, account)
    assert "business_type" in _inputs(_open(talk, path))
    page = _press(talk, path, "submit", business_type="individual")
    assert page.status_code == 200
    assert "individual.first_name" in _inputs(page)
    typed = {
        "business_profile.mcc": "5734",
        "business_profile.url": "https://shop.example.com",
        "external_account.account_number": "000123456789",
        "external_account.routing_number": "110000000",
        "individual.address.city": "Springfield",
        "individual.address.line1": "address_full_match",
        "individual.address.postal_code": "10001",
        "individual.address.state": "NY",
        "individual.dob.day": "1",
        "individual.dob.month": "1",
        "individual.dob.year": "1902",
        "individual.email": "ada@example.com",
        "individual.first_name": "Ada",
        "individual.last_name": "Lovelace",
        "individual.phone": "+12025550123",
        "individual.ssn_last_4": "0000",
        "settings.payments.statement_descriptor": "ADAS SHOP",
    }
    page = _press(talk, path, "submit", **typed)
    assert _inputs(page) == {"tos_acceptance.date"}
    answer = _press(talk, path, "submit", **{"tos_acceptance.date": "true"})
    assert answer.headers["Location"] == RETURN
    ready = talk.got(f"/v1/accounts/{account}")
    assert ready["charges_enabled"]
    assert ready["settings"]["payments"]["statement_descriptor"] == "ADAS SHOP"


def test_what_is_typed_beats_the_test_values(talk: Talk):
    account = _account(talk, "custom", business_type="individual")
    path = _link(talk, account)
    _open(talk, path)
    _press(talk, path, "fill", **{"individual.first_name": "Ada"})
    assert talk.got(f"/v1/accounts/{account}")["individual"]["first_name"] == "Ada"


def test_a_value_that_is_refused_leads_back_to_the_form(talk: Talk):
    path = _link(talk, _account(talk, "custom", business_type="individual"))
    _open(talk, path)
    born = {"individual.dob.day": "31", "individual.dob.month": "2", "individual.dob.year": "1990"}
    page = _press(talk, path, "submit", **born, **{"individual.first_name": '"><b>Ada'})
    assert page.status_code == 400
    assert "Invalid date of birth" in page.text
    assert 'value="&quot;&gt;&lt;b&gt;Ada"' in page.text


def test_a_link_opens_once(talk: Talk):
    path = _link(talk, _account(talk, "express"))
    assert talk.client.head(path).status_code == 200
    assert _open(talk, path).status_code == 200
    assert _open(talk, path).headers["Location"] == REFRESH
    assert _press(talk, path, "fill").headers["Location"] == RETURN
    assert _press(talk, path, "fill").status_code == 410


def test_a_link_lives_five_minutes(talk: Talk):
    account = _account(talk, "express")
    first, second = _link(talk, account), _link(talk, account)
    talk.advance("299s")
    assert _open(talk, first).status_code == 200
    talk.advance("1s")
    assert _open(talk, second).headers["Location"] == REFRESH
    assert _press(talk, first, "fill").headers["Location"] == RETURN


def test_leaving_changes_nothing(talk: Talk):
    account = _account(talk, "express")
    before = talk.got(f"/v1/accounts/{account}")
    path = _link(talk, account)
    _open(talk, path)
    assert _press(talk, path, "leave", business_type="individual").headers["Location"] == REFRESH
    after = talk.got(f"/v1/accounts/{account}")
    assert after["requirements"] == before["requirements"]
    assert not after["details_submitted"]


def test_a_rejected_account_has_no_form(talk: Talk):
    account = _account(talk, "express")
    path = _link(talk, account)
    talk.made(f"/v1/accounts/{account}/reject", {"reason": "fraud"})
    assert _open(talk, path).headers["Location"] == REFRESH


def test_without_addresses_the_page_says_so(talk: Talk):
    params = {"account": _account(talk, "express"), "type": "account_onboarding"}
    path = _path(talk.made("/v1/account_links", params)["url"])
    _open(talk, path)
    assert "You can close this page" in _press(talk, path, "fill").text


@pytest.mark.parametrize("path", ["main/acct_1/x", "elsewhere/acct_1/x"])
def test_an_address_that_leads_nowhere_says_so(talk: Talk, path: str):
    talk.customer()
    assert _open(talk, f"/_emulator/onboarding/{path}").status_code == 404
    assert talk.client.get("/_emulator/info").json()["worlds"] == 1


def test_persons_of_a_company_are_told_apart(talk: Talk):
    account = _account(talk, "custom", business_type="company")
    path = _link(talk, account)
    due = _inputs(_open(talk, path))
    assert {"representative.first_name", "company.name"} <= due
    assert _press(talk, path, "fill").headers["Location"] == RETURN
    persons = talk.got(f"/v1/accounts/{account}/persons")["data"]
    assert [person["relationship"]["representative"] for person in persons] == [True]
    assert talk.got(f"/v1/accounts/{account}")["charges_enabled"]


@pytest.mark.parametrize("country", ["AE", "AU", "BR", "DE", "GB", "JP", "MX", "SG"])
@pytest.mark.parametrize("business_type", ["individual", "company"])
def test_one_call_completes_an_account_anywhere(
    talk: Talk, world: World, country: str, business_type: str
):
    talk.control("settings", {"country": country, "availability": "current"})
    account = _account(talk, "custom", country=country, business_type=business_type)
    done = control.complete_onboarding(world, account)
    talk.advance("2m")
    assert done["requirements"]["currently_due"] == []
    assert talk.got(f"/v1/accounts/{account}")["charges_enabled"]


def test_onboarding_by_a_control_call(talk: Talk):
    account = _account(talk, "express")
    done = talk.control("onboard", {"account": account, "collect": "eventually_due"}).json()
    assert (done["charges_enabled"], done["requirements"]["eventually_due"]) == (True, [])
    assert error(talk.control("onboard", {"account": "acct_x"}), 400)["param"] == "account"
    assert error(talk.control("onboard", {}), 400)["param"] == "account"
    bad = talk.control("onboard", {"account": account, "collect": "all"})
    assert error(bad, 400)["param"] == "collect"


# -- a login link ---------------------------------------------------------------------------------


def test_a_login_link_shows_how_an_express_account_stands(talk: Talk):
    account = _account(talk, "express")
    talk.control("onboard", {"account": account})
    link = talk.made(f"/v1/accounts/{account}/login_links")
    page = _open(talk, _path(link["url"]))
    assert page.status_code == 200
    assert "Charges: enabled" in page.text
    assert "$0.00 available" in page.text
    assert _open(talk, _path(link["url"]) + "x").status_code == 404
    back = {"redirect_url": "https://platform.test"}  # as apps of those days still send it
    talk.made(f"/v1/accounts/{account}/login_links", back, stripe_version="2019-12-03")
    error(talk.post(f"/v1/accounts/{account}/login_links", back), 400)


# -- 3-D Secure -----------------------------------------------------------------------------------


def _challenged(talk: Talk, **more: Any) -> Any:
    params = {
        "amount": 1000,
        "currency": "usd",
        "payment_method": _CARD_WITH_3DS,
        "allowed_payment_method_types": ["card"],
        "return_url": BACK,
        "confirm": True,
        **more,
    }
    intent = talk.made("/v1/payment_intents", params)
    assert intent["status"] == "requires_action"
    return intent


def _page(intent: Any) -> str:
    return _path(intent["next_action"]["redirect_to_url"]["url"])


def _back(answer: Answer) -> dict[str, str]:
    assert answer.status_code == 303, answer.text
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


def _says(intent: Any, said: str) -> dict[str, str]:
    name = intent["object"]
    secret = intent["client_secret"]
    return {
        "shop": "1",
        name: intent["id"],
        f"{name}_client_secret": secret,
        "redirect_status": said,
    }


def test_completing_the_challenge_charges(talk: Talk):
    intent = _challenged(talk)
    assert "$10.00" in _open(talk, _page(intent)).text
    assert _back(_press(talk, _page(intent), "succeeded")) == _says(intent, "succeeded")
    paid = talk.got(f"/v1/payment_intents/{intent['id']}", {"expand": ["latest_charge"]})
    assert (paid["status"], paid["next_action"]) == ("succeeded", None)
    card = paid["latest_charge"]["payment_method_details"]["card"]
    assert card["three_d_secure"]["result"] == "authenticated"
    assert "is succeeded" in _open(talk, _page(intent)).text


@pytest.mark.parametrize("deed", ["failed", "canceled"])
def test_failing_the_challenge_asks_for_another_card(talk: Talk, deed: str):
    intent = _challenged(talk)
    assert _back(_press(talk, _page(intent), deed)) == _says(intent, "failed")
    left = talk.got(f"/v1/payment_intents/{intent['id']}")
    assert left["status"] == "requires_payment_method"
    assert left["last_payment_error"]["code"] == "payment_intent_authentication_failure"


def test_a_card_that_declines_after_the_challenge(talk: Talk):
    number = {"number": "4000008400001629", "exp_month": 12, "exp_year": 2030, "cvc": "123"}
    card = talk.made("/v1/payment_methods", {"type": "card", "card": number})
    intent = _challenged(talk, payment_method=card["id"])
    assert _back(_press(talk, _page(intent), "succeeded"))["redirect_status"] == "failed"
    left = talk.got(f"/v1/payment_intents/{intent['id']}")
    assert left["last_payment_error"]["code"] == "card_declined"


def test_manual_confirmation_confirms_once_more_and_asks_no_more(talk: Talk):
    intent = _challenged(talk, confirmation_method="manual")
    assert _back(_press(talk, _page(intent), "succeeded"))["redirect_status"] == "succeeded"
    path = f"/v1/payment_intents/{intent['id']}"
    assert talk.got(path)["status"] == "requires_confirmation"
    assert talk.made(f"{path}/confirm", {"return_url": BACK})["status"] == "succeeded"


def test_a_capture_by_hand_waits_after_the_challenge(talk: Talk):
    intent = _challenged(talk, capture_method="manual")
    assert _back(_press(talk, _page(intent), "succeeded"))["redirect_status"] == "succeeded"
    assert talk.got(f"/v1/payment_intents/{intent['id']}")["status"] == "requires_capture"


def test_a_challenge_on_a_connected_account(talk: Talk):
    account = _account(talk, "express")
    talk.control("onboard", {"account": account})
    params = {
        "amount": 1000,
        "currency": "usd",
        "payment_method": _CARD_WITH_3DS,
        "allowed_payment_method_types": ["card"],
        "return_url": BACK,
        "confirm": True,
    }
    intent = talk.made("/v1/payment_intents", params, stripe_account=account)
    assert _back(_press(talk, _page(intent), "succeeded"))["redirect_status"] == "succeeded"
    path = f"/v1/payment_intents/{intent['id']}"
    assert talk.got(path, stripe_account=account)["status"] == "succeeded"


def test_a_setup_intent_has_the_same_page(talk: Talk):
    params = {
        "payment_method": _CARD_WITH_3DS,
        "allowed_payment_method_types": ["card"],
        "return_url": BACK,
        "confirm": True,
    }
    intent = talk.made("/v1/setup_intents", params)
    assert "charge you later" in _open(talk, _page(intent)).text
    assert _back(_press(talk, _page(intent), "succeeded")) == _says(intent, "succeeded")
    assert talk.got(f"/v1/setup_intents/{intent['id']}")["status"] == "succeeded"


def test_a_source_has_the_same_page(talk: Talk):
    params = {
        "type": "bancontact",
        "amount": 1000,
        "currency": "eur",
        "redirect": {"return_url": BACK},
    }
    source = talk.made("/v1/sources", params)
    path = _path(source["redirect"]["url"])
    assert _open(talk, path).status_code == 200
    back = _back(_press(talk, path, "succeeded"))
    assert (back["source"], back["client_secret"]) == (source["id"], source["client_secret"])
    assert talk.got(f"/v1/sources/{source['id']}")["status"] == "chargeable"


def test_authenticating_by_a_control_call(talk: Talk):
    intent = _challenged(talk)
    done = talk.control("authenticate", {"intent": intent["id"], "outcome": "succeeded"}).json()
    assert (done["intent"], done["status"]) == (intent["id"], "succeeded")
    assert done["return_url"].endswith("redirect_status=succeeded")


@pytest.mark.parametrize(
    ("body", "blamed"),
    [
        ({}, "intent"),
        ({"intent": "ch_1"}, "intent"),
        ({"intent": "pi_1"}, "intent"),
        ({"intent": "pi_1", "outcome": "maybe"}, "outcome"),
        ({"intent": "pi_1", "result": "x"}, "result"),
    ],
)
def test_an_authentication_that_makes_no_sense_is_refused(talk: Talk, body: Any, blamed: str):
    answer = talk.control("authenticate", body)
    assert answer.status_code in {400, 404}
    assert answer.json()["error"]["param"] == blamed


def test_what_does_not_wait_cannot_be_authenticated(talk: Talk):
    intent = talk.made("/v1/payment_intents", {"amount": 1000, "currency": "usd"})
    refused = error(talk.control("authenticate", {"intent": intent["id"]}), 400)
    assert refused["code"] == "intent_unexpected_state"
    page = _open(talk, f"/_emulator/authenticate/main/{intent['id']}")
    assert "Nothing to authenticate" in page.text
